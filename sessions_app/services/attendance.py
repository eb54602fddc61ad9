"""What is said of who was at a meeting, and the trace of putting it right."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sessions_app.models import AttendanceCorrection, CorrectedAttendance, PlannedSession

if TYPE_CHECKING:
    from accounts.models import User


class Said(NamedTuple):
    """What is said of who was at a meeting: by person whether they were there, the guests, that it is not known."""

    was_there: dict[int, bool]
    guests: str
    is_unknown: bool


def said_of(session: PlannedSession) -> Said:
    people = dict(session.attendance.order_by().values_list("person_id", "was_present"))
    return Said(people, session.guests, session.is_attendance_unknown)


def present_of(said: Said) -> tuple[set[int], str, bool]:
    """Return what papers print of it: who was there."""
    return {pk for pk, was_there in said.was_there.items() if was_there}, said.guests, said.is_unknown


def version_of(said: Said) -> str:
    """Return what tells apart what is said now from what was said when a page was opened."""
    words = repr((sorted(said.was_there.items()), said.guests, said.is_unknown))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def keep_trace(session: PlannedSession, before: Said, now: Said, *, by: "User", reason: str, at: datetime) -> None:
    """Keep what was corrected, and why.

    Raises:
        ValidationError: no reason was given.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. Everyone in the group can read it.")})
    correction = AttendanceCorrection.objects.create(
        session=session, reason=reason.strip()[:300], corrected_by=by, corrected_at=at, guests_before=before.guests,
        guests=now.guests, was_unknown=before.is_unknown, is_unknown=now.is_unknown,
    )  # fmt: skip
    CorrectedAttendance.objects.bulk_create(
        CorrectedAttendance(correction=correction, person_id=pk, was_present=was, is_present=is_now)
        for pk in sorted(before.was_there.keys() | now.was_there.keys())
        if (was := before.was_there.get(pk)) != (is_now := now.was_there.get(pk))
    )
