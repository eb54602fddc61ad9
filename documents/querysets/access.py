"""Who may read: the conditions that the papers, forms and uploads have in common."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from core.roles import AUDIENCE_ROLES, Action
from mentoring.models import Membership


def memberships_of_today(user: Any) -> Any:
    """Return the person's memberships of today."""
    return Membership.objects.live().of_user(user)


def folder_granted(user: Any, action: Action, folder: str) -> Exists:
    """Return the condition that a guardian grant and a membership of today both open the folder.

    The grant alone is not enough: a membership whose last day has passed no longer counts, even before the
    nightly `sync_grants`.

    Args:
        folder: lookup path from the outer object to the folder's key (`pk`, `folder`, `document__folder`).
    """
    from documents.models import FolderGroupObjectPermission  # noqa: PLC0415 -- models import this module

    member = memberships_of_today(user).filter(
        group=OuterRef("content_object__group"), role=OuterRef("group__role_group__role")
    )
    return Exists(
        FolderGroupObjectPermission.objects.filter(
            Exists(member),
            content_object=OuterRef(folder),
            permission__codename=f"{action.value}_folder",
            group__role_group__group=F("content_object__group"),
        )
    )


def is_subject(user: Any, form: str = "") -> Q:
    """Return the condition that the person is the subject and the tool lets its subject fill it in.

    Notes that a Manager keeps about somebody (the mid-term interview) are not opened to that person by it.

    Args:
        form: path to the object that carries `subject` and `template_version`, with trailing underscores.
    """
    tool = f"{form}template_version__"
    own = (
        Q(**{f"{tool}one_per__in": ["mentee", "mentee_session"], f"{tool}by_mentee": True})
        | Q(**{f"{tool}one_per": "mentor", f"{tool}by_mentor": True})
        | Q(**{f"{tool}one_per": "mentee_or_mentor", f"{tool}by_mentee": True, f"{tool}by_mentor": True})
    )
    return Q(**{f"{form}subject": user}) & own


def audience_open(user: Any, group: str, *, author: str = "author", prefix: str = "", form: str = "") -> Q:
    """Return the condition that the object's audience includes the person; its writer always reads it.

    So does its subject, where the subject fills in the tool.

    Args:
        group: lookup path from the outer object to its mentoring group.
        author: path to the writer.
        prefix: path to the object that carries `audience` and `author`, with trailing underscores.
        form: path to the object that carries `subject` and `template_version`, with trailing underscores.
    """
    condition = Q(**{f"{prefix}{author}": user}) | is_subject(user, form)
    for audience, roles in AUDIENCE_ROLES.items():
        if roles:
            mine = memberships_of_today(user).filter(group=OuterRef(group), role__in=roles)
            condition |= Q(**{f"{prefix}audience": audience}) & Q(Exists(mine))
    return condition
