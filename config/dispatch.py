"""One web process for two kinds of answers: pages in threads, streams on the event loop.

Pages go to Django's WSGI application, which costs about half of what its ASGI application costs for code that is not
asynchronous anyway. Streams, which stay open, would each hold a thread there; they go to Django's ASGI application.
See docs/decisions/0016-pages-in-threads.md.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import IO, Any, Final
from urllib.parse import quote_from_bytes
from wsgiref.util import FileWrapper

from a2wsgi import WSGIMiddleware
from django.conf import settings

from core.web.overload import ARRIVED, FULL, NOT_TAKEN, TOO_LARGE

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Any, Any, Any], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

STREAM_PREFIX: Final = "/live/"
"""Every route below it is a stream (Server-Sent Events) and asynchronous; every other route is a page."""

CHUNK: Final = 64 * 1024
LONGEST_NUMBER: Final = 19
BODY_HEADERS: Final = {b"content-length", b"transfer-encoding"}


class Dispatcher:
    """The ASGI application that the server runs."""

    def __init__(self, *, pages: Wsgi, streams: Asgi, threads: int) -> None:
        """Start no thread yet.

        Args:
            pages: Django's WSGI application.
            streams: Django's ASGI application.
            threads: most pages that are made at the same time; others wait.
        """
        self.streams = streams
        bridge: Any = WSGIMiddleware  # it types every kind of message; a server's dictionaries are wider
        self.pages: Asgi = bridge(_with_large_chunks(pages), workers=threads)
        self.receiving = 0  # bytes, of all that are sending now

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the server's start and end."""
        if scope["type"] != "http":
            await self.streams(scope, receive, send)
        elif scope["path"].startswith(STREAM_PREFIX):
            await self.streams(scope, _without_body(receive), send)
        elif any(name in BODY_HEADERS for name, _value in scope["headers"]):
            await self._page_with_body(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page_with_body(self, scope: Message, receive: Receive, send: Send) -> None:
        """Receive what is sent before a thread is taken: a slow sender holds none, one who leaves has sent nothing.

        What is too large, or finds no room, is not received to its end: a page says so, and the connection closes.
        """
        with tempfile.SpooledTemporaryFile(
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR
        ) as body:
            headers = [header for header in scope["headers"] if header[0] not in BODY_HEADERS]
            outcome = await self._receive_into(body, receive, announced=_length(scope["headers"]))
            if outcome == "left":
                return
            if outcome:
                body.seek(0)
                body.truncate()
                scope, send = {**scope, NOT_TAKEN: outcome}, _closing(send)
            length = body.tell()
            body.seek(0)
            scope = {**scope, "headers": [*headers, (b"content-length", str(length).encode())]}
            await self._page(scope, _replay(body, length), send)

    async def _receive_into(self, body: IO[bytes], receive: Receive, *, announced: int) -> str:
        """Write what is sent into a file.

        Returns:
            Nothing when it came to its end; else why not: `TOO_LARGE`, `FULL`, or `left` (also of who went silent).
        """
        if announced > settings.REQUEST_MAX_BYTES:
            return TOO_LARGE
        received, until = 0, time.monotonic() + settings.RECEIVING_MAX_SECONDS
        try:
            while time.monotonic() < until:
                message = await asyncio.wait_for(receive(), settings.RECEIVING_MAX_SILENCE)
                if message["type"] == "http.disconnect":
                    return "left"
                piece = message.get("body", b"")
                received += len(piece)
                self.receiving += len(piece)
                if received > settings.REQUEST_MAX_BYTES:
                    return TOO_LARGE
                is_large = received > settings.FILE_UPLOAD_MAX_MEMORY_SIZE  # what is small stands in memory
                if is_large and self.receiving > settings.RECEIVING_MAX_BYTES:
                    return FULL
                body.write(piece)
                if not message.get("more_body", False):
                    return ""
            return "left"
        except TimeoutError:
            return "left"
        finally:
            self.receiving -= received

    async def _page(self, scope: Message, receive: Receive, send: Send) -> None:
        scope = {**scope, "headers": _plain_headers(scope["headers"]), ARRIVED: time.monotonic()}
        if not scope["query_string"].isascii():
            scope["query_string"] = quote_from_bytes(scope["query_string"], safe=bytes(range(0x21, 0x7F))).encode()
        await self.pages(scope, receive, send)


def _length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """Return how many bytes were announced; 0 when nothing was, or nothing that makes sense."""
    said = dict(headers).get(b"content-length", b"").lstrip(b"0")
    return int(said[:LONGEST_NUMBER]) if said.isdigit() else 0


def _without_body(receive: Receive) -> Receive:
    """Return what a stream hears: that nothing was sent, and when its listener leaves.

    What is sent to it all the same is lost.
    """
    is_told = False

    async def receive_nothing() -> Message:
        nonlocal is_told
        if not is_told:
            is_told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await receive())["type"] == "http.request":
            pass
        return message

    return receive_nothing


def _closing(send: Send) -> Send:
    """Return a way to send an answer after which the connection closes: the rest of the request is not awaited."""

    async def send_and_close(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
        await send(message)

    return send_and_close


def _replay(body: IO[bytes], length: int) -> Receive:
    """Return what gives a received body again, in pieces."""

    async def receive() -> Message:
        chunk = body.read(CHUNK)
        return {"type": "http.request", "body": chunk, "more_body": body.tell() < length}

    return receive


def _plain_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers as WSGI can tell them apart, as Django's ASGI application does.

    A name with an underscore could pass for one with a hyphen that only a proxy may set; cookies that came in several
    lines are joined as one line of cookies.
    """
    plain = [(name, value) for name, value in headers if b"_" not in name]
    cookies = [value.rstrip(b"; ") for name, value in plain if name == b"cookie"]
    if len(cookies) > 1:
        plain = [header for header in plain if header[0] != b"cookie"] + [(b"cookie", b"; ".join(cookies))]
    return plain


def _with_large_chunks(application: Wsgi) -> Wsgi:
    """Return the application, which hands out files in few pieces: each one costs a change between threads."""

    def wrapped(variables: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        variables["wsgi.file_wrapper"] = lambda file, _size: FileWrapper(file, CHUNK)
        return application(variables, start_response)

    return wrapped
