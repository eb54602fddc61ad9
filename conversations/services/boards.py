"""Boards: made by the platform, one for each place; and why nothing can be written on one."""

from django.utils.translation import gettext as _

from conversations.models import Board, BoardKind, Topic
from core.policy.roles import Role
from mentoring import stops
from mentoring.models import MentoringGroup, Programme


def open_group_board(*, group_id: int) -> None:
    """Make the board of a group; idempotent."""
    Board.objects.bulk_create([Board(kind=BoardKind.GROUP, group_id=group_id)], ignore_conflicts=True)


def open_programme_boards(*, programme_id: int) -> None:
    """Make the communities and the announcements of a programme; idempotent."""
    boards = [Board(kind=BoardKind.COMMUNITY, programme_id=programme_id, role=role) for role in Role.values]
    boards.append(Board(kind=BoardKind.ANNOUNCEMENTS, programme_id=programme_id))
    if Board.objects.filter(programme=programme_id).count() < len(boards):
        Board.objects.bulk_create(boards, ignore_conflicts=True)


def open_all() -> int:
    """Make every board that is missing.

    Returns:
        How many were made.
    """
    before = Board.objects.count()
    for group_id in MentoringGroup.objects.filter(boards__isnull=True).values_list("pk", flat=True):
        open_group_board(group_id=group_id)
    for programme_id in Programme.objects.values_list("pk", flat=True):
        open_programme_boards(programme_id=programme_id)
    return Board.objects.count() - before


def hold_group(board: Board) -> None:
    """Keep the group of a board from being closed or paused until the transaction ends, and take it as it is now."""
    if board.group is not None:
        board.group = MentoringGroup.objects.hold(board.group)


def why_not_writing(board: Board) -> str:
    """Return why nobody writes on a board now; empty when they can."""
    return stops.writing(board.group) if board.group is not None else ""


def why_not_answering(topic: Topic) -> str:
    """Return why nobody answers in a topic now; empty when they can."""
    if stop := why_not_writing(topic.board):
        return stop
    return _("This topic is locked. It can be read; nobody answers any more.") if topic.is_locked else ""
