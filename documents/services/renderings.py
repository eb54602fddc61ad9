"""PDFs in the making: a row first, then a task; claimed by one worker, tried three times, then parked.

Whatever dies in between (worker, broker, web process), the row stays, the sweeper sends it again, and the version it
becomes is filed once: `DocumentVersion.rendering` is one to one.
"""

import hashlib
import logging
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from core import events
from core.packs import canonical_json
from core.sending import send
from documents import photos, upload_choices
from documents.models import (
    DocumentVersion,
    FormSubmission,
    Rendering,
    TemplateVersion,
    UploadBatch,
)
from documents.models.folders import Source
from documents.models.renderings import MAX_ATTEMPTS, RenderingKind, RenderingState
from documents.models.uploads import BatchState
from documents.pdf import engine, papers
from documents.pdf.errors import BrokenError, OutOfMemoryError, PdfError, TooLargeError, TooSlowError
from documents.querysets import RENDERING_LEASE
from documents.services import filing
from mentoring.models import Pack, Programme

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)
TASK: Final = "documents.render"
LAYOUT: Final = 2
"""Raise it when templates or style sheet of papers change: blanks and guides are then made anew."""
WAITS: Final = (timedelta(seconds=10), timedelta(seconds=60))
AT_ONCE_PER_PERSON: Final = 5
"""So many of one person's renderings stand in the queue at a time, so that nobody waits for a hundred of another's."""
RENUMBERED: Final = 3
SWEPT: Final = 200

# What went wrong, as kept in the row; `documents.wording` says it in the reader's language.
TOO_SLOW: Final = "too_slow"
OUT_OF_MEMORY: Final = "out_of_memory"
ENGINE: Final = "engine"
STORAGE: Final = "storage"
LOST: Final = "lost"
OTHER: Final = "other"
CODES: Final = frozenset({TOO_SLOW, OUT_OF_MEMORY, ENGINE, STORAGE, LOST, OTHER})


# --- asking for a PDF ------------------------------------------------------------------------------------------------


def request_form(*, submission: FormSubmission, requested_by: "User", at: datetime | None = None) -> Rendering:
    """Ask for the PDF of a handed-in form; it is filed when it is ready. Idempotent.

    Args:
        at: when the paper counts as filed; now when None (demo data gives the past).
    """
    version = submission.form.template_version
    return _request(
        RenderingKind.FORM,
        _form_parts(submission),
        language=submission.language,
        requested_by=requested_by,
        at=at,
        submission=submission,
        template_version=version,
    )


def request_photos(*, batch: UploadBatch, requested_by: "User", at: datetime | None = None) -> Rendering:
    """Ask for the one PDF of an upload's pages; it is filed when it is ready. Idempotent."""
    pages = [[page.pk, page.rotation] for page in batch.pages.present()]
    rendering = _request(
        RenderingKind.PHOTOS,
        [batch.pk, pages],
        language=requested_by.language,
        requested_by=requested_by,
        at=at,
        batch=batch,
        template_version=batch.template_version,
    )
    # Parked, put in order again, and sent off unchanged: it deserves new tries.
    if rendering.state == RenderingState.PARKED:
        retry(rendering=rendering, user=requested_by)
    return rendering


def request_blank(
    *, template_version: TemplateVersion, programme: Programme | None, language: str, requested_by: "User | None" = None
) -> Rendering:
    """Ask for a tool as a blank form in `language`. Idempotent."""
    return _request(
        RenderingKind.BLANK,
        [template_version.pk, template_version.digest, _letterhead(programme), language],
        language=language,
        requested_by=requested_by,
        template_version=template_version,
        programme=programme,
    )


def request_guide(
    *, pack: Pack, programme: Programme | None, language: str, requested_by: "User | None" = None
) -> Rendering:
    """Ask for the guide to a pack's tools in `language`. Idempotent."""
    return _request(
        RenderingKind.GUIDE,
        _guide_parts(pack, programme, language),
        language=language,
        requested_by=requested_by,
        pack=pack,
        programme=programme,
    )


def _form_parts(submission: FormSubmission) -> list[Any]:
    digest = submission.form.template_version.digest
    return [submission.pk, digest, submission.answers, submission.language]


