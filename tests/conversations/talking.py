"""Topics and posts for tests."""

from accounts.models import User
from conversations.models import Board, Topic
from conversations.services import posts
from tests.cast import World


def board_of(world: World) -> Board:
    """Return the board of «Žingsnis»."""
    board: Board = Board.objects.select_related("group").get(group=world.group)
    return board


def community(world: World, role: str) -> Board:
    """Return the community of a role."""
    board: Board = Board.objects.get(programme=world.programme, role=role, kind="community")
    return board


def announcements(world: World) -> Board:
    """Return the announcements of the programme."""
    board: Board = Board.objects.get(programme=world.programme, kind="announcements")
    return board


def begun(world: World, by: User | None = None, title: str = "A question", body: str = "How do I begin?") -> Topic:
    """Return a topic on the group's board; Milda's, where nobody else is named."""
    topic = posts.begin_topic(board=board_of(world), by=by or world.cast.milda, title=title, body=body)
    found: Topic = Topic.objects.select_related("board__group").get(pk=topic.pk)
    return found
