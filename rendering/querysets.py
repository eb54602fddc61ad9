"""Who sees which PDFs in the making; which of them to send again."""

from datetime import timedelta
from typing import Any, Self

from django.db.models import F, Q
from django.utils import timezone

from core.policy.querysets import AccessQuerySet
from core.policy.roles import Action, Area

# Longer than Celery's hard time limit: whoever began earlier is no longer at work.
RENDERING_LEASE = timedelta(seconds=150)


class RenderingQuerySet(AccessQuerySet):
    """PDFs in the making."""

    area = Area.FORM

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the renderings of forms, uploads and blanks that the person may see or retry."""
        from rendering import kinds  # noqa: PLC0415 -- models import this module

        return self.filter(kinds.reached_by(standing, action))

    def in_the_making(self, folder: Any) -> Self:
        """Return those whose document will go into this folder and is not there yet, the newest first."""
        found = self.filter(group=folder.group_id, tool_version__folder_kind=folder.kind)
        return found.exclude(state__in=["ready", "dropped"]).order_by("-queued_at", "-pk")

    def keys(self, limit: int) -> list[int]:
        """Return the keys of the first of them."""
        return list(self.values_list("pk", flat=True)[:limit])

    def among(self, keys: Any) -> Self:
        """Return those with these keys."""
        return self.filter(pk__in=keys)

    def failed_forms_of(self, groups: Any) -> Self:
        """Return the PDFs of forms of some groups that were given up, the oldest first, whoever may retry them.

        Args:
            groups: keys, or a query of them.
        """
        found = self.filter(state="failed", group__in=groups, submission__isnull=False)
        return found.order_by("queued_at", "pk")

    def _older(self, submission: Any) -> Self:
        return self.filter(submission__form=submission.form_id, submission__number__lt=submission.number)

    def before(self, submission: Any) -> list[int]:
        """Return the keys of what was handed in before of the same form and waits for a worker, the oldest first.

        What waits for its next try is tried now.
        """
        waiting = self._older(submission).filter(state__in=["queued", "retrying"])
        waiting.update(next_try_at=timezone.now())
        return list(waiting.order_by("submission__number").values_list("pk", flat=True))

    def given_up_before(self, submission: Any) -> Self:
        """Return those of what was handed in before of the same form that were not made."""
        return self._older(submission).filter(state__in=["failed", "retrying", "queued"])

    def forms(self) -> list[tuple[int, int]]:
        """Return form and group of each."""
        return list(self.values_list("submission__form_id", "group_id"))

    def for_state(self) -> Self:
        """Return renderings with what their state in words needs."""
        return self.select_related("tool_version", "version")

    def of_library(self, digest: str) -> Self:
        """Return the blank or guide made from this input."""
        return self.filter(digest=digest)

    def under_way(self) -> Self:
        """Return those that are neither ready nor given up."""
        return self.exclude(state__in=["ready", "failed", "dropped"])

    def stuck(self) -> Self:
        """Return those to send (again): due, and not known to be running within the lease."""
        now = timezone.now()
        unheard = Q(sent_at__isnull=True) | Q(sent_at__lt=now - timedelta(minutes=4))
        lost = Q(state="running", started_at__lt=now - RENDERING_LEASE) & Q(sent_at__lt=now - RENDERING_LEASE)
        due = Q(state="retrying", next_try_at__lte=now) & (unheard | Q(sent_at__lt=F("next_try_at")))
        return self.filter(lost | due | Q(state="queued") & unheard)
