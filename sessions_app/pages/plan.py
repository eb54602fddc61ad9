"""The page of the session plan: its rows with their state, and what is still to settle."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.models import ChecklistItem, ItemState
from core.days import programme_today
from core.policy.roles import Role
from core.templatetags.ui import day_month, day_month_short, day_month_until
from core.web.http import address
from mentoring import stops
from mentoring.models import MentoringGroup
from mentoring.roles import people_in
from mentoring.standing import Standing
from sessions_app.models import FACE_TO_FACE, MeetingState, PlannedSession, SessionPlan
from sessions_app.pages.diaries import diary_versions, keep_unread
from sessions_app.pages.outline import FORM_ICONS, Phase, keep_outline, may_change_plan, phase_of, where
from sessions_app.services.due import local_day

SETTLED = frozenset({"done", "planned"})
"""States of a session that is over and asks nothing of the reader any more; such rows are folded."""


@dataclass
class PlanRow:
    """One session as the plan shows it."""

    session: PlannedSession
    number: int | None
    icon: str
    where: str
    chip_state: str = "planned"
    chip_text: str = ""
    phase: Phase = Phase.AHEAD
    is_next: bool = False
    menu: list[dict[str, str]] = field(default_factory=list)
    can_go_earlier: bool = False
    can_go_later: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether it was held and asks nothing of the reader any more."""
        return self.phase == Phase.HELD and self.chip_state in SETTLED


@dataclass(frozen=True)
class Concern:
    """Something to settle, with the act that settles it."""

    text: str
    url: str = ""
    label: str = ""


def plan_context(standing: Standing, group: MentoringGroup) -> dict[str, Any]:
    """Return everything the plan page shows to this person."""
    plan = SessionPlan.objects.of_group(group)
    sessions = PlannedSession.objects.of_plan_page(standing, group, diary_versions(standing, group))
    if sessions:
        keep_unread(group, sessions[0].others_count)
    live = [each for each in sessions if each.state != MeetingState.CANCELLED]
    outline = keep_outline(group, live)
    role = standing.role_in(group.pk)
    may_change = may_change_plan(standing, group)
    diaries = _diaries_by_session(standing, group, role) if group.accepts_work else {}  # nothing is due in a pause
    troubles = _troubles(live, group)
    rows = [
        _row(each, number, plan, diaries.get(each.session_key, []), troubles, may_change, is_own=role == Role.MENTEE)
        for number, each in enumerate(live, start=1)
    ]
    for row in rows:
        if outline.next is not None and row.session.pk == outline.next.pk:
            row.is_next = True
            if row.chip_state == "planned":
                row.chip_state, row.chip_text = "now", _("Next")
    over, ahead = _in(rows, Phase.HELD, Phase.UNRECORDED), _in(rows, Phase.AHEAD)
    _let_move([row for row in ahead if not row.session.starts_at])
    return {
        "plan": plan,
        "group": group,
        "may_change": may_change,
        "is_mentee": role == Role.MENTEE,
        "has_rows": bool(rows),
        "unsettled": [row for row in over if not row.is_settled],
        "held": [row for row in over if row.is_settled],
        "to_come": ahead,
        "dropped": _in(rows, Phase.DROPPED),
        "stop": stops.planning(group),
        "cancelled": [_cancelled_row(each) for each in sessions if each.state == MeetingState.CANCELLED],
        "warnings": _warnings(rows, group) if may_change else [],
        "keepers": people_in(group, Role.MENTOR, Role.MANAGER),
    }


def _diaries_by_session(
    standing: Standing, group: MentoringGroup, role: Role | None
) -> dict[str, list[tuple[str, date | None]]]:
    """Return state and due day of the diaries by session; a Mentee sees only what is asked of that Mentee."""
    found: dict[str, list[tuple[str, date | None]]] = {}
    for each in ChecklistItem.objects.all_of_versions(group, diary_versions(standing, group)):
        if role != Role.MENTEE or each.subject_id == standing.user_id:
            found.setdefault(each.session_key, []).append((each.state, each.due_on))
    return found


