"""What the database undid because of somebody else is done again, unseen."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from redis.exceptions import RedisError

from accounts.models import User
from core.web import deadlocks
from mentoring.services import stages
from tests.cast import World

SignIn = Callable[[User], Client]


class UndoneError(Exception):
    sqlstate = "40P01"


def failing(times: int, then: Callable[..., Any], cause: Exception | None = None) -> Callable[..., Any]:
    """Return what fails so many times first."""
    left = [times]

    def act(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError from cause or UndoneError()
        return then(*args, **kwargs)

    return act


@pytest.fixture(autouse=True)
def _no_pause() -> Any:
    with patch.object(deadlocks, "PAUSE_SECONDS", 0):
        yield


@pytest.mark.parametrize("times", [1, 2])
def test_an_act_that_was_undone_is_done_again(world: World, as_user: SignIn, times: int) -> None:
    url = reverse("mentoring:group-exit", args=[world.group.pk, "pause"])
    with patch.dict("mentoring.views.groups.EXITS", {"pause": failing(times, stages.pause)}):
        assert as_user(world.cast.egle).post(url, {"reason": "Holidays"}).status_code == 302
    world.group.refresh_from_db()
    assert world.group.stage == "paused"


@pytest.mark.parametrize(("times", "cause"), [(3, None), (1, ValueError("disk full"))])
def test_not_for_ever_and_not_for_other_reasons(
    world: World, as_user: SignIn, times: int, cause: Exception | None
) -> None:
    url = reverse("mentoring:group-exit", args=[world.group.pk, "pause"])
    client = as_user(world.cast.egle)
    with (
        patch.dict("mentoring.views.groups.EXITS", {"pause": failing(times, stages.pause, cause)}),
        pytest.raises(OperationalError),
    ):
        client.post(url, {"reason": "Holidays"})


def test_other_middleware_still_hears_of_what_else_goes_wrong(world: World, as_user: SignIn) -> None:
    """A form that is sent while the cache is down is answered in words."""
    url = reverse("mentoring:group-exit", args=[world.group.pk, "pause"])
    with patch.dict("mentoring.views.groups.EXITS", {"pause": _cache_is_down}):
        assert as_user(world.cast.egle).post(url, {"reason": "Holidays"}).status_code == 503


def _cache_is_down(**_values: Any) -> None:
    raise RedisError


def test_reading_is_left_to_the_others() -> None:
    error = OperationalError()
    error.__cause__ = UndoneError()
    asked = deadlocks.DeadlockMiddleware(lambda _request: HttpResponse())
    request: HttpRequest = RequestFactory().get("/")
    assert asked.process_exception(request, error) is None
