"""The template library as a place of the group space."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.policy.roles import Role
from core.web.http import SignedInRequest
from core.web.way_back import register_places
from mentoring.models import MentoringGroup
from mentoring.navigation import GroupItem
from mentoring.standing import Standing
from tools.memory import tools_of


def library_place(request: SignedInRequest, group: MentoringGroup, role: Role | None) -> Iterable[GroupItem]:  # noqa: ARG001 -- a provider
    """Name the template library."""
    if role is None:
        return
    library = reverse("rendering:library-detail", args=[group.pk])
    words = _blanks(request.standing, group)
    yield GroupItem("library", _("Template library"), library, "file-earmark-arrow-down", 20, summary=words)


def _blanks(standing: Standing, group: MentoringGroup) -> Any:
    """Return "14 blank forms to fill in or download", counted only where it is shown."""

    def words() -> str:
        count = len(tools_of(group.programme.pack_id, standing).offered)
        return ngettext(
            "%(n)s blank form to fill in or download", "%(n)s blank forms to fill in or download", count
        ) % {"n": count}

    return SimpleLazyObject(words)


register_places(
    {
        "rendering:library-detail": gettext_lazy("Templates"),
    }
)
