"""What was filled into the fields of a PDF's form, drawn with a font of our own. Imports no Django.

Programs that fill in a form often leave the drawing to the reader, and the font that the form names has the letters of
Western Europe only. Here every value is drawn with a font that has more of them, and that goes into the file.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from core.files.unfit import UnfitError

FONT: Final = Path(__file__).resolve().parents[2] / "rendering" / "pdf" / "fonts" / "Commissioner-Regular.ttf"
MAX_DEPTH: Final = 60

# Flags of annotations and fields: ISO 32000-1, 12.5.3 and 12.7.
_UNSEEN: Final = 1 | 2
_MULTILINE: Final = 1 << 12
_PASSWORD: Final = 1 << 13
_PUSH_BUTTON: Final = 1 << 16
_COMBO: Final = 1 << 17
_COMB: Final = 1 << 24

LARGEST: Final = 12.0
"""Points of a font whose size the form leaves to the reader."""
SMALLEST: Final = 4.0
PADDING: Final = 2.0
LEADING: Final = 1.15
_OPERATORS: Final = {1: ("g", "G"), 3: ("rg", "RG"), 4: ("k", "K")}
"""What sets the colour of a ground and of a line, by how many numbers say the colour."""


@dataclass
class _Font:
    """The font, and which of its glyphs are in use."""

    source: TTFont = field(default_factory=lambda: TTFont(FONT))
    used: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.glyphs: dict[int, str] = self.source.getBestCmap()
        self.unit: int = self.source["head"].unitsPerEm
        self.rise = self.source["hhea"].ascent / self.unit
        self.fall = self.source["hhea"].descent / self.unit

    def has(self, words: str) -> bool:
        return all(ord(each) in self.glyphs for each in words)

    def width(self, words: str, size: float) -> float:
        advances = self.source["hmtx"]
        return float(sum(advances[self.glyphs[ord(each)]][0] for each in words) * size / self.unit)

    def shown(self, words: str) -> str:
        """Return the words as glyphs, for `Tj`."""
        numbers = [(self.source.getGlyphID(self.glyphs[ord(each)]), each) for each in words]
        self.used.update(numbers)
        return "<" + "".join(f"{number:04X}" for number, _letter in numbers) + ">"

    def embed(self, pdf: pikepdf.Pdf, place: Any) -> None:
        """Write the glyphs in use into the file, at the dictionary `place`."""
        unit = 1000 / self.unit
        order = self.source.getGlyphOrder()
        head, advances = self.source["head"], self.source["hmtx"]
        widths = Array([])
        for number in sorted(self.used):
            widths.append(number)
            widths.append(Array([round(advances[order[number]][0] * unit)]))
        options = subset.Options(retain_gids=True, layout_features=[], hinting=False, notdef_outline=True)
        smaller = subset.Subsetter(options)
        smaller.populate(gids=list(self.used))
        rise, fall = round(self.rise * 1000), round(self.fall * 1000)
        box = [round(each * unit) for each in (head.xMin, head.yMin, head.xMax, head.yMax)]
        smaller.subset(self.source)
        out = BytesIO()
        self.source.save(out)
        program = pdf.make_stream(out.getvalue(), Length1=out.tell())
        name = Name("/FILLED+Commissioner-Regular")
        about = Dictionary(
            Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array(box), ItalicAngle=0, Ascent=rise,
            Descent=fall, CapHeight=700, StemV=80, FontFile2=program,
        )  # fmt: skip
        kind = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, CIDToGIDMap=Name.Identity, DW=600, W=widths,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(about),
        )  # fmt: skip
        place.Type, place.Subtype, place.BaseFont, place.Encoding = Name.Font, Name.Type0, name, Name("/Identity-H")
        place.DescendantFonts = Array([pdf.make_indirect(kind)])
        place.ToUnicode = pdf.make_stream(self._letters().encode())

    def _letters(self) -> str:
        """Return which letter each glyph is, so that the words can be searched and read aloud."""
        pairs = [f"<{number:04X}> <{letter.encode('utf-16-be').hex()}>" for number, letter in sorted(self.used.items())]
        blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
        listed = "\n".join(f"{len(each)} beginbfchar\n" + "\n".join(each) + "\nendbfchar" for each in blocks)
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{listed}\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        )


def _inherited(item: Any, key: str) -> Any:
    """Return a word of a field, or of the field it belongs to."""
    for _depth in range(MAX_DEPTH):
        if not isinstance(item, Dictionary):
            return None
        if key in item:
            return item.get(key)
        item = item.get("/Parent")
    return None


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int) else 0


def _text(value: Any) -> str:
    if isinstance(value, Array):
        return "\n".join(_text(each) for each in value)
    if isinstance(value, pikepdf.Stream):
        return str(pikepdf.String(value.read_bytes()))
    return str(value) if isinstance(value, pikepdf.String) else ""


def _chosen(item: Any) -> str:
    """Return the value of a list as the list shows it: it may be kept under another word."""
    value = _inherited(item, "/V")
    shown = {}
    for option in _inherited(item, "/Opt") or []:
        if isinstance(option, Array) and len(option) > 1:
            shown[_text(option[0])] = _text(option[1])
    values = [_text(each) for each in value] if isinstance(value, Array) else [_text(value)]
    return "\n".join(shown.get(each, each) for each in values)


def _words(item: Any, kind: str, flags: int) -> str:
    """Return what a field shows, with line breaks only where it has several lines."""
    said = _chosen(item) if kind == "/Ch" else _text(_inherited(item, "/V"))
    said = unicodedata.normalize("NFC", said).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if kind == "/Tx" and flags & _PASSWORD:
        said = "•" * len(said)
    if not _has_lines(kind, flags):
        said = said.replace("\n", " ")
    return "".join(each for each in said if each == "\n" or unicodedata.category(each) not in {"Cc", "Cf"})


def _has_lines(kind: str, flags: int) -> bool:
    return bool(flags & _MULTILINE) if kind == "/Tx" else not flags & _COMBO


@dataclass
class _Field:
    """A field on a page: its annotation, its words, and how they are to look."""

    note: Any
    kind: str
    flags: int
    words: str
    look: str
    side: int

    @property
    def box(self) -> tuple[float, float]:
        """How wide and high it is."""
        left, low, right, high = (float(each) for each in self.note.Rect)
        return abs(right - left), abs(high - low)

    @property
    def cells(self) -> int:
        """Into how many equal cells the letters are put; 0 for a line as usual."""
        longest = _whole(_inherited(self.note, "/MaxLen"))
        return longest if self.flags & _COMB and 0 < len(self.words) <= longest else 0


def _wrapped(font: _Font, words: str, size: float, room: float) -> list[str]:
    """Return the lines of a text; a word longer than a line is broken."""
    lines = []
    for paragraph in words.split("\n"):
        line = ""
        for word in re.findall(r" *[^ ]+| +$", paragraph):
            rest = word
            while font.width(line + rest, size) > room:
                if line.strip():
                    lines.append(line)
                    line, rest = "", rest.lstrip(" ")
                    continue
                fits = next((at for at in range(len(rest), 1, -1) if font.width(rest[:at], size) <= room), 1)
                if fits >= len(rest):
                    break
                lines.append(rest[:fits])
                rest = rest[fits:]
            line += rest
        lines.append(line)
    return lines


def _laid_out(font: _Font, item: _Field, wide: float, high: float) -> tuple[list[str], float]:
    """Return the lines of a field and the size at which all of them fit.

    Raises:
        UnfitError: they do not fit at any size that can be read.
    """
    asked = re.search(r"([\d.]+)\s+Tf", item.look)
    size = min(float(asked[1]) if asked else 0.0, 200.0) or LARGEST
    has_lines = _has_lines(item.kind, item.flags)
    while size >= SMALLEST:
        lines = _wrapped(font, item.words, size, wide) if has_lines else [item.words]
        tall = (font.rise - font.fall) * size + (len(lines) - 1) * LEADING * size
        is_wide = any(font.width(line.rstrip(), size) > wide for line in lines)
        # A line may stand out of its low box, as readers let it; its letters are still inside.
        if not is_wide and (tall <= high if has_lines else 0.72 * size <= high):
            return lines, size
        size -= 0.5
    raise UnfitError("form_unshown")


def _colour(numbers: Any, at: int) -> str:
    said = [float(each) for each in numbers] if isinstance(numbers, Array) else []
    return f"{' '.join(f'{each:.3f}' for each in said)} {_OPERATORS[len(said)][at]}" if len(said) in _OPERATORS else ""


def _ground(item: _Field, wide: float, high: float) -> str:
    """Return the drawing of a field's ground and frame."""
    marks = item.note.get("/MK", Dictionary())
    drawn = ""
    if ground := _colour(marks.get("/BG"), 0):
        drawn += f"{ground} 0 0 {wide:.3f} {high:.3f} re f\n"
    if line := _colour(marks.get("/BC"), 1):
        drawn += f"{line} 1 w 0.5 0.5 {max(wide - 1, 0):.3f} {max(high - 1, 0):.3f} re S\n"
    return drawn


