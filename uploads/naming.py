"""Under which name a kept original is handed out."""

from typing import Final

from core.files.kinds import OFFICE_ENDINGS
from documents.models import DocumentVersion
from uploads.models import UploadPage

_EXTENSIONS: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/tiff": "tiff",
    "image/heic": "heic",
    "image/heif": "heif",
    **OFFICE_ENDINGS,
}


def original_names(page: UploadPage, version: DocumentVersion | None) -> tuple[str, str]:
    """Return the names under which an original is handed out; what the sender called it does not matter.

    Args:
        version: what it became; None while the document is being put together.
    """
    extension = _EXTENSIONS.get(page.content_type, "bin")
    begin = f"{version.document.number}-v{version.number}-" if version else ""
    name = f"{begin}original-{page.position}.{extension}"
    return name, name
