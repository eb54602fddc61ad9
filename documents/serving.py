"""Handing out stored files: through the web server, by a short signed address, or from here."""

import re
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.text import slugify

from core.files.kinds import JPEG, PDF, PNG
from core.texts import text
from documents.models import DocumentVersion

SANDBOX: Final = "default-src 'none'; style-src 'unsafe-inline'; plugin-types application/pdf; sandbox"
READER: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; plugin-types application/pdf"
"""For a PDF that opens in the browser: browsers show no PDF in a sandbox, and their readers run no script of ours."""
OPENING: Final = (PDF, JPEG, PNG)
_RANGE: Final = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


def disposition(*, name: str, plain: str, is_inline: bool) -> str:
    """Return the Content-Disposition: an ASCII name for old readers, the real one by RFC 5987."""
    kind = "inline" if is_inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def document_names(version: DocumentVersion, copy_in: str = "") -> tuple[str, str]:
    """Return a version's file name and its ASCII form; of the document only its type and number, of people nothing.

    The name is in the language of the paper, whoever fetches it.

    Args:
        copy_in: the language, where it is a copy in another one.
    """
    end = f"{version.document.number}-v{version.number}{f'-{copy_in}' if copy_in else ''}.pdf"
    title = slugify(
        text(version.document.tool_version.content["title"], copy_in or version.language), allow_unicode=True
    )
    return f"{title}-{end}" if title else end, end


def serve(
    request: HttpRequest, file: Any, *, names: tuple[str, str], content_type: str, is_inline: bool = False
) -> HttpResponseBase:
    """Answer with a stored file; never cached by others, never sniffed, never run.

    Args:
        names: the file name and its ASCII form.
        is_inline: let a PDF or a picture that we drew open in the browser; other types are always saved.
    """
    is_inline = is_inline and content_type in OPENING
    header = disposition(name=names[0], plain=names[1], is_inline=is_inline)
    if settings.X_ACCEL_PREFIX:
        response: HttpResponseBase = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{settings.X_ACCEL_PREFIX.rstrip('/')}/{quote(file.name)}"
    elif _is_remote(file.storage):
        signed = {"ResponseContentDisposition": header, "ResponseContentType": content_type}
        response = HttpResponseRedirect(file.storage.url(file.name, parameters=signed))
    else:
        response = _from_here(request, file, content_type)
    response["Content-Disposition"] = header
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = READER if is_inline and content_type == PDF else SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _is_remote(storage: Any) -> bool:
    """Return whether files have no path on this machine."""
    try:
        storage.path("x")
    except NotImplementedError:
        return True
    return False


def _from_here(request: HttpRequest, file: Any, content_type: str) -> HttpResponse:
    """Answer from this process, with a single range if one is asked for."""
    size = file.size
    first, last = _range(request.headers.get("Range", ""), size)
    if first is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with file.storage.open(file.name, "rb") as opened:
        opened.seek(first)
        content = opened.read(last - first + 1)
    is_part = (first, last) != (0, size - 1)
    response = HttpResponse(content, content_type=content_type, status=206 if is_part else 200)
    response["Accept-Ranges"] = "bytes"
    if is_part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _range(header: str, size: int) -> tuple[int | None, int]:
    """Return first and last byte; the whole file without a range or with one we do not speak; None when impossible."""
    match = _RANGE.match(header)
    if not match or header == "bytes=-":
        return 0, size - 1
    first, last = match[1], match[2]
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (None, 0)
    start, end = int(first), min(int(last or size), size - 1)
    return (start, end) if start <= end else (None, 0)
