"""Sent files: none is lost for its name, none breaks the answer, none grows beyond the limit."""

import pytest
from django.conf import settings as real
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from core.web.multipart import clean_name
from tests.documents.sent_files import WEIRD_NAMES, pdf


def sent(name: str, content: bytes) -> HttpRequest:
    """Return a request with one file of this name, as raw as a client can make it."""
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="' + name.encode("utf-8", "replace")
    body = head + b'"\r\nContent-Type: image/jpeg\r\n\r\n' + content + b"\r\n--b--\r\n"
    return RequestFactory().generic("POST", "/", body, content_type="multipart/form-data; boundary=b")


@pytest.mark.parametrize("size", [10, 2 * 1024 * 1024])
def test_no_name_loses_a_file_or_raises(size: int) -> None:
    assert real.FILE_UPLOAD_HANDLERS[0] == "core.web.multipart.ReceiveEveryFile"
    for name in WEIRD_NAMES:
        if "\n" in name or '"' in name:  # these end the header: no client can send them so
            continue
        request = sent(name, b"x" * size)
        files = request.FILES.getlist("files")
        assert len(files) == 1, name
        assert files[0].size == size
        assert files[0].name == clean_name(files[0].name)
        files[0].close()


def raw(*parts: tuple[bytes, bytes]) -> HttpRequest:
    """Return a request of these parts: head, content."""
    body = b"".join(b"--b\r\n" + head + b"\r\n\r\n" + content + b"\r\n" for head, content in parts) + b"--b--\r\n"
    return RequestFactory().generic("POST", "/", body, content_type="multipart/form-data; boundary=b")


FILES = b'Content-Disposition: form-data; name="files"'
AS_PDF = b"\r\nContent-Type: application/pdf"


@pytest.mark.parametrize(
    "head",
    [FILES + b'; filename=""' + AS_PDF, FILES + b'; filename=""', FILES + AS_PDF, FILES,
     FILES + b"; filename*=UTF-8''" + AS_PDF, FILES + b"; filename*=UTF-8''"],
    ids=["empty", "empty, no kind", "missing", "missing, no kind", "extended", "extended, no kind"],
)  # fmt: skip
@pytest.mark.parametrize("pages", [1, 400])
def test_a_file_with_an_empty_name_or_none_comes_in_under_our_own(head: bytes, pages: int) -> None:
    content = pdf(pages) * 30
    named = FILES + b'; filename="contract.pdf"' + AS_PDF
    request = raw((head, content), (named, content), (b'Content-Disposition: form-data; name="note"', b"ok"))
    files = request.FILES.getlist("files")
    assert [(file.name, file.size) for file in files] == [("file", len(content)), ("contract.pdf", len(content))]
    assert files[0].read() == content
    request.close()
    assert request.POST == {"note": ["ok"]}


def test_nothing_chosen_is_no_file_and_words_stay_words() -> None:
    nothing = FILES + b'; filename=""\r\nContent-Type: application/octet-stream'
    note = b'Content-Disposition: form-data; name="note"'
    for head in (note, note + b"\r\nContent-Type: text/plain; charset=utf-8"):
        for words in ("", "%PDF-1.7 е само дума", "Ж" * 5000):
            request = raw((nothing, b""), (head, words.encode()))
            assert not request.FILES
            assert request.POST["note"] == words


def test_a_file_is_cut_one_byte_above_the_limit(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    request = sent("large.jpg", b"x" * 300_000)
    assert request.FILES["files"].size == 100_001
    assert request.POST == {}


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\documents\\договор.pdf", "договор.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\x00b\n c.pdf", "ab c.pdf"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("x." + "b" * 300, "x." + "b" * 118),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean
