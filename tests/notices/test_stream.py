"""The stream of a person: the number at once, what changes within a moment, and its end when the right ends."""

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.models import DomainEvent
from notices import live, streams
from notices.models import Notice
from notices.services import seen
from tests.cast import World
from tests.config.test_dispatch import scope
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    """A browser that listens, in a thread with an event loop of its own."""

    def __init__(self, client: Client | None, last: str = "", accept: str = "text/event-stream") -> None:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value if client else ""
        headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()), (b"accept", accept.encode())]
        if last:
            headers.append((b"last-event-id", last.encode()))
        self.scope = scope(reverse("notices:notices-stream"), headers=headers)
        self.status = 0
        self.pieces: list[str] = []
        self.is_over = False
        self.left = asyncio.Event()

    async def run(self) -> None:
        async def receive() -> dict[str, Any]:
            if not getattr(self, "asked", False):
                self.asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
            self.pieces.append(message.get("body", b"").decode())

        try:
            await get_asgi_application()(self.scope, receive, send)  # type: ignore[arg-type]
        finally:
            self.is_over = True

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was told so far."""
        lines = "".join(self.pieces).splitlines()
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


@contextmanager
def listening(client: Client | None, last: str = "", accept: str = "text/event-stream") -> Iterator[Listener]:
    """Let a browser listen while the test goes on."""
    loops: list[asyncio.AbstractEventLoop] = []
    listener = Listener(client, last, accept)

    async def work() -> None:
        loops.append(asyncio.get_running_loop())
        await listener.run()

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, work())
        try:
            yield listener
        finally:
            until(lambda: loops)
            if not loops[0].is_closed():
                loops[0].call_soon_threadsafe(listener.left.set)
            done.result(PATIENCE)
            connections.close_all()


@contextmanager
def listening_twice(client: Client) -> Iterator[tuple[Listener, Listener]]:
    """Let a browser listen with two pages, in the same process: the second opens once the first is told something."""
    first, second = Listener(client), Listener(client)
    loops: list[asyncio.AbstractEventLoop] = []

    async def work() -> None:
        loops.append(asyncio.get_running_loop())
        running = asyncio.create_task(first.run())
        while not first.events:
            await asyncio.sleep(0.05)
        await second.run()
        await running

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, work())
        try:
            yield first, second
        finally:
            until(lambda: loops)
            loops[0].call_soon_threadsafe(first.left.set)
            loops[0].call_soon_threadsafe(second.left.set)
            done.result(PATIENCE)
            connections.close_all()


def news_for(person: User, kind: str = "role_ends") -> Notice:
    """Make something new for a person, as the worker does."""
    event = DomainEvent.objects.create(kind="x", happened_at=timezone.now())
    facts = {"role": "mentor"}
    made = Notice.objects.create(
        person=person, kind=kind, event=event, reason="about_you", facts=facts, created_at=timezone.now()
    )
    seen.count_anew(people=[person.pk])
    return made


def signed_in(world: World) -> Client:
    """Return a browser in which Rasa is signed in."""
    client = Client()
    client.force_login(world.cast.rasa, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def nothing_told(world: World) -> None:
    """Forget what was told of how the world was made."""
    Notice.objects.all().delete()
    User.objects.update(unread_notices=0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that look often, where no Redis wakes them."""
    monkeypatch.setattr(streams, "LOOKS_EVERY", 0.2)


@pytest.mark.usefixtures("quick")
def test_a_page_learns_what_is_new_and_what_was_seen_elsewhere(world: World) -> None:
    with listening(signed_in(world)) as browser:
        until(lambda: browser.events)
        assert browser.events == [{"unread": 0, "news": False}]
        notice = news_for(world.cast.rasa)
        until(lambda: len(browser.events) == 2)
        assert browser.events[1] == {"unread": 1, "news": True}
        seen.mark_seen(person=world.cast.rasa, notices=[notice.pk])
        until(lambda: len(browser.events) == 3)
        assert browser.events[2] == {"unread": 0, "news": False}
        news_for(world.cast.milda)
        time.sleep(0.5)
        assert len(browser.events) == 3, "of others it learns nothing"
        assert "text" not in "".join(browser.pieces)


@pytest.mark.usefixtures("quick")
def test_who_comes_back_is_told_whether_something_came_meanwhile(world: World) -> None:
    client = signed_in(world)
    first = news_for(world.cast.rasa)
    second = news_for(world.cast.rasa)
    for last, is_news in ((first.pk, True), (second.pk, False)):
        with listening(client, str(last)) as browser:
            until(lambda browser=browser: browser.events)
            assert browser.events[0] == {"unread": 2, "news": is_news}
            assert f"id: {second.pk}" in "".join(browser.pieces)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", ["signed out", "switched off"])
def test_it_ends_when_the_person_may_listen_no_more(world: World, how: str) -> None:
    client = signed_in(world)
    with listening(client) as browser:
        until(lambda: browser.events)
        if how == "signed out":
            client.post(reverse("account_logout"))
        else:
            User.objects.filter(pk=world.cast.rasa.pk).update(is_active=False)
        until(lambda: browser.is_over)


@pytest.mark.usefixtures("quick")
def test_one_person_has_no_more_streams_than_pages_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each holds a thread of the process; the page that is refused still says the number when it is opened."""
    monkeypatch.setattr(streams, "MOST_OF_ONE", 1)
    client = signed_in(world)
    with listening_twice(client) as (first, second):
        until(lambda: first.events and second.is_over)
        assert (first.status, second.status) == (200, 204)
        assert not first.is_over


@pytest.mark.parametrize(("accept", "status"), [("text/event-stream", 204), ("text/html", 302)])
def test_nobody_listens_without_signing_in(world: World, accept: str, status: int) -> None:
    """A browser's stream is told not to ask again; a person who opens the address is led to signing in."""
    with listening(None, accept=accept) as browser:
        until(lambda: browser.is_over)
        assert browser.status == status
        assert browser.events == []


def test_with_redis_it_is_told_within_two_seconds(world: World, tmp_path: Path, settings: Any) -> None:
    socket = tmp_path / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    try:
        until(socket.exists)
        settings.LIVE_REDIS_URL = f"unix://{socket}?db=0"
        with listening(signed_in(world)) as browser:
            until(lambda: browser.events)
            until(lambda: live._redis().pubsub_numpat())
            begun = time.monotonic()
            news_for(world.cast.rasa)
            until(lambda: len(browser.events) == 2)
            assert time.monotonic() - begun < streams.LOOKS_EVERY
            server.kill()
            server.wait()
            news_for(world.cast.rasa)  # nobody's act fails, and the page goes on
            assert not browser.is_over
    finally:
        server.kill()
        server.wait()
