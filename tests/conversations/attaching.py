"""Files to attach to posts, for tests."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Dictionary, Name

from accounts.models import User
from conversations.models import Attachment, Board, Topic
from conversations.services import attachments
from tests.documents.sent_files import pdf, sent

OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
NAMES = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def packed(parts: Iterable[tuple[str, bytes | str]]) -> bytes:
    """Return a ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def office(ending: str, *more: tuple[str, bytes | str], **replaced: Any) -> bytes:
    """Return an office file with its main parts, and more."""
    if ending in MAIN:
        first = [("[Content_Types].xml", replaced.get("types", TYPES)), (MAIN[ending], "<doc/>")]
    else:
        first = [("mimetype", f"{OPEN_DOCUMENT}.{NAMES[ending]}"), ("content.xml", "<doc/>")]
    return packed([*first, *more])


def attach(
    by: User, name: str, content: bytes, *, topic: Topic | None = None, board: Board | None = None
) -> Attachment:
    """Attach a file to what a person is writing there."""
    file: SimpleUploadedFile = sent(name, content)
    return attachments.attach(by=by, file=file, topic=topic, board=board)


def written(words: str) -> bytes:
    """Return a PDF with a line of words on its page."""

    def write(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = document.make_stream(f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode())

    return pdf(1, write)
