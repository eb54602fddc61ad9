"""A form that came too late: the session had ended, or someone signed in again meanwhile. Nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from responses_app.models import FormComment
from tests.cast import PASSWORD, World
from tests.documents.filled import DIARY, diary_of, handed_in

AsUser = Callable[[User], Client]
TEXT = "Words that took\nten minutes to <find>"
OURS = {"Origin": "http://testserver"}


@pytest.fixture
def comment_url(world: World) -> str:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    return reverse("responses:form-comment", args=[diary.pk])


def signed_in(person: User, *, checks: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks, headers=OURS)
    page = client.get(reverse("account_login"))
    client.post(reverse("account_login"), {**_token(page), "login": person.email, "password": PASSWORD})
    client.get("/profile/")
    return client


def _token(page: object) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())  # type: ignore[attr-defined]
    return {"csrfmiddlewaretoken": found[1]} if found else {}


def lose_session(client: Client) -> None:
    del client.cookies["sessionid"]


def sign_in_again(client: Client, door: object, person: User) -> object:
    """Sign in where the page leads, following it."""
    url = door.url  # type: ignore[attr-defined]
    page = client.get(url)
    following = re.search(r'name="next" value="([^"]*)"', page.content.decode())
    sent = {"login": person.email, "password": PASSWORD, "next": following[1] if following else ""}
    return client.post(reverse("account_login"), {**_token(page), **sent}, follow=True)


def test_a_comment_sent_after_the_session_ended_is_there_after_signing_in(world: World, comment_url: str) -> None:
    rasa = signed_in(world.cast.rasa)
    lose_session(rasa)
    door = rasa.post(comment_url, {"text": TEXT, "once": "7e2aef1e-31a7-4a8e-9f60-3b7fbe6cbb34"})
    page = sign_in_again(rasa, door, world.cast.rasa)
    text = page.content.decode()  # type: ignore[attr-defined]
    assert page.status_code == 200  # type: ignore[attr-defined]
    assert "Words that took<br>ten minutes to &lt;find&gt;" in text
    assert "7e2aef1e" not in re.sub(r'<input type="hidden"[^>]*>', "", text)
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)" autocomplete', text))
    assert f'action="{comment_url}"' in text
    answer = rasa.post(comment_url, {"text": TEXT, "once": sent["once"]})
    assert answer.status_code == 302
    assert FormComment.objects.get().text == TEXT
    assert rasa.get(reverse("accounts:kept-form")).status_code == 302


def test_it_can_be_thrown_away(world: World, comment_url: str) -> None:
    rasa = signed_in(world.cast.rasa)
    lose_session(rasa)
    sign_in_again(rasa, rasa.post(comment_url, {"text": TEXT}), world.cast.rasa)
    answer = rasa.post(reverse("accounts:kept-form"))
    assert (answer.status_code, answer["Location"]) == (302, comment_url.removesuffix("comment/"))
    assert rasa.get(reverse("accounts:kept-form"))["Location"] == "/"
    assert not FormComment.objects.exists()


def test_another_person_in_the_same_browser_sees_nothing_of_it(world: World, comment_url: str) -> None:
    rasa = signed_in(world.cast.rasa)
    lose_session(rasa)
    page = sign_in_again(rasa, rasa.post(comment_url, {"text": TEXT}), world.cast.egle)
    assert "Words that took" not in page.content.decode()  # type: ignore[attr-defined]
    assert page.redirect_chain[-1][0] == "/"  # type: ignore[attr-defined]
    assert not FormComment.objects.exists()


def test_what_one_wrote_is_there_again_after_somebody_else_was_here(world: World, comment_url: str) -> None:
    browser = signed_in(world.cast.rasa)
    lose_session(browser)
    sign_in_again(browser, browser.post(comment_url, {"text": TEXT}), world.cast.egle)
    for address in ("/", reverse("accounts:kept-form"), comment_url.removesuffix("comment/")):
        assert "Words that took" not in browser.get(address, follow=True).content.decode()
    browser.post(reverse("account_logout"))
    door = browser.get(reverse("account_login")).content.decode()
    assert "It is kept for 12 hours for the person who wrote it" in door
    assert "Words that took" not in door
    browser.post(reverse("account_login"), {"login": world.cast.rasa.email, "password": "wrong"})
    answer = browser.post(reverse("account_login"), {"login": world.cast.rasa.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("accounts:kept-form")
    assert "Words that took<br>ten minutes to &lt;find&gt;" in answer.content.decode()
    assert browser.post(comment_url, {"text": TEXT}).status_code == 302
    assert browser.get(reverse("accounts:kept-form"))["Location"] == "/"


def test_two_people_at_one_browser_both_keep_what_they_wrote(world: World, comment_url: str) -> None:
    browser = signed_in(world.cast.rasa)
    lose_session(browser)
    sign_in_again(browser, browser.post(comment_url, {"text": TEXT}), world.cast.egle)
    kept = browser.session["kept_forms"]
    browser.get("/profile/")
    session = browser.session
    for key in ("_auth_user_id", "_auth_user_hash", "_auth_user_backend"):
        session.pop(key, None)
    session.save()
    page = sign_in_again(browser, browser.post(comment_url, {"text": "By the Manager"}), world.cast.egle)
    assert "By the Manager" in page.content.decode()  # type: ignore[attr-defined]
    assert "Words that took" not in page.content.decode()  # type: ignore[attr-defined]
    browser.post(reverse("account_logout"))
    assert browser.session["kept_forms"] == kept, "what the Manager wrote goes with the Manager"


def test_the_sign_in_page_says_nothing_of_what_is_long_over(
    world: World, comment_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(world.cast.rasa)
    lose_session(browser)
    browser.post(comment_url, {"text": TEXT})
    assert "for the person who wrote it" in browser.get(reverse("account_login")).content.decode()
    monkeypatch.setattr("core.web.kept_forms.KEPT_FOR", -1)
    assert "for the person who wrote it" not in browser.get(reverse("account_login")).content.decode()
    assert "kept_forms" not in browser.session


def test_after_signing_out_nothing_is_kept_for_anybody(world: World, comment_url: str) -> None:
    rasa = signed_in(world.cast.rasa)
    rasa.post(reverse("account_logout"))
    assert "person" not in {name for name, morsel in rasa.cookies.items() if morsel.value}
    door = rasa.post(comment_url, {"text": TEXT})
    assert door.url == reverse("account_login")  # type: ignore[attr-defined]
    page = sign_in_again(rasa, door, world.cast.rasa)
    assert "Words that took" not in page.content.decode()  # type: ignore[attr-defined]


def test_what_is_sent_after_signing_out_is_shown_to_the_sender_in_that_answer_alone(
    world: World, comment_url: str
) -> None:
    rasa = signed_in(world.cast.rasa)
    rasa.post(reverse("account_logout"))
    sent = {"text": TEXT, "password": "not to be shown", "once": "7e2aef1e-31a7-4a8e-9f60-3b7fbe6cbb34"}
    sent["made_from"] = "text:55ce4e6d8ab9c9e6"  # what a page says of itself, and nobody wrote
    answer = rasa.post(comment_url, sent, headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 403
    assert "so it was not saved, and it is not kept." in answer.text
    assert "Words that took<br>ten minutes to &lt;find&gt;" in answer.text
    assert "not to be shown" not in answer.text
    assert "7e2aef1e" not in answer.text
    assert "55ce4e6d" not in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert not FormComment.objects.exists()
    page = sign_in_again(rasa, type("Door", (), {"url": reverse("account_login")}), world.cast.rasa)
    assert "Words that took" not in page.content.decode()  # type: ignore[attr-defined]
    # A script gets the address of the door, as before.
    rasa.post(reverse("account_logout"))
    assert rasa.post(comment_url, sent, headers={"Accept": "*/*"}).status_code == 302


def test_the_next_day_it_is_forgotten(world: World, comment_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rasa = signed_in(world.cast.rasa)
    lose_session(rasa)
    sign_in_again(rasa, rasa.post(comment_url, {"text": TEXT}), world.cast.rasa)
    assert rasa.get(reverse("accounts:kept-form")).status_code == 200
    monkeypatch.setattr("core.web.kept_forms.KEPT_FOR", -1)
    assert rasa.get(reverse("accounts:kept-form"))["Location"] == "/"


def test_a_cookie_that_nobody_signed_keeps_nothing(world: World, comment_url: str) -> None:
    stranger = Client()
    stranger.cookies["person"] = f"{world.cast.rasa.pk}:x"
    stranger.post(comment_url, {"text": TEXT})
    assert "sessionid" not in stranger.cookies


def test_who_signed_in_again_in_another_tab_sends_the_old_page_once_more(world: World, comment_url: str) -> None:
    rasa = signed_in(world.cast.rasa, checks=True)
    old = _token(rasa.get(comment_url.removesuffix("comment/")))
    page = rasa.get(reverse("account_login"))
    rasa.cookies["csrftoken"] = "b" * 32
    answer = rasa.post(comment_url, {**old, "text": TEXT}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("accounts:kept-form"), page
    assert "ten minutes to &lt;find&gt;" in answer.content.decode()
    sent = {**_token(answer), "text": TEXT}
    assert rasa.post(comment_url, sent).status_code == 302
    assert FormComment.objects.get().text == TEXT


def test_a_form_of_another_site_is_not_kept(world: World, comment_url: str) -> None:
    rasa = signed_in(world.cast.rasa, checks=True)
    answer = rasa.post(comment_url, {"text": TEXT}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert rasa.get(reverse("accounts:kept-form")).status_code == 302


def test_two_tabs_at_the_door(world: World) -> None:
    """Both show the form of sign-in; the second is sent after the first has signed in."""
    client = Client(enforce_csrf_checks=True, headers=OURS)
    old = _token(client.get(reverse("account_login")))
    client.post(reverse("account_login"), {**old, "login": world.cast.rasa.email, "password": PASSWORD})
    answer = client.post(reverse("account_login"), {**old, "login": world.cast.rasa.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_password_is_never_kept(world: World) -> None:
    rasa = signed_in(world.cast.rasa)
    lose_session(rasa)
    door = rasa.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "x", "password2": "x"})
    assert door.url == reverse("account_login")  # type: ignore[attr-defined]
