"""Files to attach to posts, for tests."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from conversations.models import Attachment, Board, Topic
from conversations.services import attachments
from tests.documents.sent_files import sent

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
