"""What a file is, by its first bytes. Only six kinds come in. Imports no Django: the child process uses it too."""

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
HEAD: Final = 64

_BEGINNINGS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_NO_HEIC_BRANDS: Final = frozenset({b"avif", b"avis"})


def kind_of(head: bytes) -> str | None:
    """Return the content type of a file that begins with `head`, or None when it is none of ours."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        length = min(int.from_bytes(head[:4]), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
        if brands & _HEIC_BRANDS and not brands & _NO_HEIC_BRANDS:
            return HEIC
    return None
