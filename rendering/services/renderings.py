"""PDFs in the making: a row first, then a task; claimed by one worker, tried three times, then given up.

Whatever dies in between (worker, broker, web process), the row stays, the sweeper sends it again, and the version it
becomes is filed once: `Rendering.version` is one to one. How each kind is made its app says (`rendering.kinds`).
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
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core import events
from core.ops.sending import send
from core.packs import canonical_json
from rendering.kinds import NoLongerNeededError, kind_of
from rendering.models import MAX_ATTEMPTS, Rendering, RenderingKind, RenderingState
from rendering.pdf.engine import RenderedPdf
from rendering.pdf.errors import OutOfMemoryError, PdfError, TooLargeError, TooSlowError
from rendering.querysets import RENDERING_LEASE

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)
TASK: Final = "rendering.render"
LAYOUT: Final = 2
"""Raise it when templates or style sheet of documents change: blanks and guides are then made anew."""
WAITS: Final = (timedelta(seconds=10), timedelta(seconds=60))
AT_ONCE_PER_PERSON: Final = 5
"""So many of one person's renderings stand in the queue at a time, so that nobody waits for a hundred of another's."""
SWEPT: Final = 200

# What went wrong, as kept in the row; `tools.wording` says it in the reader's language.
TOO_SLOW: Final = "too_slow"
OUT_OF_MEMORY: Final = "out_of_memory"
ENGINE: Final = "engine"
STORAGE: Final = "storage"
LOST: Final = "lost"
OTHER: Final = "other"
CODES: Final = frozenset({TOO_SLOW, OUT_OF_MEMORY, ENGINE, STORAGE, LOST, OTHER})


# --- asking for a PDF ------------------------------------------------------------------------------------------------


def digest_of(kind: str, parts: list[Any]) -> str:
    """Return the digest under which the PDF of this input is kept."""
    return hashlib.sha256(canonical_json([str(kind), LAYOUT, *parts]).encode()).hexdigest()


def request(kind: str, parts: list[Any], *, at: datetime | None = None, **fields: Any) -> Rendering:
    """Ask for a PDF: return the rendering of this input, made and sent on commit if there is none yet. Idempotent.

    Args:
        kind: somebody answers for it in `rendering.kinds`.
        parts: everything that goes into the PDF; equal parts are one PDF.
        at: when the document counts as filed; now when None (demo data gives the past).
        fields: of the row: language, requested_by, group, tool_version, pack, programme.
    """
    values = {**fields, "kind": kind, "queued_at": at or timezone.now()}
    rendering, is_new = Rendering.objects.get_or_create(digest=digest_of(kind, parts), defaults=values)
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
    """Give a failed or retrying rendering three new tries, at once.

    Returns:
        Whether there was something to try again; False when it is under way or ready.
    """
    with transaction.atomic():
        changed = Rendering.objects.filter(
            pk=rendering.pk, state__in=[RenderingState.RETRYING, RenderingState.FAILED]
        ).update(state=RenderingState.QUEUED, attempts=0, error="", sent_at=None, next_try_at=timezone.now())
        if changed:
            events.record("rendering.retried", actor=user, group_id=rendering.group_id, target=rendering)
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
        _ready(rendering, kind_of(rendering).make(rendering))
    except NoLongerNeededError:
        drop(Rendering.objects.filter(pk=rendering.pk))
    except Exception as error:
        logger.exception("Rendering %s failed", rendering_id)
        is_final = isinstance(error, PdfError) and error.is_final
        _failed(rendering, started, _reason(error, rendering.kind), is_final=is_final)
    finally:
        # On commit: within a transaction of the caller there is nothing yet that a worker could see.
        transaction.on_commit(partial(_send_some, rendering.requested_by_id), robust=True)


def _claim(pk: int, is_redelivered: bool) -> datetime | None:
    """Take the rendering by one conditional UPDATE; of two workers one gets it.

    One whose worker died three times is failed: it may be what kills them.
    """
    now = timezone.now()
    free = Q(state=RenderingState.QUEUED) | Q(state=RenderingState.RETRYING, next_try_at__lte=now)
    lost = Q(state=RenderingState.RUNNING)
    if not is_redelivered:
        lost &= Q(started_at__lt=now - RENDERING_LEASE)
    with transaction.atomic():
        failed = Rendering.objects.filter(lost, pk=pk, attempts__gte=MAX_ATTEMPTS).update(
            state=RenderingState.FAILED, error=LOST, finished_at=now
        )
        if failed:
            rendering = _load(pk)
            events.record("rendering.failed", group_id=rendering.group_id, target=rendering, reason=LOST)
            return None
        claimed = Rendering.objects.filter(free | lost, pk=pk).update(
            state=RenderingState.RUNNING, started_at=now, attempts=F("attempts") + 1
        )
    return now if claimed else None


def _load(pk: int) -> Rendering:
    rendering: Rendering = Rendering.objects.select_related("requested_by").get(pk=pk)
    return rendering


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
            events.record("rendering.ready", group_id=rendering.group_id, target=rendering)


def drop(unneeded: QuerySet[Rendering]) -> None:
    """Make these no more: a newer one took their place. What is ready stays."""
    unneeded.exclude(state=RenderingState.READY).update(
        state=RenderingState.DROPPED, finished_at=timezone.now(), error=""
    )


def keep(rendering: Rendering, pdf: RenderedPdf) -> int:
    """Keep a PDF on the rendering itself, for what goes into no folder; return how many pages it has."""
    name = rendering.file.field.generate_filename(rendering, "")
    rendering.file.name = rendering.file.storage.save(name, ContentFile(pdf.content))
    return pdf.pages


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
    state = RenderingState.FAILED if is_over else RenderingState.RETRYING
    wait = timedelta(0) if is_over else WAITS[min(attempts, len(WAITS)) - 1]
    with transaction.atomic():
        changed = Rendering.objects.filter(pk=rendering.pk, state=RenderingState.RUNNING, started_at=started).update(
            state=state, error=reason[:500], next_try_at=now + wait, finished_at=now
        )
        if changed:
            kind = "rendering.failed" if is_over else "rendering.retrying"
            code = reason if reason in CODES else "input"
            events.record(kind, group_id=rendering.group_id, target=rendering, reason=code)
