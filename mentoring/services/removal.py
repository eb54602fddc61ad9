"""Deleting a group that was opened by mistake: only while nothing was written, filed or held in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group as AuthGroup
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from mentoring.models import MentoringGroup

if TYPE_CHECKING:
    from accounts.models import User

Keeper = Callable[[MentoringGroup], bool]
_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Let `keeper(group)` say that something has happened in a group which its rows alone do not protect."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def is_empty(group: MentoringGroup) -> bool:
    """Return whether nothing was written, filed or held in the group: no form, no upload, no document, no meeting.

    People, invitations and a draft of the session plan do not count: they are what opening a group leaves behind.
    """
    if any(keeper(group) for keeper in _keepers):
        return False
    try:
        # Forms, uploads and documents protect the group they belong to; the collector asks, and deletes nothing.
        Collector(using=group._state.db or "default").collect([group])
    except (ProtectedError, RestrictedError):
        return False
    return True


@transaction.atomic
def remove_group(*, group: MentoringGroup, by: "User") -> None:
    """Delete an empty group with its memberships, folders and checklist; the audit keeps who did it. Idempotent.

    Open invitations into the group are withdrawn, so that nobody joins what is no longer there.

    Raises:
        ValidationError: something was written, filed or held in it.
    """
    # Not `hold()`: also whoever is about to write in the group waits, until it is deleted or was found not to be empty.
    held = MentoringGroup.objects.select_for_update(of=("self",)).filter(pk=group.pk).first()
    if held is None:
        return  # somebody else was quicker
    if not is_empty(held):
        raise ValidationError(_("Something was written, filed or held in this group. You can end it early instead."))
    events.record("group.removed", actor=by, group_id=held.pk, target=held)
    held.invitations.filter(accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())
    held.invitations.update(group=None)
    auth_groups = list(held.role_groups.values_list("auth_group_id", flat=True))
    held.delete()
    AuthGroup.objects.filter(pk__in=auth_groups).delete()
