"""What a wrong address, a refused request and a fault say: ours, in plain words of one’s language, with a way on."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from accounts.models import User
from tests.browsing import BEST_PRACTICE, settle, sign_in, violations
from tests.cast import World

SignIn = Callable[..., Client]
STOCK = ("Not Found", "Forbidden", "Bad Request", "Server Error", "CSRF verification", "The requested resource")
WORDS = {
    "en": {
        404: ("This page does not exist, or it is not yours", "Go to Home"),
        403: ("This was not saved", "Go to Home"),
        400: ("This request could not be read", "Go to Home"),
        500: ("Something went wrong, and it is not your fault", "Go to Home"),
    },
    "bg": {
        404: ("Тази страница не съществува или не е Ваша", "Към моята начална страница"),
        403: ("Това не беше запазено", "Към моята начална страница"),
        400: ("Заявката не можа да се прочете", "Към моята начална страница"),
        500: ("Нещо се обърка и вината не е Ваша", "Към моята начална страница"),
    },
}
CASES = [(language, status) for language in WORDS for status in (404, 403, 400, 500)]


def speaking(user: User, language: str) -> User:
    user.language = language
    user.save(update_fields=["language"])
    return user


def answer_of(client: Client, status: int) -> Any:
    """Return a page with this status."""
    client.raise_request_exception = False
    fault = {403: PermissionDenied, 500: ZeroDivisionError}.get(status)
    if fault:
        with patch("home.views.mentee_context", side_effect=fault):
            return client.get("/")
    return client.get("/nowhere/" if status == 404 else "/?q=%00")


@pytest.mark.parametrize(("language", "status"), CASES)
def test_each_is_ours_and_leads_on(world: World, as_user: SignIn, language: str, status: int) -> None:
    answer = answer_of(as_user(speaking(world.cast.milda, language)), status)
    title, label = WORDS[language][status]
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in answer.text
    assert f'href="/">{label}</a>' in answer.text
    assert f'<html lang="{language}"' in answer.text
    assert not [words for words in STOCK if words in answer.text]


@pytest.mark.parametrize(("language", "label"), [("en", "Sign in"), ("bg", "Вход")])
def test_who_is_not_signed_in_is_led_to_the_door(db: None, language: str, label: str) -> None:
    answer = Client(headers={"accept-language": language}).get("/nowhere/")
    assert answer.status_code == 404
    assert f"<h1>{WORDS[language][404][0]}</h1>" in answer.text
    assert f'href="{reverse("account_login")}">{label}</a>' in answer.text
    assert WORDS[language][404][1] not in answer.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "bg"])
def test_they_fit_a_phone(world: World, browser: Browser, live_server: Any, language: str) -> None:
    user = speaking(world.cast.milda, language)
    for person in (user, None):
        context = browser.new_context(viewport={"width": 390, "height": 800}, locale=language)
        if person:
            sign_in(context, person, live_server.url)
        page = context.new_page()
        for address in ("/nowhere/", "/?q=%00"):
            page.goto(live_server.url + address)
            settle(page)
            assert violations(page, BEST_PRACTICE) == []
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        context.close()
