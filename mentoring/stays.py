"""Since when each person is in a group, also who left and came back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mentoring.models import Membership, MentoringGroup

Days = tuple[date, date | None]
"""First and last day of a membership; None while it goes on."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A person who is in the group today.

    Attributes:
        days: of all memberships in this role, those that follow each other without a day between joined to one.
    """

    user_id: int
    role: str
    days: tuple[Days, ...]

    @property
    def since(self) -> date:
        """The first day of the present membership."""
        return self.days[-1][0]

    def covers(self, day: date) -> bool:
        """Return whether the person was in the group on that day, or will be."""
        return any(first <= day and (last is None or day <= last) for first, last in self.days)


def stays_in(group: MentoringGroup) -> list[Stay]:
    """Return the people of the group's live memberships; two in one role are one stay."""
    found: dict[tuple[int, str], list[Days]] = defaultdict(list)
    every = Membership.objects.filter(group=group).order_by("starts_on", "pk")
    for user_id, role, first, last in every.values_list("user_id", "role", "starts_on", "ends_on"):
        found[user_id, role].append((first, last))
    live = Membership.objects.live().filter(group=group).order_by("pk").values_list("user_id", "role")
    return [Stay(user_id, role, joined(found[user_id, role])) for user_id, role in dict.fromkeys(live)]


def joined(memberships: Iterable[Days]) -> tuple[Days, ...]:
    """Return the days without gaps; who is put back the next day, or the same, has never been away."""
    spans: list[Days] = []
    for first, last in memberships:
        began, ended = spans[-1] if spans else (first, first - timedelta(days=2))
        if ended is None:  # a second membership within one that goes on
            continue
        if first <= ended + timedelta(days=1):
            spans[-1] = (began, None if last is None else max(last, ended))
        else:
            spans.append((first, last))
    return tuple(spans)
