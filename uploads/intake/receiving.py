"""The door: a sent file comes in with its facts, or is refused with a sentence."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import magic
from django.conf import settings

from core.files.bounded import run
from core.files.kinds import ARCHIVE, HEAD, PDF, kind_of
from core.files.unfit import UnfitError
from core.isolation.errors import BusyError
from core.web.multipart import clean_name
from uploads.intake import child, virus
from uploads.intake.refusals import RefusedError

SNIFFED: Final = 8192


@dataclass
class Received:
    """A checked file. `path` is a private copy of its bytes, gone when the door closes."""

    name: str
    path: Path
    content_type: str
    sha256: str
    size: int
    pages: int
    width: int = 0
    height: int = 0
    notes: list[str] = field(default_factory=list)
    preview: bytes = b""


def what_else(head: bytes) -> str:
    """Return the reason for a file that is none of the kinds we take in."""
    kind = magic.from_buffer(head, mime=True)
    beginnings = {
        "office": (
            "application/msword", "application/vnd.", "application/rtf", "text/rtf", "application/x-ole", "text/plain",
            "application/CDFV2",
        ),
        "archive": (
            "application/zip", "application/x-7z", "application/x-rar", "application/gzip", "application/x-tar",
            "application/java-archive", "application/x-bzip2", "application/x-xz",
        ),
        "program": ("application/x-dosexec", "application/x-executable", "application/x-elf", "application/x-pie",
                    "application/x-sharedlib", "application/x-mach", "text/x-shellscript", "text/x-script",
                    "application/javascript", "text/javascript", "application/vnd.microsoft.portable-executable"),
        "web_page": ("text/html", "application/xhtml", "text/xml", "application/xml"),
        "film": ("video/", "audio/"),
        "other_picture": ("image/",),
    }  # fmt: skip
    found = ((len(start), code) for code, starts in beginnings.items() for start in starts if kind.startswith(start))
    return max(found, default=(0, "not_ours"))[1]


def copy_sent(file: Any, target: BinaryIO) -> tuple[str, int]:
    """Copy the sent bytes; return their SHA-256 and their number, one above the limit at most."""
    digest = hashlib.sha256()
    size = 0
    for chunk in file.chunks():
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise UnfitError("too_large")
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def scan(path: Path) -> None:
    with path.open("rb") as file:
        if not virus.is_clean(file):
            raise UnfitError("virus")


def _look(kind: str, path: Path, folder: Path, max_pages: int) -> tuple[dict[str, Any], bytes]:
    if kind == PDF:
        return run(child.inspect_pdf, path=str(path), max_pages=max_pages), b""
    preview = folder / "preview"
    facts = run(
        child.inspect_image,
        path=str(path),
        kind=kind,
        preview=str(preview),
        max_pixels=settings.UPLOAD_MAX_PIXELS,
        max_pages=max_pages,
    )
    return facts, preview.read_bytes()


def _check(file: Any, name: str, folder: Path, max_pages: int, *, takes_office: bool) -> Received:
    path = folder / "original"
    with path.open("wb") as target:
        sha256, size = copy_sent(file, target)
    if not size:
        raise UnfitError("empty")
    with path.open("rb") as source:
        head = source.read(SNIFFED)
    kind = kind_of(head[:HEAD])
    if kind is None and takes_office and head.startswith(ARCHIVE):
        scan(path)
        office = run(child.inspect_office, path=str(path))["kind"]
        return Received(name, path, office, sha256, size, pages=1)
    if kind is None:
        raise UnfitError(what_else(head))
    scan(path)
    facts, preview = _look(kind, path, folder, max_pages)
    return Received(name, path, kind, sha256, size, preview=preview, **facts)


@contextmanager
def received(file: Any, *, max_pages: int | None = None, takes_office: bool = False) -> Iterator[Received]:
    """Check a sent file and lend a private copy of it for the length of the `with` block.

    Args:
        file: Django's uploaded file; its name and content type are not believed.
        max_pages: how many pages there is still room for.
        takes_office: let a file of an office program in, of which the worker makes a PDF.

    Raises:
        RefusedError: with the reason, the status and the sentence.
    """
    name = clean_name(file.name or "")
    room = settings.UPLOAD_MAX_PAGES if max_pages is None else max_pages
    folder = Path(tempfile.mkdtemp(prefix="intake-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        yield _checked(file, name, folder, room, takes_office=takes_office)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(file: Any, name: str, folder: Path, max_pages: int, *, takes_office: bool) -> Received:
    try:
        return _check(file, name, folder, max_pages, takes_office=takes_office)
    except UnfitError as error:
        raise RefusedError(error.code, name=name) from error
    except virus.ScannerError as error:
        raise RefusedError("scanner", name=name) from error
    except BusyError as error:
        raise RefusedError("busy", name=name) from error
