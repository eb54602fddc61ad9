"""The language switch on every page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import World

URL = "/language/"


@pytest.mark.parametrize(
    ("sent", "arrived"),
    [
        ("/people/?q=a", "/people/?q=a"),
        ("/forms/7/submit/", "/forms/7/submit/"),
        ("/forms/7/accept/", "/forms/7/"),
        ("//evil.example/x", "/"),
        ("https://evil.example/x", "/"),
        ("/nothing/here/", "/"),
        ("", "/"),
    ],
)
def test_one_comes_back_to_a_page_that_can_be_read(client: Client, db: None, sent: str, arrived: str) -> None:
    response = client.post(URL, {"language": "bg", "next": sent})
    assert response.status_code == 302
    assert response["Location"] == arrived


def test_the_choice_of_a_person_is_kept(world: World, as_user: Callable[..., Client]) -> None:
    client = as_user(world.cast.milda)
    client.post(URL, {"language": "bg", "next": "/profile/"})
    world.cast.milda.refresh_from_db()
    assert world.cast.milda.language == "bg"
    assert 'lang="bg"' in client.get(reverse("accounts:profile-edit")).content.decode()


def test_an_unknown_language_changes_nothing(world: World, as_user: Callable[..., Client]) -> None:
    as_user(world.cast.milda).post(URL, {"language": "xx"})
    world.cast.milda.refresh_from_db()
    assert world.cast.milda.language == "en"


def test_get_is_refused(client: Client) -> None:
    assert client.get(URL).status_code == 405
