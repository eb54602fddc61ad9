"""The same work by other ways: with the keyboard alone, and without scripts."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.documents import sent_files
from tests.journeys.running import Person, Platform, is_saved
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]
Enter = Callable[..., Person]
QUESTIONS = ("What did we do?", "What did I learn?", "What will I do before the next session?")


def tab_to(page: Page, what: str, limit: int = 60) -> None:
    """Press Tab until the focus is on an element whose spoken name or text fits."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const at = document.activeElement;
                const label = at.labels && at.labels.length ? at.labels[0].textContent : "";
                const named = (at.getAttribute("aria-label") || label || at.textContent || "").trim();
                return named.replace(/\\s+/g, " ");
            }"""
        )
        if re.search(what, focused):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab does not reach {what}")


def test_a_diary_with_the_keyboard_alone(enter: Enter) -> None:
    tomas = enter()
    page = tomas.page
    page.goto("/sign-in/")
    tab_to(page, "^E-mail")
    page.keyboard.type("tomas@example.org")
    tab_to(page, "^Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hello, Tomas")).to_be_visible()

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"  # past the navigation
    page.keyboard.press("Enter")
    tab_to(page, "^Write the diary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Diary: "))).to_be_visible()
    tab_to(page, "^(Hard|Good|So-so|Very good)")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    for question in QUESTIONS:
        tab_to(page, f"^{re.escape(question)}")
        page.keyboard.type("Written with keys alone.")
    is_saved(page)
    tab_to(page, "^Hand in the diary")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/forms/\d+/(\?|$)"))
    expect(page.get_by_text("Written with keys alone.")).to_have_count(3)


def test_a_diary_without_scripts(enter: Enter) -> None:
    page = enter("kalina", java_script_enabled=False).page
    page.get_by_role("link", name="Write the diary").click()
    page.get_by_label("Good", exact=True).check()
    page.get_by_label(QUESTIONS[0]).fill("Написано без скриптове.")
    page.get_by_role("button", name="Hand in the diary").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Please check 2 answers")
    expect(page.get_by_label(QUESTIONS[0])).to_have_value("Написано без скриптове.")
    for question in QUESTIONS[1:]:
        page.get_by_label(question).fill("Написано без скриптове.")
    page.get_by_role("button", name="Hand in the diary").click()
    page.wait_for_url(re.compile(r"/forms/\d+/(\?|$)"))
    expect(page.get_by_text("Написано без скриптове.")).to_have_count(3)


def test_a_photo_and_a_session_without_scripts(platform: Platform, enter: Enter, tmp_path: Path) -> None:
    group, photo = platform.at["others"]["group"], tmp_path / "signed.jpg"
    photo.write_bytes(sent_files.photo(6))
    page = enter("petar", java_script_enabled=False).page
    page.goto(f"/folders/{platform.at['others']['managing_folder']}/")
    page.get_by_role("link", name="Add a signed document").first.click()
    page.get_by_label("What is it?").select_option("Mentoring contract")
    page.get_by_label("Choose the PDF or the photos").set_input_files(photo)
    page.get_by_role("button", name="Add the pages").click()
    expect(page.locator(".page-card img")).to_have_count(1)
    for signer in page.get_by_role("group", name="Who has signed?").get_by_role("checkbox").all():
        signer.check()
    page.get_by_role("button", name="Create and file the PDF").click()
    page.wait_for_url(re.compile(r"/uploads/\d+/result/$"))
    filed = page.get_by_text("is filed: Managing folder")
    until(lambda: page.reload() and filed.is_visible())

    page.goto(f"/groups/{group}/plan/")
    page.get_by_role("link", name="Add a session").click()
    chosen = page.get_by_role("checkbox").nth(3)
    title = page.locator(f"label[for='{chosen.get_attribute('id')}']").inner_text()
    chosen.check()
    page.get_by_role("button", name="Add to the plan").click()
    page.get_by_role("link", name=title).first.click()
    page.locator("a[href$='/edit/']").first.click()
    page.get_by_label("Date").fill((timezone.localdate() + timedelta(days=7)).isoformat())
    page.get_by_label("Time").fill("17:30")
    page.get_by_label("In person", exact=True).check()
    page.get_by_role("textbox", name=re.compile("^Place")).fill("Library, room 204")
    page.get_by_role("button", name="Save the session").click()
    expect(page.locator("main")).to_contain_text("Library, room 204")  # the session, from where it was changed


def test_signing_out_leaves_no_unsent_text_on_the_computer(platform: Platform, enter: Enter) -> None:
    tomas = enter("tomas@pages.example.org")
    page = tomas.page
    page.goto(f"/forms/{platform.at['pages']['diary_draft']['pk']}/edit/")
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label("What did I learn?").fill("Only for my group")
    expect(page.get_by_text("You are offline. Keep writing.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.locator("details.menu-own > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(localStorage)") == []
    tomas.faults = [fault for fault in tomas.faults if "ERR_FAILED" not in fault]