def form_digest(submission: FormSubmission) -> str:
    """Return the digest under which the PDF of a handed-in form is kept."""
    return _digest(RenderingKind.FORM, _form_parts(submission))


def guide_digest(*, pack: Pack, programme: Programme | None, language: str) -> str:
    """Return the digest under which the guide is kept."""
    return _digest(RenderingKind.GUIDE, _guide_parts(pack, programme, language))


def request_library(*, pack: Pack) -> int:
    """Ask for the guide and all blanks of a pack in all its languages; for `load_pack`.

    Returns:
        How many there are, old and new.
    """
    tools = pack.templates.select_related("current").filter(is_offered=True, current__isnull=False)
    asked = 0
    for language in pack.languages:
        request_guide(pack=pack, programme=None, language=language)
        for tool in tools:
            request_blank(template_version=tool.current, programme=None, language=language)
        asked += 1 + len(tools)
    return asked


def _letterhead(programme: Programme | None) -> list[Any]:
    """Return what a letterhead shows: a changed one makes a new blank."""
    if programme is None:
        return []
    organisation = programme.organisation
    return [programme.pk, str(programme), organisation.name, organisation.logo.name or "", programme.group_size_max]


def _guide_parts(pack: Pack, programme: Programme | None, language: str) -> list[Any]:
    return [pack.pk, pack.digest, _letterhead(programme), language]


def _digest(kind: str, parts: list[Any]) -> str:
    return hashlib.sha256(canonical_json([str(kind), LAYOUT, *parts]).encode()).hexdigest()


def _request(kind: str, parts: list[Any], *, at: datetime | None = None, **fields: Any) -> Rendering:
    """Return the rendering of this input, made and sent on commit if there is none yet."""
    values = {**fields, "kind": kind, "queued_at": at or timezone.now()}
    rendering, is_new = Rendering.objects.get_or_create(digest=_digest(kind, parts), defaults=values)
    if is_new:
        transaction.on_commit(partial(_send_some, rendering.requested_by_id), robust=True)
    return rendering


# --- sending ---------------------------------------------------------------------------------------------------------


def _send_some(person_id: int | None) -> None:
    """Send what a person still has to wait for, as far as their share of the queue goes; never blocks, never raises."""
    try:
        waiting = Rendering.objects.filter(
            requested_by=person_id, state=RenderingState.QUEUED, sent_at__isnull=True
        ).order_by("pk")
        room = AT_ONCE_PER_PERSON - _under_way(person_id)
        for pk in list(waiting.values_list("pk", flat=True)[: max(0, room)]):
            if not _send(pk):
                return
    except DatabaseError:
        logger.exception("Renderings could not be sent now; the sweeper will")


def _under_way(person_id: int | None) -> int:
    """Count what of a person stands in the queue or is being made."""
    live = Q(state=RenderingState.RUNNING) | Q(state=RenderingState.QUEUED, sent_at__isnull=False)
    return int(Rendering.objects.filter(live, requested_by=person_id).count())


def _send(pk: int) -> bool:
    """Send one; the mark comes first, so that two senders do not both send, and goes again if the broker is down."""
    marked = Rendering.objects.filter(pk=pk).update(sent_at=timezone.now())
    if marked and not send(TASK, rendering_id=pk):
        Rendering.objects.filter(pk=pk, state=RenderingState.QUEUED).update(sent_at=None)
        return False
    return bool(marked)


def sweep() -> int:
    """Send again what got stuck or is due for its next try; stops as soon as the broker does not take it.

    Returns:
        How many were sent.
    """
    sent, shares = 0, Counter[int | None]()
    stuck = Rendering.objects.stuck().order_by("pk").values_list("pk", "requested_by", "state")
    for pk, person, state in stuck[:SWEPT]:
        if state == RenderingState.QUEUED:
            if person not in shares:
                shares[person] = AT_ONCE_PER_PERSON - _under_way(person)
            if shares[person] <= 0 and Rendering.objects.filter(pk=pk, sent_at__isnull=True).exists():
                continue
            shares[person] -= 1
        if not _send(pk):
            break
        sent += 1
    return sent


