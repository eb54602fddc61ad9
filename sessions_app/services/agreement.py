"""Agreeing a plan: what stands in it becomes the answers of the session plan's form, and a new version is filed."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.held import read_held
from core.texts import text
from mentoring import stops
from mentoring.roles import people_in
from responses_app import services as forms
from responses_app.models import FormResponse, FormSubmission
from responses_app.services.creation import form_language
from sessions_app.models import MeetingState, PlannedSession, SessionPlan
from sessions_app.services.due import follow_plan
from sessions_app.services.plans import PlanConflictError
from tools.models import Tool

if TYPE_CHECKING:
    from accounts.models import User

EDITOR = "session_plan"


def plan_tool(pack_id: int) -> Tool | None:
    """Return the tool of a pack that the plan page edits; None when the pack has none."""
    return Tool.objects.of_pack(pack_id).filter(current__content__editor=EDITOR).first()


def _columns(fields: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the columns of the table of sessions, by key."""
    table = next((field for field in fields if field["key"] == "sessions"), {})
    return {column["key"]: column for column in table.get("columns", [])}


def _where(row: PlannedSession, max_length: int) -> str:
    """Return place and link in one cell; of a link too long for it only the place."""
    both = ", ".join(part for part in (row.place, row.link) if part)
    return both if len(both) <= max_length else (row.place or row.link)[:max_length]


def _cells(
    row: PlannedSession, number: int | None, language: str, max_length: int, members: set[int]
) -> dict[str, Any]:
    """Return one session as the form writes it; times are those of the platform's zone.

    Args:
        members: who may stand there as preparing it.
    """
    zone = timezone.get_default_timezone()
    start = timezone.localtime(row.starts_at, zone) if row.starts_at else None
    return {
        "number": number,
        "date": start.date().isoformat() if start else None,
        "time": start.strftime("%H:%M") if start else None,
        "form": row.form,
        "place": _where(row, max_length),
        "session": text(row.catalogue.content.get("title"), language)[:200],
        "aim": row.aim,
        "homework": row.homework,
        "prepares": [person.pk for person in row.prepared_by.all() if person.pk in members],
        "state": row.state,
    }


def snapshot(plan: SessionPlan, form: FormResponse) -> dict[str, Any]:
    """Return the plan of this moment as answers of its form.

    Cells for which the form's version has no column, or no such choice, are left out. Cancelled sessions appear only
    where they were agreed before.
    """
    language, members = form_language(plan.group), {person.pk for person in people_in(plan.group)}
    ever = members | set(plan.group.memberships.values_list("user", flat=True))
    columns = _columns(form.tool_version.fields)
    choices = {
        key: {option["key"] for option in column.get("options", [])}
        for key, column in columns.items()
        if column["type"] == "choice"
    }
    max_length = columns.get("place", {}).get("max_length", 300)
    rows, number = [], 0
    for row in plan.sessions.select_related("catalogue").prefetch_related("prepared_by"):
        cancelled = row.state == MeetingState.CANCELLED
        if cancelled and not row.agreed_version:
            continue
        number += 0 if cancelled else 1
        # Who has left prepares nothing that is to come, but did prepare what was held or cancelled.
        preparers = members if row.state == MeetingState.PLANNED else ever
        cells = _cells(row, None if cancelled else number, language, max_length, preparers)
        rows.append(
            {
                key: value
                for key, value in cells.items()
                if key in columns and value not in (None, "", []) and (key not in choices or value in choices[key])
            }
        )
    answers: dict[str, Any] = {"course_of_action": plan.course_of_action, "sessions": rows, "agreed_notes": plan.notes}
    known = {field["key"] for field in form.tool_version.fields}
    return {key: value for key, value in answers.items() if key in known}


def _hand_in(plan: SessionPlan, tool: Tool, by: "User", at: datetime | None) -> FormSubmission:
    """Hand the plan in as its form: the first time a new one, later the same one again.

    Raises:
        ValidationError: the form cannot be handed in, and why.
    """
    try:
        form = plan.form or forms.start_form(group=plan.group, tool=tool, user=by, at=at)
        if not form.is_open:
            form = forms.reopen_form(form=form, user=by, at=at)
        return forms.submit_form(form=form, user=by, lock=form.lock, answers=snapshot(plan, form), at=at)
    except forms.NotPossibleError as error:
        raise ValidationError(error.reason) from error
    except forms.IncompleteError as error:
        raise ValidationError([problem.sentence for problem in error.problems]) from error


@transaction.atomic
def agree_plan(*, plan: SessionPlan, by: "User", lock: int, at: datetime | None = None) -> SessionPlan:
    """Put the plan into force as its next version: it is filed as a PDF and its sessions ask for diaries.

    A plan in force that has not changed, or says again what it said, stays the same version. Older versions of the
    document are kept.

    Args:
        lock: the number of the plan that the person was looking at.

    Raises:
        PlanConflictError: the plan was changed meanwhile.
        ValidationError: it has no session, or the group is paused or closed.
    """
    stored: SessionPlan = read_held(SessionPlan.objects.select_related("group__programme", "form"), plan.pk)
    if stop := stops.planning(stored.group):
        raise ValidationError(stop)
    if stored.agreed_version and not stored.is_changed:
        return stored
    if stored.lock != lock:
        raise PlanConflictError(stored)
    if not stored.sessions.exclude(state=MeetingState.CANCELLED).exists():
        raise ValidationError(_("Choose at least one session first."))
    tool = plan_tool(stored.group.programme.pack_id)
    if tool is not None:
        submission = _hand_in(stored, tool, by, at)
        stored.form, stored.agreed_version = submission.form, submission.number
    else:
        stored.agreed_version += 1
    stored.agreed_at, stored.agreed_by, stored.is_changed = at or timezone.now(), by, False
    stored.save(update_fields=["form", "agreed_version", "agreed_at", "agreed_by", "is_changed"])
    stored.sessions.filter(agreed_version=0).update(agreed_version=stored.agreed_version)
    follow_plan(group=stored.group)
    events.record(
        "plan.agreed", actor=by, group_id=stored.group_id, target=stored, at=at, version=stored.agreed_version
    )
    return stored
