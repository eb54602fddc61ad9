"""Diaries of a group: what a Mentee writes next, what the group may read, who has written."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from checklist.models import ChecklistItem, ItemState
from core.days import programme_day
from core.policy.roles import Audience, Role
from core.templatetags.ui import clock_here, day_month, day_short, due_state
from core.web.http import address
from mentoring.models import MentoringGroup
from mentoring.roles import give_people, members_of, people_by_key, people_in
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormState
from responses_app.pages.states import TO_READ, read_words
from responses_app.services.rights import may_read
from sessions_app.models import PlannedSession
from sessions_app.pages.outline import has_outline, keep_outline, outline_of
from sessions_app.services.due import local_day
from tools.memory import give_versions, tools_of
from tools.models import OnePer

if TYPE_CHECKING:
    from accounts.models import User


@dataclass
class Cell:
    """The diary of one Mentee about one session: state in shape and words, the page to open if one may."""

    state: str
    text: str
    url: str = ""
    person: "User | None" = None
    tint: str = ""


@dataclass
class SessionDiaries:
    """The diaries about one session."""

    session: PlannedSession
    number: int
    title: str
    cells: list[Cell] = field(default_factory=list)


@dataclass
class _Facts:
    """What is known about the diaries of a group, by session and Mentee; forms carry `is_readable` and `is_read`."""

    forms: dict[tuple[str, int], Any]
    items: dict[tuple[str, int], ChecklistItem]


def unread_count(standing: Standing, group: MentoringGroup) -> int:
    """Return how many handed-in diaries this person may read and has not opened.

    Asked once for a page, together with the plan, which the rail of the page needs too.
    """
    known: int | None = group.__dict__.get("_unread_diaries")
    if known is not None:
        return known
    versions = diary_versions(standing, group)
    if not has_outline(group):
        rows = PlannedSession.objects.outline_with_unread(standing, group, versions)
        keep_outline(group, rows)
        if rows:
            return keep_unread(group, rows[0].others_count)
    return keep_unread(group, FormResponse.objects.of_versions(group, versions).unread_in(group, standing).count())


def keep_unread(group: MentoringGroup, count: int | None) -> int:
    """Keep how many diaries are unread, for the rail of the page."""
    group.__dict__["_unread_diaries"] = count or 0
    return count or 0


def diary_versions(standing: Standing, group: MentoringGroup) -> list[int]:
    """Return the keys of all versions of the diary in the pack of a group."""
    tools = tools_of(group.programme.pack_id, standing)
    return tools.versions_where(lambda version: version.one_per == OnePer.MENTEE_SESSION)


def to_write_count(standing: Standing, group: MentoringGroup) -> int:
    """Return how many diaries a Mentee owes now: asked for, and the session is over."""
    over = [row.session_key for row in outline_of(group).over]
    if not over or not group.accepts_work:
        return 0
    versions = diary_versions(standing, group)
    return ChecklistItem.objects.count_owed(group, standing.user_id, versions=versions, session_keys=over)


def _facts(standing: Standing, group: MentoringGroup) -> _Facts:
    versions = diary_versions(standing, group)
    found = FormResponse.objects.overview_of(group, versions, standing)
    give_versions(standing, found)
    for form in found:
        give_people(group, form, "subject")
        form.is_readable = may_read(standing, form)
    items = ChecklistItem.objects.all_of_versions(group, versions)
    others = [form for form in found if form.author_id != standing.user_id]
    unread = (form.latest_id and form.is_readable and not form.is_read for form in others)
    keep_unread(group, sum(map(bool, unread)))
    return _Facts(
        forms={(form.session_key, form.subject_id or form.author_id): form for form in found},
        items={(item.session_key, item.subject_id or 0): item for item in items},
    )


def diary_context(standing: Standing, group: MentoringGroup) -> dict[str, Any]:
    """Return what the page of diaries shows to this person."""
    user = standing.user
    facts, outline = _facts(standing, group), outline_of(group)
    written = {about for (about, _person), form in facts.forms.items() if form.latest_id}
    over = [
        SessionDiaries(row, number, row.title)
        for number, row in enumerate(outline.rows, start=1)
        if row in outline.over or row.session_key in written
    ]
    role = standing.role_in(group.pk)
    if role == Role.MENTEE:
        return {"group": group, "own": _own(user, group, over, facts), "others": _others(user, over, facts)}
    mentees = [*people_in(group, Role.MENTEE), *_who_left(group, facts)]
    for each in reversed(over):
        each.cells = [_staff_cell(group, each.session, mentee, facts, role) for mentee in mentees]
    return {"group": group, "mentees": mentees, "sessions": list(reversed(over)), "is_staff": True}


def _own(user: "User", group: MentoringGroup, over: list[SessionDiaries], facts: _Facts) -> list[dict[str, Any]]:
    """Return the Mentee's own diaries: those to write first, the earliest due on top, then the others, newest first.

    What nobody asks for can be written all the same; what is asked of others only is not offered.
    """
    to_write: list[dict[str, Any]] = []
    offered: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    for each in over:
        key = (each.session.session_key, user.pk)
        form, item = facts.forms.get(key), facts.items.get(key)
        if form is None and _is_asked_of_others_only(facts, key):
            continue  # others were there, and are asked for it
        row = {"session": each.session, "number": each.number, "title": each.title, **own_state(group, form, item)}
        row["url"] = address("sessions:diary-write", each.session.pk)
        row["moved"] = _moved(group, form)
        if form is not None and not form.is_open:
            written.append(row)
        elif group.accepts_work or form is not None:
            (to_write if row["is_asked"] else offered).append(row)
    return [*to_write, *offered, *reversed(written)]


def _moved(group: MentoringGroup, form: Any) -> str:
    """Return who said that the diary is about this session and not another, and why; empty when nobody did."""
    if form is None or form.latest is None or form.latest.corrected_at is None or not form.latest.was_elsewhere:
        return ""
    person = people_by_key(group, [form.latest.corrected_by_id])[form.latest.corrected_by_id]
    words = _("%(name)s corrected what this is about, %(when)s") % {
        "name": person.get_short_name() if person else "", "when": day_month(programme_day(form.latest.corrected_at)),
    }  # fmt: skip
    return ": ".join(filter(None, [words, form.latest.correction_reason]))


def is_not_asked(form: FormResponse | None, item: ChecklistItem | None) -> bool:
    """Return whether a diary is neither asked of somebody nor begun: then it is "Not asked for" on every page."""
    return item is None and (form is None or not (form.lock or form.latest_id))


def own_state(group: MentoringGroup, form: FormResponse | None, item: ChecklistItem | None) -> dict[str, Any]:
    """Return state, words and act of one's own diary."""
    return {"is_asked": not is_not_asked(form, item), **_own_state(group, form, item)}