def retry(*, rendering: Rendering, user: "User") -> bool:
    """Give a failed or parked rendering three new tries, at once.

    Returns:
        Whether there was something to try again; False when it is under way or ready.
    """
    with transaction.atomic():
        changed = Rendering.objects.filter(
            pk=rendering.pk, state__in=[RenderingState.FAILED, RenderingState.PARKED]
        ).update(state=RenderingState.QUEUED, attempts=0, error="", sent_at=None, next_try_at=timezone.now())
        if changed:
            events.record("rendering.retried", actor=user, group_id=group_id_of(rendering), target=rendering)
            transaction.on_commit(partial(_send_some, rendering.requested_by_id), robust=True)
    rendering.refresh_from_db()
    return bool(changed)


# --- making ----------------------------------------------------------------------------------------------------------


def run(rendering_id: int, *, is_redelivered: bool = False) -> None:
    """Make one PDF and file it, if it is still to be made and nobody else is at it.

    Args:
        is_redelivered: the broker gave the task out before and its worker died, so the lease need not be waited for.
    """
    started = _claim(rendering_id, is_redelivered)
    if started is None:
        return
    rendering = _load(rendering_id)
    try:
        _make(rendering)
    except Exception as error:
        logger.exception("Rendering %s failed", rendering_id)
        is_final = isinstance(error, PdfError) and error.is_final
        _failed(rendering, started, _reason(error, rendering.kind), is_final=is_final)
    finally:
        # On commit: within a transaction of the caller there is nothing yet that a worker could see.
        transaction.on_commit(partial(_send_some, rendering.requested_by_id), robust=True)


def _claim(pk: int, is_redelivered: bool) -> datetime | None:
    """Take the rendering by one conditional UPDATE; of two workers one gets it.

    One whose worker died three times is parked: it may be what kills them.
    """
    now = timezone.now()
    free = Q(state=RenderingState.QUEUED) | Q(state=RenderingState.FAILED, next_try_at__lte=now)
    lost = Q(state=RenderingState.RUNNING)
    if not is_redelivered:
        lost &= Q(started_at__lt=now - RENDERING_LEASE)
    with transaction.atomic():
        parked = Rendering.objects.filter(lost, pk=pk, attempts__gte=MAX_ATTEMPTS).update(
            state=RenderingState.PARKED, error=LOST, finished_at=now
        )
        if parked:
            rendering = _load(pk)
            events.record("rendering.parked", group_id=group_id_of(rendering), target=rendering, reason=LOST)
            return None
        claimed = Rendering.objects.filter(free | lost, pk=pk).update(
            state=RenderingState.RUNNING, started_at=now, attempts=F("attempts") + 1
        )
    return now if claimed else None


def _load(pk: int) -> Rendering:
    rendering: Rendering = Rendering.objects.for_making().get(pk=pk)
    return rendering


def _make(rendering: Rendering) -> None:
    makers = {
        RenderingKind.FORM: _make_form,
        RenderingKind.PHOTOS: _make_photos,
        RenderingKind.BLANK: _make_library,
        RenderingKind.GUIDE: _make_library,
    }
    pages = makers[RenderingKind(rendering.kind)](rendering)
    _ready(rendering, pages)


def _make_form(rendering: Rendering) -> int:
    """Make and file the PDF of a form; the number it will have is settled first, since it is printed in it."""
    submission = rendering.submission
    if submission is None:
        raise BrokenError("a rendering of a form without a form")
    if filed := DocumentVersion.objects.filter(rendering=rendering).first():
        return int(filed.pages)
    form = submission.form
    about = {
        "subject": form.subject,
        "occasion": form.occasion,
        "occasion_title": form.occasion_title,
        "template_version": form.template_version,
    }
    for _attempt in range(RENUMBERED):
        document = filing.open_document(
            group=form.group,
            place=filing.Place(**about),
            author=form.author,
            audience=submission.audience,
            at=rendering.queued_at,
        )
        number = filing.next_version(document)
        made = papers.form_paper(submission, papers.Registration(document.number, document.check_code, number))
        pdf = engine.render_form(made)
        try:
            filing.file_version(
                group=form.group,
                author=form.author,
                audience=submission.audience,
                content=pdf.content,
                pages=pdf.pages,
                language=submission.language,
                source=Source.RENDERED,
                created_by=submission.submitted_by,
                submission=submission,
                rendering=rendering,
                at=rendering.queued_at,
                expected_number=number,
                **about,
            )
        except filing.VersionTakenError:
            continue
        return pdf.pages
    raise BrokenError("the version number changed under our hands three times")


