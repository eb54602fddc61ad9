"""Bringing a cancelled session back."""

from collections.abc import Callable

from django.test import Client

from sessions_app.models import PlannedSession
from sessions_app.services import plans
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-restore")


def test_it_is_planned_again(world: World, as_user: SignIn, first: PlannedSession) -> None:
    plans.cancel_session(session=first, by=world.cast.rasa, reason="ill")
    assert as_user(world.cast.egle).post(url(first)).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.cancel_reason) == ("planned", "")


def test_only_mentor_and_manager(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first), method="post", status=(302,)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(first), ("get", "put"))
    assert asks_to_sign_in(url(first), "post")


def test_one_that_is_not_cancelled_says_so(world: World, as_user: SignIn, first: PlannedSession) -> None:
    answer = as_user(world.cast.egle).post(url(first), follow=True)
    assert "is not cancelled" in answer.content.decode()
