"""Choosing among three hundred people is a search, not a list; nothing that was typed is lost by searching."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.policy.roles import ProgrammeRole
from mentoring.models import MentoringGroup
from mentoring.services.memberships import enrol
from tests.cast import World
from tests.mentoring.views.test_group_create import data

SignIn = Callable[..., Client]


@pytest.fixture
def many(world: World) -> list[User]:
    """Three hundred Mentees of the programme, beside those of the cast."""
    people = [
        User.objects.create(email=f"mentee{n}@example.org", full_name=f"Žemyna Mentee-{n:03}", language="en")
        for n in range(300)
    ]
    for person in people:
        enrol(programme_id=world.programme.pk, user=person, role=ProgrammeRole.MENTEE)
    return people


@pytest.fixture
def url(world: World) -> str:
    return reverse("mentoring:group-create", kwargs={"pk": world.programme.pk})


def offered(page: str, name: str) -> set[int]:
    """Return the keys of the people who can be ticked."""
    return {int(key) for key in re.findall(rf'name="{name}"\s+value="(\d+)"', page)}


def ticked(page: str, name: str) -> set[int]:
    """Return the keys of the people who are ticked."""
    return {int(key) for key in re.findall(rf'name="{name}"\s+value="(\d+)"[^>]*checked', page)}


def test_opening_a_group_offers_a_search_not_three_hundred_boxes(
    world: World, many: list[User], as_user: SignIn, url: str
) -> None:
    page = as_user(world.cast.egle).get(url).text
    assert offered(page, "mentees") == set()
    assert 'name="mentees-words"' in page
    assert "Search among 306 people." in page
    assert offered(page, "mentors") == {world.cast.rasa.pk, world.cast.petar.pk}
    assert 'name="mentors-words"' not in page


def test_finding_keeps_what_was_typed_and_who_was_chosen(
    world: World, many: list[User], as_user: SignIn, url: str
) -> None:
    egle = as_user(world.cast.egle)
    sent = data(world, mentees=[many[7].pk], find="mentees", **{"mentees-words": "zemyna mentee-04"})
    answer = egle.post(url, sent)
    assert answer.status_code == 200
    page = answer.text
    assert 'value="Polku"' in page
    assert "This field is required" not in page
    assert ticked(page, "mentees") == {many[7].pk}
    assert offered(page, "mentees") == {many[7].pk, *(person.pk for person in many[40:50])}
    assert ticked(page, "mentors") == {world.cast.rasa.pk}
    assert not MentoringGroup.objects.filter(name="Polku").exists()


def test_too_many_and_nobody_are_said(world: World, many: list[User], as_user: SignIn, url: str) -> None:
    egle = as_user(world.cast.egle)
    page = egle.post(url, data(world, mentees=[], find="mentees", **{"mentees-words": "zemyna"})).text
    assert len(offered(page, "mentees")) == 20
    assert "More people are called that." in page
    page = egle.post(url, data(world, mentees=[], find="mentees", **{"mentees-words": "Xenia"})).text
    assert "Nobody is called “Xenia”." in page


def test_whoever_was_chosen_joins_also_when_not_shown(
    world: World, many: list[User], as_user: SignIn, url: str
) -> None:
    as_user(world.cast.egle).post(url, data(world, mentees=[many[7].pk, many[250].pk]))
    group = MentoringGroup.objects.get(name="Polku")
    assert set(group.memberships.filter(role="mentee").values_list("user", flat=True)) == {many[7].pk, many[250].pk}


def test_an_error_keeps_the_chosen_people_in_sight(world: World, many: list[User], as_user: SignIn, url: str) -> None:
    answer = as_user(world.cast.egle).post(url, data(world, name="", mentees=[many[7].pk, "99999999999999999999"]))
    assert answer.status_code == 422
    assert many[7].pk in ticked(answer.text, "mentees")


def test_adding_a_person_is_a_search_too(world: World, many: list[User], as_user: SignIn) -> None:
    egle = as_user(world.cast.egle)
    url = reverse("mentoring:member-create", kwargs={"pk": world.group.pk})
    page = egle.get(url).text
    assert offered(page, "person") == set()
    page = egle.post(url, {"role": "mentee", "find": "person", "person-words": "mentee123@"}).text
    assert offered(page, "person") == {many[123].pk}
    egle.post(url, {"role": "mentee", "person": many[123].pk, "person-words": "mentee123@"})
    assert world.group.memberships.filter(user=many[123]).exists()


def test_who_is_in_the_group_already_is_named_as_such(world: World, many: list[User], as_user: SignIn) -> None:
    page = reverse("mentoring:member-create", args=[world.group.pk])
    answer = as_user(world.cast.egle).post(page, {"role": "mentee", "find": "person", "person-words": "Milda"})
    assert "Milda Kazlauskaitė is in this group already." in answer.text
    assert "Nobody is called" not in answer.text
    answer = as_user(world.cast.egle).post(page, {"role": "mentee", "find": "person", "person-words": "Xenia"})
    assert "Nobody is called “Xenia”." in answer.text
