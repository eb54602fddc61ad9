"""Who may read, at most, what is added about a tool, person and session: never more than read what was there before.

A document knows nothing of the forms that were handed in about the same; whoever does registers here in `apps.ready()`.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from documents.models import Document
from mentoring.models import MentoringGroup
from tools.fields.questions import narrowest

if TYPE_CHECKING:
    from accounts.models import User
    from tools.models import Tool

Audiences = Callable[[MentoringGroup, "Tool", "User | None", str], Iterable[str]]

_known: list[Audiences] = []


def register(provider: Audiences) -> None:
    """Let `provider` name the audiences for which something about a tool, person and session was handed in."""
    if provider not in _known:
        _known.append(provider)


def at_most(audience: str, *, group: MentoringGroup, tool: "Tool", subject: "User | None", session_key: str) -> str:
    """Return the audience without those who were kept out of what is, or was, there about the same.

    Documents that were removed count, and those whose first PDF is not there yet: they may come back, or come late.
    """
    found = {audience, *Document.objects.audiences_about(group, tool, subject, session_key)}
    for provider in _known:
        found.update(provider(group, tool, subject, session_key))
    return narrowest(found)
