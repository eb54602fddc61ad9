"""`manage.py run_clock --from 2026-09-01 --to 2027-08-31 --json`: what a whole year would tell, without sending it."""

import json
from collections import Counter
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from notices.simulated import Line, run_days

LONGEST = 800


class Command(BaseCommand):
    """Run simulated days over what is in the database; nothing is kept, nothing is sent."""

    help = (
        "Run the days between two dates with a clock that is set, as if nobody did anything in them, and print every "
        "notice. All of it is rolled back, and no e-mail leaves. For seeded and demo databases: others wait meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the days."""
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, help="the first day")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="the last day")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")
        parser.add_argument("--without-mails", action="store_true", help="say nothing of when e-mails leave; quicker")
        parser.add_argument("--force", action="store_true", help="also where DEMO_ALLOWED is off")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Run the days and print what they tell."""
        first, last = options["first"], options["last"]
        if not settings.DEMO_ALLOWED and not options["force"]:
            raise CommandError(
                "While it runs, nobody else can write. Set DEMO_ALLOWED=1, or add --force, if you mean this database."
            )
        if not 0 <= (last - first).days <= LONGEST:
            raise CommandError(f"The last day must be the first or later, at most {LONGEST} days.")
        lines = run_days(first, last, with_mails=not options["without_mails"])
        if options["json"]:
            self.stdout.write(json.dumps([line.as_data() for line in lines], ensure_ascii=False, indent=1))
            return
        for line in lines:
            self.stdout.write(_in_a_row(line))
        for kind, count in sorted(Counter(line.kind for line in lines).items()):
            self.stdout.write(f"{count:6} {kind}")
        self.stdout.write(f"{len(lines):6} notices, {len({line.person for line in lines})} people")


def _in_a_row(line: Line) -> str:
    mail = f"{line.mail} {line.mailed_at}" if line.mailed_at else line.way
    return f"{line.at}  {line.person}  {line.kind}  {line.title}  [{line.rule or line.why}]  {mail}"
