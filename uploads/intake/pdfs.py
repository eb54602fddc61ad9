"""Looking into PDFs. Runs in the child process; imports no Django."""

import re
from typing import Any, Final

import pikepdf

from core.files.unfit import UnfitError

MAX_NODES: Final = 400_000
MAX_DEPTH: Final = 60
TAIL: Final = 70_000
SLACK: Final = 1024

# Acts that leave the page or run something. GoTo, Named and URI stay: a paper may have links.
_BAD_ACTS: Final[dict[str, str]] = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "sends",
    "/ImportData": "sends",
    "/GoToE": "attachment",
    "/GoToR": "outside",
    "/Thread": "outside",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
    "/GoTo3DView": "media",
}
_GOOD_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
"""What a link may begin with, if it says: any other may start a program of the reader's machine, or open its files."""
_PROGRAMS: Final = frozenset({"javascript", "vbscript", "data"})

_BAD_KEYS: Final[dict[str, str]] = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/EmbeddedFiles": "attachment",
    "/EF": "attachment",
    "/XFA": "form_program",
    "/RichMediaContent": "media",
    "/RichMediaSettings": "media",
    "/OPI": "outside",  # the better picture is in another file
}
_BAD_KINDS: Final[dict[str, str]] = {
    "/FileAttachment": "attachment",
    "/RichMedia": "media",
    "/Screen": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/3D": "media",
    "/EmbeddedFile": "attachment",
    "/Filespec": "outside",
}
_FILE_NAMES: Final = ("/F", "/UF")
"""Where the name of another file stands, if it is a name: of a field or a font in a list it is something else."""


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


_BY_ITSELF: Final = frozenset({"/OpenAction", "/AA"})
"""Where acts stand that no click begins: when the file, a page or a field is opened, shown or left."""
_HARMLESS: Final = frozenset({"/GoTo", "/Named"})


def _unasked(act: Any, depth: int = 0) -> str:
    """Return why an act that nobody asks for is refused; empty where it only shows a place of the same paper."""
    if depth > MAX_DEPTH:
        return "too_complicated"
    if isinstance(act, pikepdf.Array):
        return next((reason for each in act if (reason := _unasked(each, depth + 1))), "")
    if not isinstance(act, pikepdf.Dictionary):
        return ""
    kind = _name(act.get("/S"))
    if kind and kind not in _HARMLESS:
        return _BAD_ACTS.get(kind, "acts")
    return _unasked(act.get("/Next"), depth + 1)


def _check_address(said: Any) -> None:
    """Refuse an address that is not one of the web, of mail or of a telephone, nor a place beside the file."""
    # A reader leaves out control characters and blanks before it looks at the scheme.
    address = "".join(each for each in str(said) if each.isprintable() and not each.isspace()).lower()
    if len(address) > 1 and set(address[:2]) <= {"/", "\\"}:  # of another machine, in any mixture of slashes
        raise UnfitError("outside")
    scheme, colon, _rest = address.partition(":")
    if colon and not set(scheme) & set("/\\?#") and scheme not in _GOOD_SCHEMES:
        raise UnfitError("javascript" if scheme in _PROGRAMS else "outside")


def _check_addresses(item: Any) -> None:
    """Check a link, or the catalog's address to which all links are added that do not say where."""
    said: Any = item.get("/URI")
    if not isinstance(said, pikepdf.Dictionary):
        _check_address(said)
    elif "/Base" in said:
        _check_address(said.get("/Base"))


def _check_what_acts_by_itself(item: Any, keys: list[str]) -> None:
    for key in _BY_ITSELF.intersection(keys):
        acts: Any = item.get(key)
        is_list = key == "/AA" and isinstance(acts, pikepdf.Dictionary)
        found = [acts.get(str(each)) for each in acts] if is_list else [acts]
        if reason := next((reason for act in found if (reason := _unasked(act))), ""):
            raise UnfitError(reason)


def _check_dictionary(item: Any, keys: list[str]) -> None:
    """Refuse a dictionary that is, or holds, something that acts."""
    _check_what_acts_by_itself(item, keys)
    for key in keys:
        if reason := _BAD_KEYS.get(key):
            raise UnfitError(reason)
    if "/S" in keys and (reason := _BAD_ACTS.get(_name(item.get("/S")))):
        raise UnfitError(reason)
    if "/URI" in keys:
        _check_addresses(item)
    for kind in ("/Subtype", "/Type"):
        if kind in keys and (reason := _BAD_KINDS.get(_name(item.get(kind)))):
            raise UnfitError(reason)
    is_of_another_file = "/Ref" in keys and isinstance(item.get("/Ref"), pikepdf.Dictionary)
    if is_of_another_file or any(isinstance(item.get(key), pikepdf.String) for key in _FILE_NAMES):
        raise UnfitError("outside")


