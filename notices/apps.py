"""Who is told what, when, which way."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Who is told what, when, which way."""

    name = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Register the kinds about people and groups, which lie a layer below, and what watches over the rows."""
        from notices import checks, due_of_groups, integrity, of_groups, subscriptions  # noqa: F401, PLC0415 -- they register
