"""Who can have signed a document: nobody whom it does not name.

A document knows nothing of what was written in it; whoever does registers here in `apps.ready()`.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from documents.models import Document

if TYPE_CHECKING:
    from accounts.models import User

Unnamed = Callable[[Document, "list[User]"], "Iterable[User]"]

_known: list[Unnamed] = []


def register(provider: Unnamed) -> None:
    """Let `provider` say which of these people a document does not name."""
    if provider not in _known:
        _known.append(provider)


def can_have_signed(document: Document, people: "list[User]") -> "list[User]":
    """Return those of these people whom the document names, or of whom nobody knows whether it does."""
    unnamed = {person.pk for provider in _known for person in provider(document, people)} if people else set()
    return [person for person in people if person.pk not in unnamed]
