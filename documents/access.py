"""Who may read: the conditions that the documents, forms and uploads have in common, in terms of a `Standing`."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from core.policy.roles import AUDIENCE_ROLES, Action
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


def grants_of(standing: Standing, action: Action) -> Any:
    """Return the guardian grants for `action` that the person holds, but not where it is withheld from them."""
    from documents.models import FolderRestriction  # noqa: PLC0415 -- models import this module

    found = grants_of_roles(standing).filter(permission__codename=f"{action.value}_folder")
    if action not in WITHHELD_WITH[Action.VIEW]:
        return found
    withheld = FolderRestriction.objects.live().of_person(standing.user_id).withholding(action)
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
        audiences = [audience for audience, roles in AUDIENCE_ROLES.items() if role in roles]
        open_to |= Q(**{f"{prefix}audience__in": audiences, f"{group}__in": groups})
    return open_to


def audience_open_in(standing: Standing, folders: Iterable[Any]) -> Q:
    """Return what `audience_open` says of the documents of these folders, by the person’s role in each group."""
    by_role: dict[Any, list[int]] = defaultdict(list)
    for folder in folders:
        by_role[standing.role_in(folder.group_id)].append(folder.pk)
    open_to = Q(author=standing.user_id) | is_subject(standing)
    for role, keys in by_role.items():
        audiences = [audience for audience, roles in AUDIENCE_ROLES.items() if role in roles]
        open_to |= Q(audience__in=audiences, folder__in=keys)
    return open_to


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
