"""Who reads which boards, topics and posts, and what is new to them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from core.built_once import Keys, built_once
from core.full_text import Asked, Question
from core.policy.querysets import AccessQuerySet
from core.policy.roles import Action, Area, Role
from core.policy.tables import announcement_roles_allowed, community_roles_allowed
from core.search import contains_all
from core.typed_text import clean_text
from mentoring.models import Enrolment, Membership

NEW_FOR: Final = timedelta(days=60)
"""What was written before is not called new any more, to nobody: no count grows for years."""
MOST_SUGGESTED: Final = 8
MOST_NAMES: Final = 2000
"""So many members of a board are looked through for a name after an `@`."""


def is_new_since(now: datetime | None = None) -> datetime:
    """Return the moment from which on something unread is new."""
    return (now or timezone.now()) - NEW_FOR


def _boards_of(standing: Any, action: Action) -> tuple[Keys, Keys, Keys, Keys, Keys]:
    """Return what opens boards to the person: groups, programmes by community, programmes for their announcements."""
    managers, mentors, mentees = (
        standing.programmes_as(*community_roles_allowed(role, action))
        for role in (Role.MANAGER, Role.MENTOR, Role.MENTEE)
    )
    announced = standing.programmes_as(*announcement_roles_allowed(action))
    return standing.groups(Area.BOARD, action), managers, mentors, mentees, announced


def _open_to(prefix: str, groups: Keys, managers: Keys, mentors: Keys, mentees: Keys, announced: Keys) -> Q:
    """Return the condition that a board is of one of these groups or programmes (`_boards_of`)."""
    found = Q(**{f"{prefix}kind": "group", f"{prefix}group__in": groups})
    for role, programmes in ((Role.MANAGER, managers), (Role.MENTOR, mentors), (Role.MENTEE, mentees)):
        there = {f"{prefix}kind": "community", f"{prefix}role": role.value, f"{prefix}programme__in": programmes}
        found |= Q(**there)
    return found | Q(**{f"{prefix}kind": "announcements", f"{prefix}programme__in": announced})


def boards_open(standing: Any, action: Action, prefix: str = "") -> Q:
    """Return the condition that a person may do `action` on a board.

    Args:
        prefix: path to the board, with trailing underscores.
    """
    return _open_to(prefix, *_boards_of(standing, action))


@built_once
def _posts_found(
    groups: Keys, managers: Keys, mentors: Keys, mentees: Keys, announced: Keys, place: Keys,
    single: Collection[str], typed: Collection[str], quoted: Collection[str], *, at: str, start: int, stop: int,
) -> Any:  # fmt: skip
    from conversations.models import Post  # noqa: PLC0415 -- models import this module

    open_to = _open_to("topic__board__", groups, managers, mentors, mentees, announced)
    found = Post.objects.filter(open_to, index__words__found=Question(single, typed, quoted), deleted_at__isnull=True)
    found = found.filter(**{f"{at}__in": place}) if at else found
    return found.order_by("-created_at", "-pk").for_results()[start:stop]


@built_once
def _topic_read(
    groups: Keys, managers: Keys, mentors: Keys, mentees: Keys, announced: Keys, reader: int, key: int
) -> Any:
    from conversations.models import Topic  # noqa: PLC0415 -- models import this module

    open_to = _open_to("board__", groups, managers, mentors, mentees, announced)
    return Topic.objects.filter(open_to, pk=key).for_page().for_reader(reader)


@built_once
def _newest_topics(board: int, reader: int, *, moment: str, size: int) -> Any:
    from conversations.models import Topic  # noqa: PLC0415 -- models import this module

    found = Topic.objects.of_board(board).with_own_of(reader)
    return found.order_by("-is_pinned", f"-{moment}", "-pk")[: size + 1]


@built_once
def _posts_numbered(topic: int, first: int, last: int) -> Any:
    from conversations.models import Post  # noqa: PLC0415 -- models import this module

    found = Post.objects.filter(topic=topic, number__gte=first, number__lte=last).order_by("number")
    return found.select_related("author", "deleted_by", "quoted__author")


@built_once
def _reactions_of(posts: Keys, reader: int) -> Any:
    from conversations.models import Reaction  # noqa: PLC0415 -- models import this module

    own = Count("pk", filter=Q(user=reader))
    found = Reaction.objects.filter(post__in=posts).order_by()
    return found.values_list("post_id", "kind").annotate(n=Count("pk"), own=own)


class BoardQuerySet(AccessQuerySet):
    """Boards."""

    area = Area.BOARD

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the boards on which the person may do `action`."""
        return self.filter(boards_open(standing, action))

    def reached(self, standing: Any, action: Action) -> Self:
        """Return the same as `allowing`, each with group, programme, and what the person chose there."""
        return self.allowing(standing, action).for_page().with_own(standing)

    def for_page(self) -> Self:
        """Return boards with group and programme."""
        return self.select_related("group__programme", "programme")

    def with_own(self, standing: Any) -> Self:
        """Return boards with what the person chose there: `my_choice`, `read_until`."""
        from conversations.models import BoardMark, Following  # noqa: PLC0415 -- models import this module

        mine = Following.objects.filter(board=OuterRef("pk"), user=standing.user_id)
        mark = BoardMark.objects.filter(board=OuterRef("pk"), user=standing.user_id)
        return self.annotate(
            my_choice=Subquery(mine.values("choice")[:1]), read_until=Subquery(mark.values("read_until")[:1])
        )

    def for_list(self, standing: Any) -> Self:
        """Return boards with when something was written there last, those of the programme first."""
        from conversations.models import Topic  # noqa: PLC0415 -- models import this module

        found = self.for_page().with_own(standing)
        newest = Topic.objects.filter(board=OuterRef("pk"), living__gt=0).order_by("-last_post_at")
        return found.annotate(last_post_at=Subquery(newest.values("last_post_at")[:1])).order_by(
            "programme__title", "group__name", "pk"
        )


