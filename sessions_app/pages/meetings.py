"""The page of one session, and what differs when two people changed it at the same time."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.lines import in_lines
from core.policy.roles import Role
from core.templatetags.ui import day_clock
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from sessions_app.forms import AttendanceForm, SessionForm, zone_name
from sessions_app.models import AttendanceCorrection, MeetingForm, MeetingState, PlannedSession
from sessions_app.pages.diaries import session_diaries
from sessions_app.pages.outline import FORM_ICONS, may_change_plan, outline_of, phase_of, where
from sessions_app.pages.sections import content_context
from sessions_app.related_sessions import diary_not_yet
from tools.memory import tools_of
from tools.models import OnePer

if TYPE_CHECKING:
    pass


def session_context(standing: Standing, group: MentoringGroup, session: PlannedSession) -> dict[str, Any]:
    """Return what the page of a session shows to this person."""
    role = standing.role_in(group.pk)
    may_change = may_change_plan(standing, group)
    attendance = list(session.attendance.all())
    context = {
        **content_context(session.catalogue),
        "group": group,
        "session": session,
        "number": outline_of(group).number_of(session),
        "icon": FORM_ICONS[session.form],
        "where": where(session),
        "zone": zone_name(),
        "may_change": may_change,
        "phase": phase_of(session, group),
        "is_mentee": role == Role.MENTEE,
        "present": _present_names(session),
        "preparers": in_lines(session.preparers),
        "absent": [each.person for each in attendance if not each.was_present],
        "corrections": _corrections(session),
        "not_yet": diary_not_yet(session),
        "is_cancelled": session.state == MeetingState.CANCELLED,
        **session_diaries(standing, group, session),
    }
    if may_change and not context["is_cancelled"]:
        context["lists"] = _participant_lists(standing, group, session)
    return context


def _present_names(session: PlannedSession) -> list[str]:
    """Return who was there: the people, then the guests, who are called so."""
    return _named([each.person for each in session.attendance.all() if each.was_present], session.guest_names)


def _corrections(session: PlannedSession) -> list[dict[str, Any]]:
    """Return how what is said of the attendance was corrected, in lines: what is said now, then what was before."""
    if not session.is_attendance_corrected:
        return []
    found: list[AttendanceCorrection] = AttendanceCorrection.objects.of_session(session)
    return [{"correction": each, "lines": _correction_lines(each)} for each in found]


def _correction_lines(correction: AttendanceCorrection) -> list[str]:
    """Return what a correction changed; who is not known to have been there is not called absent."""
    before, now = correction.guests_before.splitlines(), correction.guests.splitlines()
    changed = correction.changed
    came = _named([each for each in changed if each.is_present], [name for name in now if name not in before])
    # Who was there, joined the group later and is not ticked any more was left out on purpose.
    left_out = _named(
        [each for each in changed if each.was_present and not each.is_present],
        [name for name in before if name not in now],
    )
    not_there = _named([each for each in changed if each.is_present is False and not each.was_present])
    had_missed = _named([each for each in changed if each.was_present is False and each.is_present is None])
    lines = [_("It is not known any more who was there.")] if correction.is_unknown else []
    lines += [_("Was there: %(name)s") % {"name": name} for name in came]
    if not correction.is_unknown:
        lines += [_("Was not there: %(name)s") % {"name": name} for name in left_out + not_there]
    if correction.was_unknown:
        lines.append(_("Before: it was not known who was there."))
    if left_out and correction.is_unknown:
        lines.append(_("Before, as present: %(names)s") % {"names": ", ".join(left_out)})
    if had_missed:
        lines.append(_("Before, as absent: %(names)s") % {"names": ", ".join(had_missed)})
    return lines


def _named(people: Iterable[Any], guests: Iterable[str] = ()) -> list[str]:
    """Return people, then guests, who are called so."""
    return [*(person.full_name for person in people), *(_("%(name)s (guest)") % {"name": n} for n in guests)]


def _participant_lists(standing: Standing, group: MentoringGroup, session: PlannedSession) -> list[dict[str, str]]:
    """Return where Mentor and Manager start the tools that a session needs once: the list of participants."""
    tools = tools_of(group.programme.pack_id, standing).offered
    return [
        {
            "label": tool.current.title,
            "icon": tool.icon,
            "url": f"{reverse('responses:form-start', args=[group.pk, tool.key])}?session_key={session.session_key}",
        }
        for tool in tools
        if tool.current and tool.current.one_per == OnePer.SESSION
    ]


def conflict_lines(form: SessionForm, current: PlannedSession) -> list[dict[str, Any]]:
    """Return what differs between what was typed and what somebody else stored meanwhile: both texts, by field."""
    typed = form.changes()
    pairs: list[tuple[str, Any, Any, Callable[[Any], str]]] = [
        (_("Date and time"), typed["starts_at"], current.starts_at, day_clock),
        (_("Length in minutes"), typed["minutes"], current.minutes, str),
        (pgettext("of a session", "Form"), typed["form"], current.form, lambda value: str(MeetingForm(value).label)),
        (_("Place"), typed["place"], current.place, str),
        (_("Link"), typed["link"], current.link, str),
        (_("Aim"), typed["aim"], current.aim, str),
        (_("Task until the next session"), typed["homework"], current.homework, str),
        (_("Who prepares"), _names(typed["prepared_by"]), _names(current.prepared_by.all()), str),
    ]
    empty = _("nothing")
    return [
        {"label": label, "mine": words(mine) or empty, "theirs": words(theirs) or empty}
        for label, mine, theirs, words in pairs
        if mine != theirs
    ]


def attendance_conflict_lines(form: AttendanceForm, current: PlannedSession) -> list[dict[str, Any]]:
    """Return what differs between who was ticked and what somebody else stored meanwhile."""
    typed, unknown = form.cleaned_data, _("Not known")
    present = [each.person for each in current.attendance.with_people() if each.was_present]
    mine = unknown if typed["is_unknown"] else ", ".join(sorted(_named(typed["present"], typed["guests"])))
    theirs = unknown if current.is_attendance_unknown else ", ".join(sorted(_named(present, current.guest_names)))
    return [{"label": _("Was there"), "mine": mine, "theirs": theirs or _("Nobody")}]


def _names(people: Any) -> str:
    return ", ".join(sorted(person.full_name for person in people))
