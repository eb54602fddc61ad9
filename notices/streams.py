"""The one stream of a person: a browser that is open learns within a moment that there is something new."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe
from redis import asyncio as redis
from redis.exceptions import RedisError

from accounts.models import User
from core.policy.guard import listening
from core.web.sessions import SessionStore
from mentoring.standing import Standing
from notices.live import EVERYBODY, channel
from notices.models import Notice

logger = logging.getLogger(__name__)

LOOKS_EVERY = 25.0
"""Seconds after which a stream looks by itself: whether the person may still listen, and what Redis did not say."""
MOST_OF_ONE = 10
"""Streams of one person in a process: each holds a thread. The pages opened after that ask now and then only."""
LIVES = 15 * 60.0
"""Seconds after which a stream ends; the browser opens a new one, and is asked anew who it is."""


class Hub:
    """One connection to Redis for all streams of an event loop."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None

    def is_full(self, person: int) -> bool:
        """Return whether a person has as many open pages as may listen."""
        return len(self._listeners.get(channel(person), ())) >= MOST_OF_ONE

    @asynccontextmanager
    async def listening(self, person: int) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set whenever there may be something new for a person."""
        woken, name = asyncio.Event(), channel(person)
        self._listeners.setdefault(name, set()).add(woken)
        if settings.LIVE_REDIS_URL and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._listen())
        try:
            yield woken
        finally:
            self._listeners[name].discard(woken)
            if not self._listeners[name]:
                del self._listeners[name]
            if not self._listeners and self._task is not None:
                self._task.cancel()

    async def _listen(self) -> None:
        while True:
            try:
                async with redis.Redis.from_url(settings.LIVE_REDIS_URL) as client, client.pubsub() as inbox:
                    await inbox.psubscribe(EVERYBODY)
                    async for message in inbox.listen():
                        if message["type"] == "pmessage":
                            self._wake(message["channel"].decode())
            except (RedisError, OSError) as error:
                logger.warning("Streams look by themselves: %s", type(error).__name__)
            await asyncio.sleep(2)

    def _wake(self, name: str) -> None:
        for woken in self._listeners.get(name, ()):
            woken.set()


_hubs: dict[Any, Hub] = {}


def _hub() -> Hub:
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs.clear()  # a loop that has ended takes its hub along
        _hubs[loop] = Hub()
    return _hubs[loop]


@require_safe
@listening
async def notices_stream(request: HttpRequest) -> HttpResponseBase:
    """Tell an open page how many notices are new, and when that changes.

    An event's id is the key of the newest notice: a browser that comes back says which it knows. A server that makes
    pages only has no streams, and nobody has any number of them: 204 tells the browser not to ask again.
    """
    session, person = request.session.session_key or "", request.user.pk or 0
    if not isinstance(request, ASGIRequest) or _hub().is_full(person):
        return HttpResponse(status=204)
    known = request.headers.get("Last-Event-ID", "")
    last = int(known) if known.isdecimal() and len(known) < 19 else None
    answer = StreamingHttpResponse(_events(session, person, last), content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy must not wait for more
    return answer


async def _events(session: str, person: int, last: int | None) -> AsyncIterator[str]:
    await sync_to_async(
        _give_back_connections
    )()  # the middleware's thread stays with the stream; its connection must not
    yield "retry: 3000\n\n"
    told: tuple[int, int] | None = None
    ends = asyncio.get_running_loop().time() + LIVES
    async with _hub().listening(person) as woken:
        while asyncio.get_running_loop().time() < ends:
            woken.clear()
            now = await sync_to_async(look, thread_sensitive=False)(session, person)
            if now is None:
                return
            if now != told:
                number, newest = now
                is_news = newest > (last if last is not None else newest if told is None else told[1])
                told, last = now, None
                yield f"id: {newest}\nevent: notices\ndata: {json.dumps({'unread': number, 'news': is_news})}\n\n"
            else:
                yield ": still here\n\n"
            try:
                await asyncio.wait_for(woken.wait(), LOOKS_EVERY)
            except TimeoutError:
                continue


def look(session: str, person: int) -> tuple[int, int] | None:
    """Return how many notices are new to a person and the key of the newest; None when they may listen no more."""
    try:
        found = User.objects.filter(pk=person, is_active=True).first()
        if found is None or not SessionStore().exists(session):
            return None
        mine = Notice.objects.unseen().of_reader(Standing.of(found))
        return mine.number_and_newest()
    finally:
        _give_back_connections()


def _give_back_connections() -> None:
    """Give this thread's connections back: those who only wait hold none."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
