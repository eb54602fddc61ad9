"""One's own profile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cast import World
from tests.documents import sent_files
from tests.routes import asks_to_sign_in, open_to

SignIn = Callable[[User], Client]
URL = "/profile/"
SENT = {"full_name": "Milda K.", "call_name": "Mildutė", "about": "I read a lot.", "language": "en",
        "time_zone": "Europe/Helsinki"}  # fmt: skip


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("me.jpg", sent_files.photo() if data is None else data, "image/jpeg")


def test_everybody_has_one_of_their_own(world: World, as_user: SignIn) -> None:
    assert reverse("accounts:profile-edit") == URL
    everybody = {name for name, person in world.cast.everybody().items() if person.is_active}
    assert open_to(as_user, world.cast, URL) == everybody
    assert asks_to_sign_in(URL)
    page = as_user(world.cast.milda).get(URL).content.decode()
    assert "Milda Kazlauskaitė" in page
    assert "Tomas" not in page


def test_languages_are_offered_in_their_own_names(world: World, as_user: SignIn) -> None:
    page = as_user(world.cast.milda).get(URL).content.decode()
    assert '<option value="bg">Български</option>' in page


def test_what_is_sent_is_kept_for_oneself_alone(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.milda)
    answer = client.post(URL, {**SENT, "email": "other@example.org", "is_staff": "on", "is_superuser": "on", "pk": 1})
    assert (answer.status_code, answer["Location"]) == (302, URL)
    milda = User.objects.get(pk=world.cast.milda.pk)
    assert (milda.full_name, milda.call_name, milda.about, milda.time_zone) == tuple(
        SENT[key] for key in ("full_name", "call_name", "about", "time_zone")
    )
    assert (milda.email, milda.is_staff, milda.is_superuser) == ("milda@example.org", False, False)
    assert User.objects.get(pk=world.cast.egle.pk).full_name == "Eglė Petrauskaitė"
    assert "Your profile is saved." in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"full_name": ""}, "id_full_name_error"),
        ({"full_name": "<b>"}, "Use letters, spaces and hyphens only."),
        ({"time_zone": "Mars/Olympus"}, "id_time_zone_error"),
        ({"photo": b"no photo"}, "This file is not a photo we can read. Choose a JPEG, PNG, WebP or HEIC."),
        ({"photo": b""}, "id_photo_error"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    world: World, as_user: SignIn, wrong: dict[str, Any], words: str
) -> None:
    data = {**SENT, **wrong}
    if "photo" in wrong:
        data["photo"] = photo(wrong["photo"])
    answer = as_user(world.cast.milda).post(URL, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'id="id_{next(iter(wrong))}_error"' in page
    assert 'value="Mildutė"' in page
    assert 'value="I read a lot."' in page
    milda = User.objects.get(pk=world.cast.milda.pk)
    assert (milda.full_name, milda.about, milda.photo.name) == ("Milda Kazlauskaitė", "", "")


def test_a_mistake_is_told_in_ones_own_language(world: World, as_user: SignIn) -> None:
    User.objects.filter(pk=world.cast.elena.pk).update(language="bg")
    client = as_user(User.objects.get(pk=world.cast.elena.pk))
    page = client.post(URL, {**SENT, "full_name": "<b>"}).content.decode()
    assert "Използвайте само букви, интервали и тирета." in page
    page = client.post(URL, {**SENT, "language": "bg"}, follow=True).content.decode()
    assert "Профилът Ви е запазен." in page


def test_a_photo_is_added_and_taken_away(world: World, as_user: SignIn, commit: Any) -> None:
    client = as_user(world.cast.milda)
    with commit():
        assert client.post(URL, {**SENT, "photo": photo()}).status_code == 302
    milda = User.objects.get(pk=world.cast.milda.pk)
    stored, storage = str(milda.photo.name), milda.photo.storage
    assert storage.exists(stored)
    assert milda.portrait_url.replace("&", "&amp;") in client.get(URL).content.decode()
    client.post(URL, SENT)
    assert User.objects.get(pk=milda.pk).photo.name == stored, "who sends no photo keeps the old one"
    with commit():
        client.post(URL, {**SENT, "remove_photo": "on"})
    assert User.objects.get(pk=milda.pk).photo.name == ""
    assert not storage.exists(stored)


def test_the_chosen_language_is_spoken_at_once(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.milda)
    client.post(URL, {**SENT, "language": "bg"})
    page = client.get(URL).content.decode()
    assert 'lang="bg"' in page


def test_queries(world: World, as_user: SignIn, django_assert_num_queries: Any) -> None:
    client = as_user(world.cast.milda)
    client.get(URL)
    with django_assert_num_queries(2):
        client.get(URL)
    with django_assert_num_queries(2):
        assert client.post(URL, SENT).status_code == 302
