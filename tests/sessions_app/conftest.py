"""A plan with sessions, held and to come."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sessions_app.models import CatalogueSession, PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World


@pytest.fixture
def plan(world: World) -> SessionPlan:
    """The plan of «Žingsnis», with the initial session only."""
    return SessionPlan.objects.get(group=world.group)


@pytest.fixture
def add(world: World, plan: SessionPlan) -> Callable[..., list[PlannedSession]]:
    """Return a function that puts sessions of the employability section into the plan."""

    def choose(count: int = 1, kind: str = "employability") -> list[PlannedSession]:
        offered = CatalogueSession.objects.offered(world.programme.pack_id, kind)
        return plans.add_sessions(plan=plan, by=world.cast.rasa, catalogue=list(offered[:count]))

    return choose


@pytest.fixture
def date(world: World) -> Callable[..., PlannedSession]:
    """Return a function that gives a session a date, so many days from now; it was agreed upon long before."""

    def set_date(session: PlannedSession, days: int, **more: Any) -> PlannedSession:
        values = {
            "form": "in_person",
            "place": "Kaunas County Library",
            "at": timezone.now() - timedelta(days=90),
            **more,
        }
        return plans.change_session(
            session=session, by=world.cast.rasa, lock=PlannedSession.objects.get(pk=session.pk).lock,
            starts_at=timezone.now().replace(second=0, microsecond=0) + timedelta(days=days), **values,
        )  # fmt: skip

    return set_date


@pytest.fixture
def agree(world: World, plan: SessionPlan) -> Callable[[], SessionPlan]:
    """Return a function that agrees the plan as it is."""

    def put_into_force() -> SessionPlan:
        plan.refresh_from_db()
        return agreement.agree_plan(plan=plan, by=world.cast.rasa, lock=plan.lock)

    return put_into_force


@pytest.fixture
def first(plan: SessionPlan, date: Callable[..., PlannedSession]) -> PlannedSession:
    """The initial session, ten days ago."""
    return date(plan.sessions.get(), -10)
