"""What the documents app does when something happens in a group."""

from core import events
from core.models import DomainEvent
from documents.grants import create_folders
from mentoring.models import MentoringGroup


def on_group_opened(event: DomainEvent) -> None:
    """Make the folders of a new group, with their grants."""
    create_folders(group=MentoringGroup.objects.get(pk=event.group_id or 0))


events.subscribe("group.opened", on_group_opened)
