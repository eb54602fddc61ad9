"""What of the groups themselves needs the Manager: those without Mentor, and those that can go to their next stage."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from home.statements import Asker


@dataclass(slots=True)
class NeedyGroup:
    """A group that needs something: its key, name, stage and number of Mentees."""

    pk: int
    name: str
    stage: str
    mentees: int


@dataclass(slots=True)
class Needy:
    """The first groups without Mentor (those past their forming first), and the first that can go on."""

    alone: list[NeedyGroup] = field(default_factory=list)
    ready: list[NeedyGroup] = field(default_factory=list)
    ready_count: int = 0


def needy_groups(asker: Asker, contracts: Iterable[int], limit: int) -> Needy:
    """Return the first groups of each kind, and how many can go on.

    Args:
        contracts: the tools that are contracts.
        limit: so many of each kind.
    """
    needy = Needy()
    for *facts, is_alone, is_ready, ready_count in asker.needy(list(contracts), limit):
        group = NeedyGroup(*facts)
        needy.ready_count = max(needy.ready_count, ready_count)
        if is_alone:
            needy.alone.append(group)
        if is_ready:
            needy.ready.append(group)
    needy.ready.sort(key=lambda each: (each.name.casefold(), each.pk))
    return needy
