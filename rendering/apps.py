"""PDFs in the making: rows, the worker's engine, blank forms and the guide."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RenderingConfig(AppConfig):
    """PDFs in the making: rows, the worker's engine, blank forms and the guide."""

    name = "rendering"
    verbose_name = _("PDFs")

    def ready(self) -> None:
        """Register blanks and guide, the rows of what is being made, and the template library as a place."""
        from mentoring.navigation import register_items  # noqa: PLC0415 -- models are loaded now
        from rendering import checks  # noqa: F401, PLC0415 -- it registers on import
        from rendering.navigation import library_place  # noqa: PLC0415
        from rendering.pages import rows  # noqa: F401, PLC0415 -- it registers on import
        from rendering.services import library  # noqa: F401, PLC0415 -- it registers on import

        register_items(library_place)
