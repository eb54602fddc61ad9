"""What a file is, by its first bytes. Six kinds are papers; posts of the forum take a few more, see `office`.

Imports no Django: the child process uses it too.
"""

import re
from typing import Final

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
TIFF: Final = "image/tiff"
HEIC: Final = "image/heic"

IMAGE_FORMATS: Final[dict[str, str]] = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", TIFF: "TIFF", HEIC: "HEIF"}
ALLOWED: Final = (PDF, *IMAGE_FORMATS)
ENDINGS: Final[dict[str, str]] = {PDF: "pdf", JPEG: "jpg", PNG: "png", WEBP: "webp", TIFF: "tif", HEIC: "heic"}
ACCEPT: Final = ",".join(
    [*ALLOWED, "image/heif", *(f".{ending}" for ending in ENDINGS.values()), ".jpeg", ".tiff", ".heif"]
)
HEAD: Final = 1024 + 5

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
DOCX: Final = f"{_OFFICE}.wordprocessingml.document"
XLSX: Final = f"{_OFFICE}.spreadsheetml.sheet"
PPTX: Final = f"{_OFFICE}.presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
ODP: Final = "application/vnd.oasis.opendocument.presentation"
TXT: Final = "text/plain"
CSV: Final = "text/csv"
OFFICE_ENDINGS: Final[dict[str, str]] = {
    DOCX: "docx", ODT: "odt", XLSX: "xlsx", ODS: "ods", PPTX: "pptx", ODP: "odp",
}  # fmt: skip
TEXT_ENDINGS: Final[dict[str, str]] = {TXT: "txt", CSV: "csv"}
ATTACHED_ENDINGS: Final[dict[str, str]] = ENDINGS | OFFICE_ENDINGS | TEXT_ENDINGS
"""What posts take, and how its name ends."""
ATTACHED_ACCEPT: Final = ",".join(
    [ACCEPT, *OFFICE_ENDINGS, *TEXT_ENDINGS, *(f".{end}" for end in (OFFICE_ENDINGS | TEXT_ENDINGS).values())]
)
ARCHIVE: Final = b"PK\x03\x04"
"""How a ZIP begins, and with it every office file."""

_BEGINNINGS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_NO_PAPER: Final = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"#!", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_MARKUP: Final = re.compile(rb"<\s*[a-z!?]", re.IGNORECASE)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_NO_HEIC_BRANDS: Final = frozenset({b"avif", b"avis"})


def _is_pdf_after_a_beginning(head: bytes) -> bool:
    """Return whether a PDF begins within the first 1,024 bytes, after something that is no other file.

    Readers look so far (PDF Reference 1.7, appendix H, note 13): a byte-order mark, an empty line, a mail's head.
    """
    before, mark, _rest = head[:HEAD].partition(b"%PDF-")
    return bool(mark) and not before.startswith(_NO_PAPER) and not _MARKUP.search(before)


def kind_of(head: bytes) -> str | None:
    """Return the content type of a file that begins with `head`, or None when it is none of ours."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if _is_pdf_after_a_beginning(head):
        return PDF
    if head[4:8] == b"ftyp":
        length = min(int.from_bytes(head[:4]), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
        if brands & _HEIC_BRANDS and not brands & _NO_HEIC_BRANDS:
            return HEIC
    return None
