"""The second door: a file for others to read, as it hangs on a post of the forum.

It takes more kinds than the door for papers (`receiving`), and keeps no proof: pictures are drawn anew, upright and
without what the camera wrote into them. All else stays as it was sent.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import magic
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.files import kinds
from core.files.bounded import run
from core.files.unfit import UnfitError
from core.isolation.errors import BusyError
from core.web.multipart import LONGEST_ENDING, NAMELESS, clean_name
from uploads.intake import child, virus
from uploads.intake.receiving import SNIFFED, copy_sent, scan, what_else
from uploads.intake.refusals import RefusedError

_PLAIN: Final = ("text/", "application/csv", "application/json", "application/octet-stream", "message/")
"""What may be plain text as libmagic sees it; whether it is, its content says."""
WORDS_OF: Final = 3
MOST_WORDS: Final = 20_000
_NEVER_TEXT: Final = frozenset({"program", "web_page", "film", "other_picture", "archive"})


@dataclass(frozen=True, slots=True)
class Shared:
    """A checked file as others get it. `path` is a private copy of its bytes, gone when the door closes.

    `sent_sha256` is of the bytes that were sent: it tells that the same file comes once more.
    """

    name: str
    path: Path
    content_type: str
    sent_sha256: str
    sha256: str
    size: int
    pages: int = 0
    width: int = 0
    height: int = 0


def name_for(name: str, kind: str) -> str:
    """Return a file name that ends as its kind does, whatever it was called."""
    stem, dot, ending = name.rpartition(".")
    known = {kinds.JPEG: {"jpg", "jpeg"}, kinds.CSV: {"csv", "tsv"}}.get(kind, {kinds.ATTACHED_ENDINGS[kind]})
    if dot and ending.lower() in known:
        return name
    is_an_ending = dot and stem and len(ending) <= LONGEST_ENDING and ending.isalnum()
    return f"{(stem if is_an_ending else name) or NAMELESS}.{kinds.ATTACHED_ENDINGS[kind]}"


def _picture(path: Path, kind: str, folder: Path, name: str) -> tuple[Path, dict[str, Any]]:
    drawn = folder / "drawn"
    facts = run(
        child.redraw_picture,
        path=str(path),
        kind=kind,
        out=str(drawn),
        title=name.rpartition(".")[0] or name,
        language=get_language() or settings.LANGUAGE_CODE,
        alt=_("Page {n} of the scanned document"),
        max_pixels=settings.UPLOAD_MAX_PIXELS,
        max_pages=settings.UPLOAD_MAX_PAGES,
    )
    return drawn, facts


def _facts(path: Path, head: bytes, folder: Path, name: str) -> tuple[Path, dict[str, Any]]:
    """Return where the bytes for others are, and what they are."""
    kind = kinds.kind_of(head[: kinds.HEAD])
    if kind == kinds.PDF:
        found = run(child.inspect_pdf, path=str(path), max_pages=settings.UPLOAD_MAX_PAGES)
        return path, {"kind": kind, "pages": found["pages"]}
    if kind is not None:
        return _picture(path, kind, folder, name)
    if head.startswith(kinds.ARCHIVE):
        return path, run(child.inspect_office, path=str(path))
    reason = what_else(head)
    if reason not in _NEVER_TEXT and magic.from_buffer(head, mime=True).startswith(_PLAIN):
        return path, run(child.inspect_text, path=str(path), name=name)
    raise UnfitError({"office": "old_office", "not_ours": "not_for_posts"}.get(reason, reason))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(file: Any, name: str, folder: Path) -> Shared:
    path = folder / "original"
    with path.open("wb") as target:
        sent_sha256, size = copy_sent(file, target)
    if not size:
        raise UnfitError("empty")
    with path.open("rb") as source:
        head = source.read(SNIFFED)
    scan(path)
    kept, facts = _facts(path, head, folder, name)
    kind = facts.pop("kind")
    sha256 = sent_sha256 if kept == path else _digest(kept)
    return Shared(name_for(name, kind), kept, kind, sent_sha256, sha256, kept.stat().st_size, **facts)


@contextmanager
def attached(file: Any) -> Iterator[Shared]:
    """Check a sent file and lend a private copy of what others get, for the length of the `with` block.

    Args:
        file: Django's uploaded file; its name and content type are not believed.

    Raises:
        RefusedError: with the reason, the status and the sentence.
    """
    name = clean_name(file.name or "")
    folder = Path(tempfile.mkdtemp(prefix="attached-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        yield _checked(file, name, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(file: Any, name: str, folder: Path) -> Shared:
    try:
        return _check(file, name, folder)
    except UnfitError as error:
        raise RefusedError(error.code, name=name) from error
    except virus.ScannerError as error:
        raise RefusedError("scanner", name=name) from error
    except BusyError as error:
        raise RefusedError("busy", name=name) from error


def thumbnail(file: Any, kind: str) -> bytes:
    """Return a stored picture or PDF as a small picture, drawn by a child process.

    Raises:
        UnfitError: it cannot be drawn.
        BusyError: many files are being looked at just now.
    """
    with _fetched(file) as path:
        out = path.with_name("drawn")
        run(child.draw_thumbnail, path=str(path), kind=kind, out=str(out), max_pixels=settings.UPLOAD_MAX_PIXELS)
        return out.read_bytes()


def words_in(file: Any) -> str:
    """Return the words on the first pages of a stored PDF; none where it cannot be read now."""
    try:
        with _fetched(file) as path:
            return str(run(child.read_words, path=str(path), pages=WORDS_OF, most=MOST_WORDS)["words"])
    except (UnfitError, BusyError):
        return ""


@contextmanager
def _fetched(file: Any) -> Iterator[Path]:
    """Lend a private copy of a stored file."""
    with tempfile.TemporaryDirectory(prefix="fetched-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder, "file")
        with file.storage.open(file.name, "rb") as stored, path.open("wb") as target:
            shutil.copyfileobj(stored, target, 1024 * 1024)
        yield path
