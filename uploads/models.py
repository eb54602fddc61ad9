"""Papers on their way in: photos or a PDF, put in order before they are filed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import DocumentVersion
from mentoring.models import MentoringGroup
from rendering.models import Rendering
from tools.models import ToolVersion
from uploads.querysets import UploadBatchQuerySet, UploadPageQuerySet


class BatchState(models.TextChoices):
    """open → filing → filed; or cancelled."""

    OPEN = "open", _("open")
    FILING = "filing", _("being filed")
    FILED = "filed", _("filed")
    CANCELLED = "cancelled", _("cancelled")


class UploadBatch(models.Model):
    """One document being put together by one person: its type decides the folder."""

    group = models.ForeignKey(MentoringGroup, models.PROTECT, related_name="uploads")
    tool_version = models.ForeignKey(ToolVersion, models.PROTECT, null=True, related_name="uploads")
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    session_key = models.CharField(max_length=60, blank=True)
    session_title = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.OPEN, db_index=True)
    signed_by = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    note = models.CharField(_("why"), max_length=300, blank=True)
    rendering = models.OneToOneField(Rendering, models.PROTECT, null=True, blank=True, related_name="batch")
    version = models.OneToOneField(DocumentVersion, models.PROTECT, null=True, blank=True, related_name="batch")

    objects = UploadBatchQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.group_id}: {self.pk}"


def original_name(page: "UploadPage", filename: str) -> str:  # noqa: ARG001 -- the sent name is not trusted
    """Return a random storage name for an original."""
    return f"originals/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


def preview_name(page: "UploadPage", filename: str) -> str:  # noqa: ARG001 -- the sent name is not trusted
    """Return a random storage name for a preview."""
    return f"previews/{timezone.now():%Y/%m}/{uuid.uuid4().hex}.jpg"


class UploadPage(models.Model):
    """One sent file of a batch, kept byte-identical as proof, with its place and its turn.

    `rotation` is what the person added, clockwise, in degrees; the photo's own orientation comes on top.
    """

    HASHED_FILE = "original"

    batch = models.ForeignKey(UploadBatch, models.PROTECT, related_name="pages")
    position = models.PositiveIntegerField()
    rotation = models.PositiveSmallIntegerField(default=0)
    original = models.FileField(upload_to=original_name, max_length=200)
    preview = models.ImageField(upload_to=preview_name, blank=True, max_length=200)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=1)
    notes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = UploadPageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.batch_id}.{self.position}"
