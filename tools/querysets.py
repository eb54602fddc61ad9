"""Who sees which tools of a pack."""

from typing import Any, Self

from core.policy.querysets import AccessQuerySet
from core.policy.roles import Action, Area
from core.policy.tables import roles_allowed


class ToolQuerySet(AccessQuerySet):
    """Tools."""

    area = Area.LIBRARY

    def of_pack(self, pack_id: int) -> Self:
        """Return the offered tools of a pack, in their order, with the version in use."""
        return self.filter(pack=pack_id, is_offered=True, current__isnull=False).select_related("current")

    def for_library(self) -> Self:
        """Return tools with pack and version in use."""
        return self.select_related("pack", "current__tool")

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the tools of the packs of one's groups and programmes; the library is read only."""
        roles = roles_allowed(Area.LIBRARY, action)
        return self.filter(pack__in=standing.packs(action, roles)) if roles else self.none()
