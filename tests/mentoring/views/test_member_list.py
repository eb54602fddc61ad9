"""The people of a group, and who may change them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.days import programme_today
from core.policy.roles import ProgrammeRole, Role
from core.templatetags.ui import day_month
from mentoring.models import Membership
from mentoring.services.memberships import add_member, end_membership, enrol
from tests.cast import World

SignIn = Callable[..., Client]


def page(client: Client, world: World) -> str:
    response = client.get(reverse("mentoring:member-list", kwargs={"pk": world.group.pk}))
    assert response.status_code == 200
    return response.content.decode()


def test_all_members_see_all_members_and_who_has_left(world: World, as_user: SignIn) -> None:
    text = page(as_user(world.cast.milda), world)
    for name in ("Eglė Petrauskaitė", "Rasa Žukauskienė", "Елена Георгиева", "Jonas Vaitkus"):
        assert name in text
    assert "Aino Mäkinen" not in text


def test_who_joined_and_left_on_one_day_left_today(world: World, as_user: SignIn) -> None:
    joined = add_member(group=world.group, user=world.cast.jonas, role=Role.MENTEE, by=world.cast.egle)
    end_membership(membership=joined, by=world.cast.egle)
    page = as_user(world.cast.egle).get(reverse("mentoring:member-list", args=[world.group.pk])).content.decode()
    assert f"left on {day_month(programme_today())}" in page


def test_a_group_stands_beside_the_role_one_has_in_it(world: World, as_user: SignIn) -> None:
    enrol(programme_id=world.programme.pk, user=world.cast.milda, role=ProgrammeRole.MENTOR)
    address = reverse("mentoring:people-list")
    for role, words in (("mentee", world.group.name), ("mentor", "in none of the groups that you see")):
        page = as_user(world.cast.egle).get(address, {"q": "Milda", "role": role}).content.decode()
        assert words in page.split("<tbody>")[1]
        assert (world.group.name in page.split("<tbody>")[1]) == (role == "mentee")


def test_only_the_manager_finds_the_acts(world: World, as_user: SignIn) -> None:
    act = reverse("mentoring:member-create", kwargs={"pk": world.group.pk})
    assert act in page(as_user(world.cast.egle), world)
    for person in (world.cast.rasa, world.cast.milda):
        assert act not in page(as_user(person), world)


@pytest.mark.parametrize("name", ["aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_others_find_nothing(world: World, as_user: SignIn, name: str) -> None:
    url = reverse("mentoring:member-list", kwargs={"pk": world.group.pk})
    assert as_user(getattr(world.cast, name)).get(url).status_code == 404


def test_manager_takes_a_person_out_and_the_doors_close_at_once(world: World, as_user: SignIn) -> None:
    membership = Membership.objects.live().get(group=world.group, user=world.cast.tomas)
    response = as_user(world.cast.egle).post(
        reverse("mentoring:member-end", kwargs={"pk": membership.pk}), {"reason": ""}
    )
    assert response.status_code == 302
    url = reverse("mentoring:member-list", kwargs={"pk": world.group.pk})
    assert as_user(world.cast.tomas).get(url).status_code == 404


@pytest.mark.parametrize("name", ["rasa", "milda", "boris", "olga"])
def test_nobody_else_takes_people_out(world: World, as_user: SignIn, name: str) -> None:
    membership = Membership.objects.live().get(group=world.group, user=world.cast.tomas)
    response = as_user(getattr(world.cast, name)).post(reverse("mentoring:member-end", kwargs={"pk": membership.pk}))
    assert response.status_code == 404
    assert Membership.objects.live().filter(pk=membership.pk).exists()


def test_manager_replaces_the_mentor(world: World, as_user: SignIn) -> None:
    old = Membership.objects.live().get(group=world.group, user=world.cast.rasa)
    url = reverse("mentoring:mentor-replace", kwargs={"pk": old.pk})
    response = as_user(world.cast.egle).post(url, {"person": world.cast.petar.pk, "reason": "no time"})
    assert response.status_code == 302
    assert [each.user for each in Membership.objects.live().filter(group=world.group, role=Role.MENTOR)] == [
        world.cast.petar
    ]


def test_queries_do_not_grow_with_the_people(
    world: World, as_user: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    client = as_user(world.cast.milda)
    page(client, world)
    for name in ("tomas", "elena"):
        membership = Membership.objects.live().get(group=world.group, user=getattr(world.cast, name))
        membership.delete()
        with django_assert_num_queries(9):
            page(client, world)
