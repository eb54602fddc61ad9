"""Who may read: the conditions that the documents, forms and uploads have in common, in terms of a `Standing`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from core.built_once import Keys, built_once
from core.policy.roles import Action, audiences_of
from core.policy.tables import WITHHELD_WITH
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from tools.subjects import subject_fills_in


def grants_of_roles(standing: Standing) -> Any:
    """Return the guardian grants on folders of the person's roles of today.

    The stored membership of an auth group is not asked: it follows the memberships only in the nightly `sync_grants`.
    What is withheld from the person alone is still among them.
    """
    from documents.models import FolderGroupObjectPermission  # noqa: PLC0415 -- models import this module

    return FolderGroupObjectPermission.objects.filter(group__in=standing.auth_groups())


@built_once
def _granted(auth_groups: Keys, groups: Keys) -> Any:
    from documents.models import (  # noqa: PLC0415 -- models import this module
        FolderGroupObjectPermission,
        FolderRestriction,
    )

    found = FolderGroupObjectPermission.objects.filter(group__in=auth_groups, content_object__group__in=groups)
    found = FolderRestriction.objects.mark_narrowed(found, "content_object")
    shown = ("content_object", "content_object__kind", "content_object__group", "permission__codename", "is_narrowed")
    return found.order_by("content_object", "permission_id").values_list(*shown)


def granted_folders(standing: Standing, groups: Keys) -> list[Any]:
    """Return `grants_of_roles` in these groups: folder, its kind, group, grant, and whether something is withheld."""
    return _granted(standing.auth_groups(), groups)


def grants_of(standing: Standing, action: Action) -> Any:
    """Return the guardian grants for `action` that the person holds, but not where it is withheld from them."""
    return grants_to(standing.auth_groups(), standing.user_id, action)


def grants_to(auth_groups: Any, person: int, action: Action) -> Any:
    """Return the guardian grants for `action` of these auth groups, but not where it is withheld from this person."""
    from documents.models import (  # noqa: PLC0415 -- models import this module
        FolderGroupObjectPermission,
        FolderRestriction,
    )

    found = FolderGroupObjectPermission.objects.filter(group__in=auth_groups)
    found = found.filter(permission__codename=f"{action.value}_folder")
    if action not in WITHHELD_WITH[Action.VIEW]:
        return found
    withheld = FolderRestriction.objects.live().of_person(person).withholding(action)
    return found.exclude(content_object__in=withheld.order_by().values("folder"))


def folder_granted(standing: Standing, action: Action, folder: str) -> Q:
    """Return the condition that the person holds a grant for `action` on the object's folder.

    Args:
        folder: lookup path from the object to the folder's key (`pk`, `folder`, `document__folder`).
    """
    return Q(**{f"{folder}__in": grants_of(standing, action).values("content_object")})


def groups_with_folder(standing: Standing, action: Action) -> Any:
    """Return the mentoring groups in which at least one folder grants `action`."""
    return MentoringGroup.objects.filter(pk__in=grants_of(standing, action).values("content_object__group"))


def is_subject(standing: Standing, form: str = "") -> Q:
    """Return the condition that the person is the subject and the tool lets its subject fill it in.

    Notes that a Manager keeps about somebody (the mid-term interview) are not opened to that person by it.

    Args:
        form: path to the object that carries `subject` and `tool_version`, with trailing underscores.
    """
    return Q(**{f"{form}subject": standing.user_id}) & subject_fills_in(f"{form}tool_version__")


def audience_open(standing: Standing, group: str, *, author: str = "author", prefix: str = "", form: str = "") -> Q:
    """Return the condition that the object's audience includes the person; its writer always reads it.

    So does its subject, where the subject fills in the tool.

    Args:
        group: lookup path from the object to its mentoring group.
        author: path to the writer.
        prefix: path to the object that carries `audience` and `author`, with trailing underscores.
        form: path to the object that carries `subject` and `tool_version`, with trailing underscores.
    """
    open_to = Q(**{f"{prefix}{author}": standing.user_id}) | is_subject(standing, form)
    for role, groups in standing.groups_by_role():
        open_to |= Q(**{f"{prefix}audience__in": audiences_of(role), f"{group}__in": groups})
    return open_to


def audience_open_in(standing: Standing, folders: Iterable[Any]) -> Q:
    """Return what `audience_open` says of the documents of these folders, by the person’s role in each group."""
    return reads_in(standing.user_id, audiences_in(standing, folders))


def audiences_in(standing: Standing, folders: Iterable[Any]) -> tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]:
    """Return which audiences the person belongs to in which of these folders, by their role in each group."""
    by_role: dict[Any, list[int]] = defaultdict(list)
    for folder in folders:
        by_role[standing.role_in(folder.group_id)].append(folder.pk)
    return tuple((tuple(audiences_of(role)), tuple(keys)) for role, keys in by_role.items())


def reads_in(reader: int, open_to: Iterable[tuple[Collection[str], Keys]]) -> Q:
    """Return the condition that the document is by or about the person, or for one of these audiences and there.

    Args:
        open_to: audiences, and the keys of the folders in which the person belongs to them.
    """
    found = Q(author=reader) | Q(subject=reader) & subject_fills_in("tool_version__")
    for audiences, keys in open_to:
        found |= Q(audience__in=audiences, folder__in=keys)
    return found


def fills_in(standing: Standing, group: str = "group", version: str = "tool_version") -> Q:
    """Return the condition that the person's role of today fills in the object's tool.

    Args:
        group: lookup path from the object to its mentoring group.
        version: path to its tool's version.
    """
    return _of_role(standing, group, f"{version}__by")


def adds_to(standing: Standing, group: str = "group", version: str = "tool_version") -> Q:
    """Return the condition that the person's role of today adds a part of its own to what was handed in."""
    return _of_role(standing, group, f"{version}__part_by")


def _of_role(standing: Standing, group: str, column: str) -> Q:
    found = Q(pk__in=())
    for role, groups in standing.groups_by_role():
        found |= Q(**{f"{column}_{role}": True, f"{group}__in": groups})
    return found
