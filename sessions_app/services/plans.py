"""The session plan of a group: rows added, changed, moved, cancelled, held, taken out."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import events
from core.held import read_held
from documents.models import Document
from mentoring import stops
from mentoring.models import MentoringGroup
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import (
    Attendance,
    CatalogueSession,
    MeetingForm,
    MeetingState,
    PlannedSession,
    SectionKind,
    SessionPlan,
)
from sessions_app.services.attendance import Said, keep_trace, present_of, said_of, version_of
from sessions_app.services.due import follow_plan

if TYPE_CHECKING:
    from accounts.models import User

CHANGEABLE = ("starts_at", "minutes", "form", "place", "link", "aim", "homework")
OWN_NUMBER = 999
"""A group's own session stands after those of the catalogue; nobody sees this number."""
MOST_SESSIONS = 60
"""So many rows the paper of the plan has room for."""
TEXTS = ("course_of_action", "notes")


class PlanConflictError(Exception):
    """Somebody else saved first; nothing was written.

    Attributes:
        current: the session or plan as it is stored now.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody else saved first.")
        self.current = current


def _refuse_when_closed(group: MentoringGroup) -> None:
    if stop := stops.planning(group):
        raise ValidationError(stop)


def _locked(session: PlannedSession) -> PlannedSession:
    """Return the row as stored, locked, with plan and group."""
    joined = PlannedSession.objects.select_related("plan__group__programme", "catalogue")
    row: PlannedSession = read_held(joined, session.pk)
    return row


def _after_change(plan: SessionPlan, kind: str, *, by: "User | None", target: Any, at: datetime | None) -> None:
    """Count the change, remember that an agreed plan differs now, tell about it, let the checklist follow."""
    SessionPlan.objects.filter(pk=plan.pk).update(lock=F("lock") + 1)
    SessionPlan.objects.filter(pk=plan.pk, agreed_version__gt=0).update(is_changed=True)
    plan.refresh_from_db(fields=["lock", "is_changed"])
    events.record(kind, actor=by, group_id=plan.group_id, target=target, at=at, plan=plan.pk)
    follow_plan(group=plan.group)


@transaction.atomic
def open_plan(*, group: MentoringGroup, at: datetime | None = None) -> SessionPlan:
    """Make the plan of a new group, with the initial session as its first row, still without a date.

    The place or link that the Manager chose for it is taken over.
    """
    plan = SessionPlan.objects.create(group=group)
    first = CatalogueSession.objects.offered(group.programme.pack_id, SectionKind.INITIAL).first()
    if first is not None:
        channel = group.initial_channel.strip()
        is_link = channel.startswith(("https://", "http://"))
        form = MeetingForm.ONLINE if is_link else MeetingForm.IN_PERSON
        PlannedSession.objects.create(
            plan=plan,
            catalogue=first,
            position=1,
            minutes=first.minutes,
            form=form if channel else MeetingForm.OPEN,
            place="" if is_link else channel[:200],
            link=channel if is_link else "",
        )
    events.record("plan.opened", group_id=group.pk, target=plan, at=at)
    follow_plan(group=group)
    return plan


def _refuse_when_full(plan: SessionPlan, more: int) -> None:
    """Refuse more sessions than the paper of the plan has room for.

    Raises:
        ValidationError: with how many there are, and how many fit.
    """
    SessionPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)  # of two at once the second counts the first's
    if (there := plan.sessions.count()) + more > MOST_SESSIONS:
        words = _("A plan has at most %(most)d sessions. This one has %(there)d; remove some first, or add fewer.")
        raise ValidationError(words % {"most": MOST_SESSIONS, "there": there})


@transaction.atomic
def add_sessions(
    *, plan: SessionPlan, by: "User", catalogue: Iterable[CatalogueSession], at: datetime | None = None
) -> list[PlannedSession]:
    """Put sessions of the catalogue into the plan, at its end, without date and form.

    Raises:
        ValidationError: the group is paused or closed, the plan would be too long, or a session is not one of its
            programme's pack.
    """
    _refuse_when_closed(plan.group)
    wanted = list(catalogue)
    _refuse_when_full(plan, len(wanted))
    last = plan.sessions.aggregate(last=Max("position"))["last"] or 0
    made = []
    for position, chosen in enumerate(wanted, start=last + 1):
        if chosen.pack_id != plan.group.programme.pack_id or chosen.plan_id not in {None, plan.pk}:
            raise ValidationError(_("This session does not belong to your programme."))
        row = PlannedSession.objects.create(plan=plan, catalogue=chosen, position=position, minutes=chosen.minutes)
        made.append(row)
        events.record("session.added", actor=by, group_id=plan.group_id, target=row, at=at)
    if made:
        _after_change(plan, "plan.changed", by=by, target=plan, at=at)
    return made


@transaction.atomic
def add_own_session(
    *, plan: SessionPlan, by: "User", title: str, kind: str, minutes: int, at: datetime | None = None
) -> PlannedSession:
    """Put a session into the plan that the catalogue does not have; its title is in the language of who writes it.

    Args:
        kind: the section of the plan that it belongs to.
        minutes: how long it is meant to take.

    Raises:
        ValidationError: the group is paused or closed, or the plan is full.
    """
    _refuse_when_closed(plan.group)
    own = CatalogueSession.objects.create(
        pack_id=plan.group.programme.pack_id,
        kind=kind,
        key=f"own-{secrets.token_hex(8)}",
        number=OWN_NUMBER,
        content={"title": {translation.get_language(): title}, "minutes": minutes},
        is_current=False,
        plan=plan,
    )
    (row,) = add_sessions(plan=plan, by=by, catalogue=[own], at=at)
    return row


@transaction.atomic
def change_session(
    *,
    session: PlannedSession,
    by: "User",
    lock: int,
    prepared_by: "Collection[User] | None" = None,
    title: str | None = None,
    at: datetime | None = None,
    **changes: Any,
) -> PlannedSession:
    """Change date, form, place and contents of a row.

    Args:
        lock: the number of the version that the person was looking at.
        prepared_by: who prepares it; as it was when None.
        title: of a session of the group's own; as it was when None. Papers keep the title they were written under.

    Raises:
        PlanConflictError: somebody else saved it meanwhile.
        ValidationError: the group is paused or closed.
        ValueError: for a field that is not among `CHANGEABLE`.
    """
    if unknown := set(changes) - set(CHANGEABLE):
        raise ValueError(f"Not a field one changes: {sorted(unknown)}")
    row = _locked(session)
    _refuse_when_closed(row.plan.group)
    if row.lock != lock:
        raise PlanConflictError(row)
    changed = [field for field, value in changes.items() if getattr(row, field) != value]
    people_changed = prepared_by is not None and {each.pk for each in prepared_by} != set(
        row.prepared_by.values_list("pk", flat=True)
    )
    is_renamed = title is not None and row.catalogue.plan_id is not None and title != row.title
    if not changed and not people_changed and not is_renamed:
        return row
    if is_renamed:
        row.catalogue.content["title"] = {translation.get_language(): title}
        row.catalogue.save(update_fields=["content"])
    was_moved = "starts_at" in changed
    if was_moved:
        row.dated_at = at or timezone.now()
    for field in changed:
        setattr(row, field, changes[field])
    row.lock += 1
    row.save(update_fields=[*changed, "lock", "dated_at"])
    if people_changed and prepared_by is not None:
        row.prepared_by.set(prepared_by)
    _after_change(row.plan, "session.moved" if was_moved else "session.changed", by=by, target=row, at=at)
    if changed:
        forms.follow_session(
            group=row.plan.group, session_key=row.session_key, by=by, reason="", at=at or timezone.now(),
            heads_differ=not {"starts_at", "minutes", "form", "place"}.isdisjoint(changed),
        )  # fmt: skip
    return row


@transaction.atomic
def move_session(*, session: PlannedSession, by: "User", earlier: bool) -> PlannedSession:
    """Put a row that has no date yet one place earlier or later among those without a date.

    Raises:
        ValidationError: the group is paused or closed, or the row has a date (then the date is its place).
    """
    row = _locked(session)
    _refuse_when_closed(row.plan.group)
    if row.starts_at is not None:
        raise ValidationError(_("This session has a date. Change the date to move it."))
    undated = PlannedSession.objects.filter(plan=row.plan, starts_at__isnull=True, state=MeetingState.PLANNED)
    order = [each.pk for each in undated.order_by("position", "pk")]
    if row.pk not in order:
        raise ValidationError(_("Only a planned session can be moved."))
    place = order.index(row.pk)
    target = min(max(place + (-1 if earlier else 1), 0), len(order) - 1)
    if target == place:
        return row
    order.insert(target, order.pop(place))
    base = (
        PlannedSession.objects.filter(plan=row.plan).exclude(pk__in=order).aggregate(last=Max("position"))["last"] or 0
    )
    for position, pk in enumerate(order, start=base + 1):
        PlannedSession.objects.filter(pk=pk).update(position=position)
    _after_change(row.plan, "session.moved", by=by, target=row, at=None)
    row.refresh_from_db()
    return row


def has_handed_in(session: PlannedSession) -> bool:
    """Return whether anything about the session was handed in or filed: then it took place."""
    about = {"session_key": session.session_key}
    return (
        FormResponse.objects.filter(group=session.plan.group_id, latest__isnull=False, **about).exists()
        or Document.objects.filter(folder__group=session.plan.group_id, removed_at__isnull=True, **about).exists()
    )


@transaction.atomic
def cancel_session(*, session: PlannedSession, by: "User", reason: str, at: datetime | None = None) -> PlannedSession:
    """Cancel a row; the diaries it would have asked for are no longer due.

    Raises:
        ValidationError: without a reason, when it is cancelled already, when the group is paused or closed, or when
            something about it has been handed in (then it took place).
    """
    row = _locked(session)
    _refuse_when_closed(row.plan.group)
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. Everyone in the group can read it.")})
    if row.state == MeetingState.CANCELLED:
        raise ValidationError(_("This session is cancelled already."))
    if has_handed_in(row):
        raise ValidationError(_("Documents about this session have been handed in, so it took place."))
    row.attendance.all().delete()
    row.state, row.cancel_reason, row.held_at = MeetingState.CANCELLED, reason.strip()[:300], None
    row.guests, row.is_attendance_unknown = "", False
    row.lock += 1
    row.save(update_fields=["state", "cancel_reason", "held_at", "guests", "is_attendance_unknown", "lock"])
    _after_change(row.plan, "session.cancelled", by=by, target=row, at=at)
    return row


@transaction.atomic
def restore_session(*, session: PlannedSession, by: "User") -> PlannedSession:
    """Bring a cancelled row back as planned.

    Raises:
        ValidationError: it is not cancelled, or the group is paused or closed.
    """
    row = _locked(session)
    _refuse_when_closed(row.plan.group)
    if row.state != MeetingState.CANCELLED:
        raise ValidationError(_("This session is not cancelled."))
    row.state, row.cancel_reason = MeetingState.PLANNED, ""
    row.lock += 1
    row.save(update_fields=["state", "cancel_reason", "lock"])
    _after_change(row.plan, "session.restored", by=by, target=row, at=None)
    return row


def why_not_held(session: PlannedSession, at: datetime | None = None) -> str:
    """Return why nobody can say yet who was there; empty when it can be said."""
    if session.state == MeetingState.CANCELLED:
        return _("This session is cancelled. Restore it first.")
    if session.starts_at is None:
        return _("Give the session its date first.")
    return _("This session has not started yet.") if session.starts_at > (at or timezone.now()) else ""


@transaction.atomic
def hold_session(
    *,
    session: PlannedSession,
    by: "User",
    present: "Collection[int]" = (),
    guests: "Iterable[str]" = (),
    is_unknown: bool = False,
    reason: str = "",
    lock: str = "",
    at: datetime | None = None,
) -> PlannedSession:
    """Record that a meeting took place and who was there; done again, it corrects the attendance, with a trace.

    Saying the same again changes nothing. Who joined the group after the meeting can have been there; nobody of them
    was absent.

    Args:
        present: keys of the people who were there; everybody else who was a member on that day was absent.
        guests: names of those who were there and have no account.
        is_unknown: nobody knows any more who was there; then nobody counts as absent.
        reason: why it is corrected; everybody in the group reads it.
        lock: `version_of` what the person was looking at; not asked when empty.

    Raises:
        PlanConflictError: somebody else has said something else meanwhile.
        ValidationError: it has no date, has not begun, is cancelled, the group is paused or closed, or it is corrected
            without a reason.
    """
    row = _locked(session)
    _refuse_when_closed(row.plan.group)
    if stop := why_not_held(row, at=at):
        raise ValidationError(stop)
    now = at or timezone.now()
    before, said = said_of(row), Said({}, "", is_unknown)
    if not is_unknown:
        were_members, joined_later = Attendance.objects.candidates(row)
        expected = were_members | (before.was_there.keys() - joined_later)
        people = {pk: pk in present for pk in sorted(expected | (joined_later & set(present)))}
        said = Said(people, "\n".join(guests), is_unknown)
    if row.state == MeetingState.HELD and said == before:
        return row
    if lock and lock != version_of(before):
        raise PlanConflictError(row)
    is_correction = row.state == MeetingState.HELD
    if is_correction:
        keep_trace(row, before, said, by=by, reason=reason, at=now)
    row.attendance.all().delete()
    Attendance.objects.bulk_create(
        Attendance(session=row, person_id=pk, was_present=was_there) for pk, was_there in said.was_there.items()
    )
    row.guests, row.is_attendance_unknown = said.guests, is_unknown
    row.state, row.held_at = MeetingState.HELD, row.held_at or now
    row.lock += 1
    row.save(update_fields=["state", "held_at", "guests", "is_attendance_unknown", "lock"])
    events.record("session.held", actor=by, group_id=row.plan.group_id, target=row, at=at)
    if is_correction and present_of(said) != present_of(before):
        forms.follow_session(
            group=row.plan.group, session_key=row.session_key, by=by, reason=reason, heads_differ=True, at=now
        )
    return row


@transaction.atomic
def unhold_session(*, session: PlannedSession, by: "User") -> PlannedSession:
    """Take back that a meeting took place: it is planned again, and nothing is known of who was there.

    Raises:
        ValidationError: it was not held, documents about it have been handed in, or the group is paused or closed.
    """
    row = _locked(session)
    _refuse_when_closed(row.plan.group)
    if row.state != MeetingState.HELD:
        raise ValidationError(_("This session is not recorded as held."))
    if has_handed_in(row):
        raise ValidationError(_("Documents about this session have been handed in, so it took place."))
    row.attendance.all().delete()
    row.state, row.held_at, row.guests, row.is_attendance_unknown = MeetingState.PLANNED, None, "", False
    row.lock += 1
    row.save(update_fields=["state", "held_at", "guests", "is_attendance_unknown", "lock"])
    events.record("session.not_held", actor=by, group_id=row.plan.group_id, target=row)
    return row


@transaction.atomic
def remove_session(*, session: PlannedSession, by: "User") -> None:
    """Take a row out of the plan that was never agreed and has no documents.

    Raises:
        ValidationError: it was agreed or has documents (then it can be cancelled), or the group is paused or closed.
    """
    row = _locked(session)
    _refuse_when_closed(row.plan.group)
    if not may_be_removed(row):
        raise ValidationError(_("This session was agreed or held, or has documents already. Cancel it instead."))
    pk, plan = row.pk, row.plan
    row.delete()
    CatalogueSession.objects.filter(pk=row.catalogue_id, plan=plan).delete()
    events.record("session.removed", actor=by, group_id=plan.group_id, target=plan, session=pk)
    _after_change(plan, "plan.changed", by=by, target=plan, at=None)


def may_be_removed(session: PlannedSession) -> bool:
    """Return whether a row can vanish without a trace: never agreed, not held, nothing written about it."""
    if session.agreed_version or session.state == MeetingState.HELD or session.documents.exists():
        return False
    return not FormResponse.objects.filter(group=session.plan.group_id, session_key=session.session_key).exists()


@transaction.atomic
def change_texts(*, plan: SessionPlan, by: "User", lock: int, at: datetime | None = None, **texts: str) -> SessionPlan:
    """Change the course of action and what else was agreed.

    Args:
        lock: the number of the version that the person was looking at.

    Raises:
        PlanConflictError: the plan was changed meanwhile.
        ValidationError: the group is paused or closed.
        ValueError: for a text that is not among `TEXTS`.
    """
    if unknown := set(texts) - set(TEXTS):
        raise ValueError(f"Not a text of the plan: {sorted(unknown)}")
    stored: SessionPlan = read_held(SessionPlan.objects.select_related("group__programme"), plan.pk)
    _refuse_when_closed(stored.group)
    changed = [field for field, value in texts.items() if getattr(stored, field) != value]
    if not changed:
        return stored
    if stored.lock != lock:
        raise PlanConflictError(stored)
    for field in changed:
        setattr(stored, field, texts[field])
    stored.save(update_fields=changed)
    _after_change(stored, "plan.changed", by=by, target=stored, at=at)
    return stored
