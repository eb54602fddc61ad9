"""Forms for tests: begun, written, handed in, as the services do it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from mentoring.models import MentoringGroup
from responses_app import services as forms
from responses_app.models import FormResponse, FormSubmission
from sessions_app.models import CatalogueSession, PlannedSession, SessionPlan
from tests.cast import World
from tests.pack_tools import tool

DIARY: dict[str, Any] = {
    "mood": "3",
    "done": "Zdiary we read two CVs",
    "learned": "Zdiary that I can write",
    "next_steps": "Zdiary finish mine",
}
GOALS: dict[str, Any] = {
    "goals": [{"goal": "Zgoals find work", "measure": "A signed contract", "target_date": "30.11.2026"}],
    "first_step": "Zgoals write to Rasa",
}


def held_session(world: World, key: str = "e1") -> PlannedSession:
    """Return a session of the group that took place yesterday."""
    plan, _made = SessionPlan.objects.get_or_create(group=world.group)
    return PlannedSession.objects.create(
        plan=plan,
        catalogue=CatalogueSession.objects.get(key=key),
        starts_at=timezone.now() - timedelta(days=1),
        state="held",
    )


def begun(world: World, key: str, user: User, **more: Any) -> FormResponse:
    """Return a form that was just begun."""
    group = MentoringGroup.objects.select_related("programme__organisation", "programme__pack").get(pk=world.group.pk)
    return forms.start_form(group=group, tool=tool(key), user=user, **more)


def diary_of(world: World, user: User, **more: Any) -> FormResponse:
    """Return a person's diary of a session that is over, just begun."""
    return begun(world, "diary", user, session_key=held_session(world, **more).session_key)


def handed_in(
    form: FormResponse, user: User, answers: dict[str, Any] | None = None, writer: str = ""
) -> FormSubmission:
    """Hand a form in."""
    return forms.submit_form(form=form, user=user, lock=stored(form).lock, answers=answers or {}, writer=writer)


def stored(form: FormResponse) -> FormResponse:
    """Return the form as it is in the database."""
    found: FormResponse = FormResponse.objects.for_page().get(pk=form.pk)
    return found
