"""Choosing sessions from the catalogue."""

from collections.abc import Callable

from django.test import Client

from sessions_app.models import PlannedSession
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-create")
Sessions = Callable[..., list[PlannedSession]]


def test_only_mentor_and_manager_choose(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(world), ("put",))
    assert asks_to_sign_in(url(world))


def test_all_sections_are_offered_and_the_search_narrows(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.rasa)
    assert [each["kind"] for each in client.get(url(world)).context["sections"]] == [
        "initial", "employability", "entrepreneurship", "monitoring",
    ]  # fmt: skip
    found = client.get(url(world), {"q": "europass cv"}).context["sections"]
    assert "CV and Europass" in [str(each["title"]) for section in found for each in section["sessions"]]
    only = client.get(url(world), {"kind": "monitoring"}).context["sections"]
    assert [each["kind"] for each in only] == ["monitoring"]
    assert "No session contains" in client.get(url(world), {"q": "xyzzy<b>"}).content.decode()
    assert client.get(url(world), {"kind": "nonsense"}).status_code == 200


def test_it_says_what_is_in_the_plan_already(world: World, as_user: SignIn, add: Sessions) -> None:
    add()
    assert "Session 2 of our plan" in as_user(world.cast.rasa).get(url(world)).content.decode()


def test_what_is_ticked_stays_ticked_while_one_looks_for_more(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.rasa)
    offered = [
        each["session"].pk for section in client.get(url(world)).context["sections"] for each in section["sessions"]
    ]
    first, second = offered[0], offered[-1]
    sent = {"q": "europass", "kind": "employability", "session": [first, second, "no key"], "back": "/groups/"}
    page = client.post(url(world), sent, follow=True)
    assert [each["session"].pk for each in page.context["chosen"]] == [first, second]
    assert [each["kind"] for each in page.context["sections"]] == ["employability"]
    assert 'value="/groups/"' in page.content.decode()
    page = client.get(url(world), {"session": [first]})
    shown = [each for section in page.context["sections"] for each in section["sessions"]]
    assert [each["session"].pk for each in shown if each["ticked"]] == [first]
    nothing = client.post(url(world), {"q": "xyzzy", "session": [first]}, follow=True)
    assert f"?session={first}" in nothing.content.decode()
    assert "Add to the plan" in nothing.content.decode()


def test_nothing_ticked_is_said_and_what_one_looked_for_stays(world: World, as_user: SignIn) -> None:
    add = address_of("sessions:session-add")(world)
    page = as_user(world.cast.rasa).post(add, {"q": "europass"}, follow=True)
    assert "Choose at least one session." in page.content.decode()
    assert page.context["words"] == "europass"
