"""The Mentor's first screen: the next meeting, my Mentees, what waits for me."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models import ChecklistItem, ItemState
from core.policy.roles import Role, Stage
from core.templatetags.ui import clock, clock_here, day_month, day_month_short, due_state, until
from core.web.http import address
from home.mentor_facts import Facts, read_facts
from home.outlines import read_outlines
from home.pages.waiting import Waiting, waiting_for
from mentoring.models import Membership, MentoringGroup
from mentoring.pages.messages import new_words
from mentoring.standing import Standing
from responses_app.models import FormState
from responses_app.pages.states import read_words
from sessions_app.models import FACE_TO_FACE, MeetingForm, MeetingState, PlannedSession
from sessions_app.pages.outline import outline_of, where

if TYPE_CHECKING:
    from accounts.models import User

START_BEFORE = timedelta(minutes=15)
FAR_DAYS = 2
"""A meeting so many days away stands below what waits now."""
WAITING_SHOWN = 8


@dataclass(slots=True)
class MenteeRow:
    """One Mentee in the table: the diary of the last session, the goals, the last sign."""

    person: "User"
    diary: tuple[str, str]
    diary_url: str
    goals: tuple[str, str]
    goals_url: str
    contact: str
    write_url: str


def mentor_context(standing: Standing) -> dict[str, Any]:
    """Return what the Mentor's screen shows."""
    every = MentoringGroup.objects.of_reader(standing, Role.MENTOR)
    groups = [group for group in every if not group.is_read_only]
    read_outlines(groups)
    last = [outline.over[-1] for group in groups if (outline := outline_of(group)).over]
    facts = read_facts(standing, groups, {row.session_key for row in last})
    return {
        "next": next_meeting(groups),
        "tables": [_table(group, facts) for group in groups],
        "waiting": _folded(waiting_for(standing, groups, facts)),
        "new_messages": new_words(sum(group.unread_messages for group in every)),
        "over": [group for group in every if group.is_read_only],
        "first": _to_date(groups),
        "is_mentor": bool(groups),
    }


def _to_date(groups: list[MentoringGroup]) -> MentoringGroup | None:
    """Return the first group whose plan waits for dates; a group that closes, with all sessions over, does not."""
    return next((each for each in groups if each.stage != Stage.CLOSING or outline_of(each).ahead), None)


def _folded(waiting: list[Waiting]) -> dict[str, list[Waiting]]:
    """Return what is shown at once, and what is folded: a single one is never folded."""
    shown = WAITING_SHOWN if len(waiting) > WAITING_SHOWN + 1 else WAITING_SHOWN + 1
    return {"first": waiting[:shown], "more": waiting[shown:]}


def next_meeting(groups: list[MentoringGroup], now: datetime | None = None) -> dict[str, Any] | None:
    """Return the card of the next meeting over all groups, also of the one that runs now; None when none has a date.

    Its button is "Prepare" until 15 minutes before, then "Start the meeting".
    """
    now = now or timezone.now()
    coming = [
        (row.starts_at, row, group)
        for group in groups
        if group.accepts_work
        for row in outline_of(group).rows
        if row.starts_at and row.state == MeetingState.PLANNED and row.ends_at and row.ends_at > now
    ]
    if not coming:
        return None
    starts_at, row, group = min(coming, key=lambda each: (each[0], each[1].pk))
    is_about_to_start = now >= starts_at - START_BEFORE
    page = address("sessions:session-detail", row.pk)
    is_online = bool(row.link) and row.form not in {MeetingForm.IN_PERSON, MeetingForm.OPEN}
    number = outline_of(group).number_of(row)
    if len(groups) == 1:
        eyebrow = _("Your next meeting, session %(number)d") % {"number": number}
    else:
        eyebrow = _("Your next meeting, session %(number)d, “%(group)s”") % {"number": number, "group": group.name}
    return {
        "eyebrow": eyebrow,
        "title": row.title,
        "text": f"{_when_words(row, starts_at, now)} {_where_words(row)}".strip(),
        "url": row.link if is_about_to_start and is_online else page,
        "label": _("Start the meeting") if is_about_to_start else _("Prepare"),
        "icon_name": "play-fill" if is_about_to_start else "book",
        "tile": _tile(starts_at),
        "is_far": (timezone.localdate(starts_at) - timezone.localdate(now)).days >= FAR_DAYS,
        "links": [
            {"label": _("Plan and materials"), "url": address("sessions:plan-detail", group.pk)},
            {"label": _("Move or cancel"), "url": address("sessions:session-edit", row.pk)},
        ],
    }


