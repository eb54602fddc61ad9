"""People search, in a browser: from the bar, by keyboard alone, from a phone, without scripts, in both languages."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Board, Post, Topic
from conversations.services import posts
from tests.browsing import BEST_PRACTICE, listen, violations
from tests.cast import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AsPerson = Callable[..., BrowserContext]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def letter(world: World) -> Post:
    """A post on the second page of its topic, with a word that is nowhere else."""
    board = Board.objects.get(group=world.group)
    topic = posts.begin_topic(board=board, by=world.cast.milda, title="Letters", body="How do I begin?")
    between = range(2, 27)
    Post.objects.bulk_create([Post(topic=topic, number=each, author=world.cast.egle, body="x") for each in between])
    Topic.objects.filter(pk=topic.pk).update(last_number=26, living=26)
    return posts.answer(
        topic=topic, by=world.cast.rasa, body="The facts first. Then write to Mrs Žilinskaitė in Kaunas."
    )


def opened(person: BrowserContext, path: str) -> Page:
    page = person.new_page()
    page.goto(path)
    return page


def is_at(page: Page, post: Post) -> None:
    """Wait until the page shows this post, at the address that is its own for ever."""
    page.wait_for_url(re.compile(rf"/topics/{post.topic_id}/\?page=2#post-{post.pk}$"))
    expect(page.locator(f"#post-{post.pk}")).to_be_in_viewport()


def test_a_mentee_searches_by_keyboard_from_every_page_and_opens_the_post(
    world: World, letter: Post, as_person: AsPerson
) -> None:
    milda = opened(as_person(world.cast.milda, **DESK), "/")
    noise = listen(milda)
    box = milda.get_by_role("banner").get_by_role("searchbox", name="Search everything")
    expect(box).to_be_visible()
    milda.keyboard.press("Control+k")
    expect(box).to_be_focused()
    milda.keyboard.type("zilinskaite")
    milda.keyboard.press("Enter")
    expect(milda.get_by_role("heading", name="Posts")).to_be_visible()
    expect(milda.locator("mark")).to_have_text("Žilinskaitė")
    expect(milda.locator(".result-words")).to_have_text("The facts first. Then write to Mrs Žilinskaitė in Kaunas.")
    assert violations(milda, BEST_PRACTICE) == []
    milda.keyboard.press("Control+k")
    expect(milda.get_by_role("searchbox")).to_be_focused()
    link = milda.get_by_role("link", name="Letters")
    for _each in range(12):
        milda.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    milda.keyboard.press("Enter")
    is_at(milda, letter)
    assert noise == []


def test_a_mentee_searches_from_a_phone(world: World, letter: Post, as_person: AsPerson) -> None:
    milda = opened(as_person(world.cast.milda, **PHONE), "/")
    expect(milda.get_by_role("banner").get_by_role("searchbox")).to_have_count(0)
    milda.get_by_role("banner").get_by_role("link", name="Search").tap()
    box = milda.get_by_role("searchbox", name="Search everything")
    expect(box).to_be_focused()
    assert violations(milda, BEST_PRACTICE) == []
    box.fill("žilinsk")
    milda.get_by_role("main").get_by_role("button", name="Find").tap()
    expect(milda.locator("mark")).to_have_text("Žilinskaitė")
    assert milda.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(milda, BEST_PRACTICE) == []
    milda.get_by_role("link", name="Letters").tap()
    is_at(milda, letter)


def test_without_scripts_a_board_is_searched_in_bulgarian(world: World, letter: Post, as_person: AsPerson) -> None:
    world.cast.tomas.language = "bg"
    world.cast.tomas.save()
    path = reverse("conversations:group-board", args=[world.group.pk])
    tomas = opened(as_person(world.cast.tomas, java_script_enabled=False, **DESK), path)
    box = tomas.get_by_role("searchbox", name="Търсене в този форум")
    box.fill("nothing like it")
    box.press("Enter")
    expect(tomas.get_by_text("Нищо не е намерено за „nothing like it“")).to_be_visible()
    expect(tomas.get_by_text("Само в „Žingsnis“.")).to_be_visible()
    box = tomas.get_by_role("searchbox", name="Търсене в „Žingsnis“")
    box.fill("Kaun")
    box.press("Enter")
    expect(tomas.locator("mark")).to_have_text("Kaunas")
    tomas.get_by_role("link", name="Letters").click()
    tomas.wait_for_url(re.compile(rf"#post-{letter.pk}$"))
