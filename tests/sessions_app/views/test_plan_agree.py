"""Agreeing the plan."""

from collections.abc import Callable

from django.test import Client

from sessions_app.models import PlannedSession, SessionPlan
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:plan-agree")


def test_only_mentor_and_manager_agree(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(world), ("put", "delete"))
    assert asks_to_sign_in(url(world))


def test_it_says_what_happens_and_does_it(
    world: World, as_user: SignIn, plan: SessionPlan, first: PlannedSession
) -> None:
    client = as_user(world.cast.egle)
    text = client.get(url(world)).content.decode()
    assert "as version 1" in text
    plan.refresh_from_db()
    assert client.post(url(world), {"lock": plan.lock}).status_code == 302
    plan.refresh_from_db()
    assert plan.agreed_version == 1
    assert plan.agreed_by == world.cast.egle
    assert "nothing has changed" in client.get(url(world)).content.decode()


def test_a_plan_that_changed_meanwhile_is_looked_at_again(
    world: World, as_user: SignIn, plan: SessionPlan, first: PlannedSession
) -> None:
    answer = as_user(world.cast.egle).post(url(world), {"lock": 0})
    assert answer.status_code == 409
    assert "has changed since you opened" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.agreed_version == 0


def test_an_empty_plan_says_why_not(world: World, as_user: SignIn, plan: SessionPlan) -> None:
    plan.sessions.all().delete()
    answer = as_user(world.cast.egle).post(url(world), {"lock": plan.lock})
    assert answer.status_code == 422
    assert "Choose at least one session" in answer.content.decode()
