"""What was typed and not sent is there again: after the language button, a reload, the way back."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.policy.roles import ProgrammeRole
from mentoring.models import Invitation
from mentoring.services import invitations
from responses_app.models import FormComment
from responses_app.services import submission as handing
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Not sent yet"


@pytest.fixture
def page_of_diary(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of Milda's diary, handed in; no PDF is made here."""
    monkeypatch.setattr(handing, "request_form", lambda **_: None)
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    return reverse("responses:form-detail", args=[diary.pk])


def test_a_comment_survives_the_language_button_and_a_reload(page_of_diary: str, world: World, as_person: Any) -> None:
    page = as_person(world.cast.rasa).new_page()
    page.goto(page_of_diary)
    page.locator("#id_text").fill(TEXT)
    for language in ("bg", "en"):
        page.locator(f'form[action="/language/"] button[lang={language}]').last.click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#id_text")).to_have_value(TEXT)
    page.reload()
    expect(page.locator("#id_text")).to_have_value(TEXT)
    page.locator('form[action$="/comment/"] button[type=submit]').first.click()
    expect(page.locator("#id_text")).to_have_value("")
    assert FormComment.objects.get().text == TEXT
    page.reload()
    expect(page.locator("#id_text")).to_have_value("")


@pytest.mark.parametrize("name", ["profile", "invitation", "group"])
def test_every_form_keeps_it(world: World, as_person: Any, name: str) -> None:
    url, field = {
        "profile": (reverse("accounts:profile-edit"), "#id_about"),
        "invitation": (reverse("mentoring:invitation-create", args=[world.programme.pk]), "#id_full_name"),
        "group": (reverse("mentoring:group-edit", args=[world.group.pk]), "#id_motto"),
    }[name]
    page = as_person(world.cast.egle).new_page()
    page.goto(url)
    page.locator(field).fill(TEXT)
    page.goto(reverse("mentoring:group-list"))
    page.goto(url)
    expect(page.locator(field)).to_have_value(TEXT)


def test_back_to_a_refused_form_shows_it_with_what_was_typed(world: World, as_person: Any) -> None:
    page = as_person(world.cast.egle).new_page()
    url, edit = (reverse(f"mentoring:group-{name}", args=[world.group.pk]) for name in ("detail", "edit"))
    page.goto(edit)
    page.locator("#id_motto").fill(TEXT)
    page.locator("#id_name").fill("")
    for words in (TEXT, f"{TEXT}, once more"):
        page.locator("#id_motto").fill(words)
        page.locator(".acts button[type=submit]").click()
        expect(page.locator("[data-error-summary]")).to_be_visible()
        page.goto(url)
        page.go_back()
        expect(page.locator("#id_motto")).to_have_value(words)
        expect(page.locator("#id_name")).to_have_value("")
    page.reload()  # asks for the page, and sends nothing again
    expect(page.locator("#id_motto")).to_have_value(f"{TEXT}, once more")
    page.locator("#id_name").fill("Zname")
    page.locator(".acts button[type=submit]").click()
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    page.goto(edit)
    expect(page.locator("#id_name")).to_have_value("Zname")
    assert not page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('om-typed:')).length")


def test_who_signs_out_leaves_nothing_in_the_tab(page_of_diary: str, world: World, as_person: Any) -> None:
    page = as_person(world.cast.rasa).new_page()
    page.goto(page_of_diary)
    page.locator("#id_text").fill(TEXT)
    page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    expect(page.locator("input[name=password]")).to_be_visible()
    kept = page.evaluate("Object.keys(sessionStorage)")
    assert not [key for key in kept if key.startswith("om-typed:")]


@pytest.mark.parametrize(
    ("zone", "chosen"), [("Asia/Calcutta", "Asia/Kolkata"), ("Europe/Helsinki", "Europe/Helsinki")]
)
def test_a_newcomer_gets_the_zone_of_the_device_whatever_its_browser_calls_it(
    world: World, browser: Any, live_server: Any, zone: str, chosen: str
) -> None:
    invitations.invite(
        programme=world.programme, email="new@example.org", role=ProgrammeRole.MENTEE, invited_by=world.cast.egle
    )
    token = "x" * 43
    Invitation.objects.update(token_hash=invitations.token_hash(token))
    page = browser.new_context(timezone_id=zone).new_page()
    page.goto(f"{live_server.url}/invited/{token}/")
    expect(page.locator("#id_time_zone")).to_have_value(chosen)
