"""A page in the browser, watched: errors of scripts and of the content security policy fail the test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browsing import listen


@pytest.fixture
def watched_page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay silent."""
    page = context.new_page()
    errors = listen(page)
    yield page
    page.close()
    assert errors == []