def _make_photos(rendering: Rendering) -> int:
    """Make one PDF of an upload's pages, file it, and let the upload be finished."""
    batch = rendering.batch
    if batch is None or batch.template_version is None:
        raise BrokenError("a rendering of an upload without an upload")
    filed = DocumentVersion.objects.filter(batch=batch).first()
    if filed is None:
        with translation.override(rendering.language):
            pdf = photos.pages_to_pdf(batch)
        filed = filing.file_version(
            group=batch.group,
            template_version=batch.template_version,
            subject=batch.subject,
            occasion=batch.occasion,
            occasion_title=batch.occasion_title,
            author=batch.created_by,
            audience=upload_choices.audience_of(batch),
            content=pdf.content,
            pages=pdf.pages,
            language=batch.group.programme.default_language,
            source=Source.PHOTOS,
            created_by=batch.created_by,
            batch=batch,
            rendering=rendering,
            signed_by=batch.signed_by.all(),
            note=batch.note,
            at=rendering.queued_at,
        )
    UploadBatch.objects.filter(pk=batch.pk, state=BatchState.FILING).update(state=BatchState.FILED)
    return int(filed.pages)


def _make_library(rendering: Rendering) -> int:
    """Make a blank or the guide; its file hangs on the rendering itself."""
    if rendering.kind == RenderingKind.BLANK and rendering.template_version:
        made = papers.blank_paper(rendering.template_version, rendering.language, rendering.programme)
    elif rendering.pack:
        made = papers.guide_paper(rendering.pack, rendering.language, rendering.programme)
    else:
        raise BrokenError("a rendering of the library without its subject")
    pdf = engine.render_form(made)
    name = rendering.file.field.generate_filename(rendering, "")
    rendering.file.name = rendering.file.storage.save(name, ContentFile(pdf.content))
    return pdf.pages


def _ready(rendering: Rendering, pages: int) -> None:
    """Say that it is done; by whichever worker, since the result is there."""
    with transaction.atomic():
        changed = (
            Rendering.objects.filter(pk=rendering.pk)
            .exclude(state=RenderingState.READY)
            .update(
                state=RenderingState.READY,
                finished_at=timezone.now(),
                pages=pages,
                error="",
                file=rendering.file.name or "",
            )
        )
        if changed:
            events.record("rendering.ready", group_id=group_id_of(rendering), target=rendering)


def _reason(error: Exception, kind: str) -> str:
    """Return the code of what went wrong, or the sentence that says what is wrong with the input."""
    if isinstance(error, TooLargeError) or (isinstance(error, PdfError) and kind == RenderingKind.PHOTOS):
        return str(error)
    if isinstance(error, TooSlowError | SoftTimeLimitExceeded):
        return TOO_SLOW
    if isinstance(error, OutOfMemoryError | MemoryError):
        return OUT_OF_MEMORY
    if isinstance(error, PdfError):
        return ENGINE
    return STORAGE if isinstance(error, OSError) else OTHER


def _failed(rendering: Rendering, started: datetime, reason: str, *, is_final: bool) -> None:
    """Plan the next try, or park it after the last; does nothing if another worker took over meanwhile."""
    now = timezone.now()
    attempts = Rendering.objects.values_list("attempts", flat=True).get(pk=rendering.pk)
    is_over = is_final or attempts >= MAX_ATTEMPTS
    state = RenderingState.PARKED if is_over else RenderingState.FAILED
    wait = timedelta(0) if is_over else WAITS[min(attempts, len(WAITS)) - 1]
    with transaction.atomic():
        changed = Rendering.objects.filter(pk=rendering.pk, state=RenderingState.RUNNING, started_at=started).update(
            state=state, error=reason[:500], next_try_at=now + wait, finished_at=now
        )
        if changed:
            kind = "rendering.parked" if is_over else "rendering.failed"
            code = reason if reason in CODES else "input"
            events.record(kind, group_id=group_id_of(rendering), target=rendering, reason=code)


def group_id_of(rendering: Rendering) -> int | None:
    """Return the group whose paper it is; None for the library."""
    if rendering.submission:
        return int(rendering.submission.form.group_id)
    return int(rendering.batch.group_id) if rendering.batch else None
