"""`manage.py seed --groups N --people N --json`: a world for black-box tests and benchmarks."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.seeding.world import PASSWORD, make_world


class Command(BaseCommand):
    """Make a world with known people, groups and confidential words; refuses where a demo is not allowed."""

    help = "Make a programme with so many groups and people, and print who they are and what must stay among whom."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size of the world."""
        parser.add_argument("--groups", type=int, default=3)
        parser.add_argument(
            "--people", type=int, default=20, help="in all; every group has a Mentor and a Mentee at least"
        )
        parser.add_argument("--password", default=PASSWORD, help="of everybody")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")
        parser.add_argument("--force", action="store_true", help="also where DEMO_ALLOWED is off")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Make the world and print it."""
        if not settings.DEMO_ALLOWED and not options["force"]:
            raise CommandError(
                "This would create people with a known password. Set DEMO_ALLOWED=1, or add --force, if you mean it."
            )
        if options["groups"] < 1:
            raise CommandError("A world has one group at least.")
        world = make_world(groups=options["groups"], people=options["people"], password=options["password"])
        if options["json"]:
            self.stdout.write(json.dumps(world.as_data(), ensure_ascii=False))
            return
        self.stdout.write(f"{world.programme}: {len(world.groups)} groups, {len(world.people)} people.")
        self.stdout.write(f"Password: {world.password}. Details: the same command with --json.")
