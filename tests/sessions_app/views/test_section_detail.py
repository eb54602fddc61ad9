"""The pages of the four sections."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app.models import PlannedSession
from tests.cast import World
from tests.routes import MEMBERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:section-detail")
Sessions = Callable[..., list[PlannedSession]]


@pytest.mark.parametrize("kind", ["initial", "employability", "entrepreneurship", "monitoring"])
def test_everybody_in_the_group_reads_it(world: World, as_user: SignIn, kind: str) -> None:
    assert open_to(as_user, world.cast, url(world, kind)) == set(MEMBERS)


def test_wrong_method_section_and_number(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.rasa)
    assert refuses(client, url(world, "initial"), ("post", "put"))
    assert client.get(url(world, "initial").replace("initial", "nonsense")).status_code == 404
    assert client.get(reverse("sessions:section-detail", args=[99999, "initial"])).status_code == 404
    assert asks_to_sign_in(url(world, "initial"))


@pytest.mark.parametrize(("kind", "folder"), [("initial", "Managing folder"), ("monitoring", "Monitoring folder")])
def test_the_folder_stands_under_its_section(world: World, as_user: SignIn, kind: str, folder: str) -> None:
    assert as_user(world.cast.milda).get(url(world, kind)).context["folder"]["label"] == folder
    assert as_user(world.cast.milda).get(url(world, "employability")).context["folder"] is None


def test_mentor_adds_from_here_and_mentee_does_not(world: World, as_user: SignIn, add: Sessions) -> None:
    add()
    act = reverse("sessions:session-add", args=[world.group.pk])
    text = as_user(world.cast.rasa).get(url(world, "employability")).content.decode()
    assert text.count(act) == 9
    assert "Session 2 of our plan" in text
    assert act not in as_user(world.cast.milda).get(url(world, "employability")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries(
    world: World, as_user: SignIn, add: Sessions, count: int, django_assert_num_queries: Callable[..., object]
) -> None:
    add(count)
    client = as_user(world.cast.rasa)
    with django_assert_num_queries(9):
        client.get(url(world, "employability"))
