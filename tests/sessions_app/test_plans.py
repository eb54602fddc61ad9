"""Rows of a plan: added, changed, moved, cancelled, held, taken out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from checklist.models import ChecklistItem
from checklist.services import items as checklist
from core.days import programme_day
from core.models import DomainEvent
from core.policy.roles import Role
from mentoring.models import Membership, MentoringForm, Pack
from mentoring.services import stages
from mentoring.services.groups import open_group
from mentoring.services.memberships import add_member
from responses_app import services as forms
from sessions_app.models import CatalogueSession, MeetingState, PlannedSession, SectionKind, SessionPlan
from sessions_app.services import plans
from sessions_app.services.diaries import start_diary
from tests.cast import World
from tools.models import ToolVersion

Sessions = Callable[..., list[PlannedSession]]
Date = Callable[..., PlannedSession]
Agree = Callable[[], SessionPlan]


def _diaries(world: World) -> set[tuple[str, str]]:
    rows = ChecklistItem.objects.filter(group=world.group, tool_version__one_per="mentee_session")
    return set(rows.values_list("session_key", "subject__full_name"))


def test_a_new_group_has_a_plan_with_the_initial_session_without_a_date(plan: SessionPlan) -> None:
    row = plan.sessions.get()
    assert (row.catalogue.kind, row.starts_at, row.form) == (SectionKind.INITIAL, None, "open")
    assert not plan.agreed_version


@pytest.mark.parametrize(
    ("channel", "form", "place", "link"),
    [
        ("Café Laisvė", "in_person", "Café Laisvė", ""),
        ("https://meet.example.org/a", "online", "", "https://meet.example.org/a"),
    ],
)
def test_the_initial_session_takes_over_the_place_that_the_manager_chose(
    world: World, channel: str, form: str, place: str, link: str
) -> None:
    today = timezone.localdate()
    group = open_group(
        programme=world.programme, name="Kelias", opened_by=world.cast.egle, starts_on=today,
        ends_on=today + timedelta(days=90), form=MentoringForm.BLENDED, initial_channel=channel,
    )  # fmt: skip
    row = group.plan.sessions.get()
    assert (row.form, row.place, row.link) == (form, place, link)


def test_add_sessions_puts_them_at_the_end_and_tells(world: World, plan: SessionPlan, add: Sessions) -> None:
    rows = add(2)
    assert [row.position for row in rows] == [2, 3]
    assert DomainEvent.objects.filter(kind="session.added", actor=world.cast.rasa).count() == 2
    plan.refresh_from_db()
    assert plan.lock == 1
    assert not plan.is_changed


def test_a_session_of_another_pack_is_refused(world: World, plan: SessionPlan) -> None:
    pack = Pack.objects.create(key="other", version="1", title={"en": "Other"}, digest="0" * 64)
    foreign = CatalogueSession.objects.create(
        pack=pack, kind="employability", key="x1", number=1, content={}, digest="1"
    )
    with pytest.raises(ValidationError):
        plans.add_sessions(plan=plan, by=world.cast.rasa, catalogue=[foreign])
    assert plan.sessions.count() == 1


def test_change_session_by_two_keeps_the_first_and_shows_both(world: World, plan: SessionPlan) -> None:
    row = plan.sessions.get()
    plans.change_session(session=row, by=world.cast.rasa, lock=0, aim="Read two CVs")
    with pytest.raises(plans.PlanConflictError) as caught:
        plans.change_session(session=row, by=world.cast.egle, lock=0, aim="Sign the contract")
    assert caught.value.current.aim == "Read two CVs"
    row.refresh_from_db()
    assert (row.aim, row.lock) == ("Read two CVs", 1)


def test_change_session_to_the_same_changes_nothing(world: World, plan: SessionPlan) -> None:
    row = plan.sessions.get()
    plans.change_session(session=row, by=world.cast.rasa, lock=0, minutes=row.minutes, prepared_by=[])
    row.refresh_from_db()
    assert row.lock == 0


def test_change_session_takes_only_what_one_changes(world: World, plan: SessionPlan) -> None:
    with pytest.raises(ValueError, match="state"):
        plans.change_session(session=plan.sessions.get(), by=world.cast.rasa, lock=0, state="held")


def test_sessions_without_a_date_are_moved_by_hand(world: World, plan: SessionPlan, add: Sessions) -> None:
    one, two = add(2)
    plans.move_session(session=two, by=world.cast.rasa, earlier=True)
    assert list(plan.sessions.values_list("pk", flat=True))[1:] == [two.pk, one.pk]
    plans.move_session(session=two, by=world.cast.rasa, earlier=False)
    assert list(plan.sessions.values_list("pk", flat=True))[1:] == [one.pk, two.pk]


def test_a_session_with_a_date_is_not_moved_by_hand(world: World, add: Sessions, date: Date) -> None:
    row = date(add()[0], 3)
    with pytest.raises(ValidationError, match="date"):
        plans.move_session(session=row, by=world.cast.rasa, earlier=True)


def test_a_row_follows_its_date(plan: SessionPlan, add: Sessions, date: Date, first: PlannedSession) -> None:
    one, two = add(2)
    date(two, 5)
    date(one, 9)
    assert list(plan.sessions.values_list("pk", flat=True)) == [first.pk, two.pk, one.pk]


def test_a_cancelled_session_asks_for_no_diary_and_comes_back_with_it(
    world: World, first: PlannedSession, add: Sessions, date: Date, agree: Agree
) -> None:
    row = date(add()[0], 4)
    agree()
    assert {session_key for session_key, _who in _diaries(world)} == {first.session_key, row.session_key}
    plans.cancel_session(session=row, by=world.cast.rasa, reason="Rasa is ill")
    assert {session_key for session_key, _who in _diaries(world)} == {first.session_key}
    plans.restore_session(session=row, by=world.cast.rasa)
    assert {session_key for session_key, _who in _diaries(world)} == {first.session_key, row.session_key}


def test_cancelling_needs_a_reason(world: World, first: PlannedSession) -> None:
    with pytest.raises(ValidationError):
        plans.cancel_session(session=first, by=world.cast.rasa, reason=" ")


def test_a_session_with_a_handed_in_diary_is_not_cancelled(world: World, first: PlannedSession, agree: Agree) -> None:
    agree()
    _hand_in_diary(world, first)
    with pytest.raises(ValidationError, match="took place"):
        plans.cancel_session(session=first, by=world.cast.rasa, reason="by mistake")


def _hand_in_diary(world: World, session: PlannedSession) -> Any:
    form = start_diary(session=session, user=world.cast.milda)
    assert form is not None
    answers = {"mood": 3, "done": "We met.", "learned": "Names.", "next_steps": "Goals."}
    return forms.submit_form(form=form, user=world.cast.milda, lock=form.lock, answers=answers)


def test_hold_session_keeps_who_was_there_and_can_be_corrected(world: World, first: PlannedSession) -> None:
    cast = world.cast
    plans.hold_session(session=first, by=cast.rasa, present={cast.rasa.pk, cast.milda.pk})
    plans.hold_session(
        session=first, by=cast.rasa, present={cast.rasa.pk, cast.milda.pk, cast.tomas.pk}, reason="Zlate"
    )
    first.refresh_from_db()
    assert first.state == MeetingState.HELD
    present = set(first.attendance.filter(was_present=True).values_list("person__full_name", flat=True))
    assert present == {cast.rasa.full_name, cast.milda.full_name, cast.tomas.full_name}
    assert first.attendance.filter(person=cast.elena, was_present=False).exists()


def test_hold_session_needs_a_date_that_has_come(world: World, plan: SessionPlan, add: Sessions, date: Date) -> None:
    with pytest.raises(ValidationError, match="date"):
        plans.hold_session(session=plan.sessions.get(), by=world.cast.rasa, present=set())
    with pytest.raises(ValidationError, match="not started"):
        plans.hold_session(session=date(add()[0], 2), by=world.cast.rasa, present=set())


def test_remove_session_takes_out_only_what_was_never_agreed(
    world: World, plan: SessionPlan, add: Sessions, agree: Agree
) -> None:
    one = add()[0]
    plans.remove_session(session=one, by=world.cast.rasa)
    assert plan.sessions.count() == 1
    two = add()[0]
    agree()
    with pytest.raises(ValidationError, match="Cancel"):
        plans.remove_session(session=two, by=world.cast.rasa)


def test_nothing_is_planned_in_a_paused_group(world: World, first: PlannedSession, plan: SessionPlan) -> None:
    stages.pause(group=world.group, by=world.cast.egle, reason="summer")
    first, plan = PlannedSession.objects.get(pk=first.pk), SessionPlan.objects.get(pk=plan.pk)
    for act in (
        lambda: plans.cancel_session(session=first, by=world.cast.rasa, reason="x"),
        lambda: plans.hold_session(session=first, by=world.cast.rasa, present=set()),
        lambda: plans.change_session(session=first, by=world.cast.rasa, lock=first.lock, aim="x"),
        lambda: plans.change_texts(plan=plan, by=world.cast.rasa, lock=plan.lock, notes="x"),
        lambda: plans.add_sessions(plan=plan, by=world.cast.rasa, catalogue=[first.catalogue]),
    ):
        with pytest.raises(ValidationError, match="paused"):
            act()


def test_change_texts_by_two_keeps_the_first(world: World, plan: SessionPlan) -> None:
    plans.change_texts(plan=plan, by=world.cast.rasa, lock=0, notes="Rasa says when a date changes.")
    with pytest.raises(plans.PlanConflictError) as caught:
        plans.change_texts(plan=plan, by=world.cast.egle, lock=0, notes="Eglė does.")
    assert caught.value.current.notes == "Rasa says when a date changes."


def test_who_joins_later_owes_only_the_later_diaries(
    world: World, first: PlannedSession, add: Sessions, date: Date, agree: Agree
) -> None:
    later = date(add()[0], 4)
    agree()
    add_member(group=world.group, user=world.cast.olga, role=Role.MENTEE, by=world.cast.egle)
    assert {session_key for session_key, who in _diaries(world) if who == world.cast.olga.full_name} == {
        later.session_key
    }
    assert {session_key for session_key, who in _diaries(world) if who == world.cast.milda.full_name} == {
        first.session_key, later.session_key,
    }  # fmt: skip


def test_tools_of_the_initial_session_follow_its_date(world: World, first: PlannedSession, date: Date) -> None:
    version = ToolVersion.objects.get(tool__key="personal_goals")
    moved = date(first, -5)
    due = ChecklistItem.objects.filter(group=world.group, tool_version=version).values_list("due_on", flat=True)
    expected = checklist.due_day(version, world.group, initial=timezone.localdate(moved.starts_at))
    assert set(due) == {expected}


def test_who_leaves_does_not_move_the_tools_of_the_initial_session(world: World, first: PlannedSession) -> None:
    version = ToolVersion.objects.get(tool__key="personal_goals")
    rows = ChecklistItem.objects.filter(group=world.group, tool_version=version, subject=world.cast.milda)
    before = rows.get().due_on
    add_member(group=world.group, user=world.cast.olga, role=Role.MENTEE, by=world.cast.egle)
    assert rows.get().due_on == before


def test_a_session_of_long_ago_that_is_logged_now_makes_nobody_late(
    world: World, plan: SessionPlan, first: PlannedSession, agree: Callable[[], SessionPlan]
) -> None:
    agree()
    begun = timezone.now() - timedelta(days=20)
    Membership.objects.filter(group=world.group).update(starts_on=programme_day(begun) - timedelta(days=9))
    plans.change_session(
        session=first, by=world.cast.rasa, lock=PlannedSession.objects.get(pk=first.pk).lock, starts_at=begun
    )
    due = {each.due_on for each in ChecklistItem.objects.filter(session_key=first.session_key)}
    assert due
    assert min(due) > programme_day(timezone.now())
