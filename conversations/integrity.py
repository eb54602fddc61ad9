"""Whether the topics say what their posts say, every post can be found, and every place has its board."""

from collections.abc import Iterator

from conversations.services import boards, counts
from core.ops import integrity
from core.ops.integrity import Fault


def faults(thorough: bool) -> Iterator[Fault]:  # noqa: ARG001, FBT001 -- the registry's signature
    """Yield every topic that does not say what its posts say, posts that cannot be found, places without a board."""
    for key in counts.wrong_topics():
        row = f"conversations.topic:{key}"
        yield Fault(
            "wrong_summary", "topic", row, f"{row}: does not say how many posts it has, or which is the newest."
        )
    for key in counts.wrong_index():
        row = f"conversations.post:{key}"
        yield Fault("wrong_index", "post", row, f"{row}: is not found by its words, or is found and deleted.")
    for row in counts.places_without_board():
        yield Fault("no_board", "board", row, f"{row}: has no board.")


def repair() -> None:
    """Make the boards that are missing, let topics say what their posts say, and posts be found."""
    boards.open_all()
    counts.repair()


integrity.register(faults, repair)