def _drawn(font: _Font, item: _Field, wide: float, high: float) -> str:
    """Return the drawing of a field's words."""
    lines, size = _laid_out(font, item, max(wide - 2 * PADDING, 1), high)
    has_lines = _has_lines(item.kind, item.flags)
    colour = re.search(r"(?:[\d.]+\s+){1,4}(?:rg|g|k)\b", item.look)
    tall = (font.rise - font.fall) * size
    base = high - PADDING / 2 - font.rise * size if has_lines else (high - tall) / 2 - font.fall * size
    drawn = f"q 0 0 {wide:.3f} {high:.3f} re W n BT {colour[0] if colour else '0 g'} /Filled {size:.2f} Tf\n"
    for line in lines:
        if item.cells:
            places = [((at + 0.5) * wide / item.cells, letter) for at, letter in enumerate(line)]
            spots = [(middle - font.width(letter, size) / 2, letter) for middle, letter in places]
        else:
            spare = wide - 2 * PADDING - font.width(line, size)
            spots = [(PADDING + max(spare, 0) * (0, 0.5, 1)[item.side], line)]
        drawn += "".join(f"1 0 0 1 {x:.3f} {base:.3f} Tm {font.shown(words)} Tj\n" for x, words in spots if words)
        base -= LEADING * size
    return drawn + "ET Q\n"


