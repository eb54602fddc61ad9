"""Whether the topics say what their posts say, and every place has its board."""

from collections.abc import Iterator

from conversations.services import boards, counts
from core.ops import integrity
from core.ops.integrity import Fault


def faults(thorough: bool) -> Iterator[Fault]:  # noqa: ARG001, FBT001 -- the registry's signature
    """Yield every topic that does not say what its posts say, and every place without its board."""
    for key in counts.wrong_topics():
        row = f"conversations.topic:{key}"
        yield Fault(
            "wrong_summary", "topic", row, f"{row}: does not say how many posts it has, or which is the newest."
        )
    for row in counts.places_without_board():
        yield Fault("no_board", "board", row, f"{row}: has no board.")


def repair() -> None:
    """Make the boards that are missing, and let topics say what their posts say."""
    boards.open_all()
    counts.repair()


integrity.register(faults, repair)
