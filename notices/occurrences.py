"""Which reminders a day asks for: the rules of programmes, applied to what falls due. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.policy.roles import ProgrammeRole, Role
from notices.due import Asked, Due, due_kinds, find_all
from notices.models import ReminderRule

GRACE: Final = timedelta(days=2)
"""What a day asked for is still sent so much later, after an outage; what is older than that is never sent."""

LONGEST: Final = 400
"""Days after which nobody is reminded of something any more, however often a rule says."""

Key = tuple[int, int, int, int, date, bool]
"""Rule, place, target, person, day, whether it is an escalation: what makes a reminder happen once."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One reminder that a day asks for, of one thing, to all whom it concerns."""

    rule: ReminderRule
    due: Due
    day: date
    is_escalation: bool
    people: tuple[int, ...]
    group: str

    @property
    def place(self) -> int:
        """The group's key; 0 for what belongs to none."""
        return self.due.group or 0

    def key(self, person: int) -> Key:
        """Return what makes it happen once for a person."""
        return self.rule.pk, self.place, self.due.target, person, self.day, self.is_escalation


def occurrences_on(today: date, *, programmes: Collection[int] | None = None) -> list[Occurrence]:
    """Return what is to be sent by today, also what was sent already; not what is older than the time of grace.

    The number of statements depends on the kinds that there are, not on groups, rules or people.

    Args:
        programmes: only of these; of all when None.
    """
    rules = ReminderRule.objects.in_force().order_by("programme", "pk")
    if programmes is not None:
        rules = rules.filter(programme__in=programmes)
    by_kind: dict[tuple[int, str], list[ReminderRule]] = defaultdict(list)
    known = due_kinds()
    for rule in rules:
        if rule.kind in known:
            by_kind[rule.programme_id, rule.kind].append(rule)
    if not by_kind:
        return []
    asked = Asked({programme for programme, _kind in by_kind}, _days(by_kind, today))
    found: list[Occurrence] = []
    for due in find_all(asked):
        for rule in by_kind.get((due.programme, due.kind), ()):
            found += _of_rule(rule, due, today, asked)
    return found


def _days(by_kind: Mapping[tuple[int, str], Iterable[ReminderRule]], today: date) -> dict[str, tuple[date, date]]:
    """Return by kind within which days something must be due for a rule to ask for a reminder today."""
    found: dict[str, tuple[date, date]] = {}
    for (_programme, kind), rules in by_kind.items():
        for rule in rules:
            first, last = _span(rule, today)
            before, after = found.get(kind, (first, last))
            found[kind] = (min(first, before), max(last, after))
    return found


def _span(rule: ReminderRule, today: date) -> tuple[date, date]:
    lasts = LONGEST if rule.times is None and rule.every else ((rule.times or 1) - 1) * rule.every
    offsets = [rule.offset, min(rule.offset + lasts, LONGEST)]
    if rule.escalate_to:
        offsets += [rule.escalate_after, rule.escalate_after]
    return today - GRACE - timedelta(days=max(offsets)), today - timedelta(days=min(offsets))


def _of_rule(rule: ReminderRule, due: Due, today: date, asked: Asked) -> Iterator[Occurrence]:
    day = rule.occurrence(due.day, today)
    if due.people and day is not None and _is_current(rule, day, today):
        yield Occurrence(rule, due, day, False, due.people, asked.names.get(due.group or 0, ""))
    if rule.escalate_to:
        day = due.day + timedelta(days=rule.escalate_after)
        if _is_current(rule, day, today) and (people := _who_else(rule, due, asked)):
            yield Occurrence(rule, due, day, True, people, asked.names.get(due.group or 0, ""))


def _is_current(rule: ReminderRule, day: date, today: date) -> bool:
    return max(rule.since, today - GRACE) <= day <= today


def _who_else(rule: ReminderRule, due: Due, asked: Asked) -> tuple[int, ...]:
    """Return those to whom a rule escalates, but for those who are asked for it themselves."""
    if rule.escalate_to == ProgrammeRole.ADMIN:
        people: Iterable[int] = asked.admins.get(due.programme, ())
    else:
        people = asked.people(due.group, Role(rule.escalate_to)) if due.group else ()
    return tuple(key for key in people if key not in due.people)
