"""The rows of the checklist."""

from collections.abc import Collection, Iterable
from typing import Any, Self

from django.db.models import Case, JSONField, OuterRef, Q, Subquery, When

from core.built_once import Keys, built_once, keys_of
from core.policy.roles import READ_ONLY_STAGES, Area, Stage
from mentoring.querysets import AreaQuerySet


@built_once
def _owed(groups: Keys, subject: int) -> Any:
    from checklist.models import ChecklistItem  # noqa: PLC0415 -- models import this module

    return ChecklistItem.objects.filter(group__in=groups, subject=subject).to_do()


@built_once
def _of_versions(groups: Keys, versions: Keys) -> Any:
    from checklist.models import ChecklistItem  # noqa: PLC0415 -- models import this module

    return ChecklistItem.objects.filter(group__in=groups, tool_version__in=versions)


@built_once
def _owed_about(groups: Keys, subject: int, versions: Keys, session_keys: Collection[str]) -> Any:
    found = _owed.build(groups, subject).of_versions(versions).of_sessions(session_keys)
    return found.values_list("pk", flat=True)


@built_once
def _open_or_of(groups: Keys, session_keys: Collection[str], versions: Keys, signed: Keys) -> Any:
    from checklist.models import ChecklistItem  # noqa: PLC0415 -- models import this module

    found = ChecklistItem.objects.open_or_of(groups, session_keys=session_keys, versions=versions)
    return found.with_said(signed)


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

    def owed_in(self, groups: Iterable[Any], user_id: int) -> list[Any]:
        """Return the rows of some groups that are about a person and still to do."""
        return _owed(keys_of(groups), user_id)

    def count_owed(self, group: Any, user_id: int, *, versions: Keys, session_keys: Collection[str]) -> int:
        """Return how many rows of these versions of tools and these sessions a person still has to do."""
        return len(_owed_about([group.pk], user_id, versions, session_keys))

    def all_of_versions(self, group: Any, versions: Keys) -> list[Any]:
        """Return the rows of these versions of tools in a group."""
        return _of_versions([group.pk], versions)

    def of_screen(
        self, groups: Iterable[Any], *, session_keys: Collection[str], versions: Keys, signed: Keys
    ) -> list[Any]:
        """Return the open rows of some groups, and all those of these sessions or versions, with what was `said`."""
        return _open_or_of(keys_of(groups), tuple(session_keys), versions, signed)

    def owed_by(self, standing: Any) -> Self:
        """Return what is still open, asked of a person or of a whole group of theirs that works."""
        open_rows = self.filter(group__in=standing.all_groups()).exclude(state__in=["done", "waived"])
        working = open_rows.exclude(group__stage__in=[*READ_ONLY_STAGES, Stage.PAUSED])
        return working.filter(Q(subject=standing.user_id) | Q(subject__isnull=True))

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
