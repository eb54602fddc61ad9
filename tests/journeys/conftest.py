"""Fixtures of the journeys: one running platform for all of them, and people with browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from accounts.models import User
from tests.browsing import sign_in
from tests.documents import sent_files
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


@pytest.fixture
def as_person(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser signed in as a person, on the server of the test itself."""
    contexts: list[BrowserContext] = []

    def open_browser(person: User, **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        sign_in(context, person, live_server.url)
        return context

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Three photos of a contract, the last page first, each held another way."""
    found = []
    for number, orientation in ((3, 6), (1, 8), (2, 3)):
        path = tmp_path / f"page {number}.jpg"
        path.write_bytes(sent_files.photo(orientation, size=(600 + number, 840)))
        found.append(path)
    return found
