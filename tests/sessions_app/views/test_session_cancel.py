"""Cancelling a session."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from sessions_app.models import PlannedSession
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-cancel")


def test_only_mentor_and_manager_cancel(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(first), ("put", "delete"))
    assert asks_to_sign_in(url(first))


def test_the_reason_is_kept_and_shown(world: World, as_user: SignIn, first: PlannedSession) -> None:
    client = as_user(world.cast.rasa)
    assert client.post(url(first), {"reason": "Rasa is ill <b>"}).status_code == 302
    text = as_user(world.cast.milda).get(reverse("sessions:plan-detail", args=[world.group.pk])).content.decode()
    assert "Rasa is ill &lt;b&gt;" in text


def test_without_a_reason_it_comes_back(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert as_user(world.cast.rasa).post(url(first), {"reason": " "}).status_code == 422


def test_it_can_be_undone_at_once(world: World, as_user: SignIn, first: PlannedSession) -> None:
    client = as_user(world.cast.rasa)
    page = client.post(url(first), {"reason": "The wrong one"}, follow=True).text
    undo = reverse("sessions:session-restore", args=[first.pk])
    toasts = page[page.index("is cancelled.") :]
    assert f'action="{undo}"' in toasts[:900]
    assert "is in the plan again." in client.post(undo, follow=True).text
