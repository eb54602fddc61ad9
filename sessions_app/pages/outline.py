"""Where a group stands in its plan: read once for a page, for rail, overview and road."""

from dataclasses import dataclass
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


@dataclass
class Outline:
    """The sessions of a plan that are not cancelled, in time.

    `is_ended`: the group is over; nothing comes any more, and what was not recorded as held was not held.
    """

    rows: list[PlannedSession]
    is_ended: bool = False

    @cached_property
    def over(self) -> list[PlannedSession]:
        """Return those that took place."""
        return [row for row in self.rows if (is_held(row) if self.is_ended else row.is_over)]

    @cached_property
    def ahead(self) -> list[PlannedSession]:
        """Return those to come, also without a date; none once the group is over."""
        return [] if self.is_ended else [row for row in self.rows if not row.is_over]

    @property
    def next(self) -> PlannedSession | None:
        """Return the next one that has a date."""
        return next((row for row in self.ahead if row.starts_at), None)

    @property
    def progress(self) -> str:
        """Return "session 4 of 10" once a session took place."""
        if not self.over:
            return ""
        return _("%(over)d of %(count)d sessions over") % {"over": len(self.over), "count": len(self.rows)}

    def number_of(self, session: PlannedSession) -> int | None:
        """Return the place of a session in the plan; None for a cancelled one."""
        return next((number for number, row in enumerate(self.rows, start=1) if row.pk == session.pk), None)


def is_held(row: PlannedSession) -> bool:
    """Return whether it was recorded that a session took place."""
    return bool(row.state == MeetingState.HELD)


def outline_of(group: MentoringGroup) -> Outline:
    """Return the outline of a group's plan; asked once, kept on the group object."""
    known: Outline | None = group.__dict__.get("_plan_outline")
    if known is None:
        rows = PlannedSession.objects.of_group(group).not_cancelled().for_outline()
        known = keep_outline(group, list(rows))
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
