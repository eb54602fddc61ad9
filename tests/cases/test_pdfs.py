"""PDFs that trouble readers: they come in as they are meant, or are refused in words with a way on."""

from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfReader

from core.files.kinds import PDF, kind_of
from tests.cases import files
from tests.cast import World
from tests.documents import sent_files
from uploads.intake import assembly, pdfs
from uploads.intake.receiving import received
from uploads.intake.refusals import RefusedError

A, B = "join-form-a.pdf", "join-form-b.pdf"


def test_a_byte_order_mark_before_the_header_is_no_reason_to_refuse() -> None:
    with received(files.sent("upload-byte-order-mark.pdf")) as taken:
        assert (taken.content_type, taken.pages) == (PDF, 1)


@pytest.mark.parametrize(("before", "kind"), [
    (b"\n" * 1019, PDF), (b"Received: by mail\r\n", PDF), (b"\n" * 1025, None),
    (b"<html>", None), (b"<?php ", None), (b"PK\x03\x04", None), (b"MZ", None),
])  # fmt: skip
def test_what_may_stand_before_the_header(before: bytes, kind: str | None) -> None:
    assert kind_of((before + sent_files.pdf())[:2000]) == kind


def joined(tmp_path: Path, *sent: bytes, rotation: int = 0) -> Path:
    """Return the PDF that becomes of several."""
    parts = []
    for number, content in enumerate(sent):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(content)
        parts.append(assembly.Part(str(path), PDF, rotation))
    out = tmp_path / "out.pdf"
    assembly.assemble(parts, str(out), title="T", language="en", alt="{n}", max_pixels=10**7, max_pages=40)
    return out


def test_values_of_forms_that_share_a_name_stay_on_their_pages(tmp_path: Path) -> None:
    out = joined(tmp_path, files.content(A), files.content(B))
    with pypdfium2.PdfDocument(out) as pdf:
        pdf.init_forms()
        said = [page.get_textpage().get_text_range() for page in pdf]
    assert ["ELENA-4711" in said[0], "MARTIN-0815" in said[1]] == [True, True]
    other = [page.extract_text() for page in PdfReader(out).pages]
    assert ["ELENA-4711" in other[0], "MARTIN-0815" in other[1]] == [True, True]
    assert "MARTIN" not in said[0] + other[0]
    with pikepdf.open(out) as pdf:
        assert "/AcroForm" not in pdf.Root


def layered(*, base_off: bool = False) -> bytes:
    """Return a PDF with two layers of which the second is switched off."""

    def change(pdf: pikepdf.Pdf) -> None:
        shown, hidden = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("Text", "Notes"))
        page = pdf.pages[0].obj
        page.Resources = Dictionary(Properties=Dictionary(L0=shown, L1=hidden))
        page.Contents = pdf.make_stream(b"/OC /L0 BDC 10 10 50 50 re f EMC /OC /L1 BDC 100 100 300 300 re f EMC")
        settings = Dictionary(BaseState=Name.OFF, ON=Array([shown])) if base_off else Dictionary(OFF=Array([hidden]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([shown, hidden]), D=settings)

    return sent_files.pdf(1, change)


def dark_at(path: Path, page: int) -> list[bool]:
    """Return whether the shown and the hidden square of a page are drawn."""
    with pypdfium2.PdfDocument(path) as pdf:
        picture = pdf[page].render(scale=1).to_pil().convert("L")
    return [picture.getpixel((x, picture.height - y)) < 128 for x, y in ((30, 30), (250, 250))]  # type: ignore[operator]


@pytest.mark.parametrize("base_off", [False, True])
def test_layers_that_are_off_stay_off(tmp_path: Path, base_off: bool) -> None:  # noqa: FBT001 -- a case
    sent = layered(base_off=base_off)
    alone = tmp_path / "alone.pdf"
    alone.write_bytes(sent)
    assert dark_at(alone, 0) == [True, False]
    out = joined(tmp_path, sent_files.pdf(1), sent, sent)
    assert dark_at(out, 1) == dark_at(out, 2) == [True, False]


def signed() -> bytes:
    """Return a PDF with a field that someone signed."""

    def change(pdf: pikepdf.Pdf) -> None:
        value = Dictionary(
            Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 1, 2, 3]), Contents=String("x")
        )
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("s"), Rect=Array([0, 0, 0, 0]),
            V=pdf.make_indirect(value),
        )  # fmt: skip
        widget = pdf.make_indirect(field)
        pdf.pages[0].obj.Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=3)

    return sent_files.pdf(1, change)


