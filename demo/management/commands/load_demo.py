"""`manage.py load_demo`: load the demo programme and print its sign-ins."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.load import PASSWORD, load_demo, sign_ins
from demo.story import StoryError
from rendering.models import Rendering

TELL_EVERY = 10  # seconds


class Command(BaseCommand):
    """Load the demo programme; idempotent; refuses where a demo is not allowed."""

    help = "Load a programme with five groups, a year of history and known sign-ins. Never on a platform people use."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how to go about it."""
        parser.add_argument("--force", action="store_true", help="also where DEMO_ALLOWED is off")
        parser.add_argument(
            "--wait", type=int, default=0, metavar="SECONDS", help="wait so long for the worker to make the PDFs"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Load what is missing, wait if asked to, print the sign-ins."""
        if not settings.DEMO_ALLOWED and not options["force"]:
            raise CommandError(
                "This would create people with a known password. Set DEMO_ALLOWED=1, or add --force, if you mean it."
            )
        try:
            load_demo(say=lambda line: self.stderr.write(f"  {line}") if options["verbosity"] else None)
        except StoryError as error:
            raise CommandError(str(error)) from error
        if options["wait"]:
            self._wait(options["wait"])
        self._print_sign_ins()

    def _wait(self, seconds: int) -> None:
        """Wait until no PDF is in the making.

        Raises:
            CommandError: when the time is up.
        """
        deadline, told = time.monotonic() + seconds, time.monotonic()
        while left := Rendering.objects.under_way().count():
            if time.monotonic() > deadline:
                raise CommandError(f"{left} PDFs are still being made. Does a worker run?")
            if time.monotonic() > told + TELL_EVERY:
                self.stderr.write(f"  {left} PDFs still to make …")
                told = time.monotonic()
            time.sleep(0.5)

    def _print_sign_ins(self) -> None:
        """Print who can look around, and how."""
        people = sign_ins()
        width = max(len(person.email) for person in people)
        self.stdout.write("  Demo programme: sign in as")
        for person in people:
            self.stdout.write(f"    {person.email:<{width}}  {person.full_name}, {person.what}")
        self.stdout.write(f"  Everybody’s password: {PASSWORD}")
