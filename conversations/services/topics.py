"""What is done to a whole topic: pinned, locked, confirmed."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Board, Confirmation, Topic
from conversations.services.boards import why_not_writing
from conversations.services.posts import TOLD_KINDS
from conversations.services.reading import see_notices
from core import events
from core.errors import NotPossibleError
from core.held import read_held
from notices.services import facts

if TYPE_CHECKING:
    from accounts.models import User

MOST_PINNED: Final = 5
"""More at the top of a board, and nobody sees what is new."""


def _held(topic: Topic) -> Topic:
    """Return a topic as it is now, held.

    Raises:
        NotPossibleError: the group is closed or paused.
    """
    held: Topic = read_held(Topic.objects.select_related("board__group"), topic.pk)
    if stop := why_not_writing(held.board):
        raise NotPossibleError(stop)
    return held


@transaction.atomic
def pin_topic(*, topic: Topic, by: "User", is_pinned: bool) -> Topic:
    """Keep a topic at the top of its board, or no longer; idempotent. Records `topic.pinned` or `topic.unpinned`.

    Raises:
        ValidationError: enough is pinned there.
        NotPossibleError: the group is closed or paused.
    """
    Board.objects.hold_key(topic.board_id)  # of two who pin the last one, one does
    held = _held(topic)
    if held.is_pinned == is_pinned:
        return held
    if is_pinned and Topic.objects.pinned_in(held.board_id) >= MOST_PINNED:
        words = _("%(limit)d topics are pinned here already. Unpin one of them first.")
        raise ValidationError(words % {"limit": MOST_PINNED})
    held.is_pinned = is_pinned
    held.save(update_fields=["is_pinned"])
    kind = "topic.pinned" if is_pinned else "topic.unpinned"
    events.record(kind, actor=by, group_id=held.board.group_id, target=held, board_id=held.board_id)
    return held


@transaction.atomic
def lock_topic(*, topic: Topic, by: "User", is_locked: bool, at: datetime | None = None) -> Topic:
    """Let nobody answer in a topic any more, or again; idempotent. Records `topic.locked` or `topic.unlocked`.

    Raises:
        NotPossibleError: the group is closed or paused.
    """
    held = _held(topic)
    if held.is_locked == is_locked:
        return held
    held.locked_at, held.locked_by = (at or timezone.now(), by) if is_locked else (None, None)
    held.save(update_fields=["locked_at", "locked_by"])
    kind = "topic.locked" if is_locked else "topic.unlocked"
    events.record(kind, actor=by, group_id=held.board.group_id, target=held, at=at, board_id=held.board_id)
    return held


@transaction.atomic
def confirm_reading(*, topic: Topic, by: "User", at: datetime | None = None) -> Confirmation:
    """Note that a person has read an announcement; idempotent. Records `announcement.confirmed`.

    What they were told of it is seen then, and asks for nothing any more.

    Raises:
        NotPossibleError: nobody asked for that, or it is deleted by now.
    """
    if topic.is_headless:
        raise NotPossibleError(_("This post is deleted by now."))
    if not topic.needs_confirmation:
        raise NotPossibleError(_("This announcement needs no confirmation."))
    confirmation, is_new = Confirmation.objects.get_or_create(
        topic=topic, user=by, defaults={"confirmed_at": at or timezone.now()}
    )
    if is_new:
        events.record("announcement.confirmed", actor=by, target=topic, at=at, board_id=topic.board_id)
        facts.take_out(person=by, kinds=TOLD_KINDS, targets=topic.posts.values("pk"), name="confirm")
        see_notices(topic=topic, user=by, number=topic.last_number)
    return confirmation
