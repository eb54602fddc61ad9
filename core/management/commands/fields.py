"""`manage.py fields`: every text and file field with its limits, type and normalisation."""

import json
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import models

OURS = ("core", "accounts", "mentoring", "documents", "sessions_app")
NORMALISED = {
    models.EmailField: "trimmed, lower case",
    models.URLField: "trimmed",
    models.SlugField: "letters, digits, hyphen, underscore",
    models.FileField: "checked by content; stored under a random name",
    models.JSONField: "validated against the tool's fields",
    models.TextField: "NFC, control characters removed except line breaks",
    models.CharField: "trimmed, no control characters",
}


def describe(field: Any) -> dict[str, Any] | None:
    """Return what there is to know of a text or file field; None for other fields."""
    kind = next((each for each in NORMALISED if isinstance(field, each)), None)
    if kind is None:
        return None
    return {
        "model": field.model._meta.label,
        "field": field.name,
        "type": field.get_internal_type(),
        "max_length": field.max_length,
        "required": not field.blank,
        "choices": [value for value, _ in field.flatchoices] if field.choices else None,
        "normalisation": NORMALISED[kind],
    }


class Command(BaseCommand):
    """List the fields of the models, and of the tools in the packs."""

    help = "List every text and file field: limits, types, normalisation."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the output format."""
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        """Print."""
        rows = [
            row
            for label in OURS
            for model in apps.get_app_config(label).get_models()
            for field in model._meta.get_fields()
            if not field.is_relation and (row := describe(field))
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1, ensure_ascii=False))
            return
        for row in rows:
            limit = row["max_length"] or "–"
            self.stdout.write(f"{row['model']}.{row['field']:28} {row['type']:16} {limit!s:6} {row['normalisation']}")
