"""Signing in: who may, how often one may be wrong, and what is said about it in both languages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mail, User
from tests.cast import PASSWORD, World

SIGN_IN, RESET = "/sign-in/", "/password/reset/"
TOO_MANY = {"en": "Too many attempts. Wait five minutes, then try again.",
            "bg": "Твърде много опити. Изчакайте пет минути и опитайте пак."}  # fmt: skip
WRONG = {"en": "This e-mail and this password do not belong together.",
         "bg": "Този имейл и тази парола не си съответстват."}  # fmt: skip


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password})


@pytest.mark.parametrize("name", ["egle", "rasa", "milda", "dana", "olga", "jonas", "sofia"])
def test_people_sign_in_and_come_to_their_first_screen(world: World, client: Client, name: str) -> None:
    answer = sign_in(client, world.cast.everybody()[name].email)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_who_may_not_any_more_is_told_so(world: World, client: Client) -> None:
    answer = client.post(SIGN_IN, {"login": world.cast.viktor.email, "password": PASSWORD}, follow=True)
    assert "Your access was switched off." in answer.content.decode()
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize("language", ["en", "bg"])
def test_a_wrong_password_and_an_unknown_address_are_told_the_same(world: World, language: str) -> None:
    for email in (world.cast.milda.email, "nobody@example.org"):
        client = Client(headers={"Accept-Language": language})
        page = sign_in(client, email, "not this one").content.decode()
        assert WRONG[language] in page
        assert f'value="{email}"' in page, "the address need not be typed again"
        assert "not this one" not in page


@pytest.mark.parametrize("language", ["en", "bg"])
def test_after_five_wrong_passwords_one_waits_and_others_do_not(world: World, language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    for _ in range(5):
        assert WRONG[language] in sign_in(client, world.cast.milda.email, "not this one").content.decode()
    answer = sign_in(client, world.cast.milda.email)
    assert answer.status_code == 200
    assert TOO_MANY[language] in answer.content.decode()
    assert sign_in(Client(), world.cast.tomas.email).status_code == 302


def test_the_right_password_is_never_counted(world: World) -> None:
    for _ in range(7):
        assert sign_in(Client(), world.cast.milda.email).status_code == 302


def test_thirty_people_behind_one_address_mistype_and_all_get_in(world: World) -> None:
    for number in range(30):
        assert WRONG["en"] in sign_in(Client(), f"guess{number}@example.org", "no").content.decode()
    for person in world.cast.everybody().values():
        if person.is_active:
            assert sign_in(Client(), person.email).status_code == 302


def test_an_address_that_floods_waits(world: World, client: Client) -> None:
    for number in range(100):
        sign_in(client, f"guess{number}@example.org", "no")
    assert sign_in(client, world.cast.milda.email).status_code == 200


def test_a_new_password_can_be_asked_for_five_times(world: World, client: Client) -> None:
    for _ in range(5):
        assert client.post(RESET, {"email": world.cast.milda.email}).status_code == 302
    answer = client.post(RESET, {"email": world.cast.milda.email})
    assert answer.status_code == 429
    assert Mail.objects.filter(to=world.cast.milda.email).count() == 5


@pytest.mark.parametrize(("language", "subject"), [("en", "A new password"), ("bg", "Нова парола")])
def test_the_mail_with_the_link_is_in_the_language_of_the_page(world: World, language: str, subject: str) -> None:
    Client(headers={"Accept-Language": language}).post(RESET, {"email": world.cast.milda.email})
    mail = Mail.objects.get()
    assert (mail.to, mail.subject, mail.state) == (world.cast.milda.email, subject, "waiting")
    assert "/password/reset/" in mail.body


def test_a_new_password_is_chosen_once_by_the_link(world: World, client: Client) -> None:
    client.post(RESET, {"email": world.cast.milda.email})
    link = next(word for word in Mail.objects.get().body.split() if "/password/reset/" in word)
    path = link[link.index("/password/reset/") :]
    page = client.get(path, follow=True)
    answer = client.post(
        page.request["PATH_INFO"], {"password1": "another quiet road", "password2": "another noisy road"}
    )
    assert "id_password2_error" in answer.content.decode()
    client.post(page.request["PATH_INFO"], {"password1": "another quiet road", "password2": "another quiet road"})
    assert User.objects.get(pk=world.cast.milda.pk).check_password("another quiet road")
    assert "This link no longer works" in Client().get(path).content.decode()
    assert Mail.objects.filter(subject="Your password was changed", to=world.cast.milda.email).count() == 1


def test_signing_up_is_closed_for_everybody(world: World, client: Client) -> None:
    data = {"email": "new@example.org", "password1": PASSWORD}
    assert "People come here by invitation" in client.post(reverse("account_signup"), data).content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_the_link_for_a_new_password_leads_to_the_platform_whatever_host_was_asked(world: World, settings: Any) -> None:
    settings.SITE_URL = "https://mentoring.example.org"
    settings.ALLOWED_HOSTS = ["testserver"]
    Client(headers={"host": "testserver:4444"}).post(RESET, {"email": world.cast.milda.email})
    body = Mail.objects.get(to=world.cast.milda.email).body
    assert "https://mentoring.example.org/password/reset/" in body
    assert "4444" not in body
