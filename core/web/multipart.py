"""Receiving sent files: no name loses a file or breaks the answer, and none grows beyond the limit."""

import codecs
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict, multipartparser
from django.http.multipartparser import FIELD, FILE, MultiPartParser
from django.utils.datastructures import MultiValueDict

from core.files.kinds import HEAD, kind_of

NAMELESS = "file"
LONGEST_NAME = 120
LONGEST_ENDING = 12


def clean_name(name: str) -> str:
    """Return a file name that can be shown and stored: one line, no path, nothing invisible, not too long."""
    name = name.replace("\\", "/").rstrip("/ ").rsplit("/", 1)[-1]
    seen = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    words = " ".join(seen.split()).strip(" .")
    stem, dot, ending = words.rpartition(".")
    if dot and len(ending) <= LONGEST_ENDING:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return words[:LONGEST_NAME].strip() or NAMELESS


def _is_text(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _is_file(described: dict[str, Any], stream: Any) -> bool:
    """Return whether a part without a file name is a file all the same: it says so, or its bytes do.

    Browsers send an empty name and no content where nothing was chosen; that is no file.
    """
    head = stream.read(HEAD)
    stream.unget(head)
    if not head:
        return False
    kind = described.get("content-type", ("", {}))[0].strip()
    is_named = "filename" in described["content-disposition"][1]
    is_of_a_kind = bool(kind) and not kind.startswith(("text/", "multipart/"))
    return is_named or is_of_a_kind or (not _is_text(head) and kind_of(head) is not None)


class _Parts(multipartparser.Parser):
    """Django's parts of a request, but a file whose name is empty or missing is a file, under a name of our own."""

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any], Any]]:
        for kind, described, stream in super().__iter__():
            if kind == FIELD and _is_file(described, stream):
                described["content-disposition"][1]["filename"] = NAMELESS.encode()
                yield FILE, described, stream
            else:
                yield kind, described, stream


# `MultiPartParser` names its class of parts in the middle of a long method, and lets nobody give another.
multipartparser.Parser = _Parts  # type: ignore[misc]


class _Parser(MultiPartParser):
    """Django's parser leaves a file out when its name says nothing (`..`, `/`); here it comes in nameless."""

    def sanitize_file_name(self, file_name: str) -> str:
        return clean_name(super().sanitize_file_name(file_name) or NAMELESS)


class ReceiveEveryFile(FileUploadHandler):
    """The first upload handler: parses the request with `_Parser` and cuts a file one byte above the limit.

    The byte above tells the checks that the file was too large, while the disk is spared the rest of it.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 -- Django's signature
        content_length: int,  # noqa: ARG002
        boundary: Any,  # noqa: ARG002
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        """Parse the whole request with the other handlers behind a limit."""
        assert self.request is not None  # noqa: S101 -- Django sets it before parsing
        others = [handler for handler in self.request.upload_handlers if handler is not self]
        parser = _Parser(META, input_data, [_Limit(self.request), *others], encoding)
        return parser.parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Pass everything on; `handle_raw_input` has taken the request over."""
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        """Leave the file to the next handler."""


class _Limit(FileUploadHandler):
    """Lets `UPLOAD_MAX_BYTES` and one byte of each file through."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        room = settings.UPLOAD_MAX_BYTES + 1 - start
        return raw_data[:room] if room > 0 else None

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        """Leave the file to the next handler."""
