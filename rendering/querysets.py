"""Who sees which PDFs in the making; which of them to send again."""

from datetime import timedelta
from typing import Any, Self

from django.db.models import F, Q
from django.utils import timezone

from core.built_once import Keys, built_once
from core.policy.querysets import AccessQuerySet
from core.policy.roles import Action, Area

# Longer than Celery's hard time limit: whoever began earlier is no longer at work.
RENDERING_LEASE = timedelta(seconds=150)


@built_once
def _making(group: int, folder_kind: str, *, limit: int) -> Any:
    from rendering.models import Rendering  # noqa: PLC0415 -- models import this module

    found = Rendering.objects.filter(group=group, tool_version__folder_kind=folder_kind).unfiled()
    return found.values_list("pk", flat=True)[:limit]


@built_once
def _failed_forms(groups: Keys) -> Any:
    from rendering.models import Rendering  # noqa: PLC0415 -- models import this module

    return Rendering.objects.failed_forms_of(groups).values_list("submission__form_id", "group_id")


class RenderingQuerySet(AccessQuerySet):
    """PDFs in the making."""

    area = Area.FORM

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the renderings of forms, uploads and blanks that the person may see or retry."""
        from rendering import kinds  # noqa: PLC0415 -- models import this module

        return self.filter(kinds.reached_by(standing, action))

    def in_the_making(self, folder: Any) -> Self:
        """Return those whose document will go into this folder and is not there yet, the newest first."""
        return self.filter(group=folder.group_id, tool_version__folder_kind=folder.kind).unfiled()

    def unfiled(self) -> Self:
        """Return those whose document is still to come, the newest first."""
        return self.exclude(state__in=["ready", "dropped"]).order_by("-queued_at", "-pk")

    def keys_in_the_making(self, folder: Any, limit: int) -> list[int]:
        """Return the keys of the first that are `in_the_making` for a folder, whoever may see them."""
        return _making(folder.group_id, folder.kind, limit=limit)

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

    def failed_form_keys(self, groups: Any) -> list[tuple[int, int]]:
        """Return form and group of `failed_forms_of`; `groups` are keys, or a query of them."""
        return _failed_forms(groups)

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
