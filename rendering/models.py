"""PDFs in the making: work that must happen is a row first."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import DocumentVersion
from mentoring.models import MentoringGroup, Pack, Programme
from rendering.querysets import RenderingQuerySet
from tools.models import ToolVersion

MAX_ATTEMPTS = 3


class RenderingKind(models.TextChoices):
    """What is made."""

    FORM = "form", _("a filled form")
    PHOTOS = "photos", _("photos of a paper")
    BLANK = "blank", _("a blank form")
    GUIDE = "guide", _("the guide to the tools")
    COPY = "copy", _("a copy in another language")


class RenderingState(models.TextChoices):
    """queued → running → ready; retrying waits for the next try; failed waits for a person; dropped is not made."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    READY = "ready", _("ready")
    RETRYING = "retrying", _("failed, will be tried again")
    FAILED = "failed", _("stopped after three attempts")
    DROPPED = "dropped", _("not made: a newer one took its place")


def library_name(rendering: "Rendering", filename: str) -> str:  # noqa: ARG001 -- Django's signature
    """Return a random storage name for what is kept on the rendering itself: a blank, the guide, a copy."""
    return f"library/{uuid.uuid4().hex}.pdf"


class Rendering(models.Model):
    """One PDF to make; `digest` is unique, so the same input never renders twice.

    What it is made from points at it; `rendering.kinds` knows by `kind` how it is made and who may see it.
    """

    kind = models.CharField(max_length=10, choices=RenderingKind)
    digest = models.CharField(max_length=64, unique=True)
    group = models.ForeignKey(
        MentoringGroup, models.PROTECT, null=True, blank=True, related_name="renderings", verbose_name=_("group")
    )
    tool_version = models.ForeignKey(ToolVersion, models.PROTECT, null=True, blank=True, related_name="renderings")
    pack = models.ForeignKey(Pack, models.CASCADE, null=True, blank=True, related_name="renderings")
    programme = models.ForeignKey(Programme, models.CASCADE, null=True, blank=True, related_name="renderings")
    language = models.CharField(max_length=10)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=RenderingState, default=RenderingState.QUEUED, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=timezone.now, db_index=True)
    file = models.FileField(_("file of a blank, a guide or a copy"), upload_to=library_name, blank=True, max_length=200)
    pages = models.PositiveIntegerField(default=0)
    version = models.OneToOneField(
        DocumentVersion, models.PROTECT, null=True, blank=True, related_name="rendering", verbose_name=_("filed as")
    )

    objects = RenderingQuerySet.as_manager()

    class Meta:
        verbose_name = _("PDF in the making")
        verbose_name_plural = _("PDFs in the making")
        ordering = ["queued_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether a page should keep asking for its state."""
        return self.state in {RenderingState.QUEUED, RenderingState.RUNNING, RenderingState.RETRYING}
