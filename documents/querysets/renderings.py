"""Who sees which PDFs in the making; which of them to send again."""

from datetime import timedelta
from typing import Any, Self

from django.db.models import F, Q
from django.utils import timezone

from core.querysets import AccessQuerySet
from core.roles import Action, Area

# Longer than Celery's hard time limit: whoever began earlier is no longer at work.
RENDERING_LEASE = timedelta(seconds=150)


class RenderingQuerySet(AccessQuerySet):
    """PDFs in the making."""

    area = Area.FORM

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the renderings of forms, uploads and blanks that the person may see or retry."""
        from documents.models import DocumentTemplate, FilledForm, UploadBatch  # noqa: PLC0415 -- models import this

        forms = FilledForm.objects.allowing(standing, action)
        batches = UploadBatch.objects.allowing(standing, Action.UPLOAD)
        condition = Q(submission__form__in=forms.values("pk")) | Q(batch__in=batches.values("pk"))
        if action == Action.VIEW:
            tools = DocumentTemplate.objects.allowing(standing, action)
            condition |= Q(kind="blank", template_version__template__in=tools.values("pk"))
            condition |= Q(kind="guide", pack__in=tools.values("pack"))
        return self.filter(condition)

    def of_batch(self, batch: Any) -> Any:
        """Return the newest rendering of a batch, or None."""
        return self.filter(batch=batch).order_by("-pk").first()

    def in_the_making(self, folder: Any) -> Self:
        """Return those whose paper will go into this folder and is not there yet, the newest first."""
        form = Q(
            submission__form__group=folder.group_id,
            submission__form__template_version__folder_kind=folder.kind,
        )
        batch = Q(batch__group=folder.group_id, batch__template_version__folder_kind=folder.kind)
        return (
            self.filter(form | batch)
            .exclude(state="ready")
            .select_related(
                "submission__form__template_version__template",
                "submission__form__subject",
                "submission__form__author",
                "batch__template_version__template",
                "batch__subject",
                "batch__created_by",
                "requested_by",
            )
            .order_by("-queued_at", "-pk")
        )

    def for_state(self) -> Self:
        """Return renderings with what their state in words needs."""
        return self.select_related("submission", "template_version", "version")

    def of_library(self, digest: str) -> Self:
        """Return the blank or guide made from this input."""
        return self.filter(digest=digest)

    def for_making(self) -> Self:
        """Return renderings with everything that goes into the PDF."""
        form = "submission__form"
        return self.select_related(
            "submission__submitted_by",
            "submission__decided_by",
            f"{form}__group__programme__organisation",
            f"{form}__template_version__template",
            f"{form}__author",
            f"{form}__subject",
            "batch__group__programme__organisation",
            "batch__template_version__template",
            "template_version__template__pack",
            "programme__organisation",
            "pack",
            "requested_by",
        )

    def under_way(self) -> Self:
        """Return those that are neither ready nor given up."""
        return self.exclude(state__in=["ready", "parked"])

    def stuck(self) -> Self:
        """Return those to send (again): due, and not known to be running within the lease."""
        now = timezone.now()
        unheard = Q(sent_at__isnull=True) | Q(sent_at__lt=now - timedelta(minutes=4))
        lost = Q(state="running", started_at__lt=now - RENDERING_LEASE) & Q(sent_at__lt=now - RENDERING_LEASE)
        due = Q(state="failed", next_try_at__lte=now) & (unheard | Q(sent_at__lt=F("next_try_at")))
        return self.filter(lost | due | Q(state="queued") & unheard)
