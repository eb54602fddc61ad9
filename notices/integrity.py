"""Whether the number at the bell is that of the notices a person has not seen."""

from collections.abc import Iterator

from core.ops import integrity
from core.ops.integrity import Fault
from notices.services import seen


def faults(thorough: bool) -> Iterator[Fault]:  # noqa: ARG001, FBT001 -- the registry's signature
    """Yield every person whose bell shows another number."""
    for person, kept, true in seen.differences():
        row = f"accounts.user:{person}"
        yield Fault("wrong_unread", f"{kept} instead of {true}", row, f"{row}: the bell says {kept} instead of {true}.")


integrity.register(faults, seen.repair)
