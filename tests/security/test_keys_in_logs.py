"""Who reads a log must not be able to enter with what stands in it."""

import logging
import sys

import pytest
from django.test import Client
from django.urls import reverse

from core.ops.logs import HideKeys

TOKEN = "Zk9_-" + "a" * 38


@pytest.mark.parametrize(
    "path",
    [
        f"/invited/{TOKEN}/",
        f"/invited/{TOKEN}",
        f"/sign-in/?next=/invited/{TOKEN}/",
        f"/sign-in/?next=%2Finvited%2F{TOKEN}%2F",
        f"/password/reset/{TOKEN}/",
        f"/notices/unsubscribe/eyJ:{TOKEN}/",
        f"/notices/unsubscribe/eyJ%3A{TOKEN}/",
    ],
)
def test_keys_in_addresses_are_hidden(path: str) -> None:
    arguments = ("127.0.0.1:5", "GET", path, "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', arguments, None)
    assert HideKeys().filter(record)
    assert TOKEN not in record.getMessage()
    assert "GET" in record.getMessage()


def test_nothing_of_a_refused_row_is_written() -> None:
    """PostgreSQL says the whole row in its error: a draft that nobody else may read."""
    try:
        try:
            raise ValueError("value out of range\nDETAIL:  Failing row contains (7, Zsecret words,\nmore Zsecret).")
        except ValueError as error:
            raise RuntimeError("not kept\nDETAIL:  Key (title)=(Zsecret) exists.") from error
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Error at %s", ("/x/",), sys.exc_info())
    assert HideKeys().filter(record)
    written = logging.Formatter().format(record)
    assert "Zsecret" not in written
    for kept in ("value out of range", "not kept", "Error at /x/", "test_keys_in_logs.py"):
        assert kept in written


def test_other_lines_stay_as_they_are() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s", ("/groups/1/?q=invited",), None)
    HideKeys().filter(record)
    assert record.getMessage() == "GET /groups/1/?q=invited"


def test_every_handler_hides_them() -> None:
    from django.conf import settings  # noqa: PLC0415

    for handler in settings.LOGGING["handlers"].values():
        assert "hide_keys" in handler["filters"]
    for logger in ("uvicorn.access", "django.server"):
        assert settings.LOGGING["loggers"][logger] == {"handlers": ["console"], "propagate": False}


@pytest.mark.django_db
def test_an_invitation_is_kept_by_no_cache(client: Client) -> None:
    answer = client.get(reverse("mentoring:invitation-accept", args=[TOKEN]))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
