"""The core app: vocabulary, policy, guard, events; no domain model."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core."""

    name = "core"

    def ready(self) -> None:
        """Teach SQLite the letters, addresses their keys, and sentences the programme's names of roles."""
        from core import role_names  # noqa: PLC0415 -- when apps are there
        from core.ops import sqlite  # noqa: F401, PLC0415 -- connects on import
        from core.web import converters  # noqa: F401, PLC0415 -- registers on import

        role_names.install()
