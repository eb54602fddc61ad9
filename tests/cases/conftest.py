"""What several cases share: the tests are the worker, and what somebody can read."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from documents.models import Document
from rendering.services import renderings


@pytest.fixture
def not_sent() -> Iterator[None]:
    """Let the broker take nothing: the tests are the worker."""
    with patch.object(renderings, "send", return_value=False):
        yield


def make_pdfs() -> None:
    """Make every PDF that waits."""
    for key in renderings.Rendering.objects.filter(state="queued").values_list("pk", flat=True):
        renderings.run(key)


def reads(client: Client, document: Document) -> int:
    """Return the status of the page of a document: 200 for who may read it, else 404."""
    return client.get(reverse("documents:document-detail", args=[document.pk])).status_code
