"""Looking into office files (DOCX, ODT and their like) and plain text. Runs in the child process; imports no Django."""

import re
import zipfile
from typing import Final

from core.files.kinds import CSV, DOCX, ODP, ODS, ODT, PPTX, TXT, XLSX
from core.files.unfit import UnfitError

MOST_PARTS: Final = 3_000
MOST_UNPACKED: Final = 400 * 1024 * 1024
LARGEST_TEXT_PART: Final = 120 * 1024 * 1024
MOST_TIMES_LARGER: Final = 200
"""What is unpacked may be so many times as large as the file; above `SMALL`, where repetition is no longer chance."""
SMALL: Final = 20 * 1024 * 1024
DEEPEST: Final = 2
"""A chart in a presentation carries its table as an office file of its own; in that one there is no further."""
ENCRYPTED: Final = 0x1

_MAIN_PARTS: Final = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_OPEN_DOCUMENTS: Final = {
    b"application/vnd.oasis.opendocument.text": ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": ODS,
    b"application/vnd.oasis.opendocument.presentation": ODP,
}
_PROGRAMS: Final = re.compile(
    r"(?i)(^|/)(vbaproject\.bin|vbadata\.xml|activex/|basic/|scripts/|macrosheets/|customui/)|\.(exe|dll|js|vbs|bat|cmd)$"
)
_HIDDEN: Final = re.compile(r"(?i)(^|/)(embeddings|oleobject)[^/]*(/|\.bin)|^object\s?\d+$")
_EMBEDDED_OFFICE: Final = re.compile(r"(?i)(^|/)embeddings/[^/]+\.(xlsx|docx|pptx)$")
_XML: Final = re.compile(r"(?i)\.(xml|rels)$")
_ENTITIES: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MACRO_TYPES: Final = re.compile(rb"macroenabled|vnd\.ms-office\.vbaproject|ms-office\.activex", re.IGNORECASE)
_RELATION: Final = re.compile(rb"<Relationship\b[^>]*>", re.IGNORECASE)
_TO_OUTSIDE: Final = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
_LINK: Final = re.compile(rb"/relationships/hyperlink[\"']", re.IGNORECASE)
_TARGET: Final = re.compile(rb"\bTarget\s*=\s*[\"']\s*([^\"']*)", re.IGNORECASE)
_DDE: Final = re.compile(rb"<(\w+:)?ddeLink\b|<office:dde-source|<table:dde-link", re.IGNORECASE)
_FIELD: Final = re.compile(rb"<(?:\w+:)?instrText\b[^>]*>([^<]*)<|\binstr\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_DDE_FIELD: Final = re.compile(rb"\bDDE(AUTO)?\b", re.IGNORECASE)
_OPEN_SCRIPT: Final = re.compile(rb"<office:script\b|<script:event-listener|vnd\.sun\.star\.script:", re.IGNORECASE)
_OPEN_OUTSIDE: Final = re.compile(
    rb"<(table:table-source|text:section-source|draw:plugin|draw:applet|draw:object-ole)\b", re.IGNORECASE
)
_OPEN_LOCKED: Final = re.compile(rb"<manifest:encryption-data\b")
_GOOD_SCHEMES: Final = (b"http:", b"https:", b"mailto:", b"tel:", b"#")
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP: Final = re.compile(r"^\s*(<\s*[a-z!?/]|#!|\{\\rtf)", re.IGNORECASE)
_ENCODINGS: Final = ("utf-8-sig", "cp1251", "cp1252")


def look(path: str, depth: int = 1) -> str:
    """Return the kind of an office file that only shows something.

    Raises:
        UnfitError: `archive` (of files), `macros`, `attachment`, `outside`, `locked`, `broken`, `too_complicated`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _look(archive, depth)
    except UnfitError:
        raise
    except MemoryError:
        raise UnfitError("too_complicated") from None
    except RuntimeError as error:  # a part asks for a password
        raise UnfitError("locked") from error
    except Exception as error:  # of a damaged archive anything may be said
        raise UnfitError("broken") from error


def _look(archive: zipfile.ZipFile, depth: int) -> str:
    parts = archive.infolist()
    _check_sizes(archive, parts)
    kind = _kind(archive, parts)
    for part in parts:
        if part.flag_bits & ENCRYPTED:
            raise UnfitError("locked")
        name = part.filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise UnfitError("broken")
        if _PROGRAMS.search(name):
            raise UnfitError("macros")
        if _EMBEDDED_OFFICE.search(name):
            _look_deeper(archive, part, depth)
        elif _HIDDEN.search(name) and not name.endswith((".xml", ".rels", "/")):
            raise UnfitError("attachment")
        elif _XML.search(name):
            _check_xml(name, archive.read(part))
    return kind


def _check_sizes(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what unpacks to more than a document holds; the sizes are those that reading is bound to."""
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise UnfitError("too_complicated")
    if unpacked > SMALL and unpacked > packed * MOST_TIMES_LARGER:
        raise UnfitError("too_complicated")
    if any(part.file_size > LARGEST_TEXT_PART for part in parts if _XML.search(part.filename)):
        raise UnfitError("too_complicated")
    if len({part.filename for part in parts}) != len(parts):
        raise UnfitError("broken")  # which of two parts of one name counts, every reader says differently
    if archive.comment:
        raise UnfitError("two_in_one")


def _kind(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    names = {part.filename for part in parts}
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:  # noqa: PLR2004 -- it is one short line
        if (said := archive.read("mimetype").strip()) in _OPEN_DOCUMENTS:
            return _OPEN_DOCUMENTS[said]
        raise UnfitError("archive" if not said.startswith(b"application/vnd.oasis") else "old_office")
    if "[Content_Types].xml" in names:
        found = [kind for name, kind in _MAIN_PARTS.items() if name in names]
        if len(found) == 1:
            return found[0]
        raise UnfitError("old_office")
    raise UnfitError("archive")


def _look_deeper(archive: zipfile.ZipFile, part: zipfile.ZipInfo, depth: int) -> None:
    if depth >= DEEPEST:
        raise UnfitError("attachment")
    with archive.open(part) as inner, zipfile.ZipFile(inner) as table:
        _look(table, depth + 1)


def _check_xml(name: str, content: bytes) -> None:
    """Refuse what fetches, runs or expands something when the file is opened."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        content = content.decode("utf-16").encode()
    if _ENTITIES.search(content):
        raise UnfitError("too_complicated")
    if name == "[Content_Types].xml" and _MACRO_TYPES.search(content):
        raise UnfitError("macros")
    if name.lower().endswith(".rels"):
        _check_relations(content)
    if _OPEN_SCRIPT.search(content):
        raise UnfitError("macros")
    # What a field of Word does may be cut into several pieces.
    fields = b"".join(found[1] or found[2] or b"" for found in _FIELD.finditer(content))
    if _DDE.search(content) or _DDE_FIELD.search(fields) or _OPEN_OUTSIDE.search(content):
        raise UnfitError("outside")
    if name == "META-INF/manifest.xml" and _OPEN_LOCKED.search(content):
        raise UnfitError("locked")


def _check_relations(content: bytes) -> None:
    """Refuse what is fetched from elsewhere: a template, a picture, a sheet. Links that a person follows may stay."""
    for match in _RELATION.finditer(content):
        relation = match[0]
        if not _TO_OUTSIDE.search(relation):
            continue
        target = _TARGET.search(relation)
        if not _LINK.search(relation) or target is None or not target[1].lower().startswith(_GOOD_SCHEMES):
            raise UnfitError("outside")


def look_at_text(path: str, name: str) -> str:
    """Return the kind of a file of plain text.

    Raises:
        UnfitError: `not_for_posts`, where it is none; `web_page`, where it would be shown as something else.
    """
    with open(path, "rb") as file:  # noqa: PTH123 -- a plain path in a small process
        content = file.read()
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NOT_TEXT.search(words):
            break
        if _MARKUP.match(words):
            raise UnfitError("web_page")
        return CSV if name.lower().endswith((".csv", ".tsv")) else TXT
    raise UnfitError("not_for_posts")
