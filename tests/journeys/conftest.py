"""Fixtures of the journeys: one running platform for all of them, and people with browsers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.running import Person, Platform


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform as people run it, with both worlds in it."""
    running = Platform(tmp_path_factory.mktemp("journeys"))
    try:
        running.start()
        yield running
    finally:
        if running.installation.process:
            running.installation.stop()


@pytest.fixture
def enter(browser: Browser, platform: Platform) -> Iterator[Callable[..., Person]]:
    """Return a function that opens a browser and signs a person in; any error in a console fails the test."""
    people: list[Person] = []

    def open_browser(mailbox: str = "", **options: Any) -> Person:
        person = Person(browser, platform.address, **options)
        people.append(person)
        return person.sign_in(mailbox) if mailbox else person

    yield open_browser
    faults = [fault for person in people for fault in person.faults]
    for person in people:
        person.context.close()
    assert faults == []
