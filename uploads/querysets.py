"""Who sees which documents being put together, and their pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, Q

from core.built_once import Keys, built_once, keys_of
from core.files.kinds import OFFICE_ENDINGS
from core.policy.querysets import AccessQuerySet
from core.policy.roles import Action, Area


@built_once
def _unfinished(groups: Keys, person: int) -> Any:
    from uploads.models import UploadBatch  # noqa: PLC0415 -- models import this module

    present = Count("pages", filter=Q(pages__removed_at__isnull=True))
    mine = UploadBatch.objects.filter(created_by=person, group__in=groups, state="open")
    mine = mine.select_related("tool_version__tool").annotate(page_count=present)
    return mine.filter(page_count__gt=0).order_by("-created_at", "-pk")


class UploadBatchQuerySet(AccessQuerySet):
    """Papers being put together: only for the person who does it, while that person may upload in the group."""

    area = Area.FOLDER

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return one's own batches whose folder takes one's files; without a type any folder of the group."""
        from documents.models import Folder  # noqa: PLC0415 -- models import this module

        folders = Folder.objects.allowing(standing, Action.UPLOAD)
        anywhere = Q(tool_version__isnull=True, group__in=folders.values("group"))
        there = folders.filter(group=OuterRef("group"), kind=OuterRef("tool_version__folder_kind"))
        return self.filter(anywhere | Q(Exists(there)), created_by=standing.user_id)

    def for_page(self) -> Self:
        """Return batches with what their step page shows."""
        return self.select_related(
            "group__programme", "tool_version__tool", "subject", "created_by", "rendering", "version"
        )

    def unfinished_of(self, user_id: int, groups: Iterable[Any]) -> list[Any]:
        """Return what this person began to add in these groups and has not filed, newest first, with `page_count`.

        Only where pages were sent: an empty one holds nothing that could be lost.
        """
        return _unfinished(keys_of(groups), user_id)

    def abandoned(self, before: datetime) -> Self:
        """Return those that were begun, never sent to be filed, and not added to since `before`."""
        from uploads.models import UploadPage  # noqa: PLC0415 -- models import this module

        touched = UploadPage.objects.filter(batch=OuterRef("pk"), created_at__gte=before)
        idle = self.filter(~Exists(touched), state__in=["open", "cancelled"], created_at__lt=before)
        return idle.filter(rendering__isnull=True)

    def for_making(self, rendering: Any) -> Any:
        """Return the batch of a rendering with everything that goes into its PDF; None when there is none."""
        related = self.select_related(
            "group__programme__organisation", "tool_version__tool", "subject", "created_by", "version"
        )
        return related.filter(rendering=rendering).first()

    def in_the_making(self, renderings: Any) -> Self:
        """Return the batches of these renderings with what their rows show."""
        related = self.select_related("tool_version__tool", "subject", "created_by", "rendering")
        return related.filter(rendering__in=renderings)


class UploadPageQuerySet(AccessQuerySet):
    """Pages of a document."""

    area = Area.FOLDER

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return pages of one's own batches, and the originals of documents one may read as their keeper.

        What was taken out before filing never became part of a document: it stays with the person who sent it.
        """
        from documents.models import Document  # noqa: PLC0415 -- models import this module
        from uploads.models import UploadBatch  # noqa: PLC0415 -- models import this module

        own = UploadBatch.objects.allowing(standing, action)
        condition = Q(batch__in=own.values("pk"))
        if action == Action.VIEW:
            kept = Document.objects.allowing(standing, Action.REPLACE)
            kept = kept.filter(versions__batch__isnull=False, versions__taken_back_at__isnull=True)
            condition |= Q(batch__in=kept.values("versions__batch"), removed_at__isnull=True)
        return self.filter(condition)

    def present(self) -> Self:
        """Return pages that were not taken out."""
        return self.filter(removed_at__isnull=True)

    def office(self) -> Self:
        """Return those that are files of office programs."""
        return self.present().filter(content_type__in=list(OFFICE_ENDINGS))

    def keys(self) -> set[int]:
        """Return the keys of the pages."""
        return set(self.values_list("pk", flat=True))

    def place_of(self, page: Any) -> int:
        """Return which of the pages this is, counted from 1."""
        return self.filter(position__lte=page.position).count()

    def about_the_same(self, document: Any) -> Self:
        """Return the originals of a document, by version and place; without what was taken out before filing."""
        found = self.present().filter(batch__version__document=document).select_related("batch__version")
        return found.order_by("-batch__version__number", "position", "pk")


def version_of(page: Any) -> Any:
    """Return the version that the page's upload became, with what its file name says; None before."""
    from documents.models import DocumentVersion  # noqa: PLC0415 -- models import this module

    return DocumentVersion.objects.for_download().filter(batch=page.batch_id).first()
