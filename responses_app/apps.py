"""Tools filled in: drafts, submissions, comments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsesConfig(AppConfig):
    """Tools filled in: drafts, submissions, comments."""

    # The package is not called `responses`: a well-known library is.
    name = "responses_app"
    label = "responses"
    verbose_name = _("Forms")

    def ready(self) -> None:
        """Register the PDF of a form, the state of its document, and what happens when that is filed."""
        # Registered before the checklist, which looks at the state of the form: apps above are told later.
        from responses_app import copies, falling_due, notices, rendering, subscriptions  # noqa: F401, PLC0415 -- they register
        from responses_app.pages import states  # noqa: F401, PLC0415
