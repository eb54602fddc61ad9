"""What a person is today decides the screen, the places and the programme's name."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from core.policy.roles import ProgrammeRole, Role
from core.web.navigation import brand_for, items_for
from home.screens import choose_screen, screen_of, screens_of, switch_of
from mentoring.models import Membership, Programme
from mentoring.services.memberships import add_member, end_membership, enrol
from mentoring.standing import Standing
from tests.cast import World

SignIn = Callable[..., Client]


def request_of(user: User | AnonymousUser):  # noqa: ANN201 -- a request with a session
    request = RequestFactory().get("/")
    request.user = user
    request.standing = SimpleLazyObject(lambda: Standing.of(user))
    request.session = {}
    return request


@pytest.mark.parametrize(
    ("person", "screens"),
    [
        ("egle", ["manager"]),
        ("rasa", ["mentor"]),
        ("milda", ["mentee"]),
        ("dana", ["admin"]),
        ("sofia", ["admin"]),
        ("jonas", []),
        ("olga", []),
    ],
)
def test_screens_come_from_what_holds_today(world: World, person: str, screens: list[str]) -> None:
    assert screens_of(Standing.of(world.cast.everybody()[person])) == screens


def test_nobody_signed_in_is_nothing(world: World) -> None:
    request = request_of(AnonymousUser())
    assert screens_of(request.standing) == []
    assert items_for(request) == []


def test_it_is_asked_once(world: World, django_assert_num_queries: Callable[..., object]) -> None:
    request = request_of(world.cast.rasa)
    with django_assert_num_queries(1):
        screen_of(request)
        items_for(request)
        brand_for(request)


def test_a_role_ends_with_the_membership(world: World) -> None:
    membership = Membership.objects.live().get(user=world.cast.milda)
    end_membership(membership=membership, by=world.cast.egle)
    assert screens_of(Standing.of(world.cast.milda)) == []


def test_a_manager_of_a_programme_has_the_screen_before_the_first_group(world: World) -> None:
    enrol(programme_id=world.programme.pk, user=world.cast.olga, role=ProgrammeRole.MANAGER)
    assert screens_of(Standing.of(world.cast.olga)) == ["manager"]


def test_who_has_two_roles_switches_and_only_between_those(world: World) -> None:
    rasa = world.cast.rasa
    add_member(group=world.other_group, user=rasa, role=Role.MENTEE, by=world.cast.boris)
    request = request_of(rasa)
    assert [(each["label"], each["is_current"]) for each in switch_of(request)] == [
        ("As Mentor", True),
        ("As Mentee", False),
    ]
    choose_screen(request, "mentee")
    assert screen_of(request) == "mentee"
    choose_screen(request, "manager")
    assert screen_of(request) == "mentee"
    assert switch_of(request_of(world.cast.milda)) == []


@pytest.mark.parametrize(
    ("person", "labels"),
    [
        ("egle", ["Home", "Groups", "People", "Forum", "Your profile", "Messages", "Drafts"]),
        ("rasa", ["Home", "My group", "Templates", "Diaries", "Forum", "Your profile", "Messages", "Drafts"]),
        ("milda", ["Home", "My group", "Diary", "Forum", "Your profile", "Messages", "Drafts"]),
        ("dana", ["Home", "People", "Forum", "Your profile", "Administration"]),
        ("sofia", ["Home", "Your profile", "Administration"]),
        ("olga", ["Home", "Your profile"]),
    ],
)
def test_places_by_role(world: World, person: str, labels: list[str]) -> None:
    places = items_for(request_of(world.cast.everybody()[person]))
    bars = [place for area in ("main", "menu") for place in places if place.area == area]
    assert [place.label for place in bars] == labels


def test_every_place_opens(world: World, as_user: SignIn) -> None:
    for person in world.cast.everybody().values():
        if person.is_active:
            for place in items_for(request_of(person)):
                assert as_user(person).get(place.url, follow=True).status_code == 200, (person, place)


def test_with_several_groups_my_group_becomes_a_list(world: World) -> None:
    add_member(group=world.other_group, user=world.cast.rasa, role=Role.MENTOR, by=world.cast.boris)
    places = {place.label: place.url for place in items_for(request_of(world.cast.rasa))}
    assert places["My groups"] == reverse("mentoring:group-list")


def test_brand_is_the_one_programme(world: World) -> None:
    brand = brand_for(request_of(world.cast.milda))
    assert (brand.name, brand.note, brand.organisation) == (
        "Steps to Work",
        "2026–2027",
        "Vilnius Adult Learning Centre",
    )
    assert brand_for(request_of(world.cast.olga)).name == "Open e-Mentoring"


def test_with_two_programmes_only_the_organisation_is_named(world: World) -> None:
    programme = world.programme
    second = Programme.objects.get(pk=programme.pk)
    second.pk, second.code, second.title = None, "TWO", "Second"
    second.save()
    enrol(programme_id=second.pk, user=world.cast.milda, role=ProgrammeRole.MENTEE)
    brand = brand_for(request_of(world.cast.milda))
    assert (brand.name, brand.organisation) == ("Open e-Mentoring", "Vilnius Adult Learning Centre")
