"""What people may do in the folders of a group: asked once for a page and its rail."""

from collections import defaultdict
from collections.abc import Iterable

from core.policy.roles import Action, FolderKind, Role
from core.policy.tables import FOLDER_POLICY
from documents.access import granted_folders
from documents.models import FOLDER_ACTIONS, Folder, FolderRestriction, codename
from mentoring.models import Membership, MentoringGroup
from mentoring.roles import people_in
from mentoring.standing import Standing

ACTIONS = {codename(action): action for action in FOLDER_ACTIONS}


def readable_folders(standing: Standing, group: MentoringGroup) -> dict[Folder, set[Action]]:
    """Return the folders of `group` that the person may read, with all rights; kept on the group object."""
    known: dict[int, dict[Folder, set[Action]]] = group.__dict__.setdefault("_open_folders", {})
    if standing.user_id not in known:
        known[standing.user_id] = read_folders(standing, [group])
    return known[standing.user_id]


def read_folders(standing: Standing, groups: Iterable[MentoringGroup]) -> dict[Folder, set[Action]]:
    """Read the folders of these groups that the person may read, with all rights."""
    by_key = {group.pk: group for group in groups}
    found: dict[Folder, set[Action]] = {}
    for pk, kind, group, name, is_narrowed in granted_folders(standing, tuple(by_key)):
        folder = Folder(pk=pk, kind=kind, group=by_key[group])
        folder.is_narrowed = is_narrowed
        found.setdefault(folder, set()).add(ACTIONS[name])
    for folder, rights in found.items():
        for restriction in restrictions_of(folder):
            if restriction.person_id == standing.user_id:
                rights -= restriction.actions
    return {folder: rights for folder, rights in found.items() if Action.VIEW in rights}


def rights_in(standing: Standing, folder: Folder) -> set[Action]:
    """Return everything the person may do in one folder."""
    folders = readable_folders(standing, folder.group)
    folder.is_narrowed = any(each.is_narrowed for each in folders if each == folder)
    return set(folders.get(folder, ()))


def restrictions_of(folder: Folder) -> list[FolderRestriction]:
    """Return what is withheld in a folder, the newest first.

    Read once for all folders of the group, and not at all while `is_narrowed` says that nothing is withheld.
    """
    known: dict[int, list[FolderRestriction]] | None = folder.group.__dict__.get("_restrictions")
    if known is None:
        if not getattr(folder, "is_narrowed", True):
            return []
        known = folder.group.__dict__["_restrictions"] = defaultdict(list)
        for restriction in FolderRestriction.objects.live().of_group(folder.group).with_people():
            known[restriction.folder_id].append(restriction)
    return known[folder.pk]


def withheld_from(folder: Folder, membership: Membership) -> frozenset[Action]:
    """Return what is withheld in a folder from a member, by role or by name."""
    return frozenset().union(
        *(each.actions for each in restrictions_of(folder) if each.is_about(membership.user_id, membership.role))
    )


def members_of(group: MentoringGroup) -> list[Membership]:
    """Return the live memberships with their people, Mentor and Manager first; read once."""
    people_in(group)
    return list(group.live_memberships)  # type: ignore[attr-defined]  # set by people_in()


def without(folder: Folder, action: Action) -> set[int]:
    """Return the keys of the members who may not do `action` in a folder."""
    table = FOLDER_POLICY[FolderKind(folder.kind)]
    return {
        each.user_id
        for each in members_of(folder.group)
        if action not in table[Role(each.role)] - withheld_from(folder, each)
    }
