"""The bar under a form: one row on a phone, and never over what one is writing in."""

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.cast import World
from tests.documents.filled import diary_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS_DIR", "")
HEIGHT = 80  # px, with what the browser itself keeps at the bottom not counted

COVERED = """() => {
    const bar = document.querySelector(".actions").getBoundingClientRect();
    const top = document.querySelector(".topbar").getBoundingClientRect();
    const focused = document.activeElement.getBoundingClientRect();
    // A text box may be taller than the window: what counts is that its beginning can be seen.
    return focused.top + Math.min(focused.height, 40) > bar.top + 1 || focused.top < top.bottom - 1;
}"""


@pytest.mark.parametrize("language", ["en", "bg"])
def test_it_is_one_row_on_a_phone_and_covers_no_field(world: World, as_person: Any, language: str) -> None:
    world.cast.milda.language = language
    world.cast.milda.save(update_fields=["language"])
    diary = diary_of(world, world.cast.milda)
    page = as_person(world.cast.milda, viewport={"width": 390, "height": 700}, has_touch=True).new_page()
    page.goto(reverse("responses:form-edit", args=[diary.pk]))
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(".actions").bounding_box()["height"] <= HEIGHT
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/writing-bar-{language}.png")
    buttons = page.locator(".actions .btn:visible")
    assert buttons.count() == 2
    assert buttons.nth(0).bounding_box()["y"] == buttons.nth(1).bounding_box()["y"]
    page.context.set_offline(True)
    page.locator("textarea:visible").first.fill("Something")
    expect(page.locator("#saved-state")).to_contain_text({"en": "Not sent", "bg": "неизпратено"}[language])
    assert page.locator(".actions").bounding_box()["height"] <= HEIGHT
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/writing-bar-offline-{language}.png")
    page.context.set_offline(False)
    fields = page.locator("#writing :is(input, textarea, select):visible")
    assert fields.count() > 5
    fields.first.focus()
    seen = 0
    while page.evaluate("document.querySelector('#writing').contains(document.activeElement)"):
        where = page.evaluate("document.activeElement.id || document.activeElement.outerHTML.slice(0, 80)")
        assert not page.evaluate(COVERED), f"{where} is under a bar"
        page.keyboard.press("Tab")
        seen += 1
    assert seen >= 5  # radio buttons of one question are one stop