def _row(
    session: PlannedSession,
    number: int,
    plan: SessionPlan,
    diaries: list[tuple[str, date | None]],
    troubles: dict[int, str],
    may_change: bool,
    *,
    is_own: bool,
) -> PlanRow:
    phase = phase_of(session, plan.group)
    row = PlanRow(session, number, FORM_ICONS[session.form], where(session), phase=phase)
    if phase == Phase.DROPPED:
        row.chip_state, row.chip_text = "waived", _("Not held")
    elif phase != Phase.AHEAD:
        row.chip_state, row.chip_text = _over_chip(session, phase, diaries, may_change, is_own=is_own)
    elif trouble := troubles.get(session.pk):
        row.chip_state, row.chip_text = "check", trouble
    elif plan.agreed_version and not session.agreed_version:
        row.chip_state, row.chip_text = "draft", _("Not agreed yet")
    else:
        row.chip_text = _("Planned")
    if may_change:
        row.menu = _menu(session)
    return row


def _in(rows: list[PlanRow], *phases: Phase) -> list[PlanRow]:
    return [row for row in rows if row.phase in phases]


def _cancelled_row(session: PlannedSession) -> PlanRow:
    return PlanRow(session, None, FORM_ICONS[session.form], where(session), "waived", _("Cancelled"), Phase.CANCELLED)


def _over_chip(
    session: PlannedSession, phase: Phase, diaries: list[tuple[str, date | None]], may_change: bool, *, is_own: bool
) -> tuple[str, str]:
    """Return the state of a session that is over: diaries late or due, then who was absent."""
    today = programme_today()
    owed = sorted(due for state, due in diaries if state == ItemState.TODO and due)
    late = [due for due in owed if due < today]
    if late and is_own:
        return "late", _("Your diary is late")
    if late:
        return "late", ngettext("%(count)d diary late", "%(count)d diaries late", len(late)) % {"count": len(late)}
    if phase == Phase.UNRECORDED:
        return ("waiting", _("Record attendance")) if may_change else ("planned", _("Attendance not recorded"))
    if owed and is_own:
        return "due", _("Your diary: %(day)s") % {"day": day_month_short(owed[0])}
    if owed:
        return "due", _("Diaries due %(day)s") % {"day": day_month_short(owed[0])}
    if session.is_attendance_unknown:
        return "done", _("Held, not known who was there")
    absent = [each.person.get_short_name() for each in session.absences]
    if not absent:
        return "done", _("Held, all present")
    if len(absent) == 1:
        return "done", _("Held, %(name)s absent") % {"name": absent[0]}
    return "done", _("Held, %(count)d absent") % {"count": len(absent)}


def _menu(session: PlannedSession) -> list[dict[str, str]]:
    """Return what Mentor and Manager can do with a row."""

    def act(name: str, label: str, icon: str) -> dict[str, str]:
        return {"url": reverse(f"sessions:session-{name}", args=[session.pk]), "label": label, "icon": icon}

    menu = [act("edit", _("Change"), "pencil-square")]
    if session.state == MeetingState.HELD or session.has_begun:
        menu.append(act("hold", _("Who was there"), "check-square-fill"))
    if session.state == MeetingState.PLANNED:
        if not session.agreed_version:
            menu.append(act("remove", _("Remove from the plan"), "trash3"))
        menu.append(act("cancel", _("Cancel session"), "x-lg"))
    return menu


def _let_move(undated: list[PlanRow]) -> None:
    """Say which rows without a date have another one before or after them."""
    for earlier, later in pairwise(undated):
        earlier.can_go_later = later.can_go_earlier = True


def _overlapping(sessions: Iterable[PlannedSession]) -> list[tuple[PlannedSession, PlannedSession]]:
    """Return pairs of sessions to come of which the second begins before the first ends."""
    dated = [(each.starts_at, each.ends_at, each) for each in sessions if each.starts_at and each.ends_at]
    ahead = sorted((part for part in dated if not part[2].is_over), key=lambda part: part[0])
    return [(first[2], second[2]) for first, second in pairwise(ahead) if second[0] < first[1]]


def _outside(session: PlannedSession, group: MentoringGroup) -> bool:
    day = local_day(session.starts_at)
    return day is not None and not group.starts_on <= day <= group.ends_on


