"""Every page type as Mentee, Mentor and Manager see it: axe in light and dark, 320 pixels, a silent console."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.web.routes import all_routes
from tests.access_map import ACCESS, PUBLIC, For
from tests.browsing import violations
from tests.journeys.running import Person, Platform

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]
Enter = Callable[..., Person]
ROUTES = {route.name: route for route in all_routes()}
# One's own page of a route that needs no thing of the group; the others of these are looked at by the front-end tests.
NOT_PAGES = {
    "account_logout",
    "conversations:person-list",
    "core:healthz",
    "core:readyz",
    "core:robots",
    "core:security",
    "mentoring:invitation-accept",
}


def pages_of(person: str, things: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and path of every route that the person may open."""
    for name, entry in sorted(ACCESS.items()):
        if name in NOT_PAGES or ROUTES[name].kind != "page":
            continue
        if isinstance(entry, For):
            if person in entry.may:
                yield name, reverse(name, kwargs={**things[entry.thing], **entry.more}) + entry.query
        elif "<" not in ROUTES[name].pattern and (entry != PUBLIC or not name.startswith("account_")):
            yield name, reverse(name)


MOVED = """() => {
    // What stands in another order than it is written in, so that tabbing and reading would jump.
    const shown = (each) => {
        const box = each.getBoundingClientRect(), style = getComputedStyle(each);
        const isThere = box.width > 1 && box.height > 1 && style.visibility === "visible";
        return isThere && !["absolute", "fixed", "sticky"].includes(style.position) ? box : null;
    };
    const found = [];
    for (const each of document.querySelectorAll("[tabindex]")) {
        if (each.tabIndex > 0) found.push(`tabindex ${each.tabIndex}: ${each.outerHTML.slice(0, 120)}`);
    }
    for (const parent of document.querySelectorAll("body *")) {
        if (!["flex", "inline-flex", "grid", "inline-grid"].includes(getComputedStyle(parent).display)) continue;
        for (const side of ["::before", "::after"]) {
            const order = getComputedStyle(parent, side).order;
            if (order !== "0") found.push(`${side} moved in ${parent.outerHTML.slice(0, 120)}`);
        }
        const boxes = [...parent.children].map((child) => [child, shown(child)]).filter(([, box]) => box);
        for (let i = 1; i < boxes.length; i++) {
            const [first, a] = boxes[i - 1], [second, b] = boxes[i];
            const isAbove = b.bottom <= a.top + 1 && b.left < a.right - 1;  // a column at the right is read after it
            const isLeft = b.right <= a.left + 1 && b.top < a.bottom - 1 && a.top < b.bottom - 1;
            if (isAbove || isLeft) {
                found.push(`${second.outerHTML.slice(0, 100)} stands before ${first.outerHTML.slice(0, 100)}`);
            }
        }
    }
    return found;
}"""
SQUEEZED = """() => {
    // Cells in which text is broken into lines of fewer than twelve characters.
    const found = [];
    const pen = document.createElement("canvas").getContext("2d");
    for (const cell of document.querySelectorAll("td, th")) {
        const text = cell.innerText.trim(), style = getComputedStyle(cell);
        if (text.length <= 12 || !cell.offsetWidth || cell.classList.contains("visually-hidden")) continue;
        const range = document.createRange();
        range.selectNodeContents(cell);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top / 6)));
        pen.font = style.font;
        const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        const characters = room / pen.measureText("0").width;
        if (lines.size > 1 && characters < 11.9) {
            found.push(`${characters.toFixed(1)} characters: ${text.slice(0, 80)}`);
        }
    }
    return found;
}"""


def look(page: Page, name: str) -> list[str]:
    """Return what is wrong with the page in front of the person."""
    page.emulate_media(color_scheme="light")
    wrong = [f"{name} (light): {each}" for each in violations(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"{name} (dark): {each}" for each in violations(page, ("color-contrast",), "rule")]
    page.set_viewport_size({"width": 320, "height": 800})
    if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
        wrong.append(f"{name}: scrolls sideways at 320 px, {width} px wide")
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{name} ({width} px): {each}" for each in page.evaluate(MOVED)]
    return wrong


@pytest.mark.parametrize("person", ["milda", "rasa", "egle"])
def test_every_page_type_can_be_read_by_everybody(platform: Platform, enter: Enter, person: str) -> None:
    somebody = enter(f"{person}@pages.example.org", reduced_motion="reduce")
    wrong, seen, with_tables = [], set(), {}
    for name, path in pages_of(person, platform.at["pages"]):
        answer = somebody.page.goto(path)
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        seen.add(name)
        if somebody.page.locator("table").count():
            with_tables[name] = path
        wrong += look(somebody.page, name)
    wrong += squeezed_in(somebody.page, with_tables)
    assert not wrong, "\n".join(wrong)
    assert len(seen) >= 20
    assert with_tables


def squeezed_in(page: Page, paths: dict[str, str]) -> list[str]:
    """Return which tables are squeezed, in Bulgarian, whose words are longer."""
    wrong = []
    page.locator(".languages button:visible", has_text="Български").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "bg")
    for name, path in paths.items():
        page.goto(path)
        assert page.locator("table").count(), name
        wrong += [f"{name} (bg): {each}" for each in page.evaluate(SQUEEZED)]
    return wrong


def test_pages_before_signing_in(enter: Enter) -> None:
    visitor = enter(reduced_motion="reduce")
    wrong = []
    for name in ("account_login", "account_reset_password", "account_reset_password_done", "documents:document-check"):
        visitor.page.goto(reverse(name))
        wrong += look(visitor.page, name)
    assert not wrong, "\n".join(wrong)


def test_the_language_changes_on_every_page(platform: Platform, enter: Enter) -> None:
    things = platform.at["pages"]
    tomas = enter("tomas@pages.example.org")
    for name, thing in (
        ("mentoring:group-detail", "group"),
        ("documents:folder-detail", "folder"),
        ("sessions:plan-detail", "group"),
        ("responses:form-edit", "diary_draft"),
    ):
        path = reverse(name, kwargs=things[thing])
        tomas.page.goto(path)
        for language, word in (("bg", "Български"), ("en", "English")):
            tomas.page.locator(".languages button:visible", has_text=word).first.click()
            expect(tomas.page.locator("html")).to_have_attribute("lang", language)
            assert tomas.page.url.endswith(path)
