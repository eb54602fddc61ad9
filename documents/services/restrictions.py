"""Narrowing a folder for a role or a person, and lifting that again; looking at a folder as a member sees it."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.held import read_held
from core.policy.roles import Action, FolderKind, Role
from core.policy.tables import FOLDER_POLICY, may_be_withheld
from core.texts import within
from documents.grants import sync_folders
from documents.models import WITHHOLDABLE, Folder, FolderRestriction, columns, with_consequences
from mentoring.models import Membership

if TYPE_CHECKING:
    from accounts.models import User


def _role_of(folder: Folder, role: Role | None, person: "User | None") -> Role:
    """Return the role whose rights are to be narrowed.

    Raises:
        ValidationError: neither or both are named, or the person is not in the group.
    """
    if (role is None) == (person is None):
        raise ValidationError({"who": _("Say for whom: a role or one person.")})
    if role is not None:
        return role
    membership = Membership.objects.live().of_group(folder.group_id).of_user(person).first()
    if membership is None:
        assert person is not None  # noqa: S101 -- one of both is named
        raise ValidationError({"who": _("%(name)s is not in this group.") % {"name": person.full_name}})
    return Role(membership.role)


def _check_actions(folder: Folder, role: Role, actions: Collection[Action]) -> None:
    """Refuse to withhold nothing, what the role does not have, and what a Manager needs to undo it.

    Raises:
        ValidationError: with the sentence.
    """
    if not actions:
        raise ValidationError({"actions": _("Choose at least one right to restrict.")})
    kind = FolderKind(folder.kind)
    words = {"role": within(role.label)}
    ungranted = [action for action in Action if action in actions and action not in FOLDER_POLICY[kind][role]]
    if ungranted:
        words["what"] = ", ".join(str(action.label) for action in ungranted)
        raise ValidationError(
            {"actions": _("As %(role)s nobody has this right here, so it cannot be restricted: %(what)s.") % words}
        )
    if not may_be_withheld(kind, role):
        raise ValidationError({"who": _("These documents stay with their owners: nothing can be restricted here.")})
    if not set(actions) <= may_be_withheld(kind, role):
        sentence = _("A Manager can always read and manage the folder: someone must be able to lift this again.")
        raise ValidationError({"actions": sentence})


@transaction.atomic
def restrict_folder(
    *,
    folder: Folder,
    by: "User",
    actions: Collection[Action],
    reason: str,
    role: Role | None = None,
    person: "User | None" = None,
    at: datetime | None = None,
) -> FolderRestriction:
    """Withhold `actions` in a folder from a role or from one person, from the next request on.

    What cannot be done without them is withheld too: all where reading is, new versions where adding files is.
    Grants follow at once; records `folder.narrowed`.

    Raises:
        ValidationError: by field (`who`, `actions`, `reason`): nobody named, not in the group, nothing to withhold,
            withheld already, no reason.
    """
    _check_actions(folder, _role_of(folder, role, person), actions)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Give a reason. Managers read it with the rights of the folder.")})
    Folder.objects.held([folder.pk]).get()
    target: dict[str, Any] = {"role": role.value if role else "", "person": person}
    earlier = FolderRestriction.objects.live().of_folders([folder]).of_target(**target)
    if with_consequences(actions) <= frozenset().union(*(each.actions for each in earlier)):
        raise ValidationError({"actions": _("This is restricted already.")})
    restriction = FolderRestriction.objects.create(
        folder=folder, **target, **columns(actions), reason=reason[:300], made_by=by, made_at=at or timezone.now()
    )
    sync_folders([folder])
    _record("folder.narrowed", restriction, by, at)
    return restriction


@transaction.atomic
def lift_restriction(
    *, restriction: FolderRestriction, by: "User", reason: str = "", at: datetime | None = None
) -> FolderRestriction:
    """Give back what a restriction withholds, unless another one withholds it too; its row stays.

    Idempotent. Grants follow at once; records `folder.restriction_lifted`.
    """
    folder = Folder.objects.held([restriction.folder_id]).get()
    found: FolderRestriction = read_held(FolderRestriction.objects.select_related("folder"), restriction.pk)
    if found.lifted_at:
        return found
    found.lifted_by, found.lifted_at, found.lift_reason = by, at or timezone.now(), reason.strip()[:300]
    found.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    sync_folders([folder])
    _record("folder.restriction_lifted", found, by, at)
    return found


def _record(kind: str, restriction: FolderRestriction, by: "User", at: datetime | None) -> None:
    withheld = [action.value for action in WITHHOLDABLE if action in restriction.actions]
    events.record(
        kind,
        actor=by,
        group_id=restriction.folder.group_id,
        target=restriction,
        at=at,
        folder_id=restriction.folder_id,
        role=restriction.role,
        user_id=restriction.person_id,
        actions=",".join(withheld),
    )


def record_look(*, folder: Folder, by: "User", member: Membership, is_head: bool = False) -> None:
    """Write that a Manager looked at a folder as a member sees it: records `folder.seen_as`.

    Args:
        is_head: only the head was asked for, so nothing was read.
    """
    if not is_head:
        events.record(
            "folder.seen_as",
            actor=by,
            group_id=folder.group_id,
            target=folder,
            user_id=member.user_id,
            role=member.role,
        )
