"""A page in the browser, watched: errors of scripts and of the content security policy fail the test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page


@pytest.fixture
def watched_page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay silent."""
    page = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []
