"""The rows of the checklist."""

from typing import Any, Self

from core.policy.roles import Area
from mentoring.querysets import AreaQuerySet


class ChecklistItemQuerySet(AreaQuerySet):
    """Checklist rows."""

    area = Area.CHECKLIST

    def of_cell(self, group: Any, tool: Any) -> Self:
        """Return the rows of one tool in one group, by session and person: one cell of the matrix."""
        found = self.filter(group=group, tool_version__tool=tool)
        return found.select_related("tool_version", "subject", "waived_by").order_by(
            "due_on", "session_key", "subject__full_name", "pk"
        )

    def open(self) -> Self:
        """Return rows that are neither done nor waived."""
        return self.exclude(state__in=["done", "waived"])

    def for_list(self) -> Self:
        """Return rows with their tool and person."""
        return self.select_related("tool_version__tool", "subject", "group")


class ChecklistSummaryQuerySet(AreaQuerySet):
    """The checklist counted, by group and tool."""

    area = Area.CHECKLIST

    def of_groups(self, groups: Any) -> Self:
        """Return those of some groups: keys, or a query of them."""
        return self.filter(group__in=groups)

    def held(self) -> Self:
        """Return the rows locked until the end of the transaction, always in the same order."""
        return self.select_for_update(of=("self",)).order_by("group_id", "tool_id")
