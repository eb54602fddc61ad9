"""`manage.py load_pack PATH`: load a programme pack."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.packs import PackError
from documents import library_kind
from documents.services.packs import VersionInUseError
from home.services.packs import load_pack


class Command(BaseCommand):
    """Load a programme pack; idempotent; changes nothing when something is wrong."""

    help = "Read a programme pack, check it, and bring its tools, sessions, pages and words into the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder of the pack."""
        parser.add_argument("path", type=Path, help="folder with pack.yaml")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Load, ask for the guide and the blank forms, and say what changed."""
        try:
            pack, told, incomplete = load_pack(path=options["path"])
        except PackError as error:
            raise CommandError(f"The pack was not loaded.\n{error}") from error
        except VersionInUseError as error:
            raise CommandError(f"The pack was not loaded.\ntool {error}") from error
        library_kind.request_library(pack=pack)
        for line in told:
            self.stdout.write(f"  {line}")
        for line in incomplete:
            self.stdout.write(self.style.WARNING(f"  not translated yet: {line}"))
        self.stdout.write(f"{pack}: {len(told)} changes." if told else f"{pack}: nothing changed.")
