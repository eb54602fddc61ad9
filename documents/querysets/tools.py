"""Who sees which tools of a pack."""

from typing import Any, Self

from django.db.models import Exists, OuterRef

from core.policy import FOLDER_POLICY
from core.querysets import AccessQuerySet
from core.roles import Action, FolderKind


class DocumentTemplateQuerySet(AccessQuerySet):
    """Tools."""

    def of_pack(self, pack_id: int) -> Self:
        """Return the offered tools of a pack, in their order, with the version in use."""
        return self.filter(pack=pack_id, is_offered=True, current__isnull=False).select_related("current")

    def for_library(self) -> Self:
        """Return tools with pack and version in use."""
        return self.select_related("pack", "current__template")

    def allowing(self, user: Any, action: Action) -> Self:
        """Return the tools of the packs of one's groups and programmes; the library is read only."""
        from mentoring.models import MentoringGroup, Programme  # noqa: PLC0415 -- a model module

        roles = [role.value for role, actions in FOLDER_POLICY[FolderKind.LIBRARY].items() if action in actions]
        if not roles:
            return self.none()
        groups = MentoringGroup.objects.of_member(user, *roles).filter(programme__pack=OuterRef("pack"))
        programmes = Programme.objects.allowing(user, action).filter(pack=OuterRef("pack"))
        return self.filter(Exists(groups) | Exists(programmes))
