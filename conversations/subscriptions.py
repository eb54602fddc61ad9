"""What the conversations app does when groups are opened and people enrolled."""

from conversations.services.boards import open_group_board, open_programme_boards
from core import events
from core.models import DomainEvent


def on_group_opened(event: DomainEvent) -> None:
    """Make the board of a new group."""
    open_group_board(group_id=event.group_id or 0)


def on_enrolment(event: DomainEvent) -> None:
    """Make the boards of a programme when its first person comes."""
    open_programme_boards(programme_id=int(event.data["programme_id"]))


events.subscribe("group.opened", on_group_opened)
events.subscribe("enrolment.started", on_enrolment)
