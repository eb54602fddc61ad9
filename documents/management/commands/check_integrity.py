"""`manage.py check_integrity`: rows without file, files without row, papers whose bytes changed."""

import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from documents.services import files

SENTENCES = {
    "row_without_file": "{row} names {name}, which is not there.",
    "changed_bytes": "{row}: the bytes of {name} are not the ones that were filed.",
    "unreadable": "{row}: {name} cannot be read.",
    "file_without_row": "No row knows {name}.",
}


class Command(BaseCommand):
    """Compares the database with the storage; changes nothing."""

    help = "Report rows without file, files without row (older than a day) and papers whose bytes changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let machines read the answer, and people skip the slow part."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--no-hashes", action="store_true", help="only look whether the files are there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every fault.

        Exit status 1 when there is one.
        """
        found = list(files.faults(with_hashes=not options["no_hashes"]))
        if options["json"]:
            counts = Counter(fault.kind for fault in found)
            self.stdout.write(json.dumps({"ok": not found, "counts": counts, "faults": [asdict(f) for f in found]}))
        else:
            for fault in found:
                self.stdout.write(SENTENCES[fault.kind].format(**asdict(fault)))
            self.stdout.write(f"{len(found)} faults." if found else "Rows and files agree.")
        if found:
            raise SystemExit(1)
