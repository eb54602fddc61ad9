"""People talk on the boards, in a browser: from a phone, with the keyboard alone, in two windows, without scripts."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Board, PostDraft, Topic
from conversations.services import posts
from tests.browsing import BEST_PRACTICE, listen, violations
from tests.cast import World
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AsPerson = Callable[..., BrowserContext]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def forum(world: World) -> str:
    return reverse("conversations:group-board", args=[world.group.pk])


def opened(person: BrowserContext, path: str) -> Page:
    page = person.new_page()
    page.goto(path)
    return page


def is_kept(page: Page) -> None:
    """Wait until the draft is on the server."""
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile(r"Saved at \d\d:\d\d"))


def test_a_mentee_asks_from_a_phone_the_mentor_quotes_and_the_mentee_jumps_to_what_is_new(
    world: World, as_person: AsPerson
) -> None:
    milda = opened(as_person(world.cast.milda, **PHONE), forum(world))
    noise = listen(milda)
    expect(milda.get_by_text("Everyone in the group “Žingsnis” reads and writes here, nobody else.")).to_be_visible()
    milda.get_by_role("link", name="Begin a topic").click()
    milda.get_by_label("Title").fill("Three years at home")
    text = milda.get_by_label("Your post")
    text.press_sequentially("What do I write, @žuk")
    expect(milda.get_by_role("option", name="Rasa Žukauskienė")).to_be_visible()
    text.press("Enter")
    expect(text).to_have_value("What do I write, @Rasa Žukauskienė ")
    is_kept(milda)
    milda.reload()
    expect(milda.get_by_label("Title")).to_have_value("Three years at home")
    expect(milda.get_by_label("Your post")).to_have_value("What do I write, @Rasa Žukauskienė ")
    milda.get_by_role("button", name="Post").click()
    expect(milda.get_by_role("heading", name="Three years at home")).to_be_visible()
    assert not PostDraft.objects.exists()

    rasa = opened(as_person(world.cast.rasa, viewport={"width": 1280, "height": 900}), "/")
    expect(rasa.get_by_label("Places").get_by_role("link", name="Forum , 1 topic with something new")).to_be_visible()
    rasa.goto(forum(world))
    rasa.get_by_role("link", name="Three years at home").click()
    expect(rasa.locator(".mention")).to_have_text("@Rasa Žukauskienė")
    rasa.get_by_role("link", name="Quote").click()
    rasa.get_by_label("Your post").fill("One line, with the dates.")
    rasa.get_by_role("button", name="Preview").click()
    expect(rasa.locator("#shown .said")).to_have_text("One line, with the dates.")
    rasa.get_by_role("button", name="Post the answer").click()
    expect(rasa.locator(".post .quote")).to_contain_text("Milda Kazlauskaitė wrote")
    rasa.goto("/")
    expect(rasa.locator(".places .count")).to_have_count(0)

    milda.goto(forum(world))
    expect(milda.locator(".topic .chip")).to_have_text("1 new post")
    milda.get_by_role("link", name="Three years at home").click()
    newest = Topic.objects.get().posts.get(number=2)
    milda.wait_for_url(re.compile(rf"#post-{newest.pk}$"))
    expect(milda.locator(f"#post-{newest.pk}")).to_be_focused()
    milda.goto(forum(world))
    expect(milda.locator(".topic .chip")).to_have_count(0)
    assert noise == []


def test_a_mentor_of_another_group_answers_in_the_community_and_finds_nothing_else(
    world: World, as_person: AsPerson
) -> None:
    community = Board.objects.get(programme=world.programme, role="mentor")
    topic = posts.begin_topic(board=community, by=world.cast.rasa, title="How do you begin?", body="Ours are shy.")
    posts.begin_topic(board=Board.objects.get(group=world.group), by=world.cast.rasa, title="Ours alone", body="x")
    petar = opened(as_person(world.cast.petar), "/forum/")
    petar.get_by_role("link", name="Community of Mentors").click()
    petar.get_by_role("link", name="How do you begin?").click()
    petar.get_by_label("Your post").fill("With a question that everybody can answer.")
    petar.get_by_role("button", name="Post the answer").click()
    expect(petar.locator(".post")).to_have_count(2)
    for path in ("/forum/", "/", "/groups/"):
        petar.goto(path)
        assert "Ours alone" not in petar.content()
    for path in (forum(world), reverse("mentoring:group-detail", args=[world.group.pk])):
        answer = petar.goto(path)
        assert answer is not None
        assert answer.status == 404
    rasa = opened(as_person(world.cast.rasa), reverse("conversations:topic-detail", args=[topic.pk]))
    expect(rasa.get_by_text("With a question that everybody can answer.")).to_be_visible()


def test_with_the_keyboard_alone(world: World, as_person: AsPerson) -> None:
    topic = posts.begin_topic(board=Board.objects.get(group=world.group), by=world.cast.milda, title="T", body="x")
    tomas = opened(as_person(world.cast.tomas), reverse("conversations:topic-detail", args=[topic.pk]))
    text = tomas.get_by_label("Your post")
    text.focus()
    tomas.keyboard.type("@")
    expect(tomas.get_by_role("option")).to_have_count(5)
    tomas.keyboard.press("ArrowDown")
    tomas.keyboard.press("Escape")
    expect(tomas.get_by_role("listbox")).to_have_count(0)
    tomas.keyboard.type("milda")
    expect(tomas.get_by_role("option", selected=True)).to_have_text("Milda Kazlauskaitė")
    tomas.keyboard.press("Tab")
    tomas.keyboard.type("yes")
    expect(text).to_have_value("@Milda Kazlauskaitė yes")
    tomas.keyboard.press("Control+a")
    tomas.get_by_role("button", name="Bold").press("Enter")
    expect(text).to_have_value("**@Milda Kazlauskaitė yes**")
    assert violations(tomas, BEST_PRACTICE) == []
    tomas.get_by_text("React").press("Enter")
    tomas.get_by_role("button", name="Thank you").press("Enter")
    expect(tomas.get_by_role("button", name="Thank you: 1 person, you too")).to_be_visible()


def test_two_windows_keep_both_texts(world: World, as_person: AsPerson) -> None:
    topic = posts.begin_topic(board=Board.objects.get(group=world.group), by=world.cast.milda, title="T", body="x")
    path, context = reverse("conversations:topic-detail", args=[topic.pk]), as_person(world.cast.tomas)
    first, second = opened(context, path), opened(context, path)
    first.get_by_label("Your post").fill("Written in the first window")
    is_kept(first)
    second.get_by_label("Your post").fill("Written in the second window")
    expect(second.locator(".posting .words")).to_have_text("Written in the first window")
    is_kept(second)
    assert PostDraft.objects.get().body == "Written in the second window"


def test_without_scripts(world: World, as_person: AsPerson) -> None:
    tomas = opened(as_person(world.cast.tomas, java_script_enabled=False), forum(world))
    tomas.get_by_role("link", name="Begin a topic").click()
    tomas.get_by_label("Title").fill("Without scripts")
    tomas.get_by_label("Your post").fill("Hello @Rasa Žukauskienė")
    tomas.get_by_role("button", name="Preview").click()
    expect(tomas.locator(".preview .mention")).to_have_text("@Rasa Žukauskienė")
    tomas.get_by_role("button", name="Keep as a draft").click()
    expect(tomas.get_by_text("Nobody but you sees it")).to_be_visible()
    tomas.get_by_role("button", name="Post", exact=True).click()
    expect(tomas.get_by_role("heading", name="Without scripts")).to_be_visible()
    tomas.get_by_label("More about this post").click()
    tomas.get_by_role("link", name="Delete").click(timeout=PATIENCE * 1000)
    tomas.get_by_role("button", name="Delete the post").click()
    expect(tomas.locator(".post.is-deleted").get_by_text("Deleted by Tomas Jankauskas")).to_be_visible()
    tomas.get_by_role("button", name="Bring it back").click()
    expect(tomas.locator(".mention")).to_be_visible()