def _draw(pdf: pikepdf.Pdf, font: _Font, place: Any, item: _Field) -> None:
    """Give a field its picture."""
    wide, high = item.box
    marks = item.note.get("/MK", Dictionary())
    turn = _whole(marks.get("/R")) % 360
    matrix = {90: [0, 1, -1, 0, wide, 0], 180: [-1, 0, 0, -1, wide, high], 270: [0, -1, 1, 0, 0, high]}.get(turn)
    if turn in {90, 270}:
        wide, high = high, wide
    words = _drawn(font, item, wide, high) if item.words.strip() else ""
    picture = pdf.make_stream(
        f"{_ground(item, wide, high)}/Tx BMC\n{words}EMC".encode(),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, round(wide, 3), round(high, 3)]),
        Resources=Dictionary(Font=Dictionary(Filled=place)),
    )
    if matrix:
        picture.Matrix = Array([round(each, 3) for each in matrix])
    item.note.AP = Dictionary(N=picture)


def _notes(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield the fields that can be seen on the pages, as annotations."""
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            is_field = isinstance(note, Dictionary) and note.get("/Subtype") == Name.Widget and "/Rect" in note
            if is_field and not _whole(note.get("/F")) & _UNSEEN:
                yield note


def _has_picture(note: Any) -> bool:
    return isinstance(note.get("/AP"), Dictionary) and note.AP.get("/N") is not None


def _check_button(note: Any) -> None:
    """Refuse a ticked box that has no picture: nobody can tell how it is meant to look, nor which of several it is."""
    if _has_picture(note) or _whole(_inherited(note, "/Ff")) & _PUSH_BUTTON:
        return
    state = note.get("/AS", _inherited(note, "/V"))
    if isinstance(state, Name) and state != Name.Off:
        raise UnfitError("form_unshown")


def _fields(pdf: pikepdf.Pdf, *, is_asked: bool) -> Iterator[_Field]:
    form = pdf.Root.AcroForm
    for note in _notes(pdf):
        kind = str(_inherited(note, "/FT") or "")
        if kind == "/Btn":
            _check_button(note)
        if kind not in {"/Tx", "/Ch"} or (_has_picture(note) and not is_asked):
            continue
        flags = _whole(_inherited(note, "/Ff"))
        look = _text(_inherited(note, "/DA") or form.get("/DA"))
        side = _whole(_inherited(note, "/Q") or form.get("/Q"))
        found = _Field(note, kind, flags, _words(note, kind, flags), look, side if side in {1, 2} else 0)
        if min(found.box) > 0:
            yield found


def draw(pdf: pikepdf.Pdf) -> None:
    """Draw every field whose picture is missing, or is to be made anew.

    Raises:
        UnfitError: `form_unshown` where a value has letters that our font lacks, or does not fit into its field.
    """
    try:
        _draw_all(pdf)
    except (pikepdf.PdfError, TypeError, ValueError, KeyError, AttributeError, RuntimeError) as error:
        raise UnfitError("form_unshown") from error  # its fields are not made as the format says


def _draw_all(pdf: pikepdf.Pdf) -> None:
    form = pdf.Root.AcroForm
    is_asked = bool(form.get("/NeedAppearances", False))
    fields = list(_fields(pdf, is_asked=is_asked))
    pdf.generate_appearance_streams()  # ticks the boxes that are ticked; does nothing unless it is asked for
    if not fields:
        return
    font = _Font()
    if not all(font.has(item.words.replace("\n", "")) for item in fields):
        raise UnfitError("form_unshown")
    place = pdf.make_indirect(Dictionary())
    for item in fields:
        _draw(pdf, font, place, item)
    font.embed(pdf, place)
