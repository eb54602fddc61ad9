"""The lists above a list: a choice with the mouse shows it at once, one with keys when it is made."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.policy.roles import Role
from mentoring.services.memberships import add_member
from tests.cast import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(world: World, as_person: Any) -> Page:
    """The first screen of a Manager whose groups have several Mentors."""
    add_member(group=world.group, user=world.cast.petar, role=Role.MENTOR, by=world.cast.egle)
    page: Page = as_person(world.cast.egle).new_page()
    page.goto(reverse("home:first-screen"))
    return page


def test_arrow_keys_look_through_the_choices_and_enter_takes_one(screen: Page) -> None:
    address = screen.url
    mentor = screen.get_by_role("combobox", name="Mentor")
    mentor.focus()
    for _ in range(2):
        mentor.press("ArrowDown")
    chosen = mentor.input_value()
    assert chosen
    screen.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert screen.url == address
    mentor.press("Enter")
    expect(screen).to_have_url(re.compile(f"mentor={chosen}"))
    expect(screen.get_by_role("combobox", name="Mentor")).to_have_value(chosen)


def test_a_choice_by_mouse_is_shown_at_once(screen: Page) -> None:
    screen.get_by_role("combobox", name="Mentor").select_option(label="Without Mentor")
    expect(screen).to_have_url(re.compile("mentor="))
