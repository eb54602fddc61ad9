"""A small HTTP client that costs little beside what it measures: one kept-alive connection, one person's cookies."""

import asyncio
import json
import time
import urllib.parse
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.counting import HEADER

Work = Callable[["Client"], Awaitable[None]]


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class RefusedError(Exception):
    """The platform had no room at this moment (503)."""


class UnexpectedAnswerError(Exception):
    """The platform answered with another status than the work expects."""


@dataclass
class Client:
    """One visitor.

    Attributes:
        queries: SQL statements of all requests since `take_queries`.
        about: what the work needs to know of its client: ids, counts.
        always: headers of every request.
    """

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    queries: int = 0
    always: dict[str, str] = field(default_factory=dict)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, *, expect: int = 200) -> Answer:
        """Fetch a page."""
        return await self._request("GET", path, b"", {}, expect)

    async def post(self, path: str, data: dict[str, str], *, expect: int = 302) -> Answer:
        """Send a form."""
        data = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **data}
        body = urllib.parse.urlencode(data).encode()
        return await self._request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}, expect)

    async def post_json(self, path: str, data: Any, *, expect: int = 200) -> Answer:
        """Send what a script sends."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return await self._request("POST", path, json.dumps(data).encode(), headers, expect)

    async def post_file(self, path: str, name: str, content: bytes, kind: str, *, expect: int = 302) -> Answer:
        """Send a file."""
        mark = uuid.uuid4().hex
        part = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: {kind}'
        head = f"--{mark}\r\n{part}\r\n\r\n"
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return await self._request(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"}, expect
        )

    async def close(self) -> None:
        """Let the connection go."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _request(self, method: str, path: str, body: bytes, headers: dict[str, str], expect: int) -> Answer:
        cookies = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Encoding: gzip"]
        lines += [f"Cookie: {cookies}"] if cookies else []
        lines += (
            [f"X-CSRFToken: {self.cookies['csrftoken']}"] if method == "POST" and "csrftoken" in self.cookies else []
        )
        lines += [f"Content-Length: {len(body)}"] if method == "POST" else []
        lines += [f"{key}: {value}" for key, value in {**self.always, **headers}.items()]
        message = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        try:
            answer = await self._exchange(message)
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.close()  # the server lets a connection go that was silent for some seconds
            answer = await self._exchange(message)
        if answer.status == 503 != expect:  # noqa: PLR2004 -- come back later
            raise RefusedError
        if answer.status != expect:
            raise UnexpectedAnswerError(f"{method} {path}: {answer.status} instead of {expect}\n{answer.body[:600]!r}")
        self.queries += int(answer.headers.get(HEADER.lower(), 0))
        return answer

    async def _exchange(self, message: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self._streams
        writer.write(message)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            key, _colon, value = line.partition(": ")
            if key.lower() == "set-cookie":
                self._keep_cookie(value)
            elif key:
                headers[key.lower()] = value
        body = await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Answer(int(head[0].split(" ")[1]), headers, body)

    def _keep_cookie(self, line: str) -> None:
        key, _equals, value = line.split(";")[0].partition("=")
        self.cookies[key] = value


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)


@dataclass(slots=True)
class Measured:
    """How one kind of work went with so many clients at a time; `refused` were told to come back later."""

    clients: int
    seconds: list[float]
    elapsed: float
    queries: float
    refused: int = 0

    def median_ms(self) -> float:
        """Return the median, in milliseconds."""
        return self._at(0.5)

    def p95_ms(self) -> float:
        """Return what 95 of 100 stay under, in milliseconds."""
        return self._at(0.95)

    def per_second(self) -> float:
        """Return how many were done in a second."""
        return len(self.seconds) / self.elapsed

    def _at(self, part: float) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


async def measure(work: Work, clients: Sequence[Client], *, seconds: float, at_least: int) -> Measured:
    """Let all clients do the work again and again, for so long and so often at least."""
    for client in clients:
        await work(client)  # warms caches and the connection
        client.queries = 0
    taken: list[float] = []
    refused = 0
    begun = time.perf_counter()

    async def run(client: Client) -> None:
        nonlocal refused
        done = 0
        while time.perf_counter() - begun < seconds or done < at_least / len(clients):
            start = time.perf_counter()
            try:
                await work(client)
            except RefusedError:
                refused += 1
                await asyncio.sleep(1)
                continue
            taken.append(time.perf_counter() - start)
            done += 1

    await asyncio.gather(*(run(client) for client in clients))
    elapsed = time.perf_counter() - begun
    return Measured(len(clients), taken, elapsed, sum(client.queries for client in clients) / len(taken), refused)
