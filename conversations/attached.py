"""Who reaches which attachments, and what is known of them on a page."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from conversations.querysets import boards_open
from core.policy.querysets import AccessQuerySet
from core.policy.roles import Action, Area


class AttachmentQuerySet(AccessQuerySet):
    """Attachments: those of posts for whoever reads the board, those of drafts for whoever writes them."""

    area = Area.BOARD

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return one's own that are not posted, where one writes; to read, those of posts that are there too."""
        own = Q(author=standing.user_id, post__isnull=True)
        own &= boards_open(standing, Action.WRITE, "board__") | boards_open(standing, Action.WRITE, "topic__board__")
        if action != Action.VIEW:
            return self.filter(own)
        there = boards_open(standing, Action.VIEW, "post__topic__board__")
        return self.filter(own | (there & Q(post__isnull=False, post__deleted_at__isnull=True)))

    def pending(self, user_id: int, *, board: Any = None, topic: Any = None) -> Self:
        """Return what a person has attached to what they are writing there."""
        return self.filter(author=user_id, topic=topic) if topic else self.filter(author=user_id, board=board)

    def on_page(self, posts: Iterable[Any], topic: Any, standing: Any) -> list[Any]:
        """Return what hangs on these posts of a topic, and on the answer that the person is writing there.

        Each says whether the person may read what it was filed as (`is_document_open`), and file it (`may_be_filed`).
        """
        from documents.models import Document, Folder  # noqa: PLC0415 -- models import this module

        filed = Document.objects.allowing(standing, Action.VIEW).filter(pk=OuterRef("filing__batch__version__document"))
        folders = Folder.objects.allowing(standing, Action.UPLOAD).filter(group=OuterRef("post__topic__board__group"))
        there = Q(post__in=[post.pk for post in posts if not post.is_deleted])
        pending = Q(author=standing.user_id, topic=topic)
        found = self.filter(there | pending).annotate(is_document_open=Exists(filed), may_be_filed=Exists(folders))
        related = found.select_related(
            "filing__filed_by", "filing__batch__rendering", "filing__batch__version__document__folder",
            "filing__batch__version__document__tool_version", "filing__batch__version__document__subject",
        )  # fmt: skip
        return list(related.order_by("position", "pk"))

    def of_post(self, post: Any, keys: Collection[int]) -> list[Any]:
        """Return those of a post that have these keys, in their order, with how they were filed."""
        found = self.filter(post=post, pk__in=keys).select_related("filing__batch__version__document")
        return list(found.order_by("position", "pk"))

    def attached_since(self, user_id: int, moment: datetime) -> int:
        """Return how many files a person has attached since then, anywhere."""
        return self.filter(author=user_id, created_at__gt=moment).count()

    def forgotten(self, before: datetime) -> Self:
        """Return what was attached before this moment to what is neither posted nor kept as a draft."""
        from conversations.models import PostDraft  # noqa: PLC0415 -- models import this module

        drafts = PostDraft.objects.filter(user=OuterRef("author"))
        kept = Exists(drafts.filter(topic=OuterRef("topic"))) | Exists(drafts.filter(board=OuterRef("board")))
        return self.filter(~kept, post__isnull=True, created_at__lt=before)

    def not_drawn(self, before: datetime) -> Any:
        """Return the keys of those that should have a small picture by now and have none, the oldest first."""
        found = self.filter(needs_thumbnail=True, created_at__lt=before).order_by("pk")
        return found.values_list("pk", flat=True)


class PostFilingQuerySet(models.QuerySet[Any]):
    """Which files of posts were filed."""

    def of_version(self, version_id: int) -> Any:
        """Return how files of a post became this version of a document; None where none did."""
        related = self.select_related("post", "filed_by", "batch__version")
        return related.filter(batch__version=version_id).first()
