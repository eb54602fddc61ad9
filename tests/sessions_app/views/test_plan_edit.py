"""The texts of the plan."""

from collections.abc import Callable

from django.test import Client

from sessions_app.models import SessionPlan
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:plan-edit")


def test_only_mentor_and_manager_change_the_texts(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(KEEPERS)
    assert asks_to_sign_in(url(world))
    assert refuses(as_user(world.cast.rasa), url(world), ("put", "delete"))


def test_texts_are_kept(world: World, as_user: SignIn, plan: SessionPlan) -> None:
    data = {"course_of_action": "First ourselves.", "notes": "Call when late.", "lock": 0}
    answer = as_user(world.cast.rasa).post(url(world), data)
    assert answer.status_code == 302
    plan.refresh_from_db()
    assert (plan.course_of_action, plan.notes, plan.lock) == ("First ourselves.", "Call when late.", 1)


def test_who_saves_second_sees_both_texts(world: World, as_user: SignIn, plan: SessionPlan) -> None:
    as_user(world.cast.rasa).post(url(world), {"course_of_action": "First ourselves.", "notes": "", "lock": 0})
    answer = as_user(world.cast.egle).post(
        url(world), {"course_of_action": "First the market.", "notes": "", "lock": 0}
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "First ourselves." in text
    assert "First the market." in text
    plan.refresh_from_db()
    assert plan.course_of_action == "First ourselves."
    again = {"course_of_action": "First the market.", "notes": "", "lock": 1}
    assert as_user(world.cast.egle).post(url(world), again).status_code == 302


def test_too_long_a_text_comes_back(world: World, as_user: SignIn) -> None:
    answer = as_user(world.cast.rasa).post(url(world), {"course_of_action": "x" * 2001, "notes": "", "lock": 0})
    assert answer.status_code == 422