def _own_state(group: MentoringGroup, form: FormResponse | None, item: ChecklistItem | None) -> dict[str, Any]:
    due = item.due_on if item is not None and group.accepts_work else None
    if is_not_asked(form, item):
        act = _("Write one all the same")
        return {"chip_state": "planned", "chip_text": _("Not asked for"), "act": act, "is_written": False}
    if form is not None and not form.is_open and getattr(form, "has_new_answer", False):
        return {"chip_state": "now", "chip_text": _("New answer"), "act": _("Read it"), "is_written": True}
    if form is not None and not form.is_open:
        return {"chip_state": "done", "chip_text": _("Handed in"), "act": _("Read it"), "is_written": True}
    if form is not None and form.state == FormState.RETURNED:
        words = _("Removed from the folder") if form.is_taken_out else _("Returned to you")
        return {"chip_state": "returned", "chip_text": words, "act": _("Change my diary"), "is_written": False}
    if form is not None and form.latest_id is not None:
        words = _("Changes not handed in")
        return {"chip_state": "draft", "chip_text": words, "act": _("Continue writing"), "is_written": False}
    act = _("Write the diary") if form is None or not form.lock else _("Continue writing")
    if item is not None and item.state == ItemState.WAIVED:
        return {"chip_state": "waived", "chip_text": _("Not needed"), "act": act, "is_written": False}
    words = "" if due else _("To write") if item is not None and group.accepts_work else _("Draft")
    return {"due": due, "chip_state": "draft", "chip_text": words, "act": act, "is_written": False}


def _others(user: "User", over: list[SessionDiaries], facts: _Facts) -> list[SessionDiaries]:
    """Return the handed-in diaries of the others that this person may read, newest session first."""
    found = []
    for each in reversed(over):
        session_key = each.session.session_key
        for (about, author), form in facts.forms.items():
            if about == session_key and author != user.pk and form.latest_id and form.is_readable:
                each.cells.append(_reading_cell(form))
        if each.cells:
            found.append(each)
    return found


