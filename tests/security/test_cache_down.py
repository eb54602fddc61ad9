"""Redis is down: who is signed in goes on; what must count says when to come back."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cast import PASSWORD, World
from tests.waiting import PATIENCE

AsUser = Callable[[User], Client]


@pytest.fixture
def no_cache(settings: Any, tmp_path: Any) -> Any:
    """Let the cache be a Redis that is not there, from now on."""

    def go() -> None:
        settings.CACHES = {
            "default": {
                "BACKEND": f"{RedisCache.__module__}.RedisCache",
                "LOCATION": f"unix://{tmp_path}/nobody.sock?db=0",
                "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
            }
        }
        caches.__init__()  # type: ignore[misc]  # forget the cache that was there

    yield go
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches.__init__()  # type: ignore[misc]


def test_pages_are_answered_soon(world: World, as_user: AsUser, no_cache: Callable[[], None]) -> None:
    client = as_user(world.cast.egle)
    no_cache()
    start = time.perf_counter()
    assert client.get(reverse("home:first-screen")).status_code == 200
    assert client.get(reverse("mentoring:group-detail", args=[world.group.pk])).status_code == 200
    assert time.perf_counter() - start < PATIENCE


def test_what_counts_tries_says_when_to_come_back(world: World, client: Client, no_cache: Callable[[], None]) -> None:
    no_cache()
    client.raise_request_exception = False
    sign_in = {"login": world.cast.egle.email, "password": PASSWORD}
    for answer in (
        client.post(reverse("account_login"), sign_in),
        client.get(reverse("mentoring:invitation-accept", args=["guess"])),
        client.get(reverse("documents:document-check"), {"code": "ABCD"}),
    ):
        assert answer.status_code in {429, 503}
        assert int(answer["Retry-After"])


@pytest.mark.django_db
@pytest.mark.parametrize("key", ['"\\000aaaaaaaaaaaa"', "\xd0\xb6" * 20, "a" * 5000, "short", "../../../../etc"])
def test_a_strange_session_cookie_is_nobody(client: Client, key: str) -> None:
    client.cookies.load({"sessionid": "x"})
    answer = client.get("/groups/", headers={"Cookie": f"sessionid={key}"})
    assert answer.status_code == 302
