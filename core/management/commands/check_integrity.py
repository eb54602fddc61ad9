"""`manage.py check_integrity`: rows without file, files without row, changed bytes, summaries that count wrong."""

import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from core.ops import integrity


class Command(BaseCommand):
    """Compares the database with the storage, and what is kept twice with what it comes from.

    Changes nothing without `--repair`.
    """

    help = (
        "Report rows without file, files without row (older than a day), documents whose bytes changed, and summaries "
        "of the checklist that do not say what its rows say."
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
            integrity.repair()
        found = list(integrity.faults(thorough=not options["no_hashes"]))
        if options["json"]:
            told = [{"kind": fault.kind, "name": fault.name, "row": fault.row} for fault in found]
            counts = Counter(fault.kind for fault in found)
            self.stdout.write(json.dumps({"ok": not found, "counts": counts, "faults": told}))
        else:
            for fault in found:
                self.stdout.write(fault.sentence)
            self.stdout.write(f"{len(found)} faults." if found else "Rows and files agree.")
        if found:
            raise SystemExit(1)
