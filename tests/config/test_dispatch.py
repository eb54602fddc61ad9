"""The web process: pages in threads, streams on the event loop, and what is sent received without growing."""

import asyncio
import http.client
import inspect
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import URLPattern, get_resolver
from pytest_django import Settings

from config import checks
from config.dispatch import STREAM_PREFIX, Dispatcher
from core.web.overload import ARRIVED
from scripts.with_services import free_port

ROOT = Path(__file__).resolve().parents[2]
MB = 1024 * 1024


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """Return what comes of a coroutine, in a thread of its own: another test may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)

    @property
    def text(self) -> str:
        return b"".join(self.pieces).decode()


@dataclass
class Page:
    """A WSGI application that notes what it gets."""

    environs: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.environs.append(environ)
        self.bodies.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"a page"]


async def stream(scope: Any, receive: Any, send: Any) -> None:
    """Answer as an ASGI application."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{scope['type']} stream".encode()})


def scope(path: str, *, headers: Iterable[tuple[bytes, bytes]] = (), **more: Any) -> dict[str, Any]:
    """Return what a server says of a request."""
    told = {"type": "http", "method": "GET", "path": path, "query_string": b"", "http_version": "1.1"}
    addresses = {"scheme": "https", "client": ("203.0.113.7", 4711), "server": ("127.0.0.1", 8000)}
    return {**told, **addresses, "headers": [(b"host", b"127.0.0.1"), *headers], **more}


async def ask(application: Any, told: dict[str, Any], messages: Iterable[dict[str, Any]] = ()) -> Answer:
    """Send one request; return the answer."""
    waiting = chain(messages, [{"type": "http.disconnect"}])
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return next(waiting)

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        elif message.get("body"):
            answer.pieces.append(message["body"])

    await application(told, receive, send)
    return answer


def django(threads: int = 2) -> Dispatcher:
    """Return the real application, with the settings of this moment."""
    return Dispatcher(pages=get_wsgi_application(), streams=get_asgi_application(), threads=threads)


@pytest.mark.parametrize(
    ("path", "words"),
    [("/live/group/1/", "http stream"), ("/", "a page"), ("/lively/", "a page"), ("/groups/live/", "a page")],
)
def test_only_what_begins_with_the_prefix_is_a_stream(path: str, words: str) -> None:
    assert finished(ask(Dispatcher(pages=Page(), streams=stream, threads=1), scope(path))).text == words


def test_start_and_end_of_the_server_are_told_to_the_streams() -> None:
    dispatcher = Dispatcher(pages=Page(), streams=stream, threads=1)
    assert finished(ask(dispatcher, {"type": "lifespan"})).text == "lifespan stream"


def test_asynchronous_views_lie_below_the_prefix_and_no_others() -> None:
    def views(patterns: Iterable[Any], before: str = "/") -> Iterator[tuple[str, Any]]:
        for each in patterns:
            path = before + str(each.pattern).removeprefix("^")
            if isinstance(each, URLPattern):
                yield path, each.callback
            else:
                yield from views(each.url_patterns, path)

    found = list(views(get_resolver().url_patterns))
    assert len(found) > 50
    for path, view in found:
        assert inspect.iscoroutinefunction(inspect.unwrap(view)) == path.startswith(STREAM_PREFIX), path


def test_the_page_learns_who_asks_and_how() -> None:
    page = Page()
    headers = [(b"x-forwarded-for", b"198.51.100.1"), (b"x_forwarded_for", b"10.0.0.1"), (b"x_forwarded_proto", b"x")]
    cookies = [(b"cookie", b"a=1"), (b"cookie", b"b=2;")]
    told = scope("/гр/", headers=[*headers, *cookies], query_string="q=я&x=%2B".encode())
    finished(ask(Dispatcher(pages=page, streams=stream, threads=1), told))
    environ = page.environs[0]
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("203.0.113.7", "https")
    assert environ["HTTP_X_FORWARDED_FOR"] == "198.51.100.1"
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["PATH_INFO"].encode("latin1").decode() == "/гр/"
    assert environ["QUERY_STRING"] == "q=%D1%8F&x=%2B"
    assert time.monotonic() - environ["asgi.scope"][ARRIVED] < 60


