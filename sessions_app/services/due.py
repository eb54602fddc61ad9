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


def asked_since(session: PlannedSession) -> date | None:
    """Return since when its diary is asked for: its day; of one logged afterwards the day on which that was done."""
    day, dated_on = local_day(session.starts_at), local_day(session.dated_at)
    return max(day, dated_on) if day and dated_on else day


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
            sessions=[(row.session_key, row.session_title, local_day(row.starts_at), asked_since(row)) for row in rows],
            absent=set() if group.programme.absent_write_diaries else _absent(rows),
        )


def _absent(rows: list[PlannedSession]) -> set[tuple[str, int]]:
    """Return who was not at which of these sessions."""
    keys = {row.pk: row.session_key for row in rows}
    missed = Attendance.objects.filter(session__in=keys, was_present=False, session__state=MeetingState.HELD)
    return {(keys[session], person) for session, person in missed.values_list("session_id", "person_id")}
