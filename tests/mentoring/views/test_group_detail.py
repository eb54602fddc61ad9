"""The overview of the group space."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.policy.roles import Role
from mentoring.models import Membership
from mentoring.services import stages
from mentoring.services.memberships import end_membership
from sessions_app.models import CatalogueSession, SessionPlan
from sessions_app.services import plans
from tests.cast import World
from tests.routes import MEMBERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("mentoring:group-detail")


def test_everybody_in_the_group_opens_it_and_nobody_else(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(MEMBERS)
    client = as_user(world.cast.rasa)
    assert refuses(client, url(world), ("post", "put", "delete"))
    assert client.get(reverse("mentoring:group-detail", args=[99999])).status_code == 404
    assert asks_to_sign_in(url(world))


def test_it_shows_who_is_in_the_room_and_all_places_in_their_order(world: World, as_user: SignIn) -> None:
    answer = as_user(world.cast.milda).get(url(world))
    text = answer.content.decode()
    for words in ("One step every week", "Only the five of you can enter this space.", "Rasa", "Елена", "Where we are"):
        assert words in text
    assert [each["place"].label for each in answer.context["places"]] == [
        "How to use this space",
        "Template library",
        "Initial session",
        "Employability sessions",
        "Entrepreneurship sessions",
        "Monitoring sessions",
        "Forum",
    ]
    folders = {each["place"].key: [folder.key for folder in each["folders"]] for each in answer.context["places"]}
    assert folders["section-initial"] == ["managing"]
    assert folders["section-monitoring"] == ["monitoring"]
    assert "14 blank forms" in text
    assert "10 to choose from, 0 in our plan" in text


def test_only_the_manager_finds_the_stage(world: World, as_user: SignIn) -> None:
    act = reverse("mentoring:stage-change", args=[world.group.pk])
    assert act in as_user(world.cast.egle).get(url(world)).content.decode()
    for person in (world.cast.rasa, world.cast.milda):
        assert act not in as_user(person).get(url(world)).content.decode()


def test_a_paused_group_says_so_on_its_road(world: World, as_user: SignIn) -> None:
    stages.pause(group=world.group, by=world.cast.egle, reason="summer")
    now = [each for each in as_user(world.cast.milda).get(url(world)).context["stages"] if each["state"] == "now"]
    assert [each["chip_text"] for each in now] == ["Paused"]


def test_a_paused_group_says_since_when_and_its_manager_why(world: World, as_user: SignIn) -> None:
    stages.pause(group=world.group, by=world.cast.egle, reason="The Mentor is ill until May")
    for name in ("egle", "rasa", "milda"):
        text = as_user(world.cast.everybody()[name]).get(url(world)).content.decode()
        assert "This group has been paused since" in text
        assert ("The Mentor is ill until May" in text) == (name == "egle")
        assert ("Only Managers read this reason." in text) == (name == "egle")


def test_a_group_that_ended_early_can_be_read(world: World, as_user: SignIn) -> None:
    stages.end_early(group=world.group, by=world.cast.egle, reason="The Mentor moved away.")
    text = as_user(world.cast.milda).get(url(world)).content.decode()
    assert "Ended early" in text
    assert "The Mentor moved away." in text
    assert "No more sessions" in text
    assert "No next session has a date yet" not in text


@pytest.mark.parametrize(("leave", "words"), [(2, "the three of you"), (3, "the two of you")])
def test_small_numbers_are_words(world: World, as_user: SignIn, leave: int, words: str) -> None:
    mentees = Membership.objects.live().filter(group=world.group, role=Role.MENTEE).order_by("-pk")
    for membership in list(mentees)[:leave]:
        end_membership(membership=membership, by=world.cast.egle)
    assert words in as_user(world.cast.rasa).get(url(world)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries(world: World, as_user: SignIn, count: int, django_assert_num_queries: Callable[..., object]) -> None:
    offered = CatalogueSession.objects.offered(world.programme.pack_id, "employability")[:count]
    plans.add_sessions(plan=SessionPlan.objects.get(group=world.group), by=world.cast.rasa, catalogue=list(offered))
    client = as_user(world.cast.rasa)
    with django_assert_num_queries(9):
        client.get(url(world))
