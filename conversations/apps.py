"""The conversations app: boards, topics, posts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    """Boards, topics, posts, and what each person has read and follows."""

    name = "conversations"
    verbose_name = _("Forum")

    def ready(self) -> None:
        """Make the boards of new groups and programmes, show them as places, count what is new and tell of it."""
        from conversations import (  # noqa: PLC0415 -- they register on import
            integrity,  # noqa: F401
            navigation,
            notices,  # noqa: F401
            subscriptions,  # noqa: F401
        )
        from conversations.statements import unread_topics  # noqa: PLC0415 -- models are loaded now
        from mentoring.navigation import register_items  # noqa: PLC0415
        from mentoring.statements import register_rider  # noqa: PLC0415

        register_rider(unread_topics)
        register_items(navigation.forum_place)
