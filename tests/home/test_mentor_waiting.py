"""What waits for a Mentor: the longest overdue first, above a meeting that is days away."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.days import programme_today
from home.pages.mentor import WAITING_SHOWN, mentor_context
from mentoring.standing import Standing
from responses_app.models import FormSubmission
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.documents.filled import held_session
from tests.home.conftest import leave_waiting, set_rows
from tests.pack_tools import say_that_tools_changed, tool

SignIn = Callable[..., Client]


@pytest.fixture
def meeting(world: World) -> Callable[[timedelta], PlannedSession]:
    """Return a function that gives the group a meeting so long from now."""

    def plan(ahead: timedelta) -> PlannedSession:
        row = held_session(world)
        PlannedSession.objects.filter(pk=row.pk).update(starts_at=timezone.now() + ahead, state="planned")
        return row

    return plan


def waiting(world: World) -> list[str]:
    found = mentor_context(Standing.of(world.cast.rasa))["waiting"]
    return [each.title for each in (*found["first"], *found["more"])]


def test_what_is_overdue_longest_comes_first_whatever_it_is(world: World) -> None:
    today = programme_today()
    leave_waiting(world.group, "personal_goals", world.cast.milda)
    FormSubmission.objects.update(submitted_at=timezone.now() - timedelta(days=2))
    set_rows(
        world.group, "contract", state="waiting", due_on=today - timedelta(days=9), opens_on=today - timedelta(days=20)
    )
    set_rows(world.group, "group_goals", state="todo", due_on=today + timedelta(days=3), opens_on=today)
    found = [title.split(":")[0] for title in waiting(world)]
    order = [
        found.index(each) for each in ("Collect signatures and add", "Read and accept", "Fill in") if each in found
    ]
    assert len(order) == 3
    assert order == sorted(order)


def test_what_nobody_has_written_is_asked_of_who_writes_it(world: World) -> None:
    set_rows(world.group, "contract", state="todo", due_on=programme_today(), opens_on=programme_today())
    assert not [each for each in waiting(world) if "Mentoring contract" in each]
    version = tool("contract").current
    assert version is not None
    version.content["filled_by"] = ["mentor", "manager"]
    version.by_mentor = True
    version.save()
    say_that_tools_changed(world.programme.pack_id)
    assert "Fill in: Mentoring contract" in waiting(world)
    set_rows(world.group, "contract", state="waiting")
    assert "Collect signatures and add: Mentoring contract" in waiting(world)


def test_signatures_of_what_nobody_writes_here_are_collected_on_paper(world: World) -> None:
    set_rows(world.group, "contract", state="todo", due_on=programme_today(), opens_on=programme_today())
    version = tool("contract").current
    assert version is not None
    version.content["filled_by"] = []
    version.by_manager = False
    version.save()
    say_that_tools_changed(world.programme.pack_id)
    assert "Collect signatures and add: Mentoring contract" in waiting(world)


@pytest.mark.parametrize(("ahead", "is_first"), [(timedelta(hours=3), False), (timedelta(days=5), True)])
def test_it_stands_above_a_meeting_that_is_days_away(
    world: World, as_user: SignIn, meeting: Callable[[timedelta], PlannedSession], ahead: timedelta, is_first: bool
) -> None:
    leave_waiting(world.group, "personal_goals", world.cast.milda)
    meeting(ahead)
    page = as_user(world.cast.rasa).get("/").content.decode()
    assert page.count("Waiting for me") == 1
    assert (page.index("Waiting for me") < page.index("Your next meeting")) is is_first
    assert page.index("Waiting for me") < page.index("My Mentees")  # also where pages have one column


def test_a_long_list_is_folded_and_nothing_of_it_is_lost(world: World, as_user: SignIn) -> None:
    for number in range(WAITING_SHOWN + 3):
        row = held_session(world)
        moment: datetime = timezone.now() - timedelta(days=20 - number)
        PlannedSession.objects.filter(pk=row.pk).update(starts_at=moment, state="planned")
    found = mentor_context(Standing.of(world.cast.rasa))["waiting"]
    assert len(found["first"]) == WAITING_SHOWN
    assert len(found["more"]) >= 3
    page = as_user(world.cast.rasa).get("/").content.decode()
    assert f"{len(found['more'])} more" in page
    assert page.count("Record attendance") >= WAITING_SHOWN + 3
