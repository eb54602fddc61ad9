"""What a group still owes: due, done, waived, for whom."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecklistConfig(AppConfig):
    """What a group still owes: due, done, waived, for whom."""

    name = "checklist"
    verbose_name = _("Checklist")

    def ready(self) -> None:
        """Follow what happens to groups, forms and documents; offer the gates of the stages."""
        from checklist import falling_due, gates, integrity, notices, subscriptions  # noqa: F401, PLC0415 -- they register
        from checklist.navigation import places  # noqa: PLC0415
        from mentoring.navigation import register_items  # noqa: PLC0415 -- models are loaded now

        register_items(places)
