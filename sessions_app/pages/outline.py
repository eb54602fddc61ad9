"""Where a group stands in its plan, and each of its sessions: read once for a page, for rail, overview and road."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _

from core.policy.roles import Action, Area
from core.templatetags.ui import day_clock_here
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from sessions_app.models import MeetingForm, MeetingState, PlannedSession

FORM_ICONS: dict[str, str] = {
    MeetingForm.IN_PERSON: "geo-alt",
    MeetingForm.ONLINE: "camera-video",
    MeetingForm.HYBRID: "broadcast",
    MeetingForm.CHAT: "chat-dots",
    MeetingForm.OPEN: "question-circle",
}


class Phase(StrEnum):
    """How far a session is; the one home of this, for every page.

    A session whose time has passed is over. It counts as held once it was recorded who was there (or that this is not
    known); until then nobody says that it was held. In a group that has ended, what was not recorded was dropped.
    """

    AHEAD = "ahead"
    UNRECORDED = "unrecorded"
    HELD = "held"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


def phase_of(row: PlannedSession, group: MentoringGroup) -> Phase:
    """Return how far a session is."""
    return _phase(row, is_ended=group.is_read_only)


def _phase(row: PlannedSession, *, is_ended: bool) -> Phase:
    if row.state != MeetingState.PLANNED:
        return Phase.HELD if row.state == MeetingState.HELD else Phase.CANCELLED
    if is_ended:
        return Phase.DROPPED
    return Phase.UNRECORDED if row.is_over else Phase.AHEAD


@dataclass
class Outline:
    """The sessions of a plan that are not cancelled, in time.

    `is_ended`: the group is over; nothing comes any more, and what was not recorded as held was not held.
    """

    rows: list[PlannedSession]
    is_ended: bool = False

    @cached_property
    def over(self) -> list[PlannedSession]:
        """Return those whose time has passed; once the group is over those that were held."""
        return self._in(Phase.HELD, Phase.UNRECORDED)

    @cached_property
    def ahead(self) -> list[PlannedSession]:
        """Return those to come, also without a date; none once the group is over."""
        return self._in(Phase.AHEAD)

    @cached_property
    def held(self) -> list[PlannedSession]:
        """Return those of which it was recorded that they were held."""
        return self._in(Phase.HELD)

    @cached_property
    def unrecorded(self) -> list[PlannedSession]:
        """Return those that are over and of which nobody has recorded who was there."""
        return self._in(Phase.UNRECORDED)

    def _in(self, *phases: Phase) -> list[PlannedSession]:
        return [row for row in self.rows if _phase(row, is_ended=self.is_ended) in phases]

    @property
    def next(self) -> PlannedSession | None:
        """Return the next one that has a date."""
        return next((row for row in self.ahead if row.starts_at), None)

    @property
    def progress(self) -> str:
        """Return "4 of 10 sessions over" once one is."""
        if not self.over:
            return ""
        return _("%(over)d of %(count)d sessions over") % {"over": len(self.over), "count": len(self.rows)}

    def number_of(self, session: PlannedSession) -> int | None:
        """Return the place of a session in the plan; None for a cancelled one."""
        return next((number for number, row in enumerate(self.rows, start=1) if row.pk == session.pk), None)


def outline_of(group: MentoringGroup) -> Outline:
    """Return the outline of a group's plan; asked once, kept on the group object."""
    known: Outline | None = group.__dict__.get("_plan_outline")
    if known is None:
        known = keep_outline(group, PlannedSession.objects.outline_of(group.pk))
    return known


def has_outline(group: MentoringGroup) -> bool:
    """Return whether the outline of the group is known already."""
    return "_plan_outline" in group.__dict__


def keep_outline(group: MentoringGroup, rows: list[PlannedSession]) -> Outline:
    """Keep rows that a page has read anyway as the outline of the group."""
    outline = Outline(rows, group.is_read_only)
    group.__dict__["_plan_outline"] = outline
    return outline


def where(row: PlannedSession) -> str:
    """Return form and place in words: "In person, Kaunas County Library"."""
    form = str(row.get_form_display())
    return f"{form}, {row.place}" if row.place else form


def when_and_where(row: PlannedSession) -> str:
    """Return "Thursday 3 December, 17:30, in person, Kaunas County Library"."""
    start = day_clock_here(row.starts_at) if row.starts_at else _("No date yet")
    place = where(row)
    return f"{start}, {place[:1].lower()}{place[1:]}"


def may_change_plan(standing: Standing, group: MentoringGroup) -> bool:
    """Return whether the person may change the plan now: the policy, and the state of the group."""
    return group.accepts_work and standing.may(Area.PLAN, Action.CHANGE, group.pk)
