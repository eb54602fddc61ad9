"""Asking a virus scanner (ClamAV, `INSTREAM`), where one is configured. No answer means no."""

import socket
import struct
from typing import BinaryIO, Final
from urllib.parse import unquote, urlparse

from django.conf import settings

CHUNK: Final = 64 * 1024
SECONDS: Final = 30


class ScannerError(Exception):
    """The scanner that should look at every file gave no usable answer."""


def _connect(url: str) -> socket.socket:
    """Open `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`."""
    parts = urlparse(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(SECONDS)
            line.connect(unquote(parts.path))
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=SECONDS)


def _ask(line: socket.socket, file: BinaryIO) -> bytes:
    line.sendall(b"zINSTREAM\0")
    while chunk := file.read(CHUNK):
        line.sendall(struct.pack("!L", len(chunk)) + chunk)
    line.sendall(struct.pack("!L", 0))
    answer = b""
    while not answer.endswith(b"\0") and (more := line.recv(4096)):
        answer += more
    return answer.rstrip(b"\0\n")


def is_clean(file: BinaryIO) -> bool:
    """Return whether the scanner finds nothing in `file`; True where no scanner is configured.

    Raises:
        ScannerError: it is configured and does not answer as it should.
    """
    if not settings.CLAMAV_URL:
        return True
    try:
        with _connect(settings.CLAMAV_URL) as line:
            answer = _ask(line, file)
    except OSError as error:
        raise ScannerError from error
    if answer.endswith(b" OK"):
        return True
    if answer.endswith(b" FOUND"):
        return False
    raise ScannerError