def test_a_signed_pdf_says_when_it_would_lose_its_signature(world: World, as_user: Any, local_files: None) -> None:
    rasa = as_user(world.cast.rasa)
    create = reverse("uploads:upload-create", args=[world.group.pk])
    answer = rasa.post(create, {"tool": "contract", "files": sent_files.sent("signed.pdf", signed())})
    page = rasa.get(answer.url).content.decode()
    assert "Digitally signed" in page
    assert "exactly as you sent it" in page
    assert "without that signature" not in page
    batch = answer.url.rstrip("/").rpartition("/")[2]
    rasa.post(reverse("uploads:upload-page-add", args=[batch]), {"files": sent_files.sent("b.pdf", sent_files.pdf())})
    page = rasa.get(answer.url).content.decode()
    assert "without that signature" in page
    assert "exactly as you sent it" not in page


def test_a_turned_pdf_is_not_said_to_be_filed_as_it_is(world: World, as_user: Any, local_files: None) -> None:
    rasa = as_user(world.cast.rasa)
    create = reverse("uploads:upload-create", args=[world.group.pk])
    answer = rasa.post(create, {"tool": "contract", "files": sent_files.sent("a.pdf", signed())})
    assert "The PDF is filed as it is" in rasa.get(answer.url).content.decode()
    from uploads.models import UploadPage  # noqa: PLC0415

    rasa.post(reverse("uploads:upload-page-rotate", args=[UploadPage.objects.get().pk]))
    page = rasa.get(answer.url).content.decode()
    assert "The PDF is filed as it is" not in page
    assert "without that signature" in page


def lying_tree(count: int) -> bytes:
    """Return a PDF of three pages that says it has `count`."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Count = count

    return sent_files.pdf(3, change)


@pytest.mark.parametrize("count", [1, 2, 40_000])
def test_a_page_tree_that_lies_is_repaired_or_refused(count: int, tmp_path: Path) -> None:
    path = tmp_path / "lying.pdf"
    path.write_bytes(lying_tree(count))
    try:
        with received(sent_files.sent("lying.pdf", path.read_bytes())) as taken:
            pages = taken.pages
            with pypdfium2.PdfDocument(taken.path) as pdf:
                assert len(pdf) == pages
    except RefusedError as error:
        assert error.code == "broken"  # noqa: PT017 -- refusing is right too


def linked(address: str) -> bytes:
    """Return a PDF with one link, to be pressed."""

    def change(pdf: pikepdf.Pdf) -> None:
        act = Dictionary(S=Name.URI, URI=String(address))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 10, 10]), A=act)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
        pdf.Root.URI = Dictionary(Base=String("https://example.org/"))

    return sent_files.pdf(1, change)


@pytest.mark.parametrize(
    "address",
    ["https://example.org/", "HTTP://EXAMPLE.ORG", "mailto:rasa@example.org", "tel:+370", "www.example.org", "a"],
)
def test_an_ordinary_link_stays(address: str) -> None:
    with received(sent_files.sent("a.pdf", linked(address))) as taken:
        assert taken.pages == 1


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("javascript:alert(1)", "javascript"),
        (" Java\tScript:alert(1)", "javascript"),
        ("data:text/html,x", "javascript"),
        ("file:///etc/passwd", "outside"),
        ("FILE:C:/x", "outside"),
        ("\\\\host\\share", "outside"),
        ("smb://host/share", "outside"),
    ],
)
def test_a_link_that_runs_something_or_leads_into_the_house_is_refused(address: str, reason: str) -> None:
    with pytest.raises(RefusedError) as refused, received(sent_files.sent("a.pdf", linked(address))):
        pass
    assert refused.value.code == reason


def test_signatures_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed())
    assert pdfs.look(str(path), 5) == (1, ["signed"])
    path.write_bytes(sent_files.pdf())
    assert pdfs.look(str(path), 5) == (1, [])
