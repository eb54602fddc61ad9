"""Photos and PDFs of a document become one PDF: upright, in order, without anything the camera knew."""

import io
import shutil
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image

from core.files import kinds
from core.files.bounded import run
from core.files.unfit import UnfitError
from core.isolation.errors import BusyError
from rendering.pdf.errors import BrokenError, TooLargeError, TooSlowError
from uploads import office
from uploads.intake import child
from uploads.intake.refusals import RefusedError
from uploads.models import UploadBatch, UploadPage

SECONDS: Final = 45
PREVIEW_QUALITY: Final = 80


class RenderedPdf(NamedTuple):
    """A PDF and how many pages it has."""

    content: bytes
    pages: int


def turned_preview(jpeg: bytes, degrees: int) -> bytes:
    """Return a preview that we made ourselves, turned clockwise."""
    turned = io.BytesIO()
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.rotate(-degrees, expand=True).save(turned, "JPEG", quality=PREVIEW_QUALITY)
    return turned.getvalue()


def document_title(batch: UploadBatch) -> str:
    """Return the title written into the PDF: type, and whom it is about."""
    title = batch.tool_version.title if batch.tool_version else ""
    return f"{title}: {batch.subject.full_name}" if batch.subject else title


def _fetch(page: UploadPage, folder: Path) -> dict[str, str | int]:
    """Copy an original out of the storage; return what the other process needs to know about it.

    Of a file of an office program it is the PDF that LibreOffice makes of it.
    """
    path = folder / str(page.pk)
    with page.original.open("rb") as stored, path.open("wb") as target:
        shutil.copyfileobj(stored, target, 1024 * 1024)
    if page.content_type in kinds.OFFICE_ENDINGS:
        made = office.to_pdf(path, page.content_type)
        run(child.inspect_pdf, path=str(made), max_pages=settings.UPLOAD_MAX_PAGES)
        return {"path": str(made), "kind": kinds.PDF, "rotation": page.rotation}
    return {"path": str(path), "kind": page.content_type, "rotation": page.rotation}


def pages_to_pdf(batch: UploadBatch) -> RenderedPdf:
    """Make one PDF of the batch's pages: each upright and turned as asked, on A4, without metadata.

    Photos are decoded in a process of its own, one at a time, and never kept larger than a page needs. A batch of
    photos alone becomes PDF/A-2b with a figure per page; PDFs among them are taken over page by page.

    Raises:
        BrokenError, TooLargeError, TooSlowError: with a sentence for the person who sent the pages.
    """
    folder = Path(tempfile.mkdtemp(prefix="paper-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    language = batch.group.programme.default_language
    out = folder / "out.pdf"
    try:
        parts = [_fetch(page, folder) for page in batch.pages.present()]
        with translation.override(language):
            title, alt = document_title(batch), _("Page {n} of the scanned document")
        answer = run(
            child.make_pdf,
            seconds=SECONDS,
            parts=parts,
            out=str(out),
            title=title,
            language=language,
            alt=alt,
            max_pixels=settings.UPLOAD_MAX_PIXELS,
            max_pages=settings.UPLOAD_MAX_PAGES,
        )
        return RenderedPdf(out.read_bytes(), answer["pages"])
    except UnfitError as error:
        sentence = RefusedError(error.code).sentence
        raise (TooLargeError if error.code.startswith("too_many") else BrokenError)(sentence) from error
    except BusyError as error:
        raise TooSlowError(RefusedError("busy").sentence) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
