"""When no database connection becomes free in time."""

from typing import Any

from django.db import OperationalError
from django.test import RequestFactory
from psycopg_pool import PoolTimeout

from core.web.overload import is_overloaded
from home.views import server_error


def _answer(cause: Exception) -> Any:
    try:
        try:
            raise cause
        except Exception as error:
            raise OperationalError("no connection") from error
    except OperationalError:
        return server_error(RequestFactory().get("/"))


def test_too_many_people_at_once_are_asked_to_come_back() -> None:
    answer = _answer(PoolTimeout("couldn't get a connection after 5.00 sec"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Try again in a few seconds" in answer.content.decode()


def test_another_failure_stays_a_failure() -> None:
    assert _answer(ValueError("no")).status_code == 500
    assert not is_overloaded()