def _when_words(row: PlannedSession, starts_at: datetime, now: datetime) -> str:
    if starts_at <= now:
        return _("It has started.")
    if timezone.localdate(starts_at) == timezone.localdate(now):
        return _("Starts %(when)s.") % {"when": until(starts_at)}
    return ""


def _where_words(row: PlannedSession) -> str:
    """Return "In person, Kaunas County Library, until 18:30."; an unchosen place is said as a task."""
    end = clock_here(row.ends_at)
    if row.form in FACE_TO_FACE and not row.place:
        return _("%(how)s, until %(end)s. It has no place yet.") % {"how": where(row), "end": end}
    return _("%(how)s, until %(end)s.") % {"how": where(row), "end": end}


def _tile(starts_at: datetime) -> dict[str, str]:
    days = (timezone.localdate(starts_at) - timezone.localdate()).days
    words = {0: _("Today"), 1: _("Tomorrow")}
    above = words.get(days) or format_date(timezone.localtime(starts_at), "l")
    return {"above": above, "big": clock(starts_at), "below": day_month(starts_at)}


def _table(group: MentoringGroup, facts: Facts) -> dict[str, Any]:
    outline = outline_of(group)
    last = outline.over[-1] if outline.over else None
    members: list[Any] = group.live_memberships  # type: ignore[attr-defined]  # read by `with_people`
    mentees = [each for each in members if each.role == Role.MENTEE]
    number = outline.number_of(last) if last else None
    return {
        "group": group,
        "diary_head": _("Diary, session %(number)d") % {"number": number} if number else _("Diary"),
        "progress": _("%(held)d of %(count)d sessions held") % {"held": len(outline.held), "count": len(outline.rows)},
        "rows": [_mentee_row(group, each, last, facts) for each in mentees],
        "has_goals": facts.has_goals,
    }


def _mentee_row(group: MentoringGroup, place: Membership, last: PlannedSession | None, facts: Facts) -> MenteeRow:
    mentee = place.user
    diary: tuple[str, str] = ("planned", _("No session yet"))
    diary_form = None
    if last is not None:
        diary_form = facts.diaries.get((group.pk, mentee.pk, last.session_key))
        diary = document_state(group, diary_form, facts.diary_items.get((group.pk, mentee.pk, last.session_key)))
    goals_form = facts.goals.get((group.pk, mentee.pk))
    last_sign = facts.last_sign.get((group.pk, mentee.pk))
    return MenteeRow(
        mentee,
        diary,
        _url(diary_form),
        document_state(group, goals_form, facts.goal_items.get((group.pk, mentee.pk))),
        _url(goals_form),
        _contact(last_sign),
        address("mentoring:message-list", place.pk),
    )


def _contact(moment: datetime | None) -> str:
    """Return the day of the last sign of life: "Today", "Yesterday", "6 Nov"."""
    if moment is None:
        return _("No activity yet")
    days = (timezone.localdate() - timezone.localdate(moment)).days
    return {0: _("Today"), 1: _("Yesterday")}.get(days) or day_month_short(moment)


def _url(form: Any) -> str:
    """Return where a form is read, if the Mentor may."""
    return address("responses:form-detail", form.pk) if form is not None and form.is_readable else ""


def document_state(group: MentoringGroup, form: Any, item: ChecklistItem | None) -> tuple[str, str]:
    """Return shape and words of somebody's document as the Mentor sees it; a draft is nobody's business."""
    if form is not None and form.latest_id:
        return _handed_in(form)
    if item is None:
        return "planned", _("Not asked for")
    if item.state == ItemState.DONE:
        return "done", _("Done")
    if item.state == ItemState.WAIVED:
        return "waived", _("Waived")
    if not group.accepts_work:
        return "paused", str(group.get_stage_display())  # nothing is due
    return due_state(item.due_on, is_short=True) if item.due_on else ("planned", _("To write"))


def _handed_in(form: Any) -> tuple[str, str]:
    if form.state == FormState.RETURNED:
        return "returned", _("Returned")
    if form.latest.is_accepted:
        return "done", _("Accepted")
    if not form.is_readable or form.is_read:
        return "done", read_words(form) if form.is_readable else _("Handed in")
    return "waiting", _("For you to read")
