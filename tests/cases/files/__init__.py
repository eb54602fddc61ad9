"""Small files that have troubled systems of this kind; what must become of each is in the tests beside."""

import mimetypes
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

HERE = Path(__file__).parent


def content(name: str) -> bytes:
    """Return the bytes of a file."""
    return (HERE / name).read_bytes()


def sent(name: str) -> SimpleUploadedFile:
    """Return the file as a browser sends it."""
    return SimpleUploadedFile(name, content(name), mimetypes.guess_type(name)[0] or "application/octet-stream")
