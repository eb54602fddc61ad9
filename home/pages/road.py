"""The road of a group as its Mentee sees it: what was, folded into one station; now, next, and what is to come."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.days import programme_day
from core.templatetags.ui import day_month
from core.web.http import address
from sessions_app.models import PlannedSession
from sessions_app.pages.outline import Outline, when_and_where

AHEAD_SHOWN = 2


def stations_of(outline: Outline, owed: Collection[str], since: date = date.min) -> list[dict[str, Any]]:
    """Return the stations for `components/road.html`.

    Args:
        owed: sessions of sessions whose diary is still open.
        since: the day on which the Mentee joined; what was before it they have not done.
    """
    over, ahead = outline.over, outline.ahead
    last = over[-1] if over else None
    is_open = last is not None and last.session_key in owed
    past = over[:-1] if is_open else over
    before = [
        row for row in past if row.starts_at and programme_day(row.starts_at) < since and row.session_key not in owed
    ]
    mine = [row for row in past if row not in before]
    unrecorded = [row for row in mine if row in outline.unrecorded]
    stations = [_before(before)] if before else []
    stations += [
        _past(rows, sum(row.session_key in owed for row in rows), is_held=rows is not unrecorded)
        for rows in ([row for row in mine if row not in unrecorded], unrecorded)
        if rows
    ]
    if is_open and last is not None:
        stations.append(_station(outline, last, "now", _("It was on %(day)s; your diary is still open.")))
    for number, row in enumerate(ahead[:AHEAD_SHOWN]):
        state = "later" if number else "next"
        if number == 0 and not is_open and row.starts_at and timezone.localdate(row.starts_at) == timezone.localdate():
            state = "now"
        stations.append(_coming(row, state))
    if rest := ahead[AHEAD_SHOWN:]:
        stations.append(_rest(rest))
    return stations


def _before(rows: list[PlannedSession]) -> dict[str, Any]:
    """Return what was before the Mentee joined: nothing of it is asked of them, and nothing of it is their doing."""
    words = ngettext("%(n)d session before you joined", "%(n)d sessions before you joined", len(rows)) % {
        "n": len(rows)
    }
    line = _span([row.starts_at for row in rows if row.starts_at])
    station = {"title": words, "line": line, "state": "past", "url": ""}
    return {**station, "chip_state": "planned", "chip_text": _("Not asked for")}


def _past(rows: list[PlannedSession], owed: int, *, is_held: bool) -> dict[str, Any]:
    """Return what was, in one station: done when the sessions were held and no diary is open."""
    words = ngettext("%(n)d past session", "%(n)d past sessions", len(rows)) % {"n": len(rows)}
    days = [row.starts_at for row in rows if row.starts_at]
    line = _span(days)
    if owed:
        open_words = ngettext("%(n)d diary is still open.", "%(n)d diaries are still open.", owed) % {"n": owed}
        line = f"{line} {open_words}".strip()
    station = {"title": words, "line": line, "state": "past", "url": ""}
    if owed:
        return {**station, "chip_state": "draft", "chip_text": _("To write")}
    if not is_held:
        return {**station, "chip_state": "planned", "chip_text": _("Attendance not recorded")}
    return {**station, "state": "done", "chip_text": ""}


def _span(days: list[datetime]) -> str:
    if not days:
        return ""
    if len({day_month(each) for each in days}) == 1:
        return f"{day_month(days[0])}."
    return _("%(first)s to %(last)s.") % {"first": day_month(days[0]), "last": day_month(days[-1])}


def _station(outline: Outline, row: PlannedSession, state: str, words: str) -> dict[str, Any]:
    place = _("Session %(number)s of %(count)s.") % {"number": outline.number_of(row), "count": len(outline.rows)}
    line = f"{place} {words % {'day': day_month(row.starts_at)}}" if row.starts_at else place
    return {
        "title": row.title,
        "line": line,
        "state": state,
        "url": address("sessions:session-detail", row.pk),
    }


def _coming(row: PlannedSession, state: str) -> dict[str, Any]:
    url = address("sessions:session-detail", row.pk)
    return {"title": row.title, "line": f"{when_and_where(row)}.", "state": state, "url": url, "chip_text": ""}


def _rest(rows: list[PlannedSession]) -> dict[str, Any]:
    words = ngettext("%(n)d more session", "%(n)d more sessions", len(rows)) % {"n": len(rows)}
    last = next((row.starts_at for row in reversed(rows) if row.starts_at), None)
    line = _("Until %(day)s.") % {"day": day_month(last)} if last else _("No date yet.")
    return {"title": words, "line": line, "state": "later", "url": "", "chip_text": ""}