class TopicQuerySet(AccessQuerySet):
    """Topics."""

    area = Area.BOARD

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the topics of boards on which the person may do `action`."""
        return self.filter(boards_open(standing, action, "board__"))

    def announcements(self, standing: Any, action: Action) -> Self:
        """Return the announcements on which the person may do `action`, and which ask to be confirmed."""
        found = self.allowing(standing, action).filter(board__kind="announcements", needs_confirmation=True)
        return found.for_page()

    def reached(self, standing: Any, action: Action) -> Self:
        """Return the same as `allowing`, each with what the person has read, follows and confirmed."""
        return self.allowing(standing, action).for_page().for_reader(standing.user_id)

    def one_for_page(self, standing: Any, action: Action, key: int, *, area: Area | None = None) -> Any:
        """Return the topic with this key, for reading with all that `reached` adds, if the person may; else None."""
        if action != Action.VIEW:
            return super().one_for_page(standing, action, key, area=area)
        return next(iter(_topic_read(*_boards_of(standing, action), standing.user_id, key)), None)

    def for_reader(self, user_id: int) -> Self:
        """Return topics with all that a page knows of the person who reads it."""
        from conversations.models import Confirmation, Following  # noqa: PLC0415 -- models import this module

        confirmed = Confirmation.objects.filter(topic=OuterRef("pk"), user=user_id)
        board = Following.objects.filter(board=OuterRef("board"), user=user_id)
        return self.with_own_of(user_id).annotate(
            my_board_choice=Subquery(board.values("choice")[:1]),
            my_confirmation=Subquery(confirmed.values("confirmed_at")[:1]),
        )

    def with_own(self, standing: Any) -> Self:
        """Return topics with how far the person has read them, and whether they follow: `my_number`, `my_choice`."""
        return self.with_own_of(standing.user_id)

    def with_own_of(self, user_id: int) -> Self:
        """Return the same as `with_own`, for the person of this key."""
        from conversations.models import BoardMark, Following, TopicMark  # noqa: PLC0415 -- models import this module

        read = TopicMark.objects.filter(topic=OuterRef("pk"), user=user_id)
        mine = Following.objects.filter(topic=OuterRef("pk"), user=user_id)
        board = BoardMark.objects.filter(board=OuterRef("board"), user=user_id)
        return self.annotate(
            my_number=Subquery(read.values("number")[:1]),
            my_choice=Subquery(mine.values("choice")[:1]),
            board_read_until=Subquery(board.values("read_until")[:1]),
        )

    def for_page(self) -> Self:
        """Return topics with their board and who locked them."""
        return self.select_related("board__group__programme", "board__programme", "locked_by")

    def of_board(self, board: Any) -> Self:
        """Return the topics of a board in which there is something to read."""
        return self.filter(board=board, living__gt=0).select_related("author", "last_author")

    def unread_only(self, board: Any) -> Self:
        """Return those in which something is new to the person; after `with_own`."""
        new = self.filter(Q(my_number__isnull=True) | Q(my_number__lt=F("last_number")))
        return new.filter(last_post_at__gt=max(is_new_since(), board.read_until or is_new_since()))

    def begun_by(self, user_id: int) -> Self:
        """Return those that a person began."""
        return self.filter(author=user_id)

    def followed(self) -> Self:
        """Return those that the person follows; after `with_own`."""
        return self.filter(my_choice="following")

    def page_by(self, moment: str, *, before: "tuple[datetime, int] | None", size: int) -> list[Any]:
        """Return the next topics in the order of a moment, one more than a page holds; pinned ones open the list.

        Args:
            moment: `last_post_at` or `created_at`; an index holds either order.
            before: moment and key of the last topic of the page before; None for the first page.
        """
        if before is not None:
            at, key = before
            older = Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": key})
            return list(self.filter(older, is_pinned=False).order_by(f"-{moment}", "-pk")[: size + 1])
        return list(self.order_by("-is_pinned", f"-{moment}", "-pk")[: size + 1])

    def newest_of(self, board: Any, standing: Any, moment: str, size: int) -> list[Any]:
        """Return the first page of all topics of a board, as `page_by` does, with what the person has read."""
        return _newest_topics(board.pk, standing.user_id, moment=moment, size=size)

    def pinned_in(self, board_id: int) -> int:
        """Return how many topics of a board are pinned."""
        return self.filter(board=board_id, is_pinned=True).count()

    def begun_since(self, user_id: int, moment: datetime) -> int:
        """Return how many topics a person began since then, anywhere."""
        return self.filter(author=user_id, created_at__gt=moment).count()


class PostQuerySet(AccessQuerySet):
    """Posts."""

    area = Area.BOARD

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the posts on which the person may do `action`; to write in one it must be their own and be there."""
        found = self.filter(boards_open(standing, action, "topic__board__"))
        return found.filter(author=standing.user_id, deleted_at__isnull=True) if action == Action.WRITE else found

    def answerable(self, standing: Any, action: Action) -> Self:
        """Return posts of others and one's own that are there, on boards where the person may do `action`."""
        return self.filter(boards_open(standing, action, "topic__board__"), deleted_at__isnull=True)

    def deletable(self, standing: Any, action: Action) -> Self:
        """Return posts that the person may delete: one's own where one writes, all where one moderates."""
        own = boards_open(standing, action, "topic__board__") & Q(author=standing.user_id)
        return self.filter(own | boards_open(standing, Action.MODERATE, "topic__board__"), deleted_at__isnull=True)

    def deleted_by(self, standing: Any, action: Action) -> Self:
        """Return posts that the person deleted and may bring back, on boards where they may do `action`."""
        from conversations.models import UNDO_WITHIN  # noqa: PLC0415 -- models import this module

        found = self.filter(boards_open(standing, action, "topic__board__"), deleted_by=standing.user_id)
        return found.filter(deleted_at__gt=timezone.now() - UNDO_WITHIN)

    def fileable(self, standing: Any, action: Action) -> Self:
        """Return posts that are there, on boards of groups in whose folders the person may do `action`."""
        from documents.models import Folder  # noqa: PLC0415 -- models import this module

        folders = Folder.objects.allowing(standing, action)
        there = boards_open(standing, Action.VIEW, "topic__board__") & Q(topic__board__kind="group")
        return self.filter(there, topic__board__group__in=folders.values("group"), deleted_at__isnull=True)

    def readable(self, standing: Any, action: Action) -> Self:
        """Return posts that are there, on boards where the person may do `action`."""
        return self.answerable(standing, action)

    def search(self, standing: Any, asked: Asked, *, part: slice, board: Any = None, group: Any = None) -> list[Any]:
        """Return posts that the person may read and that hold all that is asked, as a result shows them, newest first.

        The same as `readable(standing, Action.VIEW)` of those with such words; a deleted one is never found.

        Args:
            part: which of them.
            board: only on this board; `group`: only on the board of this group.
        """
        place, at = ((board or group).pk,) if board or group else (), ""
        if place:
            at = "topic__board" if board else "topic__board__group"
        question = asked.question
        return _posts_found(
            *_boards_of(standing, Action.VIEW), place, question.single, question.typed, question.quoted,
            at=at, start=part.start, stop=part.stop,
        )  # fmt: skip

    def for_results(self) -> Self:
        """Return posts with what a result of a search shows."""
        board = ("kind", "role", "group__name", "programme__title")
        shown = ("number", "body", "created_at", "author__full_name", "author__call_name", "author__email")
        found = self.select_related("topic__board__group", "topic__board__programme", "author")
        return found.only(*shown, "topic__title", "topic__is_headless", *(f"topic__board__{name}" for name in board))

    def for_page(self) -> Self:
        """Return posts with their topic and board."""
        return self.select_related("topic__board__group__programme", "topic__board__programme", "author")

    def numbered(self, topic: Any, first: int, last: int) -> list[Any]:
        """Return the posts of a topic from one number to another, in order, with whom and what they quote."""
        return _posts_numbered(topic.pk, first, last)

    def first_after(self, topic: Any, number: int) -> Any:
        """Return the first post of a topic after this number that is there, else the newest one."""
        there = self.filter(topic=topic, deleted_at__isnull=True)
        return there.filter(number__gt=number).order_by("number").first() or there.order_by("-number").first()

    def in_topic(self, topic: Any, key: int | None) -> Any:
        """Return the post of this key, if it is one of the topic's and is there; None else."""
        if key is None:
            return None
        return self.filter(topic=topic, pk=key, deleted_at__isnull=True).select_related("author").first()

    def written_since(self, user_id: int, moment: datetime) -> int:
        """Return how many posts a person wrote since then, anywhere."""
        return self.filter(author=user_id, created_at__gt=moment).count()

    def said_since(self, user_id: int, typed: str, moment: datetime) -> bool:
        """Return whether a person has posted these words since then."""
        return self.filter(author=user_id, created_at__gt=moment, body=clean_text(typed, lines=True)).exists()

    def newest_in(self, topic: Any) -> Any:
        """Return the newest post of a topic that is there, None when all are deleted."""
        return self.filter(topic=topic, deleted_at__isnull=True).order_by("-number").first()


