"""Topics and posts: written, changed, deleted and brought back. Nothing typed is ever in an event."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.models import (
    Board,
    Following,
    FollowingChoice,
    Mention,
    Post,
    PostDraft,
    PostVersion,
    Topic,
    TopicMark,
)
from conversations.services import attachments, index
from conversations.services.boards import hold_group, why_not_answering, why_not_writing
from conversations.services.texts import Text, checked_text, checked_title
from core import events
from core.errors import NotPossibleError
from core.held import read_held
from core.typed_text import clean_text
from notices.services import facts

TOLD_KINDS: Final = ("forum_named", "forum_answered", "forum_begun", "forum_announced", "forum_deleted")
"""The kinds of notices that say the title of a topic (`conversations.notices`)."""
MOST_PER_HOUR: Final = 60
MOST_TOPICS_PER_HOUR: Final = 15
"""More than anybody writes or changes by hand, on all boards together."""


class ChangedMeanwhileError(Exception):
    """The post says something else than when its form was made; nothing was overwritten. `post` is as stored now."""

    def __init__(self, post: Post) -> None:
        self.post = post
        super().__init__(str(post.pk))


def _now_possible(stop: str) -> None:
    """Stop where the state forbids it.

    Raises:
        NotPossibleError: it does.
    """
    if stop:
        raise NotPossibleError(stop)


def _check_flood(by: User, now: datetime, *, begins: bool = False) -> None:
    User.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=by.pk)  # of two at once one waits
    hour = now - timedelta(hours=1)
    many = Post.objects.written_since(by.pk, hour) + PostVersion.objects.changed_since(by.pk, hour) >= MOST_PER_HOUR
    if begins and not many:
        many = Topic.objects.begun_since(by.pk, hour) >= MOST_TOPICS_PER_HOUR
    if many:
        raise ValidationError(_("These are many posts in a short time. What you wrote is kept here; go on in an hour."))


@transaction.atomic
def begin_topic(
    *,
    board: Board,
    by: User,
    title: str,
    body: str,
    needs_confirmation: bool = False,
    attached: Collection[int] = (),
    at: datetime | None = None,
) -> Topic:
    """Begin a topic with its first post. Records `topic.created`, of an announcement `announcement.created`.

    Args:
        needs_confirmation: everybody is asked to confirm that they have read it; announcements only.
        attached: keys of files that the writer attached there.

    Raises:
        ValidationError: something is missing or too much, or it is too many at once.
        NotPossibleError: the group is closed or paused.
    """
    now = at or timezone.now()
    hold_group(board)
    _now_possible(why_not_writing(board))
    _check_flood(by, now, begins=True)
    name, text = checked_title(title), checked_text(board, body)
    topic = Topic.objects.create(
        board=board, title=name, author=by, created_at=now, last_post_at=now, last_author=by,
        needs_confirmation=needs_confirmation and board.is_announcements,
    )  # fmt: skip
    post = _append(topic, by, text, None, now)
    attachments.put_on(post, attached)
    PostDraft.objects.filter(user=by, board=board).delete()
    kind = "announcement.created" if board.is_announcements else "topic.created"
    events.record(
        kind, actor=by, group_id=board.group_id, target=topic, at=at, board_id=board.pk, post_id=post.pk
    )  # fmt: skip
    _tell_of_mentions(post, board, by, text.people, at)
    return topic


@transaction.atomic
def answer(
    *,
    topic: Topic,
    by: User,
    body: str,
    quoted_id: int | None = None,
    attached: Collection[int] = (),
    at: datetime | None = None,
) -> Post:
    """Write a post in a topic. Records `post.created`.

    Args:
        quoted_id: a post of the same topic that is shown above it; of another topic, or deleted, none is.
        attached: keys of files that the writer attached there.

    Raises:
        ValidationError: there is no text, or too much of something, or it is too many at once.
        NotPossibleError: the topic is locked, or the group closed or paused.
    """
    now = at or timezone.now()
    held: Topic = read_held(Topic.objects.select_related("board__group"), topic.pk)
    hold_group(held.board)
    _now_possible(why_not_answering(held))
    _check_flood(by, now)
    text = checked_text(held.board, body)
    post = _append(held, by, text, Post.objects.in_topic(held, quoted_id), now)
    attachments.put_on(post, attached)
    PostDraft.objects.filter(user=by, topic=held).delete()
    board = held.board
    events.record(
        "post.created", actor=by, group_id=board.group_id, target=post, at=at, topic_id=held.pk, board_id=board.pk
    )
    _tell_of_mentions(post, board, by, text.people, at)
    return post


def _append(topic: Topic, by: User, text: Text, quoted: Post | None, now: datetime) -> Post:
    """Add a post to a topic that is held; its writer has read so far, and follows the topic."""
    topic.last_number += 1
    topic.living += 1
    topic.last_post_at, topic.last_author = now, by
    topic.save(update_fields=["last_number", "living", "last_post_at", "last_author"])
    post = Post.objects.create(
        topic=topic,
        number=topic.last_number,
        author=by,
        body=text.body,
        quoted=quoted,
        named=text.names,
        created_at=now,
    )
    index.add([post])
    Mention.objects.bulk_create([Mention(post=post, user_id=key) for key in sorted(text.people)])
    mark = TopicMark(topic=topic, user=by, number=post.number)
    TopicMark.objects.bulk_create(
        [mark], update_conflicts=True, unique_fields=["topic", "user"], update_fields=["number"]
    )
    # Who takes part follows, unless they chose something else before.
    follows = Following(topic=topic, user=by, choice=FollowingChoice.FOLLOWING)
    Following.objects.bulk_create([follows], ignore_conflicts=True)
    return post


def _tell_of_mentions(post: Post, board: Board, by: User, people: frozenset[int], at: datetime | None) -> None:
    """Record whom a post names anew, without the writer: `post.mentioned`, with their keys."""
    if others := sorted(people - {by.pk}):
        events.record(
            "post.mentioned", actor=by, group_id=board.group_id, target=post, at=at, topic_id=post.topic_id,
            board_id=board.pk, people=",".join(map(str, others)),
        )  # fmt: skip


def _held(post: Post) -> Post:
    """Return a post as it is now, held together with its topic."""
    topic: Topic = read_held(Topic.objects.select_related("board__group"), post.topic_id)
    held: Post = read_held(Post.objects.select_related("author"), post.pk)
    held.topic = topic
    return held


@transaction.atomic
def edit_post(
    *, post: Post, by: User, lock: int, body: str, title: str | None = None, at: datetime | None = None
) -> Post:
    """Change one's own post, and the title where it opens the topic; what it said is kept. Records `post.edited`.

    Saying the same again changes nothing.

    Args:
        lock: the count of edits when the form was made.

    Raises:
        ChangedMeanwhileError: it was changed since, to something else.
        ValidationError: something is missing or too much, or it is too many changes at once.
        NotPossibleError: it is deleted by now, or its topic is locked, or the group closed or paused.
    """
    held = _held(post)
    topic = held.topic
    hold_group(topic.board)
    _now_possible(_("This post is deleted by now.") if held.is_deleted else why_not_answering(topic))
    text = checked_text(topic.board, body)
    name = checked_title(title) if held.is_first and title is not None else topic.title
    if (held.body, topic.title) == (text.body, name):
        return held
    if held.lock != lock:
        raise ChangedMeanwhileError(held)
    _check_flood(by, at or timezone.now())
    PostVersion.objects.create(
        post=held, number=held.lock + 1, title=topic.title if held.is_first else "", body=held.body, named=held.named,
        written_at=held.edited_at or held.created_at,
    )  # fmt: skip
    held.body, held.named, held.lock, held.edited_at = text.body, text.names, held.lock + 1, at or timezone.now()
    held.save(update_fields=["body", "named", "lock", "edited_at"])
    if topic.title != name:
        topic.title = name
        topic.save(update_fields=["title"])
        facts.call_otherwise(
            kinds=TOLD_KINDS, targets=topic.posts.values("pk"), since=topic.created_at, name="topic", value=name
        )
    index.add([held])
    before = frozenset(Mention.objects.people_of(held))
    Mention.objects.filter(post=held).exclude(user__in=text.people).delete()
    Mention.objects.bulk_create([Mention(post=held, user_id=key) for key in sorted(text.people - before)])
    board = topic.board
    events.record(
        "post.edited", actor=by, group_id=board.group_id, target=held, at=at, topic_id=topic.pk, board_id=board.pk
    )
    _tell_of_mentions(held, board, by, text.people - before, at)
    return held


@transaction.atomic
def delete_post(*, post: Post, by: User, reason: str = "", at: datetime | None = None) -> Post:
    """Take a post away from every page; who did it and why stays in its place. Records `post.deleted`.

    Its author needs no reason; whoever looks after the board gives one.

    Raises:
        ValidationError: somebody else's post, and no reason.
        NotPossibleError: it is deleted already, or the group is closed.
    """
    held = _held(post)
    topic = held.topic
    if held.is_deleted:
        raise NotPossibleError(_("This post is deleted by now."))
    group = topic.board.group
    _now_possible(why_not_writing(topic.board) if group is not None and group.is_read_only else "")
    words = clean_text(reason, lines=False)
    if not words and held.author_id != by.pk:
        raise ValidationError({"reason": _("Say why. Everyone who reads the topic reads it, with your name.")})
    held.deleted_at, held.deleted_by, held.delete_reason = at or timezone.now(), by, words
    held.save(update_fields=["deleted_at", "deleted_by", "delete_reason"])
    index.remove(held)
    follow_posts(topic)
    board = topic.board
    events.record(
        "post.deleted", actor=by, group_id=board.group_id, target=held, at=at, topic_id=topic.pk, board_id=board.pk
    )
    return held


@transaction.atomic
def restore_post(*, post: Post, by: User) -> Post:
    """Bring back what one has deleted oneself a short time ago; idempotent. Records `post.restored`.

    Raises:
        NotPossibleError: it is too late, or the group is closed.
    """
    held = _held(post)
    topic = held.topic
    if not held.is_deleted:
        return held
    if not held.may_be_brought_back_by(by.pk):
        raise NotPossibleError(_("A deleted post can be brought back within 24 hours, by the person who deleted it."))
    group = topic.board.group
    _now_possible(why_not_writing(topic.board) if group is not None and group.is_read_only else "")
    held.deleted_at, held.deleted_by, held.delete_reason = None, None, ""
    held.save(update_fields=["deleted_at", "deleted_by", "delete_reason"])
    index.add([held])
    follow_posts(topic)
    board = topic.board
    events.record("post.restored", actor=by, group_id=board.group_id, target=held, topic_id=topic.pk, board_id=board.pk)
    return held


def follow_posts(topic: Topic) -> None:
    """Let a topic that is held say how many of its posts are there, and which is the newest."""
    newest: Post | None = Post.objects.newest_in(topic)
    topic.living = Post.objects.filter(topic=topic, deleted_at__isnull=True).count()
    topic.is_headless = Post.objects.filter(topic=topic, number=1, deleted_at__isnull=False).exists()
    if newest is not None:
        topic.last_post_at, topic.last_author_id = newest.created_at, newest.author_id
    topic.save(update_fields=["living", "is_headless", "last_post_at", "last_author"])
