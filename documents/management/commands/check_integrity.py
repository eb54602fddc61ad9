"""`manage.py check_integrity`: rows without file, files without row, changed bytes, summaries that count wrong."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from documents.services import checklist_summary, files

SENTENCES = {
    "row_without_file": "{row} names {name}, which is not there.",
    "changed_bytes": "{row}: the bytes of {name} are not the ones that were filed.",
    "unreadable": "{row}: {name} cannot be read.",
    "file_without_row": "No row knows {name}.",
    "wrong_summary": "{row}: {name}.",
}


def checklist_faults() -> Iterator[files.Fault]:
    """Give every summary of the checklist that does not say what its rows and the forms say."""
    for found in checklist_summary.differences():
        row = f"documents.checklistsummary of group {found.group}, tool {found.template}"
        yield files.Fault("wrong_summary", found.words, row)


class Command(BaseCommand):
    """Compares the database with the storage, and the summaries of the checklist with its rows.

    Changes nothing, but for the summaries with `--repair`.
    """

    help = (
        "Report rows without file, files without row (older than a day), papers whose bytes changed, and summaries of "
        "the checklist that do not say what its rows say."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let machines read the answer, and people skip the slow part."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--no-hashes", action="store_true", help="only look whether the files are there")
        parser.add_argument("--repair", action="store_true", help="count the checklist anew where its summary is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every fault.

        Exit status 1 when there is one that was not repaired.
        """
        if options["repair"]:
            checklist_summary.repair()
        found = [*files.faults(with_hashes=not options["no_hashes"]), *checklist_faults()]
        if options["json"]:
            counts = Counter(fault.kind for fault in found)
            self.stdout.write(json.dumps({"ok": not found, "counts": counts, "faults": [asdict(f) for f in found]}))
        else:
            for fault in found:
                self.stdout.write(SENTENCES[fault.kind].format(**asdict(fault)))
            self.stdout.write(f"{len(found)} faults." if found else "Rows and files agree.")
        if found:
            raise SystemExit(1)
