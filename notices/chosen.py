"""What a person chose, as form and page know it."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose so far.

    Attributes:
        topics: by topic that has kinds: its name, what belongs to it, the way chosen (empty: by role).
        groups: by group of today: its name, the way chosen (empty: as for the topics).
    """

    topics: dict[str, tuple[str, str, str]]
    groups: dict[int, tuple[str, str]]
    quiet: tuple[time, time] | None
    gathered_at: time
