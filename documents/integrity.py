"""Whether rows and files belong together."""

from collections.abc import Iterator

from core.ops import integrity
from core.ops.integrity import Fault
from documents.services import files

SENTENCES = {
    "row_without_file": "{row} names {name}, which is not there.",
    "changed_bytes": "{row}: the bytes of {name} are not the ones that were filed.",
    "unreadable": "{row}: {name} cannot be read.",
    "file_without_row": "No row knows {name}.",
}


def faults(thorough: bool) -> Iterator[Fault]:  # noqa: FBT001 -- the registry's signature
    """Yield everything wrong between rows and files."""
    for found in files.faults(with_hashes=thorough):
        sentence = SENTENCES[found.kind].format(row=found.row, name=found.name)
        yield Fault(found.kind, found.name, found.row, sentence)


integrity.register(faults)
