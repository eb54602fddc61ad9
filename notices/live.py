"""Waking the open pages of a person: the rows are the truth, Redis only says that there is something new."""

import logging
import time
from functools import partial

from django.conf import settings
from django.db import transaction
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
CHANNEL = "om:notices:{person}"
REST = 5.0  # seconds in which a Redis that did not answer is not asked again
EVERYBODY = CHANNEL.format(person="*")


def channel(person: int) -> str:
    """Return the channel on which the pages of a person are woken."""
    return CHANNEL.format(person=person)


def wake_on_commit(person: int) -> None:
    """Wake the open pages of a person once the transaction is committed; it fails nobody's act."""
    transaction.on_commit(partial(wake, person), robust=True)


def wake(person: int) -> None:
    """Wake the open pages of a person; where Redis does not answer, they look by themselves a little later."""
    global _asked_again_at  # noqa: PLW0603 -- what this process knows of Redis
    if not settings.LIVE_REDIS_URL or time.monotonic() < _asked_again_at:
        return
    try:
        _redis().publish(channel(person), "")
    except RedisError as error:
        _asked_again_at = time.monotonic() + REST
        logger.warning("Open pages were not woken: %s", type(error).__name__)


_asked_again_at = 0.0
_connections: dict[str, Redis] = {}


def _redis() -> Redis:
    url = settings.LIVE_REDIS_URL
    if url not in _connections:
        _connections[url] = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    return _connections[url]
