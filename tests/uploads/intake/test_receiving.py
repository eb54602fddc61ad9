"""Real files at the door: what comes in, what is refused and why."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from core.files import kinds
from tests.documents import sent_files
from tests.looking import look_once
from uploads.intake import receiving
from uploads.intake.receiving import received
from uploads.intake.refusals import REASONS, RefusedError


def refusal(name: str, content: bytes, **options: int) -> RefusedError:
    """Return the refusal of a file that must be refused."""
    with pytest.raises(RefusedError) as caught, received(sent_files.sent(name, content), **options):
        pass
    return caught.value


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [
        (sent_files.pdf(2), kinds.PDF, 2),
        (sent_files.photo(), kinds.JPEG, 1),
        (sent_files.saved(sent_files.sheet(), "PNG"), kinds.PNG, 1),
        (sent_files.saved(sent_files.sheet().convert("RGBA"), "PNG"), kinds.PNG, 1),
        (sent_files.saved(sent_files.sheet().convert("CMYK"), "JPEG"), kinds.JPEG, 1),
        (sent_files.saved(sent_files.sheet().convert("1"), "TIFF", compression="group4"), kinds.TIFF, 1),
        (sent_files.saved(sent_files.sheet().convert("P"), "PNG"), kinds.PNG, 1),
        (sent_files.saved(sent_files.sheet(), "WEBP"), kinds.WEBP, 1),
        (sent_files.heic(), kinds.HEIC, 1),
        (sent_files.tiff(3), kinds.TIFF, 3),
    ],
    ids=["pdf", "jpeg", "png", "png-alpha", "jpeg-cmyk", "tiff-fax", "png-palette", "webp", "heic", "tiff-3"],
)
def test_papers_and_photos_come_in_whatever_their_name(content: bytes, kind: str, pages: int) -> None:
    with received(sent_files.sent("contract.exe", content, "text/html")) as file:
        assert (file.content_type, file.pages, file.size) == (kind, pages, len(content))
        assert file.path.read_bytes() == content
        assert bool(file.preview) == (kind != kinds.PDF)
    assert not file.path.exists()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_preview_is_upright_and_without_place(orientation: int, tmp_path: Path) -> None:
    with received(sent_files.sent("a.jpg", sent_files.photo(orientation))) as file:
        assert (file.width, file.height) == (600, 840)
        assert ("upright" in file.notes) == (orientation != 1)
        assert b"Exif" not in file.preview
        assert b"SecretPhone" not in file.preview
        path = tmp_path / "preview.jpg"
        path.write_bytes(file.preview)
    assert sent_files.corners(path) == list(sent_files.CORNERS)


def test_dark_and_blurred_photos_are_marked_and_good_ones_are_not() -> None:
    for content, notes in (
        (sent_files.photo(), []),
        (sent_files.dark_photo(), ["dark"]),
        (sent_files.blurred_photo(), ["blurred"]),
        (sent_files.saved(sent_files.sheet(1800, 2520), "JPEG"), []),
    ):
        with received(sent_files.sent("a.jpg", content)) as file:
            assert file.notes == notes


@pytest.mark.parametrize("case", sent_files.active_pdfs())
def test_pdfs_that_do_something_are_refused(case: str) -> None:
    content, reason = sent_files.active_pdfs()[case]
    refused = refusal("sutartis.pdf", content)
    assert (refused.code, refused.status) == (reason, 422)
    assert refused.title == "“sutartis.pdf” was not added"


@pytest.mark.parametrize("base", ["", "https://example.org/papers/"])
def test_pdfs_with_ordinary_links_come_in(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "_look", look_once)
    for each in sent_files.GOOD_LINKS:
        with received(sent_files.sent("a.pdf", sent_files.pdf(1, sent_files.link(each, base)))) as file:
            assert file.pages == 1


def test_fonts_and_flags_called_f_are_no_other_files() -> None:
    import pikepdf  # noqa: PLC0415 -- next to its only use

    def change(document: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[0, 0, 9, 9], F=4)
        document.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        document.pages[0].obj.Annots = pikepdf.Array([note])

    with received(sent_files.sent("a.pdf", sent_files.pdf(1, change))) as file:
        assert file.pages == 1


def test_pdfs_with_an_owner_password_come_in() -> None:
    import pikepdf  # noqa: PLC0415 -- next to its only use

    owner_only = sent_files.pdf(1, encryption=pikepdf.Encryption(user="", owner="other"))
    with received(sent_files.sent("a.pdf", owner_only)) as file:
        assert file.pages == 1


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (b"", "empty", 422),
        (sent_files.pdf(2)[:-400], "broken", 422),
        (b"%PDF-1.7\n" + b"x" * 500, "broken", 422),
        (sent_files.photo()[:4000], "broken", 422),
        (sent_files.saved(sent_files.sheet(), "PNG")[:3000], "broken", 422),
        (sent_files.heic()[:2000], "broken", 422),
        (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>", "broken", 422),
        (sent_files.bomb(), "too_many_pixels", 413),
        (sent_files.pdf(41), "too_many_pages", 413),
        (sent_files.pdf(1) + sent_files.archive(), "two_in_one", 422),
        (sent_files.pdf(1) + b"<html><script>alert(1)</script></html>", "two_in_one", 422),
        (sent_files.archive(), "archive", 415),
        (sent_files.archive() + sent_files.pdf(1), "archive", 415),
        (sent_files.office(), "office", 415),
        (b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 200, "program", 415),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x02\0>\0" + b"\0" * 60, "program", 415),
        (b"<!DOCTYPE html><html><body>document</body></html>", "web_page", 415),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "other_picture", 415),
        (b"GIF89a" + b"\x01\0\x01\0\0\0\0;", "other_picture", 415),
        (b"just words", "office", 415),
        (b"\0" * 3000, "not_ours", 415),
        (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40, "film", 415),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 40, "film", 415),
    ],
)
def test_unfit_files_are_refused_with_their_reason(content: bytes, code: str, status: int) -> None:
    refused = refusal("document.pdf", content)
    assert (refused.code, refused.status) == (code, status)
    assert len(refused.sentence.split(". ")) >= 2


def test_a_file_above_the_limit_is_refused(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 2000
    refused = refusal("document.jpg", sent_files.photo())
    assert refused.status == 413
    assert "2" in refused.sentence


def test_pages_beyond_the_room_left_are_refused() -> None:
    assert refusal("scan.tif", sent_files.tiff(3), max_pages=2).code == "too_many_pages"
    assert refusal("scan.pdf", sent_files.pdf(3), max_pages=2).code == "too_many_pages"


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.files import bounded  # noqa: PLC0415 -- patched here only

    monkeypatch.setattr(bounded, "MEMORY", 60 * 1024 * 1024)
    assert refusal("document.jpg", sent_files.photo()).code == "too_complicated"


def test_weird_names_neither_lose_nor_break_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "_look", look_once)  # the process that looks never hears the name
    content = sent_files.photo()
    for name in sent_files.WEIRD_NAMES:
        file = sent_files.sent("x.jpg", content)
        file._name = name
        with received(file) as taken:
            assert 0 < len(taken.name) <= 120
            assert taken.name.isprintable()
            assert not set("/\\") & set(taken.name)


def test_every_reason_has_a_sentence_with_a_way_on() -> None:
    for code in REASONS:
        refused = RefusedError(code, name="a.pdf")
        assert "%(" not in refused.sentence
        assert refused.sentence.endswith(".")
        assert refused.status in {413, 415, 422, 503}


@pytest.fixture
def scanner(settings: Settings) -> Iterator[dict[str, bytes]]:
    """A scanner of our own that speaks INSTREAM and answers as told."""
    seen: dict[str, bytes] = {"answer": b"stream: OK\0", "got": b""}
    server = socket.create_server(("127.0.0.1", 0))
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.getsockname()[1]}"

    def serve() -> None:
        line, _ = server.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack("!L", stream.read(4))[0]:
                seen["got"] += stream.read(length)
            line.sendall(seen["answer"])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield seen
    server.close()


def test_the_scanner_sees_every_byte(scanner: dict[str, bytes]) -> None:
    content = sent_files.photo()
    with received(sent_files.sent("a.jpg", content)):
        pass
    assert scanner["got"] == content


def test_what_the_scanner_finds_is_refused(scanner: dict[str, bytes]) -> None:
    scanner["answer"] = b"stream: Eicar-Test-Signature FOUND\0"
    assert refusal("a.jpg", sent_files.photo()).code == "virus"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"hello\0"])
def test_an_unclear_answer_of_the_scanner_is_a_refusal(scanner: dict[str, bytes], answer: bytes) -> None:
    scanner["answer"] = answer
    refused = refusal("a.jpg", sent_files.photo())
    assert (refused.code, refused.status) == ("scanner", 503)


def test_without_the_configured_scanner_nothing_comes_in(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMAV_URL = f"unix://{tmp_path}/nobody.sock"
    assert refusal("a.jpg", sent_files.photo()).code == "scanner"
