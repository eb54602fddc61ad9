"""`manage.py permissions_page`: print `docs/permissions.md` from the policy tables."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.policy.permissions_page import permissions_page


class Command(BaseCommand):
    """Write the page, or check that it is current."""

    help = "Write docs/permissions.md from the policy tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true", help="only say whether the page is current")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Write or compare."""
        path = Path(settings.BASE_DIR) / "docs" / "permissions.md"
        page = permissions_page()
        if options["check"]:
            if not path.is_file() or path.read_text() != page:
                raise CommandError("docs/permissions.md is not what the policy says. Run manage.py permissions_page.")
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(page)
