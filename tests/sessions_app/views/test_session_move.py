"""Moving a session without a date."""

from collections.abc import Callable

from django.test import Client

from sessions_app.models import PlannedSession, SessionPlan
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-move")
Sessions = Callable[..., list[PlannedSession]]


def test_one_place_earlier(world: World, as_user: SignIn, plan: SessionPlan, add: Sessions) -> None:
    one, two = add(2)
    assert as_user(world.cast.rasa).post(url(two), {"to": "earlier"}).status_code == 302
    assert list(plan.sessions.values_list("pk", flat=True))[1:] == [two.pk, one.pk]


def test_only_mentor_and_manager(world: World, as_user: SignIn, add: Sessions) -> None:
    row = add()[0]
    assert open_to(as_user, world.cast, url(row), method="post", status=(302,)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(row), ("get", "put"))
    assert asks_to_sign_in(url(row), "post")


def test_one_with_a_date_says_why_not(world: World, as_user: SignIn, first: PlannedSession) -> None:
    answer = as_user(world.cast.rasa).post(url(first), {"to": "earlier"}, follow=True)
    assert "Change the date to move it." in answer.content.decode()
