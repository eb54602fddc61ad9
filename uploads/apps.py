"""Files coming in: photos and PDFs of signed documents, put in order and filed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UploadsConfig(AppConfig):
    """Files coming in: photos and PDFs of signed documents, put in order and filed."""

    name = "uploads"
    verbose_name = _("Uploads")

    def ready(self) -> None:
        """Register the PDF of an upload's pages, and what stands of uploads on the pages of folders and documents."""
        from uploads import rendering  # noqa: F401, PLC0415 -- it registers on import
        from uploads.pages import originals, started  # noqa: F401, PLC0415
