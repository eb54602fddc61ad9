"""Boards, topics, posts, and what each person has read, follows and is writing."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.querysets import (
    BoardQuerySet,
    ConfirmationQuerySet,
    FollowingQuerySet,
    MentionQuerySet,
    PostDraftQuerySet,
    PostQuerySet,
    PostVersionQuerySet,
    ReactionQuerySet,
    TopicQuerySet,
)
from core.full_text import WordsField
from core.policy.choices import label_of
from core.policy.roles import Action, Area, ProgrammeRole, Role
from core.policy.tables import ANNOUNCEMENT_POLICY, AREA_POLICY, COMMUNITY_POLICY
from mentoring.models import MentoringGroup, Programme
from mentoring.standing import Standing

LONGEST_TITLE: Final = 120
LONGEST_POST: Final = 20_000
PAGE_OF_POSTS: Final = 25
UNDO_WITHIN: Final = timedelta(hours=24)
"""So long whoever deleted a post can bring it back."""


class BoardKind(models.TextChoices):
    """Whose board it is."""

    GROUP = "group", _("board of a group")
    COMMUNITY = "community", _("community of a role")
    ANNOUNCEMENTS = "announcements", _("announcements")


class Board(models.Model):
    """Where people talk: one board for each group, one for each role of a programme, and the programme's announcements.

    `programme` is set for the boards of a programme, `group` for that of a group, `role` for a community.
    """

    kind = models.CharField(_("kind"), max_length=13, choices=BoardKind)
    group = models.ForeignKey(MentoringGroup, models.CASCADE, null=True, related_name="boards")
    programme = models.ForeignKey(Programme, models.CASCADE, null=True, related_name="boards")
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(kind=BoardKind.GROUP), name="one_board_per_group"),
            models.UniqueConstraint(
                fields=["programme", "role"], condition=Q(kind=BoardKind.COMMUNITY), name="one_community_per_role"
            ),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(kind=BoardKind.ANNOUNCEMENTS), name="one_announcements_per_programme"
            ),
            models.CheckConstraint(
                condition=Q(kind=BoardKind.GROUP, group__isnull=False, programme__isnull=True, role="")
                | (Q(kind=BoardKind.COMMUNITY, group__isnull=True, programme__isnull=False) & ~Q(role=""))
                | Q(kind=BoardKind.ANNOUNCEMENTS, group__isnull=True, programme__isnull=False, role=""),
                name="board_belongs_to_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.group_id or self.programme_id} {self.role}".strip()

    @property
    def is_of_group(self) -> bool:
        """Whether it is the board of one group."""
        return self.kind == BoardKind.GROUP

    @property
    def is_announcements(self) -> bool:
        """Whether staff writes here what everybody of the programme reads."""
        return self.kind == BoardKind.ANNOUNCEMENTS

    def rights(self, standing: Standing) -> frozenset[Action]:
        """Return what a person may do here: what `allowing` says, of a board that is known already."""
        if self.group_id is not None:
            role = standing.role_in(self.group_id)
            return AREA_POLICY[Area.BOARD][role] if role is not None else frozenset()
        by_role = ANNOUNCEMENT_POLICY if self.is_announcements else COMMUNITY_POLICY[Role(self.role)]
        held = (each for each in ProgrammeRole if self.programme_id in standing.programmes_as(each))
        return frozenset().union(*(by_role[each] for each in held))


class Topic(models.Model):
    """What a conversation is about, with the posts in it.

    `last_number` is the number of its newest post, deleted ones too: numbers are never given twice. `living` counts
    the posts that are not deleted, and `last_post_at` and `last_author` are of the newest of them. `is_headless`:
    its first post is deleted, so its title is not shown.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="topics")
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    last_author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    last_number = models.PositiveIntegerField(default=0)
    living = models.PositiveIntegerField(default=0)
    is_headless = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    needs_confirmation = models.BooleanField(_("ask everyone to confirm that they have read it"), default=False)

    # What a page knows of the person who looks.
    my_number: int | None
    my_choice: str | None
    my_board_choice: str | None
    my_confirmation: datetime | None
    board_read_until: datetime | None

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        indexes = [
            models.Index(fields=["board", "-is_pinned", "-last_post_at", "-id"], name="topics_by_last_post"),
            models.Index(fields=["board", "-is_pinned", "-created_at", "-id"], name="topics_by_beginning"),
            models.Index(fields=["board", "last_post_at"], name="topics_with_something_new"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(living__lte=F("last_number")), name="no_more_posts_than_numbers"),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, locked_by__isnull=True)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="locked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board_id}: {self.pk}"

    @property
    def is_locked(self) -> bool:
        """Whether nobody answers any more."""
        return self.locked_at is not None

    @property
    def last_page(self) -> int:
        """The number of the last page of its posts."""
        return page_of(max(self.last_number, 1))


def page_of(number: int) -> int:
    """Return on which page of its topic a post of this number stands."""
    return (number - 1) // PAGE_OF_POSTS + 1


