"""Papers on their way in: pages added, put in order, turned, taken out, and filed as one PDF."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.files import kinds
from core.held import read_held
from core.policy.roles import Action
from documents.models import Document, Source
from documents.services.filing import file_version
from mentoring import stops
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from rendering.models import RenderingState
from tools.models import ToolVersion
from tools.subjects import about
from uploads import choices as upload_choices
from uploads.intake.receiving import Received, received
from uploads.intake.refusals import RefusedError
from uploads.models import BatchState, UploadBatch, UploadPage
from uploads.rendering import request_photos

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User

KEPT_OPEN: Final = timedelta(days=7)
MOST_SENT: Final = 200


def check_accepts(group: MentoringGroup) -> None:
    """Refuse documents for a group that is an archive or paused.

    Raises:
        ValidationError: with the reason.
    """
    if stop := stops.sending(group):
        raise ValidationError(stop)


@transaction.atomic
def start_batch(
    *,
    group: MentoringGroup,
    user: "User",
    tool_version: ToolVersion | None = None,
    subject: "User | None" = None,
    session_key: str = "",
    session_title: dict[str, str] | None = None,
    signed_by: "Iterable[User]" = (),
    at: datetime | None = None,
) -> UploadBatch:
    """Begin to put a document together; nobody but `user` sees it until it is filed.

    Args:
        signed_by: whose signatures are on it; nobody's, until somebody says so.

    Raises:
        ValidationError: the group takes nothing in now.
    """
    check_accepts(group)
    batch = UploadBatch.objects.create(
        group=group,
        tool_version=tool_version,
        subject=subject,
        session_key=session_key,
        session_title=session_title or {},
        created_by=user,
        created_at=at or timezone.now(),
    )
    batch.signed_by.set(signed_by)
    return batch


def _joined() -> Any:
    return UploadBatch.objects.select_related("group__programme", "tool_version__tool", "subject")


def _locked(batch_id: int) -> UploadBatch:
    """Return the batch with its row locked.

    Raises:
        ValidationError: it is no longer being put together.
    """
    batch: UploadBatch = read_held(_joined(), batch_id)
    if batch.state != BatchState.OPEN:
        raise ValidationError(_("This document is already filed. Replace it to change its pages."))
    return batch


def _room(batch: UploadBatch) -> int:
    """Return how many pages can still be added."""
    if batch.pages.count() >= MOST_SENT:
        return 0
    limit: int = settings.UPLOAD_MAX_PAGES
    return limit - int(sum(batch.pages.present().values_list("pages", flat=True)))


def add_file(
    *, batch: UploadBatch, file: "UploadedFile[bytes]", takes_office: bool = False, at: datetime | None = None
) -> UploadPage:
    """Check a sent file and add it as the last page or pages; the original stays byte-identical.

    Idempotent: a file that is in the batch already is not added again, so that it can be sent again after a lost
    connection.

    Args:
        takes_office: let a file of an office program in; the worker makes a PDF of it, the file is kept beside.

    Raises:
        RefusedError: the file does not come in.
        ValidationError: the batch is no longer open, or the group takes nothing in.
    """
    check_accepts(batch.group)
    if batch.state != BatchState.OPEN:
        raise ValidationError(_("This document is already filed. Replace it to change its pages."))
    room = _room(batch)
    with received(file, max_pages=max(room, 0), takes_office=takes_office) as checked:
        return _keep(batch, checked, at)


@transaction.atomic
def _keep(batch: UploadBatch, checked: Received, at: datetime | None) -> UploadPage:
    """Store a checked file and its row: file before row."""
    batch = _locked(batch.pk)
    known: UploadPage | None = batch.pages.present().filter(sha256=checked.sha256).first()
    if known:
        return known
    if checked.pages > _room(batch):
        raise RefusedError("too_many_pages", name=checked.name)
    last = batch.pages.aggregate(last=Max("position"))["last"] or 0
    page = UploadPage(
        batch=batch,
        position=last + 1,
        name=checked.name,
        content_type=checked.content_type,
        sha256=checked.sha256,
        size=checked.size,
        width=checked.width,
        height=checked.height,
        pages=checked.pages,
        notes=checked.notes,
        created_at=at or timezone.now(),
    )
    with checked.path.open("rb") as source:
        page.original.save("original", File(source), save=False)
    if checked.preview:
        page.preview.save("preview.jpg", ContentFile(checked.preview), save=False)
    page.save()
    return page


@transaction.atomic
def move_page(*, page: UploadPage, direction: Literal["earlier", "later"]) -> UploadPage:
    """Swap a page with its neighbour; at the end of the row nothing happens.

    Raises:
        ValidationError: the batch is no longer open.
    """
    batch = _locked(page.batch_id)
    pages = list(batch.pages.present())
    at = next((index for index, each in enumerate(pages) if each.pk == page.pk), None)
    if at is None:
        return page
    to = at - 1 if direction == "earlier" else at + 1
    if 0 <= to < len(pages):
        pages[at], pages[to] = pages[to], pages[at]
        for position, each in enumerate(pages, start=1):
            each.position = position
        UploadPage.objects.bulk_update(pages, ["position"])
    return page


@transaction.atomic
def rotate_page(*, page: UploadPage) -> UploadPage:
    """Turn a page by a quarter, clockwise.

    Raises:
        ValidationError: the batch is no longer open.
    """
    _locked(page.batch_id)
    page.refresh_from_db(fields=["rotation"])
    page.rotation = (page.rotation + 90) % 360
    page.save(update_fields=["rotation"])
    return page


@transaction.atomic
def remove_page(*, page: UploadPage) -> UploadPage:
    """Take a page out; `restore_page` brings it back.

    Raises:
        ValidationError: the batch is no longer open.
    """
    _locked(page.batch_id)
    page.removed_at = page.removed_at or timezone.now()
    page.save(update_fields=["removed_at"])
    return page


@transaction.atomic
def restore_page(*, page: UploadPage) -> UploadPage:
    """Bring a page back to its place.

    Raises:
        ValidationError: the batch is no longer open.
        RefusedError: there is no room for it any more.
    """
    batch = _locked(page.batch_id)
    if page.removed_at and page.pages > _room(batch):
        raise RefusedError("too_many_pages", name=page.name)
    page.removed_at = None
    page.save(update_fields=["removed_at"])
    return page


@transaction.atomic
def describe_batch(
    *,
    batch: UploadBatch,
    tool_version: ToolVersion | None,
    subject: "User | None" = None,
    session_key: str = "",
    session_title: dict[str, str] | None = None,
    signed_by: "Iterable[User]" = (),
    note: str = "",
) -> UploadBatch:
    """Say what the document is, whom and what it is about, who has signed it, and why there is a new version.

    Raises:
        ValidationError: the batch is no longer open.
    """
    locked = _locked(batch.pk)
    locked.tool_version = tool_version
    locked.subject, locked.session_key, locked.session_title = subject, session_key, session_title or {}
    locked.note = note[:300]
    locked.save(update_fields=["tool_version", "subject", "session_key", "session_title", "note"])
    locked.signed_by.set(signed_by)
    return locked


def needs_reason(earlier: Document | None) -> bool:
    """Return whether a new version must say why: not when it is the signed document of a form made here."""
    return bool(earlier and earlier.current and earlier.current.source != Source.RENDERED)


def problems_before_filing(batch: UploadBatch, user: "User") -> dict[str, str]:
    """Return what keeps a document from being filed: a sentence by the field it is about, or by `NON_FIELD_ERRORS`."""
    found: dict[str, str] = {}
    if not batch.pages.present().exists():
        found[NON_FIELD_ERRORS] = _("There is no page yet. Add a PDF or photos of the paper.")
    standing, version = Standing.of(user), batch.tool_version
    if version is None or version.pk not in {each.pk for each in upload_choices.tools(batch.group, standing)}:
        return {**found, "tool_version": _("Say what document it is. The type decides the folder.")}
    if about(version).roles and batch.subject is None:
        found["subject"] = _("Say whom the document is about.")
    if about(version).needs_session and not batch.session_key:
        found["session_key"] = _("Say which session the document is about.")
    earlier = upload_choices.earlier_document(batch)
    if earlier and not Document.objects.allowing(standing, Action.REPLACE).filter(pk=earlier.pk).exists():
        found["tool_version"] = _why_not_replaced(earlier, standing)
    elif not found and upload_choices.is_kept_from(batch, standing):
        found["tool_version"] = _kept_for_fewer()
    elif needs_reason(earlier) and not batch.note.strip():
        found["note"] = _("Say why there is a new version. The group reads it in the history.")
    return found


def _why_not_replaced(earlier: Document, standing: Standing) -> str:
    """Return why the person cannot add a new version of a document that lies in the folder."""
    if Document.objects.allowing(standing, Action.VIEW).filter(pk=earlier.pk).exists():
        return _("This document is already in the folder, and you cannot add new versions there. Ask your Manager.")
    return _kept_for_fewer()


def _kept_for_fewer() -> str:
    return _("This document is kept for fewer people. Whoever wrote it can add a new version as a form.")


@transaction.atomic
def file_batch(*, batch: UploadBatch, user: "User", at: datetime | None = None) -> UploadBatch:
    """File the document: a single PDF at once and byte-identical, photos and mixtures as one PDF made by the worker.

    Idempotent: a document that is being filed, or is filed, stays so.

    Raises:
        ValidationError: no pages, something not said yet, or the group takes nothing in.
    """
    batch = read_held(_joined(), batch.pk)
    if batch.state in {BatchState.FILING, BatchState.FILED}:
        return batch
    if batch.state == BatchState.CANCELLED:
        raise ValidationError(_("This upload was cancelled. Start again to file the document."))
    check_accepts(batch.group)
    problems, version = problems_before_filing(batch, user), batch.tool_version
    if problems or version is None:
        raise ValidationError(problems)
    pages = list(batch.pages.present())
    batch.state = BatchState.FILING
    batch.save(update_fields=["state"])
    events.record("upload.sent", actor=user, group_id=batch.group_id, target=batch, at=at, pages=len(pages))
    if len(pages) == 1 and pages[0].content_type == kinds.PDF and not pages[0].rotation:
        _file_unchanged(batch, version, pages[0], user, at)
    else:
        request_photos(batch=batch, requested_by=user, at=at)
    return batch


def _file_unchanged(
    batch: UploadBatch, version: ToolVersion, page: UploadPage, user: "User", at: datetime | None
) -> None:
    with page.original.open("rb") as stored:
        content = stored.read()
    file_version(
        group=batch.group,
        tool_version=version,
        subject=batch.subject,
        session_key=batch.session_key,
        session_title=batch.session_title,
        author=user,
        audience=upload_choices.audience_of(batch),
        content=content,
        pages=page.pages,
        language=batch.group.programme.default_language,
        source=Source.UPLOADED,
        created_by=user,
        causes=[batch],
        signed_by=list(batch.signed_by.all()),
        note=batch.note,
        at=at,
    )
    batch.state = BatchState.FILED
    batch.save(update_fields=["state"])


@transaction.atomic
def reopen_batch(*, batch: UploadBatch) -> UploadBatch:
    """Let the pages be changed again: after their PDF could not be made, or the document was put aside.

    Raises:
        ValidationError: the PDF is there, or is still being made.
    """
    batch = read_held(UploadBatch.objects.select_related("rendering"), batch.pk)
    if batch.state == BatchState.OPEN:
        return batch
    last = batch.rendering
    given_up = batch.state == BatchState.FILING and last is not None and last.state == RenderingState.FAILED
    if not given_up and batch.state != BatchState.CANCELLED:
        raise ValidationError(_("This document is already filed. Replace it to change its pages."))
    batch.state = BatchState.OPEN
    batch.save(update_fields=["state"])
    return batch


@transaction.atomic
def cancel_batch(*, batch: UploadBatch) -> UploadBatch:
    """Put a document aside before it is filed; its files go with the next sweep after seven days.

    Raises:
        ValidationError: it is filed already.
    """
    locked = _locked(batch.pk)
    locked.state = BatchState.CANCELLED
    locked.save(update_fields=["state"])
    return locked


def sweep_batches(*, now: datetime | None = None) -> int:
    """Delete what was begun and never filed, with its files, when nothing was added for seven days.

    Returns:
        The number of batches deleted.
    """
    before = (now or timezone.now()) - KEPT_OPEN
    stale = UploadBatch.objects.abandoned(before)
    count = 0
    for batch in stale.iterator():
        with transaction.atomic():
            files = [each for page in batch.pages.select_for_update() for each in (page.original, page.preview) if each]
            batch.pages.all().delete()
            batch.delete()
            for file in files:
                transaction.on_commit(lambda file=file: file.storage.delete(file.name), robust=True)  # type: ignore[misc]
        count += 1
    return count


def template_of(key: str, group: MentoringGroup, user: "User") -> ToolVersion | None:
    """Return the type with this key, if the person may add it."""
    return next((each for each in upload_choices.tools(group, Standing.of(user)) if each.tool.key == key), None)
