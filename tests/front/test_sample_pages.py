"""The components in a real browser: accessible, narrow enough, quiet under the policy, alive without surprises.

Needs the front-end build (`make setup`); without it the tests say so instead of passing.
"""

import gzip
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browsing import BEST_PRACTICE, settle, violations
from tests.front.sample_pages import PAGES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.front.sample_pages")]

FIRST_VISIT_BYTES = 150 * 1024


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_pages_are_accessible_and_fit(browser: Browser, live_server: Any, width: int, scheme: Any) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    for name in [*PAGES, "writing/?errors"]:
        page.goto(f"{live_server.url}/sample/{name}{'' if '?' in name else '/'}")
        settle(page)
        assert violations(page, BEST_PRACTICE) == [], name
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{name} scrolls sideways at {width} px"
    context.close()


def test_sign_in_page_is_accessible(watched_page: Page, live_server: Any) -> None:
    watched_page.goto(f"{live_server.url}/sign-in/")
    assert violations(watched_page, BEST_PRACTICE) == []


def test_password_can_be_shown_and_hidden(watched_page: Page, live_server: Any) -> None:
    watched_page.goto(f"{live_server.url}/sign-in/")
    field = watched_page.get_by_label("Password", exact=True)
    button = watched_page.get_by_role("button", name="Show the password")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(field).to_have_attribute("type", "password")


def test_own_menu_opens_with_the_keyboard_and_closes_on_escape(watched_page: Page, live_server: Any) -> None:
    watched_page.goto(f"{live_server.url}/sample/home/")
    summary = watched_page.locator(".menu-own > summary")
    summary.focus()
    watched_page.keyboard.press("Enter")
    expect(watched_page.get_by_role("button", name="Sign out")).to_be_visible()
    watched_page.keyboard.press("Tab")
    watched_page.keyboard.press("Escape")
    expect(watched_page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_rest_of_a_menu_is_fetched_when_it_is_opened_with_the_keyboard(
    watched_page: Page, live_server: Any
) -> None:
    asked: list[str] = []
    watched_page.on("request", lambda request: asked.append(request.url))
    watched_page.goto(f"{live_server.url}/sample/folder/")
    menu = watched_page.locator(".doc", has_text="In force").locator("details.menu")
    assert not any("sample-menu" in url for url in asked)
    menu.locator("summary").focus()
    watched_page.keyboard.press("Enter")
    expect(menu.get_by_role("link")).to_have_text(["Older versions", "Replace", "Remove it"])
    for name in ("Older versions", "Replace", "Remove it"):
        watched_page.keyboard.press("Tab")
        expect(menu.get_by_role("link", name=name)).to_be_focused()
    watched_page.keyboard.press("Escape")
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("link")).to_have_count(3)
    assert sum("sample-menu" in url for url in asked) == 1


def test_chosen_colours_stay_on_the_next_page_without_a_flash(watched_page: Page, live_server: Any) -> None:
    watched_page.goto(f"{live_server.url}/sample/home/")
    watched_page.locator(".menu-own > summary").click()
    watched_page.get_by_role("button", name="Dark").click()
    html = watched_page.request.get(f"{live_server.url}/sample/home/").text()
    assert 'data-bs-theme="dark"' in html
    watched_page.locator("[data-theme-choice=auto]").click()
    html = watched_page.request.get(f"{live_server.url}/sample/home/").text()
    assert "data-bs-theme" not in html


def test_toast_is_announced_and_can_be_closed(watched_page: Page, live_server: Any) -> None:
    watched_page.goto(f"{live_server.url}/sample/states/")
    region = watched_page.get_by_role("status").filter(has_text="Filed in the managing folder.")
    expect(region.get_by_role("link", name="See it there")).to_be_visible()
    expect(region.get_by_role("button", name="Undo")).to_be_visible()
    toast = watched_page.locator("[data-toast]").first
    toast.get_by_role("button", name="Close").click()
    expect(watched_page.get_by_text("Filed in the managing folder.")).to_have_count(0)


def test_the_first_wrong_field_takes_the_focus_and_the_summary_is_announced(
    watched_page: Page, live_server: Any
) -> None:
    watched_page.add_init_script(
        """new MutationObserver((found) => found.forEach(({ target }) => {
            if (target.matches?.("[data-error-summary][role=alert]")) window.announced = target.textContent;
        })).observe(document, { childList: true, subtree: true });"""
    )
    watched_page.goto(f"{live_server.url}/sample/writing/?errors")
    summary = watched_page.locator("[data-error-summary]")
    first = summary.get_by_role("link").first.get_attribute("href") or ""
    expect(watched_page.locator(first)).to_be_focused()
    expect(watched_page.locator(first)).to_be_in_viewport()
    assert "Please check" in watched_page.evaluate("window.announced")
    summary.get_by_role("link", name="Place").click()
    field = watched_page.get_by_label("Place", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    assert watched_page.locator(f"#{described.split()[-1]}").inner_text() != ""


def test_a_form_is_sent_once(watched_page: Page, live_server: Any) -> None:
    sent: list[str] = []

    def answer_nothing(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    watched_page.goto(f"{live_server.url}/sample/step/")
    watched_page.route("**/sample/step/", answer_nothing)
    button = watched_page.get_by_role("button", name="Remove Tomas")
    button.evaluate("button => { button.click(); button.click(); }")
    expect(button).to_have_attribute("aria-disabled", "true")
    watched_page.wait_for_timeout(300)
    assert sent == ["POST"]


def test_rail_opens_on_a_phone_without_scripts(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sample/folder/")
    page.locator("details.rail > summary").click()
    expect(page.get_by_role("link", name="Session plan").first).to_be_visible()
    context.close()


def test_a_menu_shows_what_it_came_with_when_there_are_no_scripts(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sample/folder/")
    menu = page.locator(".doc", has_text="In force").locator("details.menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("link")).to_have_text(["Older versions", "Replace"])
    context.close()


def test_first_visit_is_light_enough(live_server: Any, watched_page: Page) -> None:
    """Everything a first page loads, compressed, with the fonts of three scripts."""
    loaded: set[str] = set()
    watched_page.on("response", lambda response: loaded.add(response.url))
    watched_page.goto(f"{live_server.url}/sample/group/")
    settle(watched_page)
    total = 0
    # A copy: fetching the bodies below may bring in a late response of the page itself.
    for url in sorted(loaded):
        body = watched_page.request.get(url).body()
        total += len(body) if url.endswith(".woff2") else len(gzip.compress(body, 9))
    assert any(url.endswith("commissioner-cyrillic.woff2") for url in loaded)
    assert total <= FIRST_VISIT_BYTES, f"{total / 1024:.0f} KiB"
