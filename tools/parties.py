"""Papers that name the people of the group: whom one of them does not name cannot put their name under it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from tools.models import ToolVersion

PREFILL = "group.members"
"""Where a question is filled in beforehand with the people of the group."""
CONCLUDED = "session.date"
"""The day filled in beforehand on a paper of the whole group: of the session at which it is concluded."""


def names_its_people(version: "ToolVersion") -> bool:
    """Return whether what is handed in of it says who the people of the group are."""
    return any(entry.get("prefill") == PREFILL for entry in version.fields)


def concluded_in(version: "ToolVersion") -> str:
    """Return the key of the question when a paper that names its people was concluded; empty where none asks that."""
    if not names_its_people(version):
        return ""
    days = (each["key"] for each in version.fields if each["type"] == "date" and each.get("prefill") == CONCLUDED)
    return next(days, "")


def unnamed_in(version: "ToolVersion", answers: Mapping[str, Any] | None, people: Iterable["User"]) -> list["User"]:
    """Return which of these people a paper does not name: who came since it was written.

    Args:
        answers: what was handed in; None where nobody can know what it says, as of a scan.
    """
    if answers is None or not names_its_people(version):
        return []
    return [person for person in people if not is_named(answers, person.full_name)]


def is_named(answers: Mapping[str, Any], name: str) -> bool:
    """Return whether somebody is named in what was handed in."""
    return any(name in str(value) for value in answers.values())