def test_what_is_sent_in_pieces_arrives_whole_also_without_its_length() -> None:
    page = Page()
    pieces = [os.urandom(300_000) for _ in range(10)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    told = scope("/", method="POST", headers=[(b"transfer-encoding", b"chunked")])
    finished(ask(Dispatcher(pages=page, streams=stream, threads=1), told, [*messages, {"type": "http.request"}]))
    assert page.bodies == [b"".join(pieces)]
    assert page.environs[0]["CONTENT_LENGTH"] == "3000000"
    assert "HTTP_TRANSFER_ENCODING" not in page.environs[0]


def test_who_leaves_while_sending_has_sent_nothing() -> None:
    page = Page()
    told = scope("/", method="POST", headers=[(b"content-length", b"100")])
    messages = [{"type": "http.request", "body": b"half", "more_body": True}]
    answer = finished(ask(Dispatcher(pages=page, streams=stream, threads=1), told, messages))
    assert (answer.status, page.environs) == (0, [])


@pytest.mark.parametrize("announces", [True, False])
def test_what_is_larger_than_any_paper_is_refused_before_it_has_come(settings: Settings, announces: bool) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    taken = 0

    def pieces() -> Iterator[dict[str, Any]]:
        nonlocal taken
        for _ in range(1000):
            taken += 100
            yield {"type": "http.request", "body": b"x" * 100, "more_body": True}

    said = (b"content-length", b"100000") if announces else (b"transfer-encoding", b"chunked")
    told = scope("/sign-in/", method="POST", headers=[said, (b"accept-language", b"bg")])
    answer = finished(ask(django(), told, pieces()))
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert "твърде голямо" in answer.text
    assert taken <= 1200


def test_all_that_are_sending_share_the_room(settings: Settings) -> None:
    settings.RECEIVING_MAX_BYTES, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000, 99
    application, page = django(), Page()
    held = Dispatcher(pages=page, streams=stream, threads=1)
    application.receiving = 950
    piece = {"type": "http.request", "body": b"x" * 100}
    told = scope("/sign-in/", method="POST", headers=[(b"content-length", b"100")])
    answer = finished(ask(application, told, [piece]))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert application.receiving == 950
    small = finished(ask(application, told, [{"type": "http.request", "body": b"x" * 99}]))
    assert small.status == 403  # a page as ever: it lacks the security token
    assert finished(ask(held, told, [piece])).status == 200
    assert held.receiving == 0


def test_who_falls_silent_is_not_waited_for(settings: Settings) -> None:
    settings.RECEIVING_MAX_SILENCE = 0.05
    page = Page()

    async def silent() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {}

    async def send(_message: dict[str, Any]) -> None:
        raise AssertionError

    told = scope("/", method="POST", headers=[(b"content-length", b"100")])
    began = time.monotonic()
    finished(Dispatcher(pages=page, streams=stream, threads=1)(told, silent, send))  # type: ignore[arg-type]
    assert time.monotonic() - began < 30
    assert page.environs == []


@pytest.mark.parametrize("said", [b"9" * 18, b"9" * 19, b"9" * 400, b"0" * 30 + b"9" * 19])
def test_however_much_is_announced_it_is_refused_at_once(said: bytes) -> None:
    told = scope("/sign-in/", method="POST", headers=[(b"content-length", said)])
    assert finished(ask(django(), told)).status == 413


def test_a_stream_hears_nothing_of_what_is_sent_to_it() -> None:
    heard: list[dict[str, Any]] = []

    async def listening(_scope: Any, receive: Any, send: Any) -> None:
        heard.extend([await receive(), await receive()])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    pieces = [{"type": "http.request", "body": b"x" * 1000, "more_body": True}] * 50
    told = scope("/live/group/1/", method="POST", headers=[(b"transfer-encoding", b"chunked")])
    finished(ask(Dispatcher(pages=Page(), streams=listening, threads=1), told, pieces))
    assert [(each["type"], each.get("body", b"")) for each in heard] == [
        ("http.request", b""),
        ("http.disconnect", b""),
    ]


def test_no_more_pages_than_threads_are_made_at_once() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        nonlocal now, most
        with lock:
            now, most = now + 1, max(most, now + 1)
        time.sleep(0.02)
        with lock:
            now -= 1
        start_response("200 OK", [])
        return [b"a page"]

    async def crowd() -> list[Answer]:
        dispatcher = Dispatcher(pages=page, streams=stream, threads=3)
        return await asyncio.gather(*(ask(dispatcher, scope("/")) for _ in range(20)))

    assert [answer.text for answer in finished(crowd())] == ["a page"] * 20
    assert most == 3


def test_pages_of_success_and_failure_are_djangos(settings: Settings) -> None:
    assert '"ok"' in finished(ask(django(), scope("/healthz"))).text
    missing = finished(ask(django(), scope("/nowhere/")))
    assert missing.status == 404
    assert "<html" in missing.text
    settings.ROOT_URLCONF = "tests.config.broken_pages"
    broken = finished(ask(django(), scope("/fail/")))
    assert broken.status == 500
    assert "<html" in broken.text
    assert "content-security-policy" in broken.headers


def test_files_are_handed_out_in_few_pieces_and_closed(settings: Settings, tmp_path: Path) -> None:
    settings.ROOT_URLCONF, settings.MEDIA_ROOT = "tests.config.broken_pages", tmp_path
    content = os.urandom(MB)
    (tmp_path / "large").write_bytes(content)
    answer = finished(ask(django(), scope("/download/")))
    assert b"".join(answer.pieces) == content
    assert len(answer.pieces) == 16
    assert answer.headers["content-length"] == str(MB)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Try again in a few seconds"), ("bg", "Към моята начална страница")]
)
def test_who_has_waited_too_long_for_a_thread_is_asked_to_come_back(language: str, words: str) -> None:
    asked = scope("/sign-in/", headers=[(b"accept-language", language.encode())])
    page = get_wsgi_application()

    def late(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["asgi.scope"] = {**environ["asgi.scope"], ARRIVED: time.monotonic() - 11}
        return page(environ, start_response)

    answer = finished(ask(Dispatcher(pages=late, streams=stream, threads=1), asked))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert words in answer.text
    assert "content-security-policy" in answer.headers


def test_a_thread_without_a_connection_is_warned_of(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(real.DATABASES["default"]["OPTIONS"], "pool", {"max_size": 4})
    settings.WEB_THREADS = 4
    assert checks.a_connection_for_each_thread(None) == []
    settings.WEB_THREADS = 5
    assert [found.id for found in checks.a_connection_for_each_thread(None)] == ["open_mentoring.W005"]


# --- the real server --------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A web process."""

    process: "subprocess.Popen[bytes]"
    port: int

    def most_memory_kb(self) -> int:
        """Return the most memory that it ever held."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found
        return int(found[1])

    def send(self, path: str, body: Iterable[bytes], length: int, kind: str, method: str = "POST") -> tuple[int, str]:
        """Send something; return status and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Content-Length": str(length), "Content-Type": kind, "Cookie": f"csrftoken={'x' * 32}"}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


def start(application: str, tmp_path: Path, **environment: str) -> Server:
    """Start a web process and wait until it answers."""
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "STORAGE_URL"}}
    env |= {"OPEN_MENTORING_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings", **environment}
    port = free_port()
    options = ["--port", str(port), "--lifespan", "off", "--no-proxy-headers", "--timeout-graceful-shutdown", "3"]
    command = [sys.executable, "-m", "uvicorn", application, *options]
    server = Server(subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL), port)
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The real web process."""
    running = start("config.asgi:application", tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(20)


@pytest.mark.slow
def test_a_large_upload_does_not_grow_the_process_and_limits_hold(server: Server) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    tail = b"\r\n--b--\r\n"

    def upload(megabytes: int) -> tuple[int, str]:
        body = [head, *([b"x" * MB] * megabytes), tail]
        kind = "multipart/form-data; boundary=b"
        return server.send("/sign-in/", body, sum(map(len, body)), kind)

    assert upload(1)[0] == 403  # read as a whole, and then it has no CSRF token
    before = server.most_memory_kb()
    assert upload(80)[0] == 403
    assert server.most_memory_kb() - before < 20 * 1024

    form = b"about=" + b"x" * (real.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    status, text = server.send("/sign-in/", [form], len(form), "application/x-www-form-urlencoded")
    assert (status, "This is too large" in text) == (413, True)
    status, text = server.send("/sign-in/?q=%00", [], 0, "text/plain", method="GET")
    assert (status, "<html" in text) == (400, True)


SLOW = """
import time
from config.dispatch import Dispatcher

def pages(environ, start_response):
    time.sleep(1.5 if environ["PATH_INFO"] == "/slow/" else 0)
    start_response("200 OK", [])
    return [b"a page"]

application = Dispatcher(pages=pages, streams=None, threads=2)
"""


@pytest.mark.slow
def test_asked_to_stop_it_finishes_the_page_at_hand(tmp_path: Path) -> None:
    (tmp_path / "slow_pages.py").write_text(SLOW)
    server = start("slow_pages:application", tmp_path, PYTHONPATH=str(tmp_path))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/slow/")
    time.sleep(0.5)
    server.process.send_signal(signal.SIGTERM)
    assert connection.getresponse().read() == b"a page"
    connection.close()
    assert server.process.wait(20) in {0, -signal.SIGTERM}
