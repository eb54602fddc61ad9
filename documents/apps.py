"""Folders with their grants, documents and their versions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Folders with their grants, documents and their versions."""

    name = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Make the folders of new groups, and show them as places of the group space."""
        from documents import integrity, notices, subscriptions  # noqa: F401, PLC0415 -- they register on import
        from documents.navigation import folder_places  # noqa: PLC0415 -- models are loaded now
        from mentoring.navigation import register_items  # noqa: PLC0415

        register_items(folder_places)