def _children(item: Any, depth: int) -> list[tuple[Any, int]]:
    if isinstance(item, pikepdf.Array):
        return [(child, depth + 1) for child in item]
    if isinstance(item, pikepdf.Stream):
        if "/F" in item.stream_dict:  # its bytes are in another file
            raise UnfitError("outside")
        return [(item.stream_dict, depth)]
    if isinstance(item, pikepdf.Dictionary):
        keys = list(item.keys())
        _check_dictionary(item, keys)
        return [(item.get(key), depth + 1) for key in keys]
    return []


def _walk(pdf: pikepdf.Pdf) -> None:
    """Look at every object of the file, also at those no page leads to.

    Raises:
        UnfitError: the first active thing found, or `too_complicated`.
    """
    nodes = 0
    stack: list[tuple[Any, int]] = [(pdf.trailer, 0)]
    for indirect in pdf.objects:
        stack.append((indirect, 0))
        while stack:
            item, depth = stack.pop()
            nodes += 1
            if nodes > MAX_NODES or depth > MAX_DEPTH:
                raise UnfitError("too_complicated")
            for child, below in _children(item, depth):
                is_reference = isinstance(child, pikepdf.Object) and child.is_indirect
                if not is_reference or isinstance(item, pikepdf.Stream):
                    stack.append((child, below))


def _check_end(path: str) -> None:
    """Refuse a file that goes on after its end, or ends as an archive: two files in one.

    Raises:
        UnfitError: `two_in_one`, or `broken` when the end is missing.
    """
    with open(path, "rb") as file:  # noqa: PTH123 -- a plain path in a small process
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and at + 22 <= len(tail) and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
        raise UnfitError("two_in_one")
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise UnfitError("two_in_one" if size > TAIL else "broken")
    rest = tail[end + 5 :].strip(b"\x00\r\n\t \x1a")
    if len(rest) > SLACK or re.search(rb"<script|<html", rest, re.IGNORECASE):
        raise UnfitError("two_in_one")


def opened(path: str) -> pikepdf.Pdf:
    """Open a PDF that asks for no password.

    Raises:
        UnfitError: `locked`, `broken`.
    """
    try:
        return pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise UnfitError("locked") from None
    except MemoryError:
        raise UnfitError("too_complicated") from None
    except (pikepdf.PdfError, ValueError, OSError, RuntimeError) as error:
        raise UnfitError("broken") from error


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Return whether somebody has signed the file digitally; any change to it breaks that signature."""
    return any(
        isinstance(each, pikepdf.Dictionary) and "/ByteRange" in each and "/Contents" in each for each in pdf.objects
    )


def _check_with_another_reader(path: str, pages: int) -> None:
    """Refuse a file whose pages another reader counts differently or cannot open: its page tree lies.

    Raises:
        UnfitError: `broken`.
    """
    import pypdfium2  # noqa: PLC0415 -- takes a while to load

    try:
        with pypdfium2.PdfDocument(path) as other:
            if len(other) != pages:
                raise UnfitError("broken")
            for number in range(pages):
                other[number].close()
    except pypdfium2.PdfiumError as error:
        raise UnfitError("broken") from error


def look(path: str, max_pages: int) -> tuple[int, list[str]]:
    """Return the number of pages of a PDF that does nothing but show them, and notes: `signed`.

    Raises:
        UnfitError: `locked`, `broken`, `too_many_pages`, `too_complicated`, `two_in_one`, or what it would do.
    """
    with opened(path) as pdf:
        try:
            if len(pdf.objects) > MAX_NODES:
                raise UnfitError("too_complicated")
            _walk(pdf)
            pages = len(pdf.pages)
            notes = ["signed"] if is_signed(pdf) else []
            for page in pdf.pages[: max_pages + 1]:
                _ = page.mediabox
        except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
            raise UnfitError("broken") from error
    if pages < 1:
        raise UnfitError("broken")
    if pages > max_pages:
        raise UnfitError("too_many_pages")
    _check_end(path)
    _check_with_another_reader(path, pages)
    return pages, notes
