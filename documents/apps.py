"""The documents app: tools, filled forms, folders, documents, renderings, checklist."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Documents."""

    name = "documents"
    verbose_name = _("Tools and papers")

    def ready(self) -> None:
        """Listen to what happens in groups; offer the gates of the papers, and the folders as places."""
        # They register on import; forms hear of a filed document before the checklist does.
        from documents import (  # noqa: F401, PLC0415 -- models are loaded now
            checklist_subscriptions,
            form_kind,
            form_states,
            form_subscriptions,
            gates,
            library_kind,
            photo_kind,
            rows_in_the_making,
            subscriptions,
            upload_originals,
        )
        from documents.places import folder_places, library_place  # noqa: PLC0415 -- models are loaded now
        from mentoring.places import register_places  # noqa: PLC0415

        register_places(folder_places)
        register_places(library_place)
