"""Parts that somebody else filled in after a form was begun: who, and when, beside whoever handed it in."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from responses_app.models import FormSubmission
from tools.fields.reading import Part


def mark_added(
    parts: Iterable[Part], submission: FormSubmission | None, added_by: Mapping[str, Any], names: Mapping[int, str]
) -> None:
    """Let the first answer of every run by the same person say who filled it in, and when last."""
    if submission is None:
        return
    first: Part | None = None
    previous = ""
    for part in parts:
        if not part.question.is_asked or not part.is_answered:
            continue
        name, when = _said_by(submission, added_by.get(part.key), names) or ("", None)
        if when is None:
            first, previous = None, ""
            continue
        if first is None or name != previous:
            first, previous = part, name
            first.added = (name, when)
        elif first.added is not None:
            first.added = (name, max(when, first.added[1]))


def added_since(
    submission: FormSubmission, added_by: Mapping[str, Any], keys: Collection[str], names: Mapping[int, str]
) -> list[tuple[str, datetime]]:
    """Return who filled in answers to these questions besides whoever handed the form in, and when last."""
    found: dict[str, datetime] = {}
    for key in keys:
        if said := _said_by(submission, added_by.get(key), names):
            name, when = said
            found[name] = max(when, found.get(name, when))
    return sorted(found.items(), key=lambda each: (each[1], each[0]))


def _said_by(
    submission: FormSubmission, mark: Mapping[str, Any] | None, names: Mapping[int, str]
) -> tuple[str, datetime] | None:
    """Return name and moment of a mark; nothing for what was handed in by the same person at that time or later."""
    if not mark:
        return None
    when = datetime.fromisoformat(mark["at"])
    if mark["by"] == submission.submitted_by_id and when <= submission.submitted_at:
        return None
    name = names.get(mark["by"], "")
    return (name, when) if name else None
