"""Stored grants := policy table − what is withheld from roles. Nothing else writes guardian rows."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.db import transaction

from core.policy.roles import Action, FolderKind
from core.policy.tables import FOLDER_POLICY
from documents.models import Folder, FolderGroupObjectPermission, FolderRestriction, codename
from mentoring.models import MentoringGroup, RoleGroup
from mentoring.services.memberships import sync_role_groups

Grant = tuple[int, int, int]  # folder, auth group, permission


def _permissions() -> dict[str, int]:
    """Return the folder permissions by codename."""
    found = Permission.objects.filter(content_type__app_label="documents", content_type__model="folder")
    return dict(found.values_list("codename", "pk"))


@transaction.atomic
def sync_folders(folders: Iterable[Folder]) -> int:
    """Make the grants of these folders equal to `FOLDER_POLICY` less the live restrictions of roles.

    Idempotent. Needs the role groups of their mentoring groups.

    Returns:
        The number of grants written or deleted; 0 when all was as it should be.
    """
    # Held, so that a restriction made or lifted meanwhile is not overlooked; reading the folder goes on.
    folders = list(Folder.objects.held([folder.pk for folder in folders]))
    permissions = _permissions()
    auth_groups: dict[int, dict[str, int]] = defaultdict(dict)
    for group_id, role, auth_group_id in RoleGroup.objects.filter(
        group__in={folder.group_id for folder in folders}
    ).values_list("group_id", "role", "auth_group_id"):
        auth_groups[group_id][role] = auth_group_id
    withheld: set[tuple[int, str, Action]] = {
        (restriction.folder_id, restriction.role, action)
        for restriction in FolderRestriction.objects.live().of_folders(folders)
        for action in restriction.actions
    }
    wanted: set[Grant] = {
        (folder.pk, auth_groups[folder.group_id][role.value], permissions[codename(action)])
        for folder in folders
        for role, actions in FOLDER_POLICY[FolderKind(folder.kind)].items()
        if role.value in auth_groups[folder.group_id]
        for action in actions
        if (folder.pk, role.value, action) not in withheld
    }
    stored = FolderGroupObjectPermission.objects.filter(content_object__in=folders)
    held: dict[Grant, int] = {
        (folder_id, group_id, permission_id): pk
        for pk, folder_id, group_id, permission_id in stored.values_list(
            "pk", "content_object_id", "group_id", "permission_id"
        )
    }
    surplus = [pk for grant, pk in held.items() if grant not in wanted]
    missing = [
        FolderGroupObjectPermission(content_object_id=folder, group_id=group, permission_id=permission)
        for folder, group, permission in sorted(wanted - set(held))
    ]
    if surplus:
        FolderGroupObjectPermission.objects.filter(pk__in=surplus).delete()
    if missing:
        FolderGroupObjectPermission.objects.bulk_create(missing)
    return len(surplus) + len(missing)


def create_folders(*, group: MentoringGroup) -> list[Folder]:
    """Make the folders of a new group, with their grants."""
    folders = Folder.objects.bulk_create([Folder(group=group, kind=kind) for kind in FolderKind])
    sync_folders(folders)
    return folders


def sync_all() -> int:
    """Repair all role groups and all grants, group by group.

    Returns:
        How many rows had to be changed: anything but 0 is a drift worth a look.
    """
    changes = 0
    for group in MentoringGroup.objects.prefetch_related("folders").iterator(chunk_size=200):
        with transaction.atomic():
            changes += sync_role_groups(group=group)
            changes += sync_folders(group.folders.all())
    return changes
