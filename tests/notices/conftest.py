"""What the tests of the notices share."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core.models import DomainEvent
from notices.models import Fanout, Notice
from notices.services import fan_out
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.pack_tools import tool

Tell = Callable[..., list[Notice]]


@pytest.fixture
def quiet(world: World) -> World:
    """The world, with nothing left to tell of how it was made."""
    Fanout.objects.all().delete()
    return world


@pytest.fixture
def tell(quiet: World) -> Tell:
    """Return a function that tells of everything that happened since, and gives the notices about one kind."""

    def work(kind: str = "") -> list[Notice]:
        for fanout in Fanout.objects.waiting():
            assert fan_out.work_off(fanout_id=fanout.pk)
        found = Notice.objects.order_by("person__email", "pk").select_related("person", "event__actor", "group")
        return list(found.filter(kind=kind) if kind else found)

    return work


DIARY = {"mood": "3", "done": "Zdiary two CVs", "learned": "Zdiary that I can write", "next_steps": "Zdiary"}


def begun(world: World, *, by: User | None = None) -> FormResponse:
    """Let a Mentee, Milda if nobody is named, begin the diary of the first session."""
    sessions = PlannedSession.objects.filter(plan__group=world.group)
    sessions.update(starts_at=timezone.now() - timedelta(days=1))
    session, tools = sessions.get(), tool("diary")
    return forms.start_form(
        group=world.group, tool=tools, user=by or world.cast.milda, session_key=session.session_key,
        session_title=session.session_title,
    )  # fmt: skip


def diary(world: World, *, by: User | None = None, at: datetime | None = None) -> FormResponse:
    """Let a Mentee hand in the diary of the first session."""
    form = begun(world, by=by)
    forms.submit_form(form=form, user=form.author, lock=form.lock, answers=DIARY, at=at)
    form.refresh_from_db()
    return form


def names(notices: list[Notice]) -> list[str]:
    """Return the first names of those who are told."""
    return [notice.person.email.split("@")[0] for notice in notices]


def last_event(kind: str) -> DomainEvent:
    """Return the last event of a kind."""
    found = DomainEvent.objects.filter(kind=kind).order_by("pk").last()
    assert found is not None
    return found
