"""The mentoring app: organisations, programmes, groups, memberships, stages, invitations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """Mentoring."""

    name = "mentoring"
    verbose_name = _("Programmes and groups")

    def ready(self) -> None:
        """Name the group's own pages."""
        from mentoring.navigation import register_items  # noqa: PLC0415 -- models are loaded now
        from mentoring.pages.space import own_places  # noqa: PLC0415

        register_items(own_places)
