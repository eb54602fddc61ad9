"""Groups by the dozen, and forms and rows in every state."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from checklist.services.summary import summarise
from mentoring.models import Membership, MentoringGroup
from mentoring.services.groups import open_group
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World
from tests.documents.making import hand_in
from tests.pack_tools import tool


def set_rows(group: MentoringGroup, key: str, **values: Any) -> int:
    """Give all checklist rows of a tool in a group these values."""
    count = ChecklistItem.objects.filter(group=group, tool_version__tool__key=key).update(**values)
    summarise(groups=[group.pk])
    return count


def settle(group: MentoringGroup) -> None:
    """Let nothing be owed in a group."""
    ChecklistItem.objects.filter(group=group).update(state="done", done_at=timezone.now())
    summarise(groups=[group.pk])


def leave_waiting(group: MentoringGroup, key: str, user: User) -> FormResponse:
    """Leave a handed-in form that waits for someone, as the database has it after the service."""
    form = forms.start_form(group=group, tool=tool(key), user=user)
    hand_in(group, key, user, {}, subject=form.subject, session_key=form.session_key, audience=form.audience)
    ChecklistItem.objects.filter(group=group, tool_version__tool__key=key, subject=form.subject).update(state="waiting")
    summarise(groups=[group.pk])
    form.refresh_from_db()
    return form


@pytest.fixture
def open_groups(world: World) -> Callable[..., list[MentoringGroup]]:
    """Return a function that opens further groups of Eglė, each with a Mentor and a Mentee of its own."""

    def make(count: int) -> list[MentoringGroup]:
        today = timezone.localdate()
        found = []
        for number in range(count):
            mentor = User.objects.create_user(f"mentor{number}@example.org", full_name=f"Mentor Nr{number}")
            mentee = User.objects.create_user(f"mentee{number}@example.org", full_name=f"Mentee Nr{number}")
            found.append(
                open_group(
                    programme=world.programme,
                    name=f"Tiltas {number}",
                    opened_by=world.cast.egle,
                    mentors=[mentor],
                    mentees=[mentee],
                    starts_on=today - timedelta(days=30),
                    ends_on=today + timedelta(days=270),
                )  # fmt: skip
            )
        return found

    return make


def many_groups(world: World, count: int) -> list[MentoringGroup]:
    """Give Eglė so many running groups more, each with a Mentor, three Mentees and the checklist of «Žingsnis»."""
    numbers = range(count)
    mentors = User.objects.bulk_create(
        [User(email=f"many{number}@example.org", full_name=f"Mentorė Nr. {number}") for number in numbers]
    )
    mentees = [world.cast.milda, world.cast.tomas, world.cast.elena]
    first = MentoringGroup.objects.values().get(pk=world.group.pk) | {"stage": "running"}
    groups = MentoringGroup.objects.bulk_create(
        [
            MentoringGroup(**first | {"id": None, "number": 1000 + number, "name": f"Tiltas {number}"})
            for number in numbers
        ]
    )
    since = timezone.localdate() - timedelta(days=60)
    Membership.objects.bulk_create(
        Membership(group=group, user=user, role=role, starts_on=since)
        for group, mentor in zip(groups, mentors, strict=True)
        for user, role in [
            (world.cast.egle, "manager"),
            (mentor, "mentor"),
            *((person, "mentee") for person in mentees),
        ]
    )
    rows = list(ChecklistItem.objects.filter(group=world.group).values())
    ChecklistItem.objects.bulk_create(
        ChecklistItem(**row | {"id": None, "group_id": group.pk}) for group in groups for row in rows
    )
    summarise(groups=[group.pk for group in groups])
    return groups


@pytest.fixture
def session(world: World) -> PlannedSession:
    """The initial session of «Žingsnis», two days ago, in an agreed plan: the diaries of it are open."""
    plan = SessionPlan.objects.get(group=world.group)
    row = plans.change_session(
        session=plan.sessions.get(), by=world.cast.rasa, lock=plan.sessions.get().lock, form="in_person",
        place="Kaunas County Library", starts_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    plan.refresh_from_db()
    agreement.agree_plan(plan=plan, by=world.cast.rasa, lock=plan.lock)
    return row
