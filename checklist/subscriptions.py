"""The checklist follows what happens to groups, forms and documents."""

from checklist.services.items import done_since, ensure_items, refresh
from core import events
from core.models import DomainEvent
from documents.models import Document
from mentoring.models import MentoringGroup


def on_people_changed(event: DomainEvent) -> None:
    """Make the checklist of a new group, and let it follow people and dates."""
    ensure_items(group=MentoringGroup.objects.select_related("programme").get(pk=event.group_id))


def on_work_done(event: DomainEvent) -> None:
    """Set the row's state by what is filed and handed in now."""
    if event.group_id is not None:
        refresh(
            group_id=event.group_id,
            tool_id=event.data["tool_id"],
            subject_id=event.data["subject"],
            session_key=event.data["session_key"],
            at=event.happened_at,
        )


def on_moved(event: DomainEvent) -> None:
    """Set the rows of both places: where something was said to belong, and where it does."""
    on_work_done(event)
    if event.group_id is not None:
        refresh(
            group_id=event.group_id,
            tool_id=event.data["tool_id"],
            subject_id=event.data["was_subject"],
            session_key=event.data["was_session_key"],
            at=event.happened_at,
        )


def on_restored(event: DomainEvent) -> None:
    """Set the row's state, done on the day on which it was filed: it was only out of sight meanwhile."""
    on_work_done(event)
    document = Document.objects.select_related("current").get(pk=int(event.target.rpartition(":")[2]))
    if event.group_id is not None and document.current is not None:
        done_since(
            group_id=event.group_id,
            tool_id=event.data["tool_id"],
            subject_id=event.data["subject"],
            session_key=event.data["session_key"],
            moment=document.current.created_at,
        )


for kind in ("form.moved", "document.about_corrected"):
    events.subscribe(kind, on_moved)
for kind in ("group.opened", "membership.started", "membership.ended", "membership.resumed", "group.changed"):
    events.subscribe(kind, on_people_changed)
for kind in (
    "form.submitted", "form.handed_back", "form.accepted", "form.returned", "form.reopened",
    "document.filed", "document.removed", "document.signatures_corrected",
    "document.version_taken_back", "document.version_brought_back",
):  # fmt: skip
    events.subscribe(kind, on_work_done)
events.subscribe("document.restored", on_restored)
