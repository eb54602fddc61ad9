"""What the session plan makes due: the checklist follows its rows."""

from datetime import date, datetime

from django.db import transaction

from checklist.services import items as checklist
from core.days import programme_day
from mentoring.models import MentoringGroup
from sessions_app.models import Attendance, MeetingState, PlannedSession, SectionKind, SessionPlan


def local_day(moment: datetime | None) -> date | None:
    """Return the programme's day of a meeting; None while it has none."""
    return programme_day(moment) if moment else None


def over_at(session: PlannedSession) -> datetime | None:
    """Return when a session is over: at its end, or when somebody said before it that it was held; None undated."""
    begins, ends, held = session.starts_at, session.ends_at, session.held_at
    return held if begins and ends and held and begins <= held < ends else ends


def asked_since(session: PlannedSession) -> date | None:
    """Return the day from which its diary is due: its last; of one logged afterwards the day on which that was done."""
    day, dated_on = local_day(over_at(session)), local_day(session.dated_at)
    return max(day, dated_on) if day and dated_on else day


def occasion(session: PlannedSession) -> checklist.Occasion:
    """Return a session as the checklist knows it."""
    return checklist.Occasion(
        key=session.session_key,
        title=session.session_title,
        day=local_day(session.starts_at),
        over_at=over_at(session),
        asked_since=asked_since(session),
    )


@transaction.atomic
def follow_plan(*, group: MentoringGroup) -> None:
    """Bring the checklist in line with the plan, its dates and the people of today.

    Tools that hang on the initial session follow its day at once; diaries are asked for once the plan is agreed.
    """
    plan = SessionPlan.objects.filter(group=group).first()
    rows = list(
        PlannedSession.objects.filter(plan=plan).exclude(state=MeetingState.CANCELLED).select_related("catalogue")
    )
    initial = next((local_day(row.starts_at) for row in rows if row.catalogue.kind == SectionKind.INITIAL), None)
    checklist.ensure_items(group=group, initial=initial)
    if plan is not None and plan.agreed_version:
        checklist.ensure_session_items(
            group=group,
            sessions=[occasion(row) for row in rows],
            absent=set() if group.programme.absent_write_diaries else _absent(rows),
        )


def _absent(rows: list[PlannedSession]) -> set[tuple[str, int]]:
    """Return who was not at which of these sessions."""
    keys = {row.pk: row.session_key for row in rows}
    missed = Attendance.objects.filter(session__in=keys, was_present=False, session__state=MeetingState.HELD)
    return {(keys[session], person) for session, person in missed.values_list("session_id", "person_id")}
