"""`manage.py open_boards`: make every board that is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from conversations.services.boards import open_all


class Command(BaseCommand):
    """Make the boards of groups and programmes that have none; says how many there were."""

    help = "Make the boards of groups and programmes that have none."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Run once over all groups and programmes."""
        made = open_all()
        self.stdout.write("Every board is there." if not made else f"{made} boards made.")
