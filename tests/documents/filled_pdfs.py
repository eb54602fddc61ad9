"""PDF forms as programs fill them in: the values are kept, and the drawing is left to the reader."""

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.documents import sent_files

Box = tuple[int, int, int, int]
BOX: Box = (60, 600, 400, 640)


def form(*fields: Dictionary, is_asked: bool = True) -> bytes:
    """Return a PDF with fields, whose font has Western European letters only.

    Args:
        is_asked: the reader is asked to draw the fields anew.
    """

    def change(document: pikepdf.Pdf) -> None:
        font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        placed = Array([document.make_indirect(each) for each in fields])
        document.pages[0].obj.Annots = placed
        document.Root.AcroForm = Dictionary(
            Fields=placed, NeedAppearances=is_asked, DR=Dictionary(Font=Dictionary(F1=font)), DA=String("/F1 0 Tf 0 g")
        )

    return sent_files.pdf(1, change)


def field(value: str, *, box: Box = BOX, look: str = "/F1 20 Tf 0 g", **keys: object) -> Dictionary:
    """Return a text field with a value and no picture of it."""
    kept = {"FT": Name.Tx, "T": String("name"), "V": String(value), "DA": String(look), "F": 4, **keys}
    return Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array(box), **kept)


def choice(kept: str, shown: str) -> Dictionary:
    """Return a list whose chosen value is kept under another word than it shows."""
    options = Array([Array([String(kept), String(shown)])])
    return field(kept, FT=Name.Ch, Ff=1 << 17, T=String("country"), Opt=options)


def tick(state: str) -> Dictionary:
    """Return a box to tick without any picture."""
    return field("", FT=Name.Btn, T=String("agreed"), V=Name(state), AS=Name(state))