def _troubles(sessions: list[PlannedSession], group: MentoringGroup) -> dict[int, str]:
    """Return the word at the row of each session to come that needs a look."""
    found: dict[int, str] = {}
    for session in sessions:
        if session.is_over:
            continue
        if session.starts_at is None:
            found[session.pk] = _("No date yet")
        elif _outside(session, group):
            found[session.pk] = _("Outside the group’s dates")
    for pair in _overlapping(sessions):
        for session in pair:
            found.setdefault(session.pk, _("Two at this time"))
    return found


def _edit(row: PlanRow) -> str:
    return address("sessions:session-edit", row.session.pk)


def _warnings(rows: list[PlanRow], group: MentoringGroup) -> list[Concern]:
    """Return what there is to settle in the plan; only what is certain."""
    if not rows:
        return []
    ahead = _in(rows, Phase.AHEAD)
    return [
        *_unconfirmed(rows),
        *_targets(rows, ahead, group),
        *_dates(ahead, group),
        *_size(group),
    ]


def _unconfirmed(rows: list[PlanRow]) -> list[Concern]:
    return [
        Concern(
            _("Session %(number)d is over.") % {"number": row.number},
            address("sessions:session-hold", row.session.pk),
            _("Record attendance"),
        )
        for row in _in(rows, Phase.UNRECORDED)
    ]


def _targets(rows: list[PlanRow], ahead: list[PlanRow], group: MentoringGroup) -> list[Concern]:
    found = []
    create = address("sessions:session-create", group.pk)
    target = group.programme.sessions_target
    if len(rows) < target:
        sentence = ngettext(
            "The plan has %(count)d session; the programme asks for %(target)d.",
            "The plan has %(count)d sessions; the programme asks for %(target)d.",
            len(rows),
        ) % {"count": len(rows), "target": target}
        found.append(Concern(sentence, create, _("Choose more")))
    in_person = Counter(row.session.form in FACE_TO_FACE for row in rows)[True]
    wanted = group.programme.in_person_target
    if in_person < wanted:
        sentence = ngettext(
            "Only %(count)d meeting is in person; the programme asks for at least %(target)d.",
            "Only %(count)d meetings are in person; the programme asks for at least %(target)d.",
            in_person,
        ) % {"count": in_person, "target": wanted}
        other = next((row for row in ahead if row.session.form not in FACE_TO_FACE), None)
        if other:
            found.append(
                Concern(sentence, _edit(other), _("Set how session %(number)d meets") % {"number": other.number})
            )
        else:
            more = _("Choose one more") if wanted - in_person == 1 else _("Choose more")
            found.append(Concern(sentence, create, more))
    return found


def _dates(ahead: list[PlanRow], group: MentoringGroup) -> list[Concern]:
    found = []
    undated = [row for row in ahead if row.session.starts_at is None]
    if undated:
        if len(undated) == 1:
            sentence = _("Session %(number)d has no date yet.") % {"number": undated[0].number}
        else:
            many = ngettext("%(count)d session has no date yet.", "%(count)d sessions have no date yet.", len(undated))
            sentence = many % {"count": len(undated)}
        found.append(Concern(sentence, _edit(undated[0]), _("Set a date")))
    for row in ahead:
        if _outside(row.session, group):
            sentence = _("Session %(number)d lies outside the group’s dates, %(start)s to %(end)s.") % {
                "number": row.number,
                "start": day_month_until(group.starts_on, group.ends_on),
                "end": day_month(group.ends_on),
            }
            found.append(Concern(sentence, _edit(row), _("Move it")))
    by_pk = {row.session.pk: row for row in ahead}
    for first, second in _overlapping(row.session for row in ahead):
        sentence = _("Sessions %(first)d and %(second)d are at the same time.") % {
            "first": by_pk[first.pk].number,
            "second": by_pk[second.pk].number,
        }
        found.append(Concern(sentence, _edit(by_pk[second.pk]), _("Move one")))
    return found


def _size(group: MentoringGroup) -> list[Concern]:
    mentees, most = len(people_in(group, Role.MENTEE)), group.programme.group_size_max
    if mentees <= most:
        return []
    sentence = ngettext(
        "The group has %(count)d Mentee; the programme suggests at most %(most)d.",
        "The group has %(count)d Mentees; the programme suggests at most %(most)d.",
        mentees,
    )
    return [Concern(sentence % {"count": mentees, "most": most})]
