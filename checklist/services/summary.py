"""The checklist counted by group and tool, kept true beside the rows that it counts.

Whoever changes a row of the checklist, or the state of a form, calls `summarise` in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Count

from checklist.models import ChecklistItem, ChecklistSummary, ItemState, opening
from core.policy.roles import AUDIENCE_ROLES, Role
from mentoring.models import MentoringGroup
from responses_app.models import FormResponse, FormState
from tools.models import Filing

AT_ONCE = 500
"""So many groups are counted in one go."""

COLUMNS = (
    "done", "waived", "handed_in", "owed", "open_days", "first_opens", "first_opens_at", "first_due", "to_decide",
    "to_decide_since", "oldest_id",
)  # fmt: skip

FOR_MANAGERS = [audience for audience, roles in AUDIENCE_ROLES.items() if Role.MANAGER in roles]
"""The audiences of what a Manager can read, and so accept or return."""

Key = tuple[int, int]
"""Group and tool."""

Opens = tuple[date | None, time | None]
"""The day on which something is first asked for, and from when on that day; from its beginning when None."""


@dataclass(slots=True)
class Tally:
    """What is being counted for one summary; `days`: rows by when they are asked for and the day they are due."""

    done: int = 0
    waived: int = 0
    handed_in: int = 0
    days: dict[tuple[Opens, date | None], int] = field(default_factory=dict)
    to_decide: int = 0
    to_decide_since: datetime | None = None
    oldest: int | None = None

    def add(self, state: str, opens: Opens, due_on: date | None, count: int, *, is_signed: bool) -> None:
        """Count rows of the checklist that are alike."""
        if state == ItemState.DONE:
            self.done += count
        elif state == ItemState.WAIVED:
            self.waived += count
        elif state == ItemState.WAITING and not is_signed:
            self.handed_in += count
        else:
            self.days[opens, due_on] = self.days.get((opens, due_on), 0) + count

    def add_form(self, since: datetime, form: int) -> None:
        """Count a form that a Manager decides; the oldest comes first."""
        if self.to_decide_since is None:
            self.to_decide_since, self.oldest = since, form
        self.to_decide += 1

    def columns(self) -> dict[str, Any]:
        """Return the values of `COLUMNS`."""
        days = sorted(self.days.items(), key=lambda each: (each[0][1] or date.max, opening(*each[0][0]) or ""))
        opens = [(opens_on, at or time.min, at) for ((opens_on, at), due_on), _count in days if opens_on or due_on]
        asked_at_once = any(opens_on is None for opens_on, *_at in opens)
        first_opens, _begins, first_opens_at = min(opens) if opens and not asked_at_once else (None, None, None)
        return {
            "done": self.done,
            "waived": self.waived,
            "handed_in": self.handed_in,
            "owed": sum(self.days.values()),
            "open_days": [[opening(*opens), due_on and due_on.isoformat(), count] for (opens, due_on), count in days],
            "first_opens": first_opens,
            "first_opens_at": first_opens_at,
            "first_due": min((due_on for (_opens, due_on), _count in days if due_on), default=None),
            "to_decide": self.to_decide,
            "to_decide_since": self.to_decide_since,
            "oldest_id": self.oldest,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A summary that does not say what the rows say; `stored` or `counted` is None where there is nothing at all."""

    group: int
    tool: int
    stored: dict[str, Any] | None
    counted: dict[str, Any] | None

    @property
    def words(self) -> str:
        """Return what differs, for whoever looks after the platform."""
        if self.stored is None or self.counted is None:
            return "is missing" if self.stored is None else "counts nothing that is there"
        return ", ".join(
            f"{name} is {value}, should be {self.counted[name]}"
            for name, value in self.stored.items()
            if value != self.counted[name]
        )


