"""Photos and PDFs become one upright PDF without anything the photo knew."""

import subprocess
from pathlib import Path

import pikepdf
import pytest

from core.files import kinds
from core.files.bounded import run
from core.files.unfit import UnfitError
from tests.documents import sent_files
from tests.documents.sent_files import corners
from uploads.intake import child

SETTINGS = {"title": "Договор", "language": "bg", "alt": "Page {n} of the scanned document", "max_pixels": 60_000_000,
            "max_pages": 40}  # fmt: skip


def assembled(folder: Path, parts: list[tuple[bytes, str, int]]) -> Path:
    """Return the PDF made of the parts: bytes, kind, turn."""
    out = folder / "out.pdf"
    listed = []
    for number, (content, kind, rotation) in enumerate(parts):
        path = folder / str(number)
        path.write_bytes(content)
        listed.append({"path": str(path), "kind": kind, "rotation": rotation})
    run(child.make_pdf, parts=listed, out=str(out), **SETTINGS)
    return out


def rendered(path: Path, page: int) -> Path:
    """Return a page of a PDF as another program shows it."""
    out = path.with_name(f"page-{page}")
    only = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", "50", "-png", *only, path, out], check=True)
    return out.with_suffix(".png")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_becomes_an_upright_page(orientation: int, tmp_path: Path) -> None:
    pdf = assembled(tmp_path, [(sent_files.photo(orientation), kinds.JPEG, 0)])
    assert corners(rendered(pdf, 1)) == list(sent_files.CORNERS)


@pytest.mark.parametrize(("rotation", "shift"), [(90, 3), (180, 2), (270, 1)])
def test_the_persons_turn_comes_on_top_clockwise(rotation: int, shift: int, tmp_path: Path) -> None:
    pdf = assembled(tmp_path, [(sent_files.photo(6), kinds.JPEG, rotation)])
    colours = list(sent_files.CORNERS)
    assert corners(rendered(pdf, 1)) == colours[shift:] + colours[:shift]


def test_every_kind_becomes_pages_in_order_with_title_language_and_tags(tmp_path: Path) -> None:
    pdf = assembled(
        tmp_path,
        [
            (sent_files.heic(), kinds.HEIC, 0),
            (sent_files.tiff(3), kinds.TIFF, 0),
            (sent_files.saved(sent_files.sheet().convert("RGBA"), "WEBP"), kinds.WEBP, 0),
            (sent_files.saved(sent_files.sheet(900, 500).convert("L"), "PNG"), kinds.PNG, 0),
        ],
    )
    with pikepdf.open(pdf) as made:
        assert len(made.pages) == 6
        assert made.Root.Lang == "bg"
        assert made.docinfo["/Title"] == "Договор"
        assert [str(figure.Alt) for figure in made.Root.StructTreeRoot.K.K][::5] == [
            "Page 1 of the scanned document", "Page 6 of the scanned document"]  # fmt: skip
        with made.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
        boxes = [[round(float(side)) for side in page.mediabox] for page in made.pages]
        assert boxes == [[0, 0, 595, 842]] * 5 + [[0, 0, 842, 595]]
        assert made.check_pdf_syntax() == []
    assert corners(rendered(pdf, 1)) == list(sent_files.CORNERS)


def test_nothing_of_the_photo_but_its_pixels_is_in_the_pdf(tmp_path: Path) -> None:
    pdf = assembled(tmp_path, [(sent_files.photo(3), kinds.JPEG, 0)])
    with pikepdf.open(pdf) as made:
        picture = made.pages[0].obj.Resources.XObject.Paper
        assert b"Exif" not in picture.read_raw_bytes()
    assert b"SecretPhone" not in pdf.read_bytes()


def test_large_photos_are_made_smaller_but_stay_readable(tmp_path: Path) -> None:
    pdf = assembled(tmp_path, [(sent_files.photo(size=(3000, 4200)), kinds.JPEG, 0)])
    with pikepdf.open(pdf) as made:
        picture = made.pages[0].obj.Resources.XObject.Paper
        assert (int(picture.Width), int(picture.Height)) == (1771, 2480)


def test_pdfs_and_photos_are_merged_and_turned(tmp_path: Path) -> None:
    pdf = assembled(tmp_path, [(sent_files.pdf(2), kinds.PDF, 90), (sent_files.photo(), kinds.JPEG, 0)])
    with pikepdf.open(pdf) as made:
        assert [int(page.obj.get("/Rotate", 0)) for page in made.pages] == [90, 90, 0]
        assert made.Root.Lang == "bg"


def test_too_many_pages_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitError) as caught:
        assembled(tmp_path, [(sent_files.pdf(30), kinds.PDF, 0), (sent_files.pdf(30), kinds.PDF, 0)])
    assert caught.value.code == "too_many_pages"


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitError) as caught:
        assembled(tmp_path, [(sent_files.photo()[:3000], kinds.JPEG, 0)])
    assert caught.value.code == "broken"
