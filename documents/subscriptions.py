"""What the documents app does when something happens in a group."""

from core import events
from core.models import DomainEvent
from documents.grants import open_folders
from documents.services.checklist import ensure_items
from mentoring.models import MentoringGroup


def on_group_opened(event: DomainEvent) -> None:
    """Make the folders of a new group, with their grants, and the checklist."""
    group = MentoringGroup.objects.select_related("programme").get(pk=event.group_id)
    open_folders(group=group)
    ensure_items(group=group)


def on_people_changed(event: DomainEvent) -> None:
    """Let the checklist follow the people and the dates of the group."""
    ensure_items(group=MentoringGroup.objects.select_related("programme").get(pk=event.group_id))


events.subscribe("group.opened", on_group_opened)
for kind in ("membership.started", "membership.ended", "group.changed"):
    events.subscribe(kind, on_people_changed)
