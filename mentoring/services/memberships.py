"""People coming into groups and leaving them."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.days import programme_day, programme_today
from core.policy.roles import ProgrammeRole, Role
from mentoring import stops
from mentoring.models import Enrolment, Membership, MentoringGroup, RoleGroup
from mentoring.services import places

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def enrol(*, programme_id: int, user: "User", role: ProgrammeRole, at: datetime | None = None) -> Enrolment:
    """Enrol a person in a programme role; an enrolment that had ended is opened again. Records `enrolment.started`."""
    enrolment, created = Enrolment.objects.get_or_create(
        programme_id=programme_id, user=user, role=role, defaults={"created_at": at or timezone.now()}
    )
    is_new = created or enrolment.ended_at is not None
    if not created and is_new:
        enrolment.ended_at = None
        enrolment.save(update_fields=["ended_at"])
    if is_new:
        events.record(
            "enrolment.started", target=enrolment, at=at, user_id=user.pk, role=role, programme_id=programme_id
        )
    if role == ProgrammeRole.ADMIN and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    return enrolment


@transaction.atomic
def add_member(
    *,
    group: MentoringGroup,
    user: "User",
    role: Role,
    by: "User",
    starts_on: date | None = None,
    at: datetime | None = None,
) -> Membership:
    """Take a person into a group, enrol them in the programme, and open the doors of their role.

    Raises:
        ValidationError: the group is an archive or has nobody to add in this role, or the person is in it already.
    """
    held = MentoringGroup.objects.hold(group)
    if why := places.why_not_joining(held, role, user):
        raise ValidationError(why)
    return _join(group=group, user=user, role=role, by=by, starts_on=starts_on, at=at)


def _join(
    *,
    group: MentoringGroup,
    user: "User",
    role: Role,
    by: "User",
    starts_on: date | None = None,
    at: datetime | None = None,
) -> Membership:
    """Begin a membership; the caller holds the group, and has asked whether the person can join."""
    membership = Membership.objects.create(group=group, user=user, role=role, starts_on=starts_on or programme_day(at))
    enrol(programme_id=group.programme_id, user=user, role=ProgrammeRole(role.value), at=at)
    sync_role_groups(group=group)
    events.record(
        "membership.started", actor=by, group_id=group.pk, target=membership, at=at, user_id=user.pk, role=role.value
    )
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, by: "User", reason: str = "", on: date | None = None, at: datetime | None = None
) -> Membership:
    """End a membership; access ends at once, what the person wrote stays with the group.

    Args:
        on: last day; yesterday when None, so that the doors close now (never before the first day, though: a
            membership that began today is removed from the roles at once all the same).
    """
    last = on or programme_today() - timedelta(days=1)
    if last < membership.starts_on:
        membership.starts_on = last
    membership.ends_on = last
    membership.end_reason = reason
    membership.save(update_fields=["starts_on", "ends_on", "end_reason"])
    sync_role_groups(group=membership.group)
    events.record(
        "membership.ended",
        actor=by,
        group_id=membership.group_id,
        target=membership,
        at=at,
        user_id=membership.user_id,
        role=membership.role,
    )
    return membership


def is_over_by_now(membership: Membership) -> bool:
    """Return whether a membership ended since it was read; the caller holds the group."""
    membership.refresh_from_db(fields=["starts_on", "ends_on", "end_reason"])
    return membership.ends_on is not None and membership.ends_on < programme_today()


def why_not_taken_out(membership: Membership) -> str:
    """Return why a member stays in the group; empty when they can be taken out."""
    if stop := stops.changing(membership.group):
        return stop
    alone = Membership.objects.only_managers([membership]).exists()
    return _("A group needs a Manager. Add another one first.") if alone else ""


@transaction.atomic
def take_out(*, membership: Membership, by: "User", reason: str = "") -> Membership:
    """End a membership by hand.

    Idempotent: what is over stays as it ended.

    Raises:
        ValidationError: it is that of the only Manager, or the group is an archive.
    """
    MentoringGroup.objects.hold(membership.group)  # of two who take each other out one stays
    if is_over_by_now(membership):
        return membership
    if stop := why_not_taken_out(membership):
        raise ValidationError(stop)
    return end_membership(membership=membership, by=by, reason=reason)


@transaction.atomic
def bring_back(*, membership: Membership, by: "User", at: datetime | None = None) -> Membership:
    """Take back that somebody was just taken out of a group: the membership goes on as if it had not ended.

    Idempotent. Nobody is told that they joined; what was told of the end is not new any more. Records
    `membership.resumed`.

    Raises:
        ValidationError: it ended earlier than today, or their place is taken by now.
    """
    held = MentoringGroup.objects.hold(membership.group)
    if not is_over_by_now(membership):
        return membership
    name = {"name": membership.user.full_name}
    if membership.left_on is None or membership.left_on < programme_day(at):
        raise ValidationError(_("%(name)s left the group before today. Add them back instead.") % name)
    if why := places.why_not_joining(held, membership.role, membership.user):
        raise ValidationError(why)
    membership.ends_on, membership.end_reason = None, ""
    membership.save(update_fields=["ends_on", "end_reason"])
    enrol(programme_id=held.programme_id, user=membership.user, role=ProgrammeRole(membership.role), at=at)
    sync_role_groups(group=membership.group)
    events.record(
        "membership.resumed", actor=by, group_id=membership.group_id, target=membership, at=at,
        user_id=membership.user_id, role=membership.role,
    )  # fmt: skip
    return membership


@transaction.atomic
def replace_mentor(*, group: MentoringGroup, old: Membership, new: "User", by: "User", reason: str = "") -> Membership:
    """Let another person take the Mentor's place (domain.md 4.8): the old one leaves, the new one joins.

    Raises:
        ValidationError: as `add_member`, or the old one has left meanwhile; nothing changes then.
    """
    held = MentoringGroup.objects.hold(group)  # of two who replace the same Mentor one does
    if is_over_by_now(old):
        raise ValidationError(_("%(name)s is no longer in the group.") % {"name": old.user.full_name})
    end_membership(membership=old, by=by, reason=reason)
    if why := places.why_not_joining(held, Role.MENTOR, new, is_replacing=True):
        raise ValidationError(why)
    return _join(group=group, user=new, role=Role.MENTOR, by=by)


def sync_role_groups(*, group: MentoringGroup) -> int:
    """Make the members of the auth groups of `group` equal to its live memberships.

    Returns:
        How many people were added or removed.
    """
    wanted: dict[str, set[int]] = {role: set() for role in Role.values}
    for user_id, role in (
        Membership.objects.live().filter(group=group, user__is_active=True).values_list("user_id", "role")
    ):
        wanted[role].add(user_id)
    changes = 0
    for role_group in RoleGroup.objects.filter(group=group).select_related("auth_group"):
        held = set(role_group.auth_group.user_set.values_list("pk", flat=True))
        missing, surplus = wanted[role_group.role] - held, held - wanted[role_group.role]
        if missing:
            role_group.auth_group.user_set.add(*missing)
        if surplus:
            role_group.auth_group.user_set.remove(*surplus)
        changes += len(missing) + len(surplus)
    return changes
