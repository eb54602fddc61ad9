"""What `check_integrity` looks at: every app registers what can be wrong with its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be.

    Attributes:
        kind: a code, for machines: `row_without_file`, `wrong_summary`.
        name: what is wrong: a file, or words.
        row: `app.model:pk`; empty for a file without one.
        sentence: for people.
    """

    kind: str
    name: str
    row: str
    sentence: str


Look = Callable[[bool], Iterator[Fault]]
Repair = Callable[[], object]
_looks: list[tuple[Look, Repair | None]] = []


def register(look: Look, repair: Repair | None = None) -> None:
    """Let `look(thorough)` yield faults, and `repair` mend those that can be worked out anew; for `apps.ready()`."""
    if (look, repair) not in _looks:
        _looks.append((look, repair))


def faults(*, thorough: bool = True) -> Iterator[Fault]:
    """Yield every fault that any app knows.

    Args:
        thorough: read all files as well, which takes long.
    """
    for look, _repair in _looks:
        yield from look(thorough)


def repair() -> None:
    """Mend everything that can be worked out anew."""
    for _look, mend in _looks:
        if mend is not None:
            mend()
