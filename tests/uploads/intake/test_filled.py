"""What was filled into the fields of PDFs stands in the one PDF they become, in every reader."""

import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Name
from PIL import Image

from core.files import kinds
from core.files.unfit import UnfitError
from tests.documents import filled_pdfs, sent_files
from tests.documents.filled_pdfs import choice, field, form, tick
from tests.uploads.intake.test_assembly import assembled, rendered

NAMES = ["Rasa Žukauskienė", "Алекс Щъркел", "Łukasz Woźniak"]


def joined(folder: Path, *forms: bytes) -> Path:
    return assembled(folder, [(each, kinds.PDF, 0) for each in forms])


def words(path: Path, page: int) -> str:
    """Return the words of a page."""
    only = ["-f", str(page), "-l", str(page)]
    read = subprocess.run(["pdftotext", "-layout", *only, path, "-"], check=True, capture_output=True, text=True)
    return " ".join(read.stdout.split())


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Return where a page is not white."""
    grey = picture.convert("L").point(lambda value: 0 if value > 128 else 255)
    return grey.getbbox()


def both_readers(path: Path, page: int) -> tuple[Image.Image, Image.Image]:
    """Return a page as two programs draw it."""
    with Image.open(rendered(path, page)) as one, pypdfium2.PdfDocument(path) as document:
        other = document[page - 1].render(scale=50 / 72).to_pil()
        return one.convert("L"), other.convert("L")


def test_names_in_any_letters_of_europe_stay_what_was_filled_in(tmp_path: Path) -> None:
    pdf = joined(tmp_path, *(form(field(name)) for name in NAMES))
    assert [words(pdf, page) for page in (1, 2, 3)] == NAMES
    for page in (1, 2, 3):
        with pypdfium2.PdfDocument(pdf) as document:
            assert document[page - 1].get_textpage().get_text_range().strip() == NAMES[page - 1]
        one, other = both_readers(pdf, page)
        places = ink(one), ink(other)
        assert all(places)
        assert all(abs(here - there) <= 2 for here, there in zip(*places, strict=True))
    with pikepdf.open(pdf) as made:
        assert made.check_pdf_syntax() == []
        assert "/AcroForm" not in made.Root


def test_a_field_nobody_has_drawn_is_drawn_without_being_asked(tmp_path: Path) -> None:
    pdf = joined(tmp_path, form(field("Žydrūnė"), is_asked=False), sent_files.pdf())
    assert words(pdf, 1) == "Žydrūnė"


def test_a_choice_shows_the_word_of_its_list(tmp_path: Path) -> None:
    assert words(joined(tmp_path, form(choice("BG", "България")), sent_files.pdf()), 1) == "България"


def test_long_text_is_wrapped_and_made_smaller_until_all_of_it_is_seen(tmp_path: Path) -> None:
    told = "Срещаме се всяка сряда в библиотеката и четем заедно. " * 8
    lines = field(told, box=(60, 500, 300, 600), Ff=1 << 12)
    pdf = joined(tmp_path, form(lines), sent_files.pdf())
    assert words(pdf, 1) == " ".join(told.split())
    for picture in both_readers(pdf, 1):
        left, top, right, low = ink(picture) or (0, 0, 0, 0)
        scale = 50 / 72
        assert 59 * scale <= left
        assert right <= 301 * scale
        assert (842 - 601) * scale <= top
        assert low <= (842 - 499) * scale


def test_the_size_left_to_the_reader_the_side_and_the_cells_are_kept(tmp_path: Path) -> None:
    left = field("Ž", look="/F1 0 Tf 0 g")
    right = field("Ž", box=(60, 400, 400, 440), look="/F1 0 Tf 0 g", Q=2)
    cells = field("ЖЖЖ", box=(60, 200, 400, 240), Ff=1 << 24, MaxLen=10)
    pdf = joined(tmp_path, form(left, right, cells), sent_files.pdf())
    one, _other = both_readers(pdf, 1)
    scale = 50 / 72

    def edges(high: int, low: int) -> tuple[float, float]:
        found = ink(one.crop((0, int((842 - high) * scale), one.width, int((842 - low) * scale))))
        assert found
        return found[0] / scale, found[2] / scale

    assert edges(645, 595)[1] < 80
    assert edges(445, 395)[0] > 380
    first, last = edges(245, 195)
    assert 60 < first < 94
    assert 128 < last < 162


@pytest.mark.parametrize(
    "fields",
    [
        (field("青木"),),
        (field("Rasa ☃"),),
        (field("Одно очень длинное имя " * 20),),
        (field("Всё, что было сказано. " * 400, Ff=1 << 12),),
        (tick("/Yes"),),
    ],
    ids=["letters", "sign", "long line", "long text", "tick"],
)
def test_what_cannot_be_drawn_is_refused_rather_than_filed_as_something_else(
    fields: tuple[pikepdf.Dictionary, ...], tmp_path: Path
) -> None:
    with pytest.raises(UnfitError) as caught:
        joined(tmp_path, form(*fields), sent_files.pdf())
    assert caught.value.code == "form_unshown"


def test_what_is_hidden_empty_or_not_ticked_keeps_nothing_out(tmp_path: Path) -> None:
    hidden = filled_pdfs.field("青木", F=2)
    assert words(joined(tmp_path, form(hidden, field(""), tick("/Off")), sent_files.pdf()), 1) == ""


def test_a_drawing_that_is_there_is_kept(tmp_path: Path) -> None:
    source = form(field("青木"), is_asked=False)
    path = tmp_path / "drawn.pdf"
    path.write_bytes(source)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        drawing = pdf.make_stream(
            b"0 0 340 40 re f", Type=Name.XObject, Subtype=Name.Form, BBox=pikepdf.Array([0, 0, 340, 40])
        )
        pdf.pages[0].obj.Annots[0].AP = pikepdf.Dictionary(N=drawing)
        pdf.save(path)
    made = joined(tmp_path, path.read_bytes(), sent_files.pdf())
    assert all(ink(each) for each in both_readers(made, 1))
