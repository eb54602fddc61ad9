"""Whether the summaries of the checklist say what its rows say."""

from collections.abc import Iterator

from checklist.services import summary
from core.ops import integrity
from core.ops.integrity import Fault


def faults(thorough: bool) -> Iterator[Fault]:  # noqa: ARG001, FBT001 -- the registry's signature
    """Yield every summary that does not say what its rows and the forms say."""
    for found in summary.differences():
        row = f"checklist.checklistsummary of group {found.group}, tool {found.tool}"
        yield Fault("wrong_summary", found.words, row, f"{row}: {found.words}.")


integrity.register(faults, summary.repair)