class Post(models.Model):
    """What a person wrote in a topic, as Markdown.

    `named` are the names after an `@` that were recognised when it was saved, as typed. `lock` counts the edits.
    A deleted post keeps its number, and its text until it is brought back or not; no page shows it.
    """

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    body = models.TextField(_("text"), max_length=LONGEST_POST)
    quoted = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    named = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    lock = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    delete_reason = models.CharField(_("why it is deleted"), max_length=300, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="one_number_per_post"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by__isnull=True)
                | Q(deleted_at__isnull=False, deleted_by__isnull=False),
                name="deleted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["author", "created_at"], name="posts_of_a_person")]

    def __str__(self) -> str:
        return f"{self.topic_id}.{self.number}"

    @property
    def is_deleted(self) -> bool:
        """Whether its text is not shown any more."""
        return self.deleted_at is not None

    @property
    def is_first(self) -> bool:
        """Whether it opens its topic."""
        return self.number == 1

    def may_be_brought_back_by(self, user_id: int) -> bool:
        """Return whether this person deleted it a short time ago."""
        return (
            self.deleted_at is not None
            and self.deleted_by_id == user_id
            and self.deleted_at > timezone.now() - UNDO_WITHIN
        )


class PostIndex(models.Model):
    """What a post is found by: its words, and of the post that opens a topic those of the title too.

    Of a deleted post there is none. SQLite keeps its table of FTS5 by triggers on this one (`core.full_text`).
    """

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="index")
    words = WordsField()

    class Meta:
        verbose_name = _("words of a post")
        verbose_name_plural = _("words of posts")

    def __str__(self) -> str:
        return str(self.post_id)


class PostVersion(models.Model):
    """What a post said before it was edited; `title` is the topic's, of the post that opens it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    body = models.TextField(max_length=LONGEST_POST)
    named = models.JSONField(default=list, blank=True)
    written_at = models.DateTimeField()

    objects = PostVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="one_number_per_version")]

    def __str__(self) -> str:
        return f"{self.post_id}.{self.number}"


class ReactionKind(models.TextChoices):
    """The few things that can be said to a post without writing one."""

    AGREE = "agree", _("I agree")
    THANKS = "thanks", _("Thank you")
    HELPFUL = "helpful", _("This helps me")
    CELEBRATE = "celebrate", _("Congratulations")
    QUESTION = "question", _("I have a question")


REACTION_ICONS: Final = {
    ReactionKind.AGREE: "hand-thumbs-up",
    ReactionKind.THANKS: "heart",
    ReactionKind.HELPFUL: "lightbulb",
    ReactionKind.CELEBRATE: "award",
    ReactionKind.QUESTION: "question-circle",
}


class Reaction(models.Model):
    """A person has said one of the few things to a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ReactionKind)
    made_at = models.DateTimeField(default=timezone.now)

    objects = ReactionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user", "kind"], name="one_reaction_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return it in words."""
        return label_of(ReactionKind, self.kind)


class Mention(models.Model):
    """A post names a member of its board after an `@`."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="one_mention_per_person")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.user_id}"


class TopicMark(models.Model):
    """How far a person has read a topic: up to and with the post of this number."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="one_mark_per_topic")]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.user_id}, {self.number}"


class BoardMark(models.Model):
    """A person has marked a whole board as read, up to this moment."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "user"], name="one_mark_per_board")]

    def __str__(self) -> str:
        return f"{self.board_id}: {self.user_id}"


class FollowingChoice(models.TextChoices):
    """What a person wants to hear of a board or topic."""

    FOLLOWING = "following", _("following")
    MUTED = "muted", _("muted")


class Following(models.Model):
    """A person follows a board or topic, or wants to hear nothing of it; a topic's choice goes before its board's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="followings")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="followings")
    choice = models.CharField(max_length=10, choices=FollowingChoice)

    objects = FollowingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "user"], name="one_following_per_board"),
            models.UniqueConstraint(fields=["topic", "user"], name="one_following_per_topic"),
            models.CheckConstraint(
                condition=Q(board__isnull=True, topic__isnull=False) | Q(board__isnull=False, topic__isnull=True),
                name="following_board_or_topic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.choice} {self.topic_id or self.board_id}"


class PostDraft(models.Model):
    """What a person is writing: an answer in a topic, or a new topic of a board. `lock` counts the saves."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="drafts")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="drafts")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    body = models.TextField(max_length=LONGEST_POST, blank=True)
    quoted = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    lock = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = PostDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "user"], name="one_draft_per_board"),
            models.UniqueConstraint(fields=["topic", "user"], name="one_draft_per_topic"),
            models.CheckConstraint(
                condition=Q(board__isnull=True, topic__isnull=False) | Q(board__isnull=False, topic__isnull=True),
                name="draft_of_board_or_topic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic_id or self.board_id}"


class Confirmation(models.Model):
    """A person has confirmed that they have read an announcement."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="confirmations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="one_confirmation_per_person")]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.user_id}"
