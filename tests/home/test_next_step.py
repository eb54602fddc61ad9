"""The one next thing of a Mentee."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from core.policy.roles import Role, Stage
from core.templatetags.ui import day_month
from home.pages.mentee import mentee_context
from home.pages.next_step import NextThing
from mentoring.models import MentoringGroup
from mentoring.services.memberships import add_member
from mentoring.standing import Standing
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import CatalogueSession, PlannedSession, SessionPlan
from tests.cast import World
from tests.home.conftest import leave_waiting, set_rows, settle
from tests.pack_tools import tool


def next_of(user: User) -> NextThing:
    thing = mentee_context(Standing.of(user))["next"]
    assert isinstance(thing, NextThing)
    return thing


def stations(user: User) -> list[tuple[str, str]]:
    return [(each["title"], each["state"]) for each in mentee_context(Standing.of(user))["groups"][0]["stations"]]


def coming(world: World, days: int = 5) -> PlannedSession:
    """Put a session into the plan that is still to come."""
    plan = SessionPlan.objects.get(group=world.group)
    catalogue = CatalogueSession.objects.offered(world.programme.pack_id, "employability").first()
    return PlannedSession.objects.create(
        plan=plan, catalogue=catalogue, starts_at=timezone.now() + timedelta(days=days), place="Library", position=5
    )


def test_the_diary_of_the_last_session_is_two_clicks_away(world: World, session: PlannedSession) -> None:
    settle(world.group)
    ChecklistItem.objects.filter(group=world.group, session_key=session.session_key).update(state="todo")
    thing = next_of(world.cast.milda)
    weekday = timezone.localtime(session.starts_at).strftime("%A")
    assert thing.title == f"Write your diary of {weekday}’s session"
    assert "6 short questions, about 10 minutes. You can stop at any time: what you write is kept." in thing.text
    assert (thing.url, thing.label, thing.chip_state) == (f"/sessions/{session.pk}/diary/", "Write the diary", "due")


def test_a_mentee_of_two_groups_reads_for_which_it_is(world: World) -> None:
    settle(world.group)
    set_rows(world.group, "mentee_profile", state="todo", due_on=timezone.localdate())
    alone = next_of(world.cast.milda).eyebrow
    assert world.group.name not in alone
    add_member(group=world.other_group, user=world.cast.milda, role=Role.MENTEE, by=world.cast.boris)
    assert next_of(world.cast.milda).eyebrow == f"{alone}, “{world.group.name}”"


def test_two_sessions_on_one_day_are_of_that_day(world: World, session: PlannedSession) -> None:
    settle(world.group)
    PlannedSession.objects.filter(pk=session.pk).update(state="held")
    second = coming(world)
    PlannedSession.objects.filter(pk=second.pk).update(state="held", starts_at=session.starts_at)
    past = mentee_context(Standing.of(world.cast.milda))["groups"][0]["stations"][0]
    assert past["title"] == "2 past sessions"
    assert past["line"] == f"{day_month(session.starts_at)}."


def test_what_is_due_first_comes_first_and_late_stays_friendly(world: World) -> None:
    today = timezone.localdate()
    settle(world.group)
    set_rows(world.group, "personal_goals", state="todo", due_on=today - timedelta(days=4))
    set_rows(world.group, "mentee_profile", state="todo", due_on=today - timedelta(days=9))
    thing = next_of(world.cast.milda)
    assert (thing.title, thing.chip_state, thing.chip_text) == ("Fill in: Mentee’s Profile", "late", "9 days late")
    assert thing.url == f"/groups/{world.group.pk}/forms/mentee_profile/"


def test_what_was_begun_goes_on(world: World) -> None:
    set_rows(world.group, "personal_goals", due_on=timezone.localdate() - timedelta(days=99))
    form = forms.start_form(group=world.group, tool=tool("personal_goals"), user=world.cast.milda)
    assert next_of(world.cast.milda).label == "Fill it in"  # it was only opened
    FormResponse.objects.filter(pk=form.pk).update(lock=1)
    assert (next_of(world.cast.milda).url, next_of(world.cast.milda).label) == (
        f"/forms/{form.pk}/edit/",
        "Continue writing",
    )
    assert next_of(world.cast.tomas).label == "Fill it in"


def test_what_came_back_is_first_of_all(world: World) -> None:
    form = leave_waiting(world.group, "personal_goals", world.cast.milda)
    FormResponse.objects.filter(pk=form.pk).update(state="returned")
    thing = next_of(world.cast.milda)
    assert (thing.title, thing.chip_state) == ("Make the changes asked for: Personal goals and objectives", "returned")
    assert thing.url == f"/forms/{form.pk}/edit/"


def test_while_somebody_reads_nothing_waits(world: World) -> None:
    settle(world.group)
    leave_waiting(world.group, "personal_goals", world.cast.milda)
    thing = next_of(world.cast.milda)
    assert (thing.title, thing.second) == ("Waits for Rasa: Personal goals and objectives", True)
    leave_waiting(world.group, "mentee_profile", world.cast.tomas)
    assert next_of(world.cast.tomas).title == "Waits for Eglė: Mentee’s Profile"


def test_when_nothing_waits_the_next_session_stands_there(world: World) -> None:
    settle(world.group)
    row = coming(world)
    thing = next_of(world.cast.milda)
    assert (thing.eyebrow, thing.title, thing.second) == ("Nothing is waiting for you", f"Next: {row.title}", True)
    assert thing.url == f"/sessions/{row.pk}/"


def test_without_a_date_it_says_so(world: World) -> None:
    settle(world.group)
    assert next_of(world.cast.milda).title == "The next session has no date yet"


def test_what_is_not_open_yet_is_not_asked_for(world: World) -> None:
    settle(world.group)
    set_rows(world.group, "final_questionnaire", state="todo", opens_on=timezone.localdate() + timedelta(days=1))
    assert next_of(world.cast.milda).title == "The next session has no date yet"


@pytest.mark.parametrize(
    ("stage", "title"), [(Stage.PAUSED, "“Žingsnis” is paused"), (Stage.CLOSED, "“Žingsnis” is closed")]
)
def test_a_paused_or_closed_group_asks_for_nothing(world: World, stage: Stage, title: str) -> None:
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=stage)
    thing = next_of(world.cast.milda)
    assert (thing.title, thing.second) == (title, True)


def test_the_road_folds_what_was_and_what_comes_late(world: World, session: PlannedSession) -> None:
    rows = [coming(world, days) for days in (5, 12, 19, 26)]
    assert stations(world.cast.milda) == [
        (session.title, "now"),
        (rows[0].title, "next"),
        (rows[1].title, "later"),
        ("2 more sessions", "later"),
    ]
    settle(world.group)
    assert stations(world.cast.milda)[0] == ("1 past session", "past")  # nobody has said yet who was there
    PlannedSession.objects.filter(pk=session.pk).update(state="held")
    assert stations(world.cast.milda)[0] == ("1 past session", "done")


def test_the_diary_of_a_session_to_come_is_not_asked_for(world: World, session: PlannedSession) -> None:
    settle(world.group)
    row = coming(world)
    ChecklistItem.objects.create(
        group=world.group, tool_version=tool("diary").current, subject=world.cast.milda, session_key=row.session_key,
        due_on=timezone.localdate(), opens_on=timezone.localdate(),
    )  # fmt: skip
    assert next_of(world.cast.milda).title == f"Next: {row.title}"


def test_a_change_that_is_not_handed_in_again_is_the_next_thing(world: World) -> None:
    settle(world.group)
    form = leave_waiting(world.group, "personal_goals", world.cast.milda)
    forms.reopen_form(form=form, user=world.cast.milda)
    settle(world.group)
    thing = next_of(world.cast.milda)
    assert (thing.title, thing.chip_state) == ("Hand in your changes: Personal goals and objectives", "draft")
    assert (thing.url, thing.label) == (f"/forms/{form.pk}/edit/", "Continue writing")
    assert "the others read what you handed in before" in thing.text


def test_a_draft_that_nobody_asks_for_is_found_again_once_it_was_saved(world: World) -> None:
    settle(world.group)
    form = forms.start_form(group=world.group, tool=tool("personal_goals"), user=world.cast.milda)
    assert next_of(world.cast.milda).title == "The next session has no date yet"
    FormResponse.objects.filter(pk=form.pk).update(lock=1)
    assert next_of(world.cast.milda).title == "Finish your draft: Personal goals and objectives"