class PostVersionQuerySet(models.QuerySet[Any]):
    """What posts said before."""

    def of_post(self, post: Any) -> Self:
        """Return the earlier versions of a post, the newest first."""
        return self.filter(post=post).order_by("-number")

    def changed_since(self, user_id: int, moment: datetime) -> int:
        """Return how many texts that a person wrote since then were changed by now."""
        return self.filter(post__author=user_id, written_at__gt=moment).count()


class ReactionQuerySet(models.QuerySet[Any]):
    """Reactions."""

    def counted(self, posts: Iterable[Any], user_id: int) -> dict[tuple[int, str], tuple[int, bool]]:
        """Return how many people said what to these posts, and whether the person is one of them."""
        rows = _reactions_of([post.pk for post in posts if not post.is_deleted], user_id)
        return {(post, kind): (count, bool(mine)) for post, kind, count, mine in rows}


class MentionQuerySet(models.QuerySet[Any]):
    """Mentions."""

    def people_of(self, post: Any) -> list[int]:
        """Return the keys of the people whom a post names."""
        return list(self.filter(post=post).order_by("user").values_list("user_id", flat=True))


class FollowingQuerySet(models.QuerySet[Any]):
    """Who follows what."""

    def people_muting(self, topic: Any) -> set[int]:
        """Return the keys of the people who want to hear nothing of a topic: it, or its board, is muted."""
        of_board = self.filter(board=topic.board_id).values_list("user_id", "choice")
        chosen = {**dict(of_board), **dict(self.filter(topic=topic).values_list("user_id", "choice"))}
        return {user for user, choice in chosen.items() if choice == "muted"}

    def people_told(self, topic: Any) -> list[int]:
        """Return the keys of the people who follow a topic, or its board without having muted the topic.

        Whether they may still read it is asked of the policy when they are told.
        """
        of_topic = self.filter(topic=topic)
        muted = self.model._default_manager.filter(topic=topic, choice="muted", user=OuterRef("user"))
        of_board = self.filter(~Exists(muted), board=topic.board_id, choice="following")
        found = of_topic.filter(choice="following").values_list("user_id", flat=True)
        return sorted({*found, *of_board.values_list("user_id", flat=True)})


