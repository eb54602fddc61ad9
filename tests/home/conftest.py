"""Groups by the dozen, and forms and rows in every state."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from documents.models import ChecklistItem, FilledForm
from documents.services import forms
from mentoring.models import MentoringGroup
from mentoring.services.groups import open_group
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World
from tests.documents.making import hand_in
from tests.tools import tool


def set_rows(group: MentoringGroup, key: str, **values: Any) -> int:
    """Give all checklist rows of a tool in a group these values."""
    return ChecklistItem.objects.filter(group=group, template_version__template__key=key).update(**values)


def settle(group: MentoringGroup) -> None:
    """Let nothing be owed in a group."""
    ChecklistItem.objects.filter(group=group).update(state="done", done_at=timezone.now())


def leave_waiting(group: MentoringGroup, key: str, user: User) -> FilledForm:
    """Leave a handed-in form that waits for somebody, as the database has it after the service."""
    form = forms.start_form(group=group, template=tool(key), user=user)
    hand_in(group, key, user, {}, subject=form.subject, occasion=form.occasion, audience=form.audience)
    ChecklistItem.objects.filter(group=group, template_version__template__key=key, subject=form.subject).update(
        state="waiting"
    )
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
