"""Taking a session out of the plan."""

from collections.abc import Callable

from django.test import Client

from sessions_app.models import PlannedSession, SessionPlan
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-remove")
Sessions = Callable[..., list[PlannedSession]]
Agree = Callable[[], SessionPlan]


def test_only_mentor_and_manager(world: World, as_user: SignIn, add: Sessions) -> None:
    row = add()[0]
    assert open_to(as_user, world.cast, url(row)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(row), ("put", "delete"))
    assert asks_to_sign_in(url(row))


def test_it_asks_and_takes_it_out(world: World, as_user: SignIn, plan: SessionPlan, add: Sessions) -> None:
    row = add()[0]
    client = as_user(world.cast.rasa)
    assert "from the plan?" in client.get(url(row)).content.decode()
    assert client.post(url(row)).status_code == 302
    assert not plan.sessions.filter(pk=row.pk).exists()


def test_an_agreed_one_stays_and_says_why(
    world: World, as_user: SignIn, plan: SessionPlan, add: Sessions, agree: Agree
) -> None:
    row = add()[0]
    agree()
    answer = as_user(world.cast.rasa).post(url(row), follow=True)
    assert "Cancel it instead." in answer.content.decode()
    assert plan.sessions.filter(pk=row.pk).exists()
