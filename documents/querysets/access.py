"""Who may read: the conditions that the papers, forms and uploads have in common."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import Exact, In

from core.roles import AUDIENCE_ROLES, Action, Role
from mentoring.models import Membership
from mentoring.querysets import live_on


def memberships_of_today(user: Any) -> Any:
    """Return the person's memberships of today."""
    return Membership.objects.live().of_user(user)


def grants_of(user: Any, action: Action | None = None) -> Any:
    """Return the guardian grants on folders that a membership of today gives the person; of all actions when None.

    The grant alone is not enough: a membership whose last day has passed no longer counts, even before the
    nightly `sync_grants`.
    """
    from documents.models import FolderGroupObjectPermission  # noqa: PLC0415 -- models import this module

    if not (user.pk and getattr(user, "is_active", False)):
        return FolderGroupObjectPermission.objects.none()
    member = "content_object__group__memberships__"
    wanted = {} if action is None else {"permission__codename": f"{action.value}_folder"}
    # One call: all conditions on the membership must hold for the same one.
    return FolderGroupObjectPermission.objects.filter(
        live_on(prefix=member),
        **{f"{member}user": user.pk, f"{member}role": F("group__role_group__role")},
        group__role_group__group=F("content_object__group"),
        **wanted,
    )


def folder_granted(user: Any, action: Action, folder: str) -> Exists:
    """Return the condition that a guardian grant and a membership of today both open the folder.

    Args:
        folder: lookup path from the outer object to the folder's key (`pk`, `folder`, `document__folder`).
    """
    return Exists(grants_of(user, action).filter(content_object=OuterRef(folder)))


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
    return Q(**{f"{form}subject": user.pk}) & own


def audience_open(user: Any, group: str, *, author: str = "author", prefix: str = "", form: str = "") -> Q:
    """Return the condition that the object's audience includes the person; its writer always reads it.

    So does its subject, where the subject fills in the tool.

    Args:
        group: lookup path from the outer object to its mentoring group.
        author: path to the writer.
        prefix: path to the object that carries `audience` and `author`, with trailing underscores.
        form: path to the object that carries `subject` and `template_version`, with trailing underscores.
    """
    reader = Q()
    for role in Role.values:
        open_to = [audience for audience, roles in AUDIENCE_ROLES.items() if role in roles]
        reader |= Q(role=role) & Q(In(OuterRef(f"{prefix}audience"), open_to))
    mine = memberships_of_today(user).filter(reader, group=OuterRef(group))
    return Q(**{f"{prefix}{author}": user.pk}) | is_subject(user, form) | Q(Exists(mine))


def fills_in(user: Any, group: str = "group", version: str = "template_version") -> Exists:
    """Return the condition that the person's role of today fills in the object's tool, or a part of it.

    Args:
        group: lookup path from the outer object to its mentoring group.
        version: path to its tool's version.
    """
    writer = Q()
    for role in Role.values:
        writer |= Q(role=role) & Q(Exact(OuterRef(f"{version}__by_{role}"), True))
    return Exists(memberships_of_today(user).filter(writer, group=OuterRef(group)))
