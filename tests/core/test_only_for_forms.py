"""An address that only takes what a form sends shows where to go, and never an empty page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cast import World
from tests.documents.batches import begun

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_opening_it_leads_back_to_the_page_it_belongs_to(world: World, as_user: SignIn) -> None:
    batch = begun(world.group, world.cast.rasa)
    answer = as_user(world.cast.rasa).get(reverse("documents:upload-file", args=[batch.pk]))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "It only takes what a form sends" in answer.content.decode()
    assert f'href="{reverse("documents:upload-edit", args=[batch.pk])}"' in answer.content.decode()


def test_a_stranger_learns_nothing_from_it(world: World, as_user: SignIn) -> None:
    url = reverse("documents:upload-file", args=[begun(world.group, world.cast.rasa).pk])
    client = as_user(world.cast.milda)
    assert client.get(url).status_code == client.get("/uploads/999999/file/").status_code == 405
