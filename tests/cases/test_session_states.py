"""A session and its diaries stand the same on every page: before its attendance is recorded, after it, in a pause."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.policy.roles import Stage
from home.pages.mentee import mentee_context
from home.pages.mentor import mentor_context
from mentoring.models import Membership, MentoringGroup
from mentoring.services.stages import pause
from mentoring.standing import Standing
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World

SignIn = Callable[..., Client]


@pytest.fixture
def session(world: World) -> PlannedSession:
    """The initial session of yesterday, its attendance not recorded; the plan is not agreed."""
    session = SessionPlan.objects.get(group=world.group).sessions.get()
    plans.change_session(
        session=session, by=world.cast.rasa, lock=session.lock, starts_at=timezone.now() - timedelta(days=1),
        form="in_person", place="Library", at=timezone.now() - timedelta(days=9),
    )  # fmt: skip
    return PlannedSession.objects.get(pk=session.pk)


def agree(world: World) -> None:
    plan = SessionPlan.objects.get(group=world.group)
    agreement.agree_plan(plan=plan, by=world.cast.rasa, lock=plan.lock)


def hold(world: World, session: PlannedSession, *names: str) -> None:
    present = {world.cast.everybody()[name].pk for name in names}
    plans.hold_session(session=session, by=world.cast.rasa, present=present, reason="remembered now")


def past(world: World, name: str) -> list[dict[str, Any]]:
    """Return the stations of the road of what was."""
    found = mentee_context(Standing.of(getattr(world.cast, name)))["groups"][0]["stations"]
    return [each for each in found if each["state"] in {"done", "past", "now"}]


def pages_of(world: World, session: PlannedSession) -> dict[str, str]:
    here = [world.group.pk]
    return {
        "group": reverse("mentoring:group-detail", args=here),
        "plan": reverse("sessions:plan-detail", args=here),
        "diaries": reverse("sessions:diary-list", args=here),
        "session": reverse("sessions:session-detail", args=[session.pk]),
    }


def test_nobody_says_that_a_session_was_held_before_that_was_recorded(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    pages = pages_of(world, session)
    mentee, manager = as_user(world.cast.milda), as_user(world.cast.egle)
    for client in (mentee, manager):
        space = client.get(pages["group"]).text
        assert "attendance not recorded" in space
        assert "Held on" not in space
        assert "Attendance not recorded" in client.get(pages["session"]).text
        plan = client.get(pages["plan"])
        assert plan.context["held"] == []
        assert len(plan.context["unsettled"]) == 1
    (station,) = past(world, "milda")
    assert (station["state"], station["chip_text"]) == ("past", "Attendance not recorded")
    assert "Attendance not recorded" in mentee.get(pages["plan"]).text
    assert "Record attendance" in manager.get(pages["plan"]).text
    hold(world, session, "rasa", "milda", "tomas", "elena")
    for client in (mentee, manager):
        assert "Held on" in client.get(pages["group"]).text
        assert "not recorded" not in client.get(pages["session"]).text
        assert len(client.get(pages["plan"]).context["held"]) == 1
    (station,) = past(world, "milda")
    assert station["state"] == "done"


def test_what_nobody_asks_for_is_not_asked_for_on_any_page(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    """As when everybody joined after the session, or its plan is not agreed."""
    pages = pages_of(world, session)
    for is_late in (False, True):
        if is_late:
            Membership.objects.live().filter(group=world.group).update(starts_on=timezone.localdate())
            agree(world)
        (own,) = as_user(world.cast.milda).get(pages["diaries"]).context["own"]
        assert (own["chip_text"], own["act"]) == ("Not asked for", "Write one all the same")
        said = as_user(world.cast.milda).get(pages["session"]).text
        reason = "before you joined" if is_late else "while the session plan is not agreed"
        assert reason in said
        assert "Write one all the same" in said
        for name in ("rasa", "egle"):
            client = as_user(getattr(world.cast, name))
            assert client.get(pages["session"]).text.count("Not asked for") == 3
            (row,) = client.get(pages["diaries"]).context["sessions"]
            assert {cell.text for cell in row.cells} == {"Not asked for"}
        (table,) = mentor_context(Standing.of(world.cast.rasa))["tables"]
        assert {row.diary[1] for row in table["rows"]} == {"Not asked for"}
        (station,) = past(world, "milda")
        assert "open" not in station["line"]


def test_an_open_diary_is_not_called_done(world: World, session: PlannedSession) -> None:
    agree(world)
    hold(world, session, "rasa", "milda")
    (station,) = past(world, "milda")
    assert station["state"] == "now"
    plan = SessionPlan.objects.get(group=world.group)
    later = PlannedSession.objects.create(
        plan=plan, catalogue=session.catalogue, starts_at=timezone.now() - timedelta(hours=5), place="Library"
    )
    first, second = past(world, "milda")
    assert (first["chip_text"], second["chip_text"]) == ("To write", "Attendance not recorded")
    PlannedSession.objects.filter(pk=later.pk).update(state="held", held_at=timezone.now())
    (station,) = past(world, "milda")
    assert (station["state"], station["chip_text"]) == ("past", "To write")


def test_in_a_pause_nothing_is_due_on_any_page(world: World, as_user: SignIn, session: PlannedSession) -> None:
    agree(world)
    hold(world, session, "rasa", "milda", "tomas", "elena")
    PlannedSession.objects.filter(pk=session.pk).update(starts_at=timezone.now() - timedelta(days=9))
    session.refresh_from_db()
    plans.change_session(
        session=session, by=world.cast.rasa, lock=session.lock, starts_at=timezone.now() - timedelta(days=9),
        form="in_person", place="Library", at=timezone.now() - timedelta(days=20),
    )  # fmt: skip
    pages, milda, rasa = pages_of(world, session), as_user(world.cast.milda), as_user(world.cast.rasa)
    late = rasa.get(pages["diaries"]).context["sessions"][0].cells
    assert all("late" in cell.text for cell in late)
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.RUNNING)
    pause(group=MentoringGroup.objects.get(pk=world.group.pk), by=world.cast.egle, reason="Summer")
    for client in (milda, rasa):
        for name in ("plan", "diaries", "session"):
            main = client.get(pages[name]).text.split("<main")[1]
            assert " late" not in main, name
            assert "1 to write" not in client.get(pages[name]).text
    (table,) = mentor_context(Standing.of(world.cast.rasa))["tables"]
    assert {row.diary[1] for row in table["rows"]} == {"Paused"}


def test_what_was_not_recorded_when_a_group_ended_was_not_held(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    agree(world)
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.CLOSED)
    pages, egle = pages_of(world, session), as_user(world.cast.egle)
    space = egle.get(pages["group"]).text
    assert "Not held" in space
    assert "attendance not recorded" not in space
    assert egle.get(pages["diaries"]).context["sessions"] == []
    assert len(egle.get(pages["plan"]).context["dropped"]) == 1
