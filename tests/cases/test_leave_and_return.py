"""Who left and came back, who came late: owed is the same on every page, and no clock begins before the person came."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from core.policy.roles import Role
from mentoring.models import Membership, MentoringGroup
from mentoring.services.memberships import add_member, end_membership
from mentoring.stays import Stay, joined
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World

AsUser = Callable[[User], Client]


@pytest.fixture
def running(world: World) -> list[PlannedSession]:
    """An agreed plan with a session held ten days ago; everyone has been there for two months."""
    plan = SessionPlan.objects.get(group=world.group)
    session = plan.sessions.get()
    Membership.objects.filter(group=world.group).update(starts_on=timezone.localdate() - timedelta(days=60))
    MentoringGroup.objects.filter(pk=world.group.pk).update(created_at=timezone.now() - timedelta(days=60))
    plans.change_session(
        session=session, by=world.cast.rasa, lock=session.lock, starts_at=timezone.now() - timedelta(days=10),
        form="in_person", place="Library",
    )  # fmt: skip
    plan.refresh_from_db()
    agreement.agree_plan(plan=plan, by=world.cast.rasa, lock=plan.lock)
    return [session]


def diaries(world: World, person: User) -> list[Any]:
    rows = ChecklistItem.objects.filter(group=world.group, subject=person).exclude(session_key="")
    return list(rows.order_by("session_key").values_list("session_key", "due_on", "state"))


def test_who_is_taken_out_and_put_back_owes_the_same(
    world: World, as_user: AsUser, running: list[PlannedSession]
) -> None:
    milda, egle = world.cast.milda, world.cast.egle
    before = diaries(world, milda)
    assert len(before) == 1
    end_membership(membership=Membership.objects.get(group=world.group, user=milda), by=egle, reason="Ill")
    assert diaries(world, milda) == []
    add_member(group=world.group, user=milda, role=Role.MENTEE, by=egle)
    assert diaries(world, milda) == before
    own = as_user(milda).get(reverse("sessions:diary-list", args=[world.group.pk])).context["own"]
    assert [row["due"] for row in own if not row["is_written"]] == [due for _key, due, _state in before]


def test_who_comes_late_owes_no_diary_of_before_and_is_not_late(world: World, running: list[PlannedSession]) -> None:
    petar, today = world.cast.petar, timezone.localdate()
    add_member(group=world.group, user=petar, role=Role.MENTEE, by=world.cast.egle)
    rows = ChecklistItem.objects.filter(group=world.group, subject=petar)
    assert not [row for row in rows if row.session_key]
    assert rows.exists()
    assert [row for row in rows if row.due_on and row.due_on < today] == []


def test_a_group_that_is_opened_late_is_not_late_at_once(world: World) -> None:
    from mentoring.services.groups import open_group  # noqa: PLC0415

    today = timezone.localdate()
    group = open_group(
        programme=world.programme, opened_by=world.cast.egle, name="Vėlavimas", motto="", kind="group", form="blended",
        mentors=[world.cast.rasa], mentees=[world.cast.milda], starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=100), communication_schedule="", initial_channel="",
    )  # fmt: skip
    late = ChecklistItem.objects.filter(group=group, due_on__lt=today)
    assert list(late) == []


DAYS = [date(2026, 9, day) for day in range(1, 11)]


@pytest.mark.parametrize(
    ("memberships", "spans"),
    [
        ([(DAYS[0], None)], [(DAYS[0], None)]),
        ([(DAYS[0], DAYS[2]), (DAYS[3], None)], [(DAYS[0], None)]),
        ([(DAYS[0], DAYS[2]), (DAYS[4], None)], [(DAYS[0], DAYS[2]), (DAYS[4], None)]),
        ([(DAYS[0], DAYS[5]), (DAYS[2], DAYS[3]), (DAYS[9], None)], [(DAYS[0], DAYS[5]), (DAYS[9], None)]),
        ([(DAYS[0], None), (DAYS[2], None)], [(DAYS[0], None)]),
    ],
)
def test_days_without_a_gap_are_one_stay(memberships: Any, spans: Any) -> None:
    assert list(joined(memberships)) == spans


def test_a_stay_covers_its_days_and_not_the_gap() -> None:
    stay = Stay(1, "mentee", ((DAYS[0], DAYS[2]), (DAYS[5], None)))
    inside = {day for day in DAYS if stay.covers(day)}
    assert inside == {*DAYS[:3], *DAYS[5:]}
    assert stay.since == DAYS[5]
