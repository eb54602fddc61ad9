"""What the conversations app does when groups are opened, people enrolled, and files of posts become documents."""

from conversations.models import PostFiling
from conversations.services.boards import open_group_board, open_programme_boards
from core import events
from core.models import DomainEvent


def on_group_opened(event: DomainEvent) -> None:
    """Make the board of a new group."""
    open_group_board(group_id=event.group_id or 0)


def on_enrolment(event: DomainEvent) -> None:
    """Make the boards of a programme when its first person comes."""
    open_programme_boards(programme_id=int(event.data["programme_id"]))


def on_document_filed(event: DomainEvent) -> None:
    """Record `post.filed` where a document was made of files of a post: its author is told."""
    filing = PostFiling.objects.of_version(int(event.target.rpartition(":")[2]))
    if filing is not None:
        events.record(
            "post.filed", actor=filing.filed_by, group_id=event.group_id, target=filing.post,
            document_id=filing.batch.version.document_id,
        )  # fmt: skip


events.subscribe("document.filed", on_document_filed)
events.subscribe("group.opened", on_group_opened)
events.subscribe("enrolment.started", on_enrolment)
