"""`manage.py routes`: every route with method, pattern, name, kind and who may use it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.web.routes import all_routes


class Command(BaseCommand):
    """List the routes."""

    help = "List every route: methods, pattern, name, kind, who may use it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the output format."""
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Print."""
        routes = all_routes()
        if options["json"]:
            self.stdout.write(json.dumps([route.as_dict() for route in routes], indent=1, ensure_ascii=False))
            return
        for route in routes:
            self.stdout.write(
                f"{','.join(route.methods):10} {route.pattern:60} {route.name:40} {route.kind:7} {route.access}"
            )
