"""Who may read, at most, what is added about a tool, person and session: never more than read what was there before.

A document knows nothing of the forms that were handed in about the same; whoever does registers here in `apps.ready()`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from documents.models import Document
from mentoring.models import MentoringGroup
from tools.fields.questions import narrowest

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from tools.models import Tool, ToolVersion

Audiences = Callable[[MentoringGroup, "Tool", "User | None", str], "QuerySet[Any, str]"]

_known: list[Audiences] = []


def register(provider: Audiences) -> None:
    """Let `provider` name the audiences for which something about a tool, person and session was handed in."""
    if provider not in _known:
        _known.append(provider)


def at_most(group: MentoringGroup, version: "ToolVersion", subject: "User | None", session_key: str) -> str:
    """Return the audience of what is added: who is kept out of nothing that is, or was, there about the same.

    Documents that were removed count, and those whose first PDF is not there yet: they may come back, or come late.
    Where there is nothing, it is the audience of the tool.
    """
    about = (group, version.tool, subject, session_key)
    found = Document.objects.audiences_about(*about).union(*(provider(*about) for provider in _known))
    return narrowest(list(found) or [version.audience])
