"""`manage.py sync_grants`: make stored grants equal to the policy table."""

from typing import Any

from django.core.management.base import BaseCommand

from documents.grants import sync_all


class Command(BaseCommand):
    """Repair role groups and folder grants; says how many rows were wrong."""

    help = "Make the members of role groups and the grants on folders equal to memberships and policy."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Run once over all groups."""
        changes = sync_all()
        self.stdout.write("All grants are as the policy says." if not changes else f"{changes} rows repaired.")