class PostDraftQuerySet(models.QuerySet[Any]):
    """What people are writing."""

    def of_person(self, user_id: int, *, board: Any = None, topic: Any = None) -> Any:
        """Return what a person is writing there, with what it quotes; None when nothing."""
        found = self.filter(user=user_id, topic=topic) if topic else self.filter(user=user_id, board=board)
        return found.select_related("quoted__author").first()

    def begun_by(self, standing: Any) -> Self:
        """Return what the person is writing where they may still write, with board and topic, the last saved first."""
        there = boards_open(standing, Action.WRITE, "board__") | boards_open(standing, Action.WRITE, "topic__board__")
        found = self.filter(there, user=standing.user_id).order_by("-saved_at", "-pk")
        return found.select_related(
            "board__group", "board__programme", "topic__board__group", "topic__board__programme"
        )


class ConfirmationQuerySet(models.QuerySet[Any]):
    """Who has confirmed an announcement."""

    def moments_of(self, topic: Any) -> dict[int, datetime]:
        """Return when each person confirmed it."""
        return dict(self.filter(topic=topic).values_list("user_id", "confirmed_at"))


def members_of(board: Any) -> Any:
    """Return the people of a board, by name: who can be named in it; a queryset of people."""
    from accounts.models import User  # noqa: PLC0415 -- read when asked

    held: Any
    if board.group_id:
        held = Membership.objects.live().filter(group=board.group_id)
    else:
        held = Enrolment.objects.live().filter(programme=board.programme_id)
        if board.role:
            held = held.filter(role__in=community_roles_allowed(Role(board.role), Action.WRITE))
    people = User.objects.filter(pk__in=held.order_by().values("user"), is_active=True)
    return people.order_by("full_name", "pk")


def asked_to_confirm(topic: Any) -> Any:
    """Return the people who are asked to confirm an announcement: all of its board but whoever wrote it."""
    return members_of(topic.board).exclude(pk=topic.author_id)


def named_like(people: Any, words: str) -> list[str]:
    """Return the names of these people that hold `words`, in any spelling; the first few."""
    found = people.filter(contains_all(words, "search_text")) if words.strip() else people
    return list(found.values_list("full_name", flat=True)[:MOST_SUGGESTED])
