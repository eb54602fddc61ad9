"""The sessions app: catalogue, session plan, meetings, diaries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """Sessions; `sessions` is the label of Django's own app, hence the longer one."""

    name = "sessions_app"
    verbose_name = _("Sessions")

    def ready(self) -> None:
        """Listen to groups; offer gates, places of the group space, and sessions of forms."""
        from mentoring.navigation import register_items, register_outlook  # noqa: PLC0415
        from sessions_app import falling_due, gates, notices, subscriptions  # noqa: F401, PLC0415 -- they register
        from sessions_app.navigation import outlook, places  # noqa: PLC0415
        from sessions_app.related_sessions import PREFIX, PlannedSessionProvider, plan_url  # noqa: PLC0415
        from sessions_app.services.agreement import EDITOR  # noqa: PLC0415
        from tools import related_sessions  # noqa: PLC0415 -- models are loaded now

        register_items(places)
        register_outlook(outlook)
        related_sessions.register(PREFIX, PlannedSessionProvider())
        related_sessions.register_editor(EDITOR, plan_url)
