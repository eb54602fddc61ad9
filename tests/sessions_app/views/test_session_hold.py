"""Saying who was there."""

from collections.abc import Callable

from django.test import Client

from sessions_app.models import PlannedSession
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-hold")
Sessions = Callable[..., list[PlannedSession]]
Date = Callable[..., PlannedSession]


def test_only_mentor_and_manager_say_it(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(first), ("put", "delete"))
    assert asks_to_sign_in(url(first))


def test_who_was_there_is_kept(world: World, as_user: SignIn, first: PlannedSession) -> None:
    cast = world.cast
    sent = {"present": [cast.rasa.pk, cast.milda.pk, cast.tomas.pk, cast.egle.pk]}
    assert as_user(cast.rasa).post(url(first), sent).status_code == 302
    first.refresh_from_db()
    assert first.state == "held"
    assert set(first.attendance.filter(was_present=False).values_list("person__full_name", flat=True)) >= {
        cast.elena.full_name
    }


def test_nobody_is_refused_with_a_sentence(world: World, as_user: SignIn, first: PlannedSession) -> None:
    answer = as_user(world.cast.rasa).post(url(first), {})
    assert answer.status_code == 422
    assert "Tick at least one person" in answer.content.decode()


def test_before_it_begins_the_page_of_the_session_says_why_not(
    world: World, as_user: SignIn, add: Sessions, date: Date
) -> None:
    row = date(add()[0], 3)
    answer = as_user(world.cast.rasa).post(url(row), {"present": [world.cast.rasa.pk]}, follow=True)
    assert "has not begun yet" in answer.content.decode()
