"""More than a page can hold is refused with the right status and in words, and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.cast import World

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.mark.parametrize(("language", "words"), [("en", "This is too large"), ("bg", "Това е твърде голямо")])
def test_a_form_beyond_four_megabytes_is_413_in_the_browsers_language(
    world: World, as_user: SignIn, settings: Any, language: str, words: str
) -> None:
    client = as_user(world.cast.milda)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    before = world.cast.milda.about
    answer = client.post("/profile/", {"about": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 413
    assert words in answer.content.decode()
    world.cast.milda.refresh_from_db()
    assert world.cast.milda.about == before
