"""Planned sessions of forms: a diary or a list of participants is about one of them."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Min
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.days import programme_day, programme_today, programme_zone
from core.keys import key_from
from core.policy.roles import Role
from core.templatetags.ui import CAPITAL_MONTHS, clock, day
from mentoring.models import Membership, MentoringGroup
from mentoring.roles import people_in, role_of
from sessions_app.models import MeetingState, PlannedSession, SectionKind
from sessions_app.pages.diaries import opens_words
from sessions_app.pages.outline import outline_of, where
from sessions_app.services.due import local_day
from tools.models import OnePer, Tool
from tools.related_sessions import Attending, RelatedSession

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

PREFIX = "session-"


def plan_url(group: MentoringGroup) -> str:
    """Return where the session plan is edited."""
    return reverse("sessions:plan-detail", args=[group.pk])


def _in_words(group: MentoringGroup, session: PlannedSession) -> str:
    """Return "Session 4, Thursday 19 November, 17:30–18:30, online"."""
    number = outline_of(group).number_of(session)
    parts = [_("Session %(number)d") % {"number": number}] if number else []
    if session.starts_at:
        parts += [day(session.starts_at), f"{clock(session.starts_at)}–{clock(session.ends_at)}"]
    return ", ".join([*parts, where(session)])


def _facts(group: MentoringGroup, session: PlannedSession) -> list[tuple[str, str]]:
    """Return what a document about the session says under its title.

    Title and day name it: its number in the plan would be another one as soon as a session is put before it.
    """
    attended = session.attendance.filter(was_present=True).select_related("person").order_by("pk")
    present = [*(each.person.get_short_name() for each in attended), *session.guest_names]
    facts = [(pgettext("of a session", "Form"), str(session.get_form_display()))]
    if session.starts_at:
        held_on = format_date(timezone.localtime(session.starts_at), pgettext("date format", "l j E Y"))
        facts.append((_("Date"), held_on if get_language() in CAPITAL_MONTHS else held_on.lower()))
        facts.append((_("Time"), f"{clock(session.starts_at)}–{clock(session.ends_at)}"))
    facts.append((_("Place"), session.place))
    facts.append((_("Mentor"), ", ".join(_mentors(group, session))))
    facts.append((_("Present"), _("Not known") if session.is_attendance_unknown else ", ".join(present)))
    return facts


def _mentors(group: MentoringGroup, session: PlannedSession) -> list[str]:
    """Return the names of the Mentors on the day of a session; of today for one to come, or before the first Mentor."""
    held_on = local_day(session.starts_at)
    if held_on is not None and held_on < programme_today():
        there = group.memberships.live(held_on).in_role(Role.MENTOR).with_people()
        if names := [each.user.get_full_name() for each in there]:
            return names
    return [person.get_full_name() for person in people_in(group, Role.MENTOR)]


def _people(group: MentoringGroup, session: PlannedSession) -> list[tuple[str, str]]:
    """Return name and role of who was there, as the attendance says; of the whole group while it says nothing."""
    attended = [each.person for each in session.attendance.filter(was_present=True).select_related("person")]
    if not attended or session.is_attendance_unknown:
        return [(person.get_full_name(), role_of(person, group) or "") for person in people_in(group)]
    roles = dict(group.memberships.order_by("starts_on").values_list("user", "role"))
    known = [(person.get_full_name(), roles.get(person.pk, "guest")) for person in attended]
    known.sort(key=lambda each: ([*Role.values, "guest"].index(each[1]), each[0]))
    return [*known, *((name, "guest") for name in session.guest_names)]


def _attending(session: PlannedSession, stays: list[Membership]) -> Attending:
    """Return who signs a paper about a session; who joined later, or was absent, is not missed on it."""
    recorded = [] if session.is_attendance_unknown else list(session.attendance.all())
    held_on = local_day(session.starts_at) or programme_today()
    if not any(each.was_present for each in recorded):
        there = [each for each in stays if each.starts_on <= held_on and (not each.ends_on or each.ends_on >= held_on)]
        return Attending([(each.user, each.role) for each in there])
    roles = {each.user_id: each.role for each in stays}
    order = {user: place for place, user in enumerate(roles)}
    present = [each.person for each in recorded if each.was_present]
    present.sort(key=lambda person: (order.get(person.pk, len(order)), person.full_name))
    absent = [each.person for each in recorded if not each.was_present]
    return Attending([(person, roles.get(person.pk, "")) for person in present], absent, session.guest_names)


class PlannedSessionProvider:
    """Knows the sessions of a group's plan."""

    def find(self, group: MentoringGroup, session_key: str) -> RelatedSession | None:
        """Return the session in words; for an empty key the initial session."""
        rows = PlannedSession.objects.of_group(group).select_related("catalogue", "plan__group")
        if session_key:
            session = rows.filter(pk=key_from(session_key.removeprefix(PREFIX))).first()
        else:
            session = rows.not_cancelled().filter(catalogue__kind=SectionKind.INITIAL).first()
        return self._of(group, session) if session is not None else None

    def _of(self, group: MentoringGroup, session: PlannedSession) -> RelatedSession:
        values: dict[str, str | date] = {"session.title": session.title, "session.place": session.place or session.link}
        if (held_on := local_day(session.starts_at)) is not None:
            values["session.date"] = held_on
            zone = programme_zone()
            values["session.from"] = timezone.localtime(session.starts_at, zone).strftime("%H:%M")
            values["session.to"] = timezone.localtime(session.ends_at, zone).strftime("%H:%M")
        aim = {"done": _("The aim was: %(aim)s") % {"aim": session.aim}} if session.aim else {}
        return RelatedSession(
            key=session.session_key,
            title=session.session_title,
            line=_in_words(group, session),
            back_url=reverse("sessions:diary-list", args=[group.pk]),
            back_label=_("Diaries"),
            page_url=reverse("sessions:session-detail", args=[session.pk]),
            helps=aim,
            facts=partial(_facts, group, session),
            values=values,
            people=partial(_people, group, session),
            is_recorded=session.state == MeetingState.HELD and not session.is_attendance_unknown,
            not_yet=_("This session is cancelled.") if session.state == MeetingState.CANCELLED else "",
            too_early=diary_not_yet(session),
        )

    def choices(self, group: MentoringGroup, tool: Tool, user: "User") -> list[tuple[str, str]]:
        """Return the sessions for which this tool can be started now: diaries once they are over, by who was there.

        A session before a person's first day in the group is left out, unless the attendance says they were there.
        """
        if tool.current is None:
            return []
        outline = outline_of(group)
        rows = outline.rows
        if tool.current.one_per == OnePer.MENTEE_SESSION:
            missed = set() if group.programme.absent_write_diaries else missed_by(group, user)
            missed |= before_joining(group, user, rows)
            rows = [row for row in reversed(outline.over) if row.pk not in missed]
        elif tool.current.one_per != OnePer.SESSION:
            return []
        return [(row.session_key, ", ".join(filter(None, (row.title, day(row.starts_at))))) for row in rows]

    def attending(self, group: MentoringGroup, session_keys: "Iterable[str]") -> dict[str, Attending]:
        """Return who signs papers about these sessions, by session key."""
        keys = [key_from(key.removeprefix(PREFIX)) for key in session_keys]
        rows = PlannedSession.objects.of_group(group).filter(pk__in=[key for key in keys if key]).with_attendance()
        stays = list(Membership.objects.filter(group=group).with_people())
        return {row.session_key: _attending(row, stays) for row in rows}

    def titles(self, group: MentoringGroup) -> list[dict[str, Any]]:
        """Return the titles of the sessions of the plan, each by language."""
        rows = PlannedSession.objects.of_group(group).select_related("catalogue")
        return [row.session_title for row in rows]


def missed_by(group: MentoringGroup, user: "User") -> set[int]:
    """Return the sessions of a group at which a person was not."""
    held = PlannedSession.objects.of_group(group).filter(state=MeetingState.HELD)
    missed = held.filter(attendance__person=user, attendance__was_present=False)
    return set(missed.order_by().values_list("pk", flat=True))


def before_joining(group: MentoringGroup, user: "User", rows: "Iterable[PlannedSession]") -> set[int]:
    """Return the sessions before a Mentee's first day in the group at which the Mentee was not; for others none."""
    first = Membership.objects.filter(group=group, user=user, role=Role.MENTEE).aggregate(day=Min("starts_on"))["day"]
    if first is None:
        return set()
    early = {row.pk for row in rows if row.starts_at and programme_day(row.starts_at) < first}
    if not early:
        return set()
    there = PlannedSession.objects.filter(pk__in=early, attendance__person=user, attendance__was_present=True)
    return early - set(there.order_by().values_list("pk", flat=True))


def diary_not_yet(session: PlannedSession) -> str:
    """Return why the diary cannot be written now; empty when it can."""
    if session.state == MeetingState.CANCELLED:
        return _("This session is cancelled.")
    return "" if session.is_over else opens_words(session)
