"""The documents app: tools, filled forms, folders, documents, renderings, checklist."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Documents."""

    name = "documents"
    verbose_name = _("Tools and papers")

    def ready(self) -> None:
        """Listen to what happens in groups; offer the gates of the papers, and the folders as places."""
        from documents import gates, subscriptions  # noqa: F401, PLC0415 -- they register on import
        from documents.places import folder_places, library_place  # noqa: PLC0415 -- models are loaded now
        from mentoring.places import register_places  # noqa: PLC0415

        register_places(folder_places)
        register_places(library_place)
