"""What a person has read, follows and is writing, which nobody else sees; and what they say with a reaction."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import (
    LONGEST_POST,
    LONGEST_TITLE,
    Board,
    BoardMark,
    Following,
    FollowingChoice,
    Post,
    PostDraft,
    Reaction,
    ReactionKind,
    Topic,
    TopicMark,
)
from conversations.services.boards import why_not_writing
from conversations.services.posts import TOLD_KINDS
from conversations.services.texts import check_length
from core.errors import NotPossibleError
from core.ops.sending import send_on_commit
from core.typed_text import clean_text, storable
from notices.services import seen

if TYPE_CHECKING:
    from accounts.models import User

JUST_POSTED: Final = timedelta(minutes=10)


class DraftChangedError(Exception):
    """The draft was saved from another page since, with other words; nothing was overwritten. `draft` is as stored."""

    def __init__(self, draft: PostDraft) -> None:
        self.draft = draft
        super().__init__(str(draft.pk))


def mark_read(*, topic: Topic, user_id: int, number: int) -> None:
    """Note that a person has had the posts up to this number on the screen; it never goes back."""
    if (topic.my_number or 0) >= number:
        return
    read = TopicMark.objects.filter(topic=topic, user=user_id)
    if topic.my_number is not None:
        read.filter(number__lt=number).update(number=number)
    else:
        mark = TopicMark(topic=topic, user_id=user_id, number=number)
        TopicMark.objects.bulk_create([mark], ignore_conflicts=True)
    topic.my_number = number


def see_notices(*, topic: Topic, user: "User", number: int) -> None:
    """Have what the person was told of the posts up to this number marked as seen, in the worker: reading stays quick.

    Nothing is done when the bell is empty. What is lost with the broker is done when the topic is opened again.
    """
    if user.unread_notices:
        send_on_commit("conversations.mark_told", topic_id=topic.pk, person_id=user.pk, number=number)


def mark_told(*, topic_id: int, person_id: int, number: int) -> None:
    """Mark what a person was told of the posts of a topic up to a number as seen. Idempotent."""
    read = Post.objects.filter(topic=topic_id, number__lte=number)
    seen.mark_told(person_id=person_id, kinds=TOLD_KINDS, targets=read.order_by().values("pk"))


def mark_board_read(*, board: Board, user_id: int, at: datetime | None = None) -> None:
    """Note that nothing on a board is new to a person any more."""
    mark = BoardMark(board=board, user_id=user_id, read_until=at or timezone.now())
    BoardMark.objects.bulk_create(
        [mark], update_conflicts=True, unique_fields=["board", "user"], update_fields=["read_until"]
    )


def choose_following(*, user_id: int, choice: str, board: Board | None = None, topic: Topic | None = None) -> None:
    """Follow a board or topic, mute it, or neither (an empty choice); idempotent.

    Raises:
        ValidationError: no such choice.
    """
    if choice not in {"", *FollowingChoice.values}:
        raise ValidationError(_("Choose an answer."))
    if not choice:
        Following.objects.filter(user=user_id, board=board, topic=topic).delete()
        return
    row = Following(user_id=user_id, board=board, topic=topic, choice=choice)
    Following.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["board" if board else "topic", "user"],
        update_fields=["choice"],
    )


@transaction.atomic
def react(*, post: Post, by: "User", kind: str, is_on: bool, at: datetime | None = None) -> None:
    """Say one of the few things to a post, or take it back; idempotent.

    Raises:
        ValidationError: no such reaction, or it is one's own post.
        NotPossibleError: the group is closed or paused.
    """
    if kind not in ReactionKind.values or post.author_id == by.pk:
        raise ValidationError(_("Choose an answer."))
    if stop := why_not_writing(post.topic.board):
        raise NotPossibleError(stop)
    if is_on:
        made = Reaction(post=post, user=by, kind=kind, made_at=at or timezone.now())
        Reaction.objects.bulk_create([made], ignore_conflicts=True)
    else:
        Reaction.objects.filter(post=post, user=by, kind=kind).delete()


@transaction.atomic
def save_draft(
    *,
    by: "User",
    lock: int,
    body: str,
    title: str = "",
    quoted_id: int | None = None,
    board: Board | None = None,
    topic: Topic | None = None,
    at: datetime | None = None,
) -> PostDraft | None:
    """Keep what a person is writing, as typed; an empty one goes away.

    Args:
        lock: the draft's count of saves when the page was made; 0 when there was none.

    Returns:
        The draft; None when there is nothing to keep.

    Raises:
        ValidationError: it is longer than a post can be.
        DraftChangedError: it was saved from another page since, with other words.
    """
    check_length(body, LONGEST_POST)
    check_length(title, LONGEST_TITLE)
    words, name = storable(body), clean_text(title, lines=False)
    if len(words) > LONGEST_POST or len(name) > LONGEST_TITLE:
        limit, count = (LONGEST_POST, len(words)) if len(words) > LONGEST_POST else (LONGEST_TITLE, len(name))
        raise ValidationError(
            _("Use at most %(limit)d characters. You have %(count)d.") % {"limit": limit, "count": count}
        )
    of_place = {"user_id": by.pk, "board": board, "topic": topic}
    held: PostDraft | None = PostDraft.objects.select_for_update(of=("self",)).filter(**of_place).first()
    if held is not None and (held.body, held.title) == (words, name):
        return held
    if held is not None and held.lock != lock:
        raise DraftChangedError(held)
    if not words.strip() and not name:
        if held is not None:
            held.delete()
        return None
    quoted = Post.objects.in_topic(topic, quoted_id) if topic is not None else None
    now = at or timezone.now()
    if held is None:
        if Post.objects.said_since(by.pk, words, now - JUST_POSTED):
            return None  # it was still under way when its text was posted
        # Of two pages that begin at the same moment one makes it; the other finds it with other words.
        fresh = PostDraft(**of_place, title=name, body=words, quoted=quoted, lock=1, saved_at=now)
        PostDraft.objects.bulk_create([fresh], ignore_conflicts=True)
        kept: PostDraft = PostDraft.objects.get(**of_place)
        if (kept.body, kept.title) != (words, name):
            raise DraftChangedError(kept)
        return kept
    held.title, held.body, held.quoted, held.lock, held.saved_at = name, words, quoted, held.lock + 1, now
    held.save(update_fields=["title", "body", "quoted", "lock", "saved_at"])
    return held
