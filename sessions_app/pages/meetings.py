"""The page of one session, and what differs when two people changed it at the same time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.policy.roles import Role
from core.templatetags.ui import day_clock
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from sessions_app.forms import SessionForm, zone_name
from sessions_app.models import AttendanceCorrection, MeetingForm, MeetingState, PlannedSession
from sessions_app.pages.diaries import session_diaries
from sessions_app.pages.outline import FORM_ICONS, may_change_plan, outline_of, where
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
        "is_mentee": role == Role.MENTEE,
        "present": _present_names(session),
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
    names = [each.person.full_name for each in session.attendance.all() if each.was_present]
    return names + [_("%(name)s (guest)") % {"name": name} for name in session.guest_names]


def _corrections(session: PlannedSession) -> list[AttendanceCorrection]:
    """Return how what is said of the attendance was corrected."""
    return list(AttendanceCorrection.objects.of_session(session)) if session.is_attendance_corrected else []


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


def _names(people: Any) -> str:
    return ", ".join(sorted(person.full_name for person in people))
