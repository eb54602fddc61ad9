"""What hangs on posts: files, who opened them, and which of them were filed as documents."""

import uuid
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.attached import AttachmentQuerySet, PostFilingQuerySet
from conversations.models.forum import Board, Post, Topic
from core.files.kinds import OFFICE_ENDINGS, PDF
from uploads.models import UploadBatch

MOST_ATTACHED: Final = 10
"""So many files hang on one post at most."""


class PostFiling(models.Model):
    """Files of a post on their way into a folder, or in it: what became of them stands on the batch."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="filings")
    batch = models.OneToOneField(UploadBatch, models.CASCADE, related_name="post_filing")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)

    objects = PostFilingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.post_id}: {self.batch_id}"


def attachment_name(attachment: "Attachment", filename: str) -> str:  # noqa: ARG001 -- the sent name is not trusted
    """Return a random storage name for a file."""
    return f"attachments/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


def thumbnail_name(attachment: "Attachment", filename: str) -> str:  # noqa: ARG001 -- the sent name is not trusted
    """Return a random storage name for a small picture."""
    return f"thumbnails/{timezone.now():%Y/%m}/{uuid.uuid4().hex}.jpg"


class Attachment(models.Model):
    """A file that hangs on a post, or on what its author is still writing: an answer in a topic, a topic of a board.

    Pictures are drawn anew when they come in; `sent_sha256` is of what was sent, so that the same file sent twice is
    known. `filing` is the last time it was filed.
    """

    HASHED_FILE = "file"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, null=True, blank=True, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to=attachment_name, max_length=200)
    thumbnail = models.FileField(upload_to=thumbnail_name, blank=True, max_length=200)
    needs_thumbnail = models.BooleanField(default=False)
    name = models.CharField(_("name of the file"), max_length=140)
    content_type = models.CharField(max_length=100)
    sent_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    filing = models.ForeignKey(PostFiling, models.SET_NULL, null=True, blank=True, related_name="attachments")

    # What a page knows of the person who looks.
    is_document_open: bool
    may_be_filed: bool

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, board__isnull=True, topic__isnull=True)
                | Q(post__isnull=True, board__isnull=False, topic__isnull=True)
                | Q(post__isnull=True, board__isnull=True, topic__isnull=False),
                name="attachment_hangs_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["author", "board", "sent_sha256"],
                condition=Q(board__isnull=False),
                name="one_file_once_on_a_new_topic",
            ),
            models.UniqueConstraint(
                fields=["author", "topic", "sent_sha256"],
                condition=Q(topic__isnull=False),
                name="one_file_once_on_a_new_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "created_at"], name="attachments_of_a_person"),
            models.Index(fields=["created_at"], condition=Q(post__isnull=True), name="attachments_not_posted"),
            models.Index(fields=["id"], condition=Q(needs_thumbnail=True), name="attachments_not_drawn"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.pk}"

    @property
    def is_posted(self) -> bool:
        """Whether others see it."""
        return self.post_id is not None

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture."""
        return self.content_type.startswith("image/")

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF."""
        return self.content_type == PDF

    @property
    def is_office(self) -> bool:
        """Whether it is a file of an office program."""
        return self.content_type in OFFICE_ENDINGS

    @property
    def opens_here(self) -> bool:
        """Whether a browser shows it."""
        return self.is_pdf or self.is_picture

    @property
    def board_of(self) -> Any:
        """The board on which it is, or will be."""
        if self.post is not None:
            return self.post.topic.board
        return self.topic.board if self.topic is not None else self.board


class AttachmentOpened(models.Model):
    """Somebody opened an attachment."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="opened")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.attachment_id}: {self.user_id}"
