"""The papers about a session say again what is so, after its attendance, day or place was corrected."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from core import events
from documents.models import Document, Source
from mentoring.models import MentoringGroup
from rendering.models import RenderingState
from responses_app.filled_in import about_session_anew
from responses_app.models import FormResponse, FormSubmission
from responses_app.printing import known_now
from responses_app.querysets import document_of
from responses_app.services.copying import copy_submission
from responses_app.services.saving import lock_form

if TYPE_CHECKING:
    from accounts.models import User


def follow_session(
    *,
    group: MentoringGroup,
    session_key: str,
    by: "User",
    reason: str,
    heads_differ: bool,
    at: datetime,
    corrected_at: datetime | None = None,
) -> int:
    """Have the current papers about a session made anew, where they would say something that is not so.

    Who handed them in and when stays, and so do their readers; the version before stays as an older one. A scan or
    photos that somebody added over a paper stay the current version. Records `form.session_corrected`.

    Args:
        reason: why the attendance was corrected; empty where only day, hours or place were.
        heads_differ: what stands under the title of such a paper is different now, where that was not kept with it.
        corrected_at: when it was corrected, where a paper follows later.

    Returns:
        How many are made anew.
    """
    found = FormResponse.objects.filter(group=group, session_key=session_key, latest__isnull=False).order_by("pk")
    corrected = {
        "corrected_by": by,
        "corrected_at": corrected_at or at,
        "correction_reason": reason.strip()[:300],
    }
    return sum(_follow(form, corrected, heads_differ=heads_differ, at=at) for form in found.select_related("latest"))


def _follow(form: FormResponse, corrected: dict[str, Any], *, heads_differ: bool, at: datetime) -> bool:
    held = lock_form(form)
    latest = held.latest
    if latest is None or latest.taken_out_at is not None:
        return False
    answers, filled_in = about_session_anew(held, latest.answers)
    if _is_added_over(held) or not (answers != latest.answers or _head_differs(latest, unless_kept=heads_differ)):
        return False
    by = corrected["corrected_by"]
    held.latest = copy_submission(held, latest, by=by, at=at, answers=answers, **corrected)
    changed = ["latest"]
    if not held.is_open:  # a draft is asked on its own page whether to bring it up to date
        held.answers, held.filled_in = answers, filled_in
        changed += ["answers", "filled_in"]
    held.save(update_fields=changed)
    events.record(
        "form.session_corrected", actor=by, group_id=held.group_id, target=held, at=at,
        tool_id=held.tool_version.tool_id, subject=held.subject_id, session_key=held.session_key,
    )  # fmt: skip
    return True


def _head_differs(submission: FormSubmission, *, unless_kept: bool) -> bool:
    """Return whether a PDF says something else under its title than what is so now.

    Args:
        unless_kept: the answer where nobody knows any more what it says.
    """
    if not _is_printed(submission):
        return False
    kept = submission.printed_with
    if not kept:
        return unless_kept
    now = known_now(submission)
    return any(said["facts"] != now[language]["facts"] for language, said in kept.items() if language in now)


def _is_printed(submission: FormSubmission) -> bool:
    """Return whether a PDF says already what it says; one that waits to be made will say what is so then."""
    made = submission.rendering
    return made is not None and (made.version_id is not None or made.state == RenderingState.RUNNING)


def _is_added_over(form: FormResponse) -> bool:
    """Return whether a scan or photos are the current version of its paper."""
    document: Document | None = document_of(form)
    return document is not None and document.current is not None and document.current.source != Source.RENDERED
