"""What the database undid because of somebody else is done again, unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.web.deadlocks import TRIES, DeadlockMiddleware


class UndoneError(Exception):
    sqlstate = "40P01"


def view_that_fails(times: int, cause: Exception | None = None) -> Callable[..., HttpResponse]:
    left = [times]

    def view(request: HttpRequest, number: int) -> HttpResponse:
        if left[0]:
            left[0] -= 1
            raise OperationalError from cause or UndoneError()
        return HttpResponse(f"{request.POST['name']} {number}")

    return view


def ask(view: Any, method: str = "post", **more: Any) -> HttpResponse | None:
    request = getattr(RequestFactory(), method)("/", {"name": "Zname"}, **more)
    return DeadlockMiddleware(lambda _request: HttpResponse()).process_view(request, view, (), {"number": 3})


def test_it_is_done_again_with_what_was_sent() -> None:
    answer = ask(view_that_fails(TRIES - 1))
    assert answer is not None
    assert answer.content == b"Zname 3"


@pytest.mark.parametrize(("times", "cause"), [(TRIES, None), (1, ValueError("disk full"))])
def test_not_for_ever_and_not_for_other_reasons(times: int, cause: Exception | None) -> None:
    with pytest.raises(OperationalError):
        ask(view_that_fails(times, cause))


def test_reading_is_left_to_the_others() -> None:
    assert ask(view_that_fails(1), "get") is None