def _reading_cell(form: Any) -> Cell:
    state, words = ("done", read_words(form)) if form.is_read else ("waiting", _("New"))
    return Cell(state, words, address("responses:form-detail", form.pk), form.subject)


def _who_left(group: MentoringGroup, facts: _Facts) -> list["User"]:
    """Return the Mentees who handed in diaries and have left the group: what they wrote stays with it."""
    here = {person.pk for person in people_in(group)}
    wrote = {form.subject_id: form.subject for form in facts.forms.values() if form.latest_id and form.subject}
    return sorted((wrote[key] for key in wrote.keys() - here), key=lambda person: person.full_name)


def _staff_cell(
    group: MentoringGroup, session: PlannedSession, mentee: "User", facts: _Facts, role: str | None
) -> Cell:
    """Return the state of one diary as Mentor and Manager see it; a draft is nobody's business."""
    form = facts.forms.get((session.session_key, mentee.pk))
    item = facts.items.get((session.session_key, mentee.pk))
    if form is not None and form.latest_id and form.state == FormState.RETURNED:
        words = _("Removed from the folder") if form.is_taken_out else _("Returned")
        return Cell("returned", words, _url_if_readable(form), mentee)
    if form is not None and form.latest_id:
        if not form.is_readable:
            words = _("For the Mentor") if form.audience == Audience.MENTOR else _("Handed in")
            return Cell("done", words, "", mentee)
        if form.is_read:
            return Cell("done", read_words(form), _url_if_readable(form), mentee)
        state, words = TO_READ[role or Role.MANAGER]
        return Cell(state, words, _url_if_readable(form), mentee, tint=state if state == "waiting" else "")
    if item is None:
        return Cell("planned", _("Not asked for"), "", mentee)
    if item.state == ItemState.WAIVED:
        return Cell("waived", _("Waived"), "", mentee)
    if not group.accepts_work:
        return Cell("paused", str(group.get_stage_display()), "", mentee)  # nothing is due
    return _owed_cell(item.due_on, mentee)


def _owed_cell(due: date | None, mentee: "User") -> Cell:
    if due is None:
        return Cell("planned", _("To write"), "", mentee)
    state, words = due_state(due, is_short=True)
    return Cell(state, words, "", mentee, tint=state)


def _url_if_readable(form: Any) -> str:
    return address("responses:form-detail", form.pk) if form.is_readable else ""


def session_diaries(standing: Standing, group: MentoringGroup, session: PlannedSession) -> dict[str, Any]:
    """Return the diaries about one session: for a Mentee the own one, for Mentor and Manager everybody's state."""
    facts, role = _facts(standing, group), standing.role_in(group.pk)
    if role == Role.MENTEE:
        key = (session.session_key, standing.user_id)
        form = facts.forms.get(key)
        own = own_state(group, form, facts.items.get(key))
        if not own["is_asked"]:
            return {"own_diary": None, "not_asked": _why_not_asked(group, session, standing.user_id)}
        return {"own_diary": own if own["is_written"] or group.accepts_work else None}  # nothing is due in a pause
    return {
        "diary_cells": [_staff_cell(group, session, mentee, facts, role) for mentee in people_in(group, Role.MENTEE)]
    }


def _is_asked_of_others_only(facts: _Facts, key: tuple[str, int]) -> bool:
    """Return whether a diary about the session is asked of others, and not of this person."""
    return key not in facts.items and any(about == key[0] for about, _person in facts.items)


def _why_not_asked(group: MentoringGroup, session: PlannedSession, user_id: int | None) -> str:
    """Say why no diary is asked of a person."""
    if any(each.person_id == user_id and not each.was_present for each in session.attendance.all()):
        return _("It is not asked for, because you were not there.")
    day, since = local_day(session.starts_at), [each.starts_on for each in members_of(group) if each.user_id == user_id]
    if day is not None and since and min(since) > day:
        return _("It is not asked for: this session was before you joined.")
    if not session.plan.agreed_version:
        return _("It is not asked for while the session plan is not agreed.")
    return _("It is not asked for.")


def opens_words(session: PlannedSession) -> str:
    """Return from when the diary of a session can be written."""
    day = local_day(session.starts_at)
    if session.ends_at is None or day is None:
        return _("This session has no date yet. You can write your diary once it is over.")
    return _("You can write your diary after the session, from %(day)s, %(time)s.") % {
        "day": day_short(session.ends_at),
        "time": clock_here(session.ends_at),
    }
