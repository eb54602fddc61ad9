"""Files of a post become a document of a folder, by whoever keeps the folder; through the same batch as every paper."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.models import Attachment, Post, PostFiling
from conversations.services.recognition import Recognised, recognise
from core.errors import NotYoursError
from mentoring.models import MentoringGroup
from rendering.models import RenderingState
from uploads.choices import earlier_document
from uploads.intake.refusals import RefusedError
from uploads.models import BatchState, UploadBatch
from uploads.office import program
from uploads.services import uploads

if TYPE_CHECKING:
    from accounts.models import User


def file_attachments(*, post: Post, keys: Collection[int], by: "User", at: datetime | None = None) -> PostFiling:
    """File a PDF of a post, or its pictures as one PDF, in the folder of their type.

    Where type, person and session are known and nobody signs it, it is filed at once; else the batch stays open, and
    its page asks the rest. Idempotent: what is being filed, or is filed, stays so.

    Args:
        post: on the board of a group in whose folders `by` may put documents.
        keys: of the files, which go in their order on the post.

    Raises:
        NotYoursError: none of these files hangs on the post.
        ValidationError: one of them is no PDF or picture, or the group takes nothing in now.
    """
    group = post.topic.board.group
    files = Attachment.objects.of_post(post, keys)
    if not files or group is None:
        raise NotYoursError
    uploads.check_accepts(group)
    _check_kinds(files)
    known = _standing_filing(files, by)
    if known is not None and known.batch.state != BatchState.OPEN:
        return known
    what = recognise(post, files, by)
    filing = known or _begin(post, group, [each.pk for each in files], by, what, at)
    if filing.batch.state != BatchState.OPEN:
        return filing
    _add_pages(filing.batch, files)
    if what.is_complete and known is None:
        _file(filing.batch, by, post, at)
    filing.batch.refresh_from_db()
    return filing


def _check_kinds(files: Sequence[Attachment]) -> None:
    office = [each for each in files if each.is_office]
    if office and not program():
        words = _(
            "“%(name)s” is a file of an office program. Ask for it as PDF, or save it as PDF and add it yourself."
        )
        raise ValidationError(words % {"name": office[0].name})
    if not all(each.is_pdf or each.is_picture or each.is_office for each in files):
        raise ValidationError(_("Only PDFs and pictures can be filed."))


def _is_under_way(filing: PostFiling, by: "User") -> bool:
    """Return whether files that were filed so cannot be filed once more now."""
    batch = filing.batch
    if batch.state == BatchState.OPEN:
        return filing.filed_by_id == by.pk
    if batch.state == BatchState.FILING:
        return batch.rendering is None or batch.rendering.state != RenderingState.FAILED
    version = batch.version
    return version is not None and version.taken_back_at is None and version.document.removed_at is None


def _standing_filing(files: Sequence[Attachment], by: "User") -> PostFiling | None:
    """Return how one of these files is filed, or on its way; None where all of them are free."""
    keys = {each.filing_id for each in files if each.filing_id is not None}
    related = PostFiling.objects.select_related("batch__rendering", "batch__version__document")
    return next((each for each in related.filter(pk__in=keys).order_by("-pk") if _is_under_way(each, by)), None)


@transaction.atomic
def _begin(
    post: Post, group: MentoringGroup, keys: Sequence[int], by: "User", what: Recognised, at: datetime | None
) -> PostFiling:
    """Begin a batch for these files, unless somebody did so at the same moment."""
    Post.objects.hold_key(post.pk)
    files = Attachment.objects.of_post(post, keys)
    if (known := _standing_filing(files, by)) is not None:
        return known
    batch = uploads.start_batch(
        group=group, user=by, tool_version=what.tool_version, subject=what.subject, session_key=what.session_key,
        session_title=what.session_title, at=at,
    )  # fmt: skip
    filing = PostFiling.objects.create(post=post, batch=batch, filed_by=by, filed_at=at or timezone.now())
    Attachment.objects.filter(pk__in=keys).update(filing=filing)
    return filing


def _add_pages(batch: UploadBatch, files: Sequence[Attachment]) -> None:
    """Put the files into the batch, in their order; what is in it already is not added again.

    Raises:
        ValidationError: one does not come in; the batch is put aside.
    """
    for each in files:
        try:
            with each.file.open("rb") as stored:
                uploads.add_file(batch=batch, file=File(stored, name=each.name), takes_office=True)  # type: ignore[arg-type]
        except RefusedError as error:
            uploads.cancel_batch(batch=batch)
            raise ValidationError(f"{error.title}. {error.sentence}") from error


def _file(batch: UploadBatch, by: "User", post: Post, at: datetime | None) -> None:
    """File it at once, if nothing stands against it; else its page says what does."""
    if uploads.needs_reason(earlier_document(batch)):
        with translation.override(batch.group.programme.default_language):
            batch.note = _("Handed in by %(name)s in the forum.") % {"name": post.author.full_name}
    if not uploads.problems_before_filing(batch, by):
        batch.save(update_fields=["note"])
        uploads.file_batch(batch=batch, user=by, at=at)
