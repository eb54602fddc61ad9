"""A form is handed in, opened again, accepted or returned; each step is recorded as an event, and asks for the PDF."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.errors import NotPossibleError, NotYoursError
from core.policy.roles import Action, Area
from core.policy.tables import AREA_POLICY
from core.typed_text import clean_text
from mentoring import stops
from responses_app.filled_in import filled_in_anew
from responses_app.models import FormResponse, FormState, FormSubmission
from responses_app.rendering import keep_out, request_form
from responses_app.services.creation import audience_choices, form_language
from responses_app.services.errors import EditConflictError, IncompleteError
from responses_app.services.rights import (
    ResponseRights,
    may_decide,
    may_return,
    response_rights,
    why_not_reopened,
)
from responses_app.services.saving import differs, lock_form, problems_before_handing_in, save_answers
from tools.fields.questions import is_later_part, is_narrower, questions_of
from tools.models import Filing

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NOTE = 2000
"""Characters of the note with which something is returned or accepted; the column holds so many."""


def _set_state(form: FormResponse, state: FormState, **values: Any) -> None:
    form.state = state
    for name, value in values.items():
        setattr(form, name, value)
    form.save(update_fields=["state", *values])


def record_event(
    kind: str, form: FormResponse, user: "User", at: datetime | None, **data: int | str | bool | None
) -> None:
    """Record an event of the form, with what it is about: the checklist follows."""
    events.record(
        kind,
        actor=user,
        group_id=form.group_id,
        target=form,
        at=at,
        tool_id=form.tool_version.tool_id,
        subject=form.subject_id,
        session_key=form.session_key,
        **data,
    )


def own_form(form: FormResponse, user: "User") -> tuple[FormResponse, ResponseRights]:
    """Return the form, held, and the pen of its writer.

    Raises:
        NotYoursError: the form is somebody else's.
    """
    current = lock_form(form)
    rights = response_rights(current, user)
    if not rights.is_writer:
        raise NotYoursError
    return current, rights


@transaction.atomic
def _save_first(
    form: FormResponse, user: "User", lock: int, answers: Mapping[str, Any], writer: str, at: datetime | None
) -> None:
    save_answers(form=form, user=user, lock=lock, answers=answers, writer=writer, at=at)


def submit_form(
    *,
    form: FormResponse,
    user: "User",
    lock: int,
    answers: Mapping[str, Any] | None = None,
    writer: str = "",
    at: datetime | None = None,
) -> FormSubmission:
    """Hand the form in: save `answers`, keep them as they are now for good, and have the PDF made.

    Tools filed at once are rendered at once, others once they are accepted; who would accept it anyway, accepts it by
    handing in. A second press gives the same submission. What is saved stays saved also when something is missing.
    Records `form.submitted` (and `form.accepted`).

    Raises:
        IncompleteError: something needs a look first.
        EditConflictError, NotPossibleError, NotYoursError, RefusedAnswersError: as `save_answers`.
    """
    done = _already_handed_in(form, user, answers)
    if done is not None:
        return done
    try:
        if answers is not None:
            _save_first(form, user, lock, answers, writer, at)
        return _hand_in(form, user, lock if answers is None else None, at)
    except NotPossibleError:
        # The same press arrived twice at once, and the other one was quicker.
        done = _already_handed_in(form, user, answers)
        if done is None:
            raise
        return done


def _already_handed_in(form: FormResponse, user: "User", answers: Mapping[str, Any] | None) -> FormSubmission | None:
    """Return the last submission when this is a second press on a form that is handed in by now.

    Raises:
        NotPossibleError: it says something else than what was handed in.
    """
    current: FormResponse = FormResponse.objects.for_page().get(pk=form.pk)
    if current.is_open or current.latest is None:
        return None
    rights = response_rights(current, user)
    if not rights.is_writer:
        raise NotYoursError
    if answers is None or not differs(current, rights, answers):
        return current.latest
    raise NotPossibleError(rights.stop)


@transaction.atomic
def _hand_in(form: FormResponse, user: "User", lock: int | None, at: datetime | None) -> FormSubmission:
    current, rights = own_form(form, user)
    if not current.is_open and current.latest is not None:
        return current.latest
    if rights.stop:
        raise NotPossibleError(rights.stop)
    if lock is not None and lock != current.lock:
        raise EditConflictError(current, [])
    problems = problems_before_handing_in(current, rights)
    if problems:
        raise IncompleteError(current, problems)
    unchanged = _unchanged_latest(current)
    if unchanged is not None:
        _set_state(current, state_before(unchanged))
        record_event("form.handed_back", current, user, at)
        return unchanged
    current.audience, current.next_audience = current.audience_to_be, ""
    submission = _new_submission(current, user, current.answers, at)
    _set_state(
        current, FormState.SUBMITTED, latest=submission, typed={}, language=submission.language,
        audience=current.audience, next_audience="",
    )  # fmt: skip
    keep_out(current, submission.audience)
    tool = current.tool_version.tool.key
    record_event("form.submitted", current, user, at, submission=submission.pk, number=submission.number, tool=tool)
    if current.tool_version.filing == Filing.AT_ONCE:
        request_form(submission=submission, requested_by=user, at=at)
    elif rights.role is not None and rights.role.value in current.tool_version.accepted_by:
        _accept(current, submission, user, "", at)
    return submission


def _new_submission(
    form: FormResponse, user: "User", answers: Mapping[str, Any], at: datetime | None
) -> FormSubmission:
    last = form.latest.number if form.latest else 0
    return FormSubmission.objects.create(
        form=form,
        number=last + 1,
        answers=dict(answers),
        added_by=form.added_by,
        language=form_language(form.group),
        audience=form.audience,
        submitted_by=user,
        submitted_at=at or timezone.now(),
    )


def _unchanged_latest(form: FormResponse) -> FormSubmission | None:
    """Return the last submission if it says the same, was not returned, and is still filed."""
    last = form.latest
    if last is None or last.is_accepted is False or last.taken_out_at is not None:
        return None
    return last if (last.answers, last.audience) == (form.answers, form.audience_to_be) else None


def state_before(submission: FormSubmission) -> FormState:
    """Return the state that a form with this last submission had before it was opened again."""
    if submission.rendering and submission.rendering.version_id:
        return FormState.FILED
    return FormState.ACCEPTED if submission.is_accepted else FormState.SUBMITTED


@transaction.atomic
def reopen_form(*, form: FormResponse, user: "User", at: datetime | None = None) -> FormResponse:
    """Let the writer change what was handed in; until it is handed in again everybody reads the last submission.

    What is filed stays filed; handing in again makes a new version beside it. Where the people of the group stand as
    they were filled in, those of today stand in the draft. Records `form.reopened`.

    Raises:
        NotYoursError: the form is somebody else's.
        NotPossibleError: it is too late, and why.
    """
    current, rights = own_form(form, user)
    if current.is_open:
        return current
    if reason := why_not_reopened(current, rights):
        raise NotPossibleError(reason)
    answers, filled_in = filled_in_anew(current)
    _set_state(current, FormState.DRAFT, answers=answers, filled_in=filled_in)
    record_event("form.reopened", current, user, at)
    return current


@transaction.atomic
def accept_form(
    *, submission: FormSubmission, user: "User", note: str = "", at: datetime | None = None
) -> FormSubmission:
    """Accept what was handed in; its PDF is made and filed. A second press changes nothing.

    The deciders' own part, if the tool has one, becomes part of what is filed: as a further submission.
    Records `form.accepted`.

    Returns:
        The submission that is filed.

    Raises:
        NotYoursError: the person's role does not accept this tool.
        NotPossibleError: it was returned or taken back meanwhile, or the group is closed.
    """
    current = lock_form(submission.form)
    _check_decider(current, user)
    latest = current.latest
    if latest is not None and latest.is_accepted and latest.number >= submission.number:
        return latest
    _check_decidable(current, submission, user)
    return _accept(current, submission, user, note, at)


def _accept(
    form: FormResponse, submission: FormSubmission, user: "User", note: str, at: datetime | None
) -> FormSubmission:
    answers = with_later_part(form, submission)
    if answers != submission.answers:
        # Handed in by its writer, and when the writer did so; what was added since is the decider's.
        submission = _new_submission(form, submission.submitted_by, answers, submission.submitted_at)
    _decide(submission, user, note, is_accepted=True, at=at)
    _set_state(form, FormState.ACCEPTED, latest=submission)
    record_event("form.accepted", form, user, at, submission=submission.pk)
    request_form(submission=submission, requested_by=user, at=at)
    return submission


def with_later_part(form: FormResponse, submission: FormSubmission) -> dict[str, Any]:
    """Return what was handed in, with the part that others have filled in as it stands now."""
    later = {q.key for q in questions_of(form.tool_version) if q.is_asked and is_later_part(form.tool_version, q)}
    kept = {key: value for key, value in submission.answers.items() if key not in later}
    return kept | {key: value for key, value in form.answers.items() if key in later}


def _decide(submission: FormSubmission, user: "User", note: str, *, is_accepted: bool, at: datetime | None) -> None:
    submission.is_accepted = is_accepted
    submission.decided_by = user
    submission.decided_at = at or timezone.now()
    submission.decision_note = clean_text(note, lines=True)[:LONGEST_NOTE]
    submission.save(update_fields=["is_accepted", "decided_by", "decided_at", "decision_note"])


def _check_decider(form: FormResponse, user: "User") -> None:
    role = response_rights(form, user).role
    version = form.tool_version
    if role is None or role.value not in version.accepted_by or version.filing != Filing.AFTER_ACCEPTANCE:
        raise NotYoursError


def _check_returner(form: FormResponse, user: "User") -> None:
    if form.tool_version.filing == Filing.AFTER_ACCEPTANCE:
        return _check_decider(form, user)
    role = response_rights(form, user).role
    is_open_to_return = form.subject_id is not None and user.pk not in {form.subject_id, form.author_id}
    if role is None or Action.DECIDE not in AREA_POLICY[Area.FORM][role] or not is_open_to_return:
        raise NotYoursError
    return None


def _check_decidable(form: FormResponse, submission: FormSubmission, user: "User", *, is_return: bool = False) -> None:
    if stop := stops.writing(form.group):
        raise NotPossibleError(stop)
    role = response_rights(form, user).role
    may = may_decide(form, role) or (is_return and may_return(form, role, user))
    if form.latest_id != submission.pk or not may:
        raise NotPossibleError(_("This was changed or decided meanwhile. Check how it stands now."))


@transaction.atomic
def return_form(*, submission: FormSubmission, user: "User", note: str, at: datetime | None = None) -> FormSubmission:
    """Give what was handed in back to its writer, with a note that says what to change. Records `form.returned`.

    What is filed stays filed; handing in again makes a new version beside it.

    Raises:
        ValidationError: without a note, or it is too long.
        NotYoursError, NotPossibleError: as `accept_form`.
    """
    current = lock_form(submission.form)
    _check_returner(current, user)
    words = clean_text(note, lines=True)
    if not words:
        raise ValidationError({"note": _("Say what to change, so the writer knows.")})
    if len(words) > LONGEST_NOTE:
        raise ValidationError({"note": _("This note is longer than 2,000 characters. Shorten it.")})
    latest = current.latest if current.latest_id == submission.pk else None
    if latest and latest.is_accepted is False and (latest.decided_by_id, latest.decision_note) == (user.pk, words):
        return latest
    _check_decidable(current, submission, user, is_return=True)
    _decide(submission, user, note, is_accepted=False, at=at)
    _set_state(current, FormState.RETURNED)
    record_event("form.returned", current, user, at, submission=submission.pk)
    return submission


@transaction.atomic
def choose_audience(*, form: FormResponse, user: "User", audience: str, at: datetime | None = None) -> FormResponse:
    """Let the writer choose who reads the form, among what the programme offers for it.

    What was handed in for some people is not opened to more afterwards: from then on it can only be narrowed, and
    what was narrowed since widened again as far as it was handed in for.
    Records `form.audience_chosen`.

    Raises:
        NotYoursError: the form is somebody else's.
        ValidationError: this audience is not offered, or wider than what it was handed in for.
        NotPossibleError: the form or the group is closed.
    """
    current, rights = own_form(form, user)
    if rights.stop or not current.is_open:
        raise NotPossibleError(rights.stop)
    if audience == current.audience_to_be:
        return current
    if audience not in possible_audiences(current):
        raise ValidationError({"audience": _("Choose one of the answers shown.")})
    if current.latest_id is None:
        current.audience = audience
    else:  # what was handed in stays with those it was handed in for, until this is
        current.next_audience = audience if audience != current.audience else ""
    current.save(update_fields=["audience", "next_audience"])
    events.record(
        "form.audience_chosen", actor=user, group_id=current.group_id, target=current, at=at, audience=audience
    )
    return current


def possible_audiences(form: FormResponse) -> list[str]:
    """Return the audiences that the writer may choose now, the present one among them; empty without a choice."""
    offered = audience_choices(form.tool_version, form.group)
    if form.latest is not None:
        widest = form.latest.audience
        offered = [each for each in offered if each == widest or is_narrower(each, widest)]
    return offered if len(offered) > 1 else []
