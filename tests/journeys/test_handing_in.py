"""A Mentee hands in a form and two photos by a post from a phone; the Mentor files both; all see where they are."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from checklist.models import ChecklistItem
from checklist.services import items as items_service
from conversations.models import Attachment, Post, Topic
from tests.browsing import listen, violations
from tests.cast import World
from tests.conversations.talking import begun
from tests.documents.sent_files import active_pdfs, pdf
from tests.pack_tools import tool
from tests.waiting import LONG_PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AsPerson = Callable[..., BrowserContext]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SHOTS = os.environ.get("SHOTS_DIR", "")


def looks_right(page: Page, name: str) -> None:
    """Check a page: no finding of axe, nothing that scrolls sideways."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert violations(page) == []


def topic_page(topic: Topic) -> str:
    return reverse("conversations:topic-detail", args=[topic.pk])


def test_a_form_and_two_photos_from_a_phone_are_filed_and_everybody_sees_where(
    world: World, as_person: AsPerson, photos: list[Path], tmp_path: Path
) -> None:
    items_service.ensure_items(group=world.group)
    goals = ChecklistItem.objects.get(
        group=world.group, subject=world.cast.milda, tool_version__tool=tool("personal_goals")
    )
    assert goals.state == "todo"
    topic = begun(world, by=world.cast.rasa, title="Please hand in your papers")
    form = tmp_path / "Personal goals.pdf"
    form.write_bytes(pdf())
    milda = as_person(world.cast.milda, **PHONE).new_page()
    noise = listen(milda)
    milda.goto(topic_page(topic))
    milda.get_by_label("Your post").fill("Here are my goals, and the questionnaire on paper.")
    milda.get_by_label("Files").set_input_files([form, *photos[:2]])
    expect(milda.locator(".attached input[name=attached]")).to_have_count(3)
    looks_right(milda, "attaching-phone")
    milda.get_by_role("button", name="Post the answer").click()
    expect(milda.locator(".hanging .attached")).to_have_count(3)
    expect(milda.get_by_role("button", name="File it")).to_have_count(0)
    looks_right(milda, "attached-phone")

    rasa = as_person(world.cast.rasa, viewport={"width": 1280, "height": 900}).new_page()
    rasa.goto(topic_page(topic))
    looks_right(rasa, "attached-desk")
    rasa.get_by_role("button", name="File it Personal goals.pdf").click()
    filed = rasa.locator(".attached-state").first
    expect(filed).to_contain_text("Filed in Managing folder as Personal goals")
    rasa.get_by_role("button", name="File the pictures as one document").click()
    rasa.wait_for_url(re.compile(r"/uploads/\d+/$"))
    expect(rasa.locator(".page-card img")).to_have_count(2)
    rasa.get_by_label("What is it?").select_option(str(tool("initial_questionnaire").current_id))
    rasa.get_by_label("Whom is it about?").select_option(label="Milda Kazlauskaitė")
    rasa.get_by_role("button", name="Create and file the PDF").click()
    expect(rasa.get_by_text("is filed:")).to_be_visible(timeout=LONG_PATIENCE * 1000)

    milda.goto(topic_page(topic))
    expect(milda.locator(".attached-state a")).to_have_count(3)
    looks_right(milda, "filed-phone")
    milda.locator(".attached-state a").first.click()
    expect(milda.get_by_role("heading", name=re.compile("Personal goals"))).to_be_visible()
    goals.refresh_from_db()
    assert goals.state == "done"
    egle = as_person(world.cast.egle, viewport={"width": 1280, "height": 900}).new_page()
    egle.goto(topic_page(topic))
    expect(egle.locator(".hanging .attached")).to_have_count(3)
    expect(egle.locator(".hanging button")).to_have_count(0)
    assert noise == []


def test_a_file_is_cancelled_sent_again_refused_with_a_reason_and_taken_off(
    world: World, as_person: AsPerson, photos: list[Path], tmp_path: Path
) -> None:
    topic = begun(world, by=world.cast.rasa)
    bad = tmp_path / "letter.pdf"
    bad.write_bytes(active_pdfs()["open_script"][0])
    page = as_person(world.cast.milda).new_page()
    page.goto(topic_page(topic))
    page.get_by_label("Your post").fill("With a photo")
    lost: list[Route] = []
    page.route("**/attach/", lambda route: (lost.append(route), route.abort())[1])
    page.get_by_label("Files").set_input_files(photos[:2])
    expect(page.get_by_text("Not sent yet: the connection was lost.")).to_have_count(2)
    page.get_by_role("button", name="Post the answer").click()
    expect(page.get_by_text("Wait until all files are sent, or cancel those that are not.")).to_be_visible()
    page.unroute("**/attach/")
    page.get_by_role("button", name="Remove this file").nth(1).click()
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".attached input[name=attached]")).to_have_count(1)
    page.get_by_label("Files").set_input_files([bad])
    expect(page.locator(".is-refused")).to_contain_text("“letter.pdf” was not added.")
    page.get_by_label("Files").set_input_files(photos[:1])  # once more: it is there once
    expect(page.locator(".attached input[name=attached]")).to_have_count(1)
    page.reload()
    expect(page.locator(".attached input[name=attached]")).to_have_count(1)
    page.get_by_label("Files").set_input_files(photos[1:2])
    expect(page.locator(".attached input[name=attached]")).to_have_count(2)
    page.get_by_role("button", name="Remove this file").last.click()
    expect(page.locator(".attached input[name=attached]")).to_have_count(1)
    page.get_by_role("button", name="Post the answer").dblclick()
    expect(page.locator(".hanging .attached")).to_have_count(1)
    assert [each.name for each in Post.objects.get(topic=topic, number=2).attachments.all()] == [photos[0].name]
    assert Attachment.objects.count() == 1


def test_without_scripts_files_go_with_the_text_or_stay_with_the_draft(
    world: World, as_person: AsPerson, photos: list[Path]
) -> None:
    topic = begun(world, by=world.cast.rasa)
    page = as_person(world.cast.milda, java_script_enabled=False, **PHONE).new_page()
    page.goto(topic_page(topic))
    page.get_by_label("Your post").fill("Not ready")
    page.get_by_label("Files").set_input_files(photos[:2])
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.locator(".attached input[name=attached]")).to_have_count(2)
    page.get_by_role("button", name="Remove this file").first.click()
    expect(page.locator(".attached input[name=attached]")).to_have_count(1)
    expect(page.get_by_label("Your post")).to_have_value("Not ready")
    page.get_by_label("Files").set_input_files(photos[2:3])
    page.get_by_role("button", name="Post the answer").click()
    expect(page.locator(".hanging .attached")).to_have_count(2)
