"""Opening and changing mentoring groups."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group as AuthGroup
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import events
from core.days import programme_day
from core.policy.roles import Role, Stage
from mentoring import stops
from mentoring.models import GroupKind, MentoringForm, MentoringGroup, Programme, RoleGroup, StageChange
from mentoring.services import places
from mentoring.services.memberships import add_member

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

EDITABLE = ("name", "motto", "kind", "form", "starts_on", "ends_on", "communication_schedule", "initial_channel")


@transaction.atomic
def open_group(
    *,
    programme: Programme,
    name: str,
    opened_by: "User",
    starts_on: date,
    ends_on: date,
    manager: "User | None" = None,
    mentors: "Iterable[User]" = (),
    mentees: "Iterable[User]" = (),
    kind: str = GroupKind.GROUP,
    form: str = MentoringForm.BLENDED,
    motto: str = "",
    communication_schedule: str = "",
    initial_channel: str = "",
    at: datetime | None = None,
) -> MentoringGroup:
    """Open a group with everything it needs, in one transaction.

    Makes the auth groups of the three roles and the memberships; subscribers of `group.opened` and
    `membership.started` add folders with grants, checklist and session plan.

    Args:
        manager: `opened_by` when None.
        at: when it was opened; now when None.
    """
    Programme.objects.filter(pk=programme.pk).update(groups_numbered=F("groups_numbered") + 1)
    programme.refresh_from_db(fields=["groups_numbered"])
    group = MentoringGroup.objects.create(
        programme=programme,
        name=name,
        motto=motto,
        kind=kind,
        form=form,
        starts_on=starts_on,
        ends_on=ends_on,
        communication_schedule=communication_schedule,
        initial_channel=initial_channel,
        number=programme.groups_numbered,
        created_by=opened_by,
        created_at=at or timezone.now(),
    )
    for role in Role:
        auth_group = AuthGroup.objects.create(name=f"mentoring-group-{group.pk}-{role.value}")
        RoleGroup.objects.create(group=group, role=role, auth_group=auth_group)
    StageChange.objects.create(group=group, to_stage=Stage.FORMING, actor=opened_by, changed_at=group.created_at)
    events.record("group.opened", actor=opened_by, group_id=group.pk, target=group, at=at)
    start = min(starts_on, programme_day(at))
    add_member(group=group, user=manager or opened_by, role=Role.MANAGER, by=opened_by, starts_on=start, at=at)
    for mentor in mentors:
        add_member(group=group, user=mentor, role=Role.MENTOR, by=opened_by, starts_on=start, at=at)
    for mentee in mentees:
        add_member(group=group, user=mentee, role=Role.MENTEE, by=opened_by, starts_on=start, at=at)
    return group


@transaction.atomic
def change_group(*, group: MentoringGroup, by: "User", **changes: Any) -> MentoringGroup:
    """Change name, motto, kind, form, dates, schedule or channel of a group.

    Raises:
        ValueError: for a field that is not among them.
        ValidationError: something would change, and the group is an archive, or has more people than a pair.
    """
    if unknown := set(changes) - set(EDITABLE):
        raise ValueError(f"Not a field one changes: {sorted(unknown)}")
    changed = [field for field, value in changes.items() if getattr(group, field) != value]
    if changed and (stop := stops.changing(group)):
        raise ValidationError(stop)
    if "kind" in changed and (why := places.why_not_of_kind(MentoringGroup.objects.hold(group), changes["kind"])):
        raise ValidationError({"kind": why})
    for field in changed:
        setattr(group, field, changes[field])
    if changed:
        group.save(update_fields=changed)
        events.record("group.changed", actor=by, group_id=group.pk, target=group, fields=",".join(changed))
    return group
