"""The rows of the checklist."""

from typing import Any, Self

from django.db.models import Case, JSONField, OuterRef, Q, Subquery, When

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

    def of_group(self, group: Any) -> Self:
        """Return the rows of a group."""
        return self.filter(group=group)

    def by_due_day(self) -> Self:
        """Return rows in the order of their days."""
        return self.order_by("due_on", "session_key", "pk")

    def of_versions(self, versions: Any) -> Self:
        """Return the rows of these versions of tools: keys."""
        return self.filter(tool_version__in=versions)

    def of_sessions(self, session_keys: Any) -> Self:
        """Return the rows about these sessions."""
        return self.filter(session_key__in=session_keys)

    def about(self, user_id: int) -> Self:
        """Return the rows about a person."""
        return self.filter(subject=user_id)

    def to_do(self) -> Self:
        """Return rows for which nothing was handed in yet."""
        return self.filter(state="todo")

    def owed_in(self, groups: Any, user_id: int) -> Self:
        """Return the rows of some groups that are about a person and still to do."""
        return self.filter(group__in=groups, subject=user_id).to_do()

    def days(self) -> list[tuple[str, str, Any]]:
        """Return session, state and due day of the rows."""
        return list(self.values_list("session_key", "state", "due_on"))

    def open_or_of(self, groups: Any, *, session_keys: Any, versions: Any) -> Self:
        """Return the open rows of some groups, and all those of these sessions or versions; what is due first."""
        settled = Q(state__in=["done", "waived"])
        wanted = ~settled | Q(session_key__in=session_keys) | Q(tool_version__in=versions)
        return self.filter(wanted, group__in=groups).order_by("due_on", "pk")

    def with_said(self, signed: Any) -> Self:
        """Annotate `said`: the answers of what waits for the signatures of the group; None where nobody knows them.

        Args:
            signed: keys of the versions of tools that are signed and name the people of the group.
        """
        from responses_app.models import FormResponse  # noqa: PLC0415 -- models import this module

        said = FormResponse.objects.filter(
            group=OuterRef("group"), tool_version__tool=OuterRef("tool_version__tool"), subject__isnull=True,
            session_key="", latest__isnull=False,
        ).order_by("-pk")  # fmt: skip
        waits = When(
            tool_version__in=signed, subject__isnull=True, state="waiting",
            then=Subquery(said.values("latest__answers")[:1]),
        )  # fmt: skip
        return self.annotate(said=Case(waits, default=None, output_field=JSONField()))

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
