"""The template library as a place of the group space."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policy.roles import Role
from core.web.http import SignedInRequest
from mentoring.models import MentoringGroup
from mentoring.navigation import GroupItem
from tools.models import Tool


def library_place(request: SignedInRequest, group: MentoringGroup, role: Role | None) -> Iterable[GroupItem]:  # noqa: ARG001 -- a provider
    """Name the template library."""
    if role is None:
        return
    library = reverse("rendering:library-detail", args=[group.pk])
    yield GroupItem("library", _("Template library"), library, "file-earmark-arrow-down", 20, summary=_blanks(group))


def _blanks(group: MentoringGroup) -> Any:
    """Return "14 blank forms to fill in or download", counted only where it is shown."""

    def words() -> str:
        count = Tool.objects.of_pack(group.programme.pack_id).count()
        return ngettext(
            "%(n)s blank form to fill in or download", "%(n)s blank forms to fill in or download", count
        ) % {"n": count}

    return SimpleLazyObject(words)