def _counted(groups: Sequence[int], tool: int | None) -> dict[Key, dict[str, Any]]:
    """Count rows and forms from scratch, in two queries."""
    tallies: dict[Key, Tally] = defaultdict(Tally)
    only = {} if tool is None else {"tool_version__tool": tool}
    rows = (
        ChecklistItem.objects.filter(group__in=groups, tool_version__mandatory=True, **only)
        .order_by()
        .values_list(
            "group", "tool_version__tool", "tool_version__content__signed_by", "state", "opens_on", "opens_at", "due_on"
        )
        .annotate(n=Count("pk"))
    )
    for group, tool_id, signers, state, opens_on, opens_at, due_on, count in rows:
        tallies[group, tool_id].add(state, (opens_on, opens_at), due_on, count, is_signed=bool(signers))
    forms = (
        FormResponse.objects.filter(
            group__in=groups,
            state=FormState.SUBMITTED,
            tool_version__filing=Filing.AFTER_ACCEPTANCE,
            audience__in=FOR_MANAGERS,
            latest__isnull=False,
            **only,
        )
        .order_by("latest__submitted_at", "pk")
        .values_list(
            "group",
            "tool_version__tool",
            "tool_version__content__accepted_by",
            "latest__submitted_at",
            "pk",
        )
    )
    for group, tool_id, deciders, since, form in forms:
        if not deciders or Role.MANAGER.value in deciders:
            tallies[group, tool_id].add_form(since, form)
    return {key: tally.columns() for key, tally in tallies.items()}


def _stored(rows: Any) -> dict[Key, ChecklistSummary]:
    return {(row.group_id, row.tool_id): row for row in rows}


def _said(row: ChecklistSummary) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS}


@transaction.atomic(savepoint=False)
def summarise(*, groups: Sequence[int], tool: int | None = None) -> None:
    """Bring the summaries of these groups in line with their rows and forms; idempotent.

    The summaries are locked before anything is counted: of two who change rows of the same tool at the same time, the
    second counts what the first one has written.

    Args:
        tool: only this tool.
    """
    for start in range(0, len(groups), AT_ONCE):
        _summarise(list(groups[start : start + AT_ONCE]), tool)


def _summarise(groups: list[int], tool: int | None) -> None:
    wanted = ChecklistSummary.objects.of_groups(groups)
    wanted = wanted if tool is None else wanted.filter(tool=tool)
    stored = _stored(wanted.held())
    counted = _counted(groups, tool)
    if missing := counted.keys() - stored.keys():
        # Empty ones first, so that there is something to lock; somebody else may make them at this very moment.
        ChecklistSummary.objects.bulk_create(
            [ChecklistSummary(group_id=group, tool_id=tool) for group, tool in sorted(missing)],
            ignore_conflicts=True,
        )
        stored, counted = _stored(wanted.held()), _counted(groups, tool)
    changed = [
        ChecklistSummary(group_id=key[0], tool_id=key[1], **counted[key])
        for key, row in stored.items()
        if key in counted and _said(row) != counted[key]
    ]
    if changed:
        ChecklistSummary.objects.bulk_create(
            changed,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["group", "tool"],
            update_fields=[name.removesuffix("_id") for name in COLUMNS],
        )
    if gone := [row.pk for key, row in stored.items() if key not in counted]:
        ChecklistSummary.objects.filter(pk__in=gone).delete()


def differences() -> Iterator[Difference]:
    """Compare every summary with its rows and forms, group by group; reads only."""
    groups = list(MentoringGroup.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(groups), AT_ONCE):
        some = groups[start : start + AT_ONCE]
        counted = _counted(some, None)
        stored = {key: _said(row) for key, row in _stored(ChecklistSummary.objects.of_groups(some)).items()}
        for key in sorted(counted.keys() | stored.keys()):
            if stored.get(key) != counted.get(key):
                yield Difference(*key, stored.get(key), counted.get(key))


def repair() -> int:
    """Mend every summary that differs; return how many did."""
    found = list(differences())
    summarise(groups=sorted({each.group for each in found}))
    return len(found)
