"""On the day of a session its diary is asked for from the end of the session: on every page, in every count."""

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem, ChecklistSummary
from checklist.services.reminders import remind
from checklist.services.summary import differences, summarise
from core.days import programme_zone
from home.exports import sheets_of
from home.filters import Filters
from home.pages import matrix
from mentoring.standing import Standing
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from sessions_app.services.due import over_at
from tests.cast import World
from tests.pack_tools import tool

SignIn = Callable[[User], Client]
At = Callable[[str], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Return a function that makes it some time of the session's day, by the clocks of the programme."""

    def set_clock(words: str, day: int = 26) -> None:
        moment = dt.datetime(2026, 11, day, *map(int, words.split(":")), tzinfo=programme_zone())
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock


@pytest.fixture
def session(world: World, at: At) -> PlannedSession:
    """A session on 26 November, 17:00 to 18:30, that was agreed long before."""
    plan = SessionPlan.objects.get(group=world.group)
    row = plan.sessions.get()
    moment = dt.datetime(2026, 11, 26, 17, 0, tzinfo=programme_zone())
    row = plans.change_session(
        session=row, by=world.cast.rasa, lock=row.lock, starts_at=moment, minutes=90, form="in_person", place="Library",
        at=moment - dt.timedelta(days=60),
    )  # fmt: skip
    plan.refresh_from_db()
    agreement.agree_plan(plan=plan, by=world.cast.rasa, lock=plan.lock)
    return row


def said(world: World, as_user: SignIn) -> dict[str, Any]:
    """Return what pages, counts, export and reminders make of the diaries."""
    standing = Standing.of(world.cast.egle)
    shown = matrix.read(standing, Filters())
    counts = shown.counts[world.group.pk, "diary"]
    numbers = list(sheets_of(matrix.read(standing, Filters(), whole=True)))[1]
    title = tool("diary").current.title
    row = next(row for row in numbers.rows if row[:2] == [world.group.name, title])
    cell = as_user(world.cast.egle).get(reverse("checklist:checklist-cell", args=[world.group.pk, "diary"])).context
    overview = as_user(world.cast.rasa).get(reverse("checklist:checklist-list", args=[world.group.pk])).context
    return {
        "counted": counts.begun,
        "exported": dict(zip(numbers.head, row, strict=True))["To do"],
        "cell": {each.words == "Later" for part in cell["parts"] for each in part.rows},
        "remind": cell["remind_count"],
        "missing": title in {each.title for each in overview["missing"]},
        "mentee": "diary" in as_user(world.cast.milda).get("/").context["next"].title,
    }


BEFORE = {"counted": 0, "exported": 0, "cell": {True}, "remind": 0, "missing": False, "mentee": False}
AFTER = {"counted": 3, "exported": 3, "cell": {False}, "remind": 3, "missing": True, "mentee": True}


@pytest.mark.parametrize(("clock", "expected"), [("09:00", BEFORE), ("18:29", BEFORE), ("18:30", AFTER)])
def test_all_places_ask_from_the_end_of_the_session(
    world: World, session: PlannedSession, as_user: SignIn, at: At, clock: str, expected: dict[str, Any]
) -> None:
    at(clock)
    assert said(world, as_user) == expected


@pytest.mark.parametrize(("clock", "is_due"), [("18:29", False), ("18:30", True)])
def test_due_this_week_counts_it_from_then_on(
    world: World, session: PlannedSession, at: At, clock: str, *, is_due: bool
) -> None:
    ChecklistItem.objects.exclude(session_key=session.session_key).delete()
    ChecklistSummary.objects.exclude(tool=tool("diary")).delete()
    at(clock)
    shown = matrix.read(Standing.of(world.cast.egle), Filters())
    assert shown.overview.by_show["due"] == int(is_due)
    (row,) = (row for row in shown.shown if row.pk == world.group.pk)
    assert (row.due is not None) == is_due


def test_nobody_is_reminded_before_it_is_over(world: World, session: PlannedSession, at: At) -> None:
    at("18:29")
    assert not remind(group=world.group, tool=tool("diary"), by=world.cast.egle)
    at("18:30")
    assert len(remind(group=world.group, tool=tool("diary"), by=world.cast.egle)) == 3


def test_who_ends_earlier_is_asked_earlier(world: World, session: PlannedSession, as_user: SignIn, at: At) -> None:
    at("18:00")
    asked = ChecklistItem.objects.filter(session_key=session.session_key)
    present = list(asked.values_list("subject_id", flat=True))
    plans.hold_session(session=session, by=world.cast.rasa, present=present)
    assert said(world, as_user) == AFTER


def test_a_longer_session_is_asked_about_later(world: World, session: PlannedSession, as_user: SignIn, at: At) -> None:
    plans.change_session(session=session, by=world.cast.rasa, lock=session.lock, minutes=120)
    at("18:59")
    assert said(world, as_user) == BEFORE
    at("19:00")
    assert said(world, as_user) == AFTER


def test_one_that_ends_after_midnight_is_due_from_the_day_of_its_end(
    world: World, session: PlannedSession, as_user: SignIn, at: At
) -> None:
    world.programme.diary_due_days = 1
    world.programme.save(update_fields=["diary_due_days"])
    late = dt.datetime(2026, 11, 26, 23, 30, tzinfo=programme_zone())
    plans.change_session(session=session, by=world.cast.rasa, lock=session.lock, starts_at=late, at=late)
    due = set(ChecklistItem.objects.filter(session_key=session.session_key).values_list("due_on", flat=True))
    assert due == {dt.date(2026, 11, 28)}
    assert not list(differences())


def test_one_moved_after_it_was_held_is_over_at_its_end(session: PlannedSession) -> None:
    session.held_at = session.starts_at - dt.timedelta(days=3) if session.starts_at else None
    assert over_at(session) == session.ends_at


def test_what_was_planned_before_this_rule_follows_it_too(world: World, session: PlannedSession, at: At) -> None:
    """The migration: rows that opened in the morning of their day."""
    at("09:00")
    rows = ChecklistItem.objects.filter(session_key=session.session_key)
    rows.update(opens_at=None)
    summarise(groups=[world.group.pk])
    assert matrix.read(Standing.of(world.cast.egle), Filters()).counts[world.group.pk, "diary"].begun == 3
    import_module("sessions_app.migrations.0005_diaries_from_the_end").ask_from_the_end(apps, None)
    assert set(rows.values_list("opens_at", flat=True)) == {dt.time(18, 30)}
    assert not list(differences())
    assert matrix.read(Standing.of(world.cast.egle), Filters()).counts[world.group.pk, "diary"].begun == 0
