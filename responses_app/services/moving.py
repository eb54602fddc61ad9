"""A form or paper about the wrong session or person is moved to the right one, with a reason and a trace."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.errors import NotPossibleError, NotYoursError
from core.policy.roles import Action, Area, Role
from core.policy.tables import AREA_POLICY
from documents.models import Document
from documents.services.about import correct_about
from mentoring import stops
from responses_app.filled_in import about_its_session
from responses_app.models import FormResponse
from responses_app.querysets import documents_of
from responses_app.services.copying import copy_submission
from responses_app.services.rights import is_own
from responses_app.services.saving import lock_form
from tools import related_sessions
from tools.fields.people import members_of
from tools.subjects import about

if TYPE_CHECKING:
    from accounts.models import User


def may_move(form: FormResponse, user: "User", role: Role | None) -> bool:
    """Return whether this person says what the form is about: Mentor and Manager once it is handed in.

    Its writer does so too while it is open for writing: a diary begun for the wrong session, or returned.
    """
    if role is None or not about(form.tool_version).is_of_one or stops.writing(form.group):
        return False
    if form.is_open and is_own(form, user, role) and about(form.tool_version).needs_session:
        return True
    return form.latest_id is not None and Action.DECIDE in AREA_POLICY[Area.FORM][role]


def is_of_its_writer(form: FormResponse) -> bool:
    """Return whether the form is about who wrote it, so that only its session can be wrong."""
    return form.subject_id is not None and form.subject_id == form.author_id


def _title_of(form: FormResponse | Document, session_key: str) -> dict[str, Any]:
    """Return the title of a session by language.

    Raises:
        ValidationError: it is not in the plan.
    """
    if session_key == form.session_key:
        return dict(form.session_title)
    group = form.group if isinstance(form, FormResponse) else form.folder.group
    if not about(form.tool_version).needs_session:
        return {}
    known = related_sessions.find(group, session_key) if session_key else None
    if known is None:
        raise ValidationError({"session_key": _("This session is not in the plan of the group.")})
    if about(form.tool_version).roles and known.too_early:
        raise ValidationError({"session_key": known.too_early})
    return dict(known.title)


def _taken(form: FormResponse, user: "User") -> str:
    """Say that there is one about that session and person already."""
    if form.author_id == user.pk:
        return _("You have written one about that already. Choose another one.")
    return _("There is already one about that, begun or handed in. Return this one with a note instead.")


def _make_room(form: FormResponse, user: "User", subject: "User | None", session_key: str) -> None:
    """Take away what was begun there and never written in.

    Raises:
        ValidationError: there is one about that session and person already.
    """
    there = FormResponse.objects.about(
        group=form.group, tool=form.tool_version.tool, subject=subject, session_key=session_key
    ).exclude(pk=form.pk)
    for each in there:
        if each.latest_id or each.lock:
            raise ValidationError({"session_key": _taken(form, user)})
        each.delete()


def _put(
    form: FormResponse, user: "User", subject: "User | None", session_key: str, title: dict[str, Any], *, tries: int = 2
) -> None:
    """Let the form be about another session or person. What came there at the same moment is looked at once it is seen.

    Raises:
        ValidationError: there is one about that session and person already.
    """
    _make_room(form, user, subject, session_key)
    form.subject, form.session_key, form.session_title = subject, session_key, title
    try:
        with transaction.atomic():
            form.save(update_fields=["subject", "session_key", "session_title"])
    except IntegrityError:
        if tries == 1:
            raise ValidationError({"session_key": _taken(form, user)}) from None
        _put(form, user, subject, session_key, title, tries=tries - 1)


@transaction.atomic
def move_form(
    *,
    form: FormResponse,
    user: "User",
    subject: "User | None",
    session_key: str,
    reason: str,
    at: datetime | None = None,
) -> FormResponse:
    """Say which session and person a form is really about; its paper and the checklist follow.

    Who handed it in and when stays. What was handed in is copied with the trace, and its PDF is made anew, since the
    old one says what is not so; it stays as an older version. What was removed from its folder stays removed.
    Records `form.moved`.

    Raises:
        NotYoursError: the person may not say that.
        ValidationError: no reason, nothing different, or the place is taken.
    """
    held = lock_form(form)
    if not may_move(held, user, members_of(held.group).roles.get(user.pk)):
        raise NotYoursError
    if held.latest_id and not reason.strip():
        raise ValidationError({"reason": _("Give a reason. It is kept with the document.")})
    if is_of_its_writer(held) and subject != held.subject:
        raise NotYoursError
    if (held.subject, held.session_key) == (subject, session_key):
        raise ValidationError(_("Nothing is different yet. Choose what it is really about."))
    title = _title_of(held, session_key)
    moment = at or timezone.now()
    documents = list(documents_of(held))
    was = {
        "was_subject": held.subject if held.subject != subject else None,
        "was_session_title": held.session_title if held.session_key != session_key else {},
    }
    places = {"was_subject": held.subject_id, "was_session_key": held.session_key}
    is_elsewhere = held.session_key != session_key
    _put(held, user, subject, session_key, title)
    handed_in = _say_of_its_session(held) if is_elsewhere else {}
    for document in documents:
        correct_about(
            document=document, subject=subject, session_key=session_key, session_title=title, by=user,
            reason=reason, at=moment, with_form=True,
        )  # fmt: skip
    if held.latest is not None:
        held.latest = copy_submission(
            held, held.latest, by=user, at=moment, corrected_by=user, corrected_at=moment,
            correction_reason=reason.strip()[:300], **was, **handed_in,
        )  # fmt: skip
        held.save(update_fields=["latest"])
    events.record(
        "form.moved", actor=user, group_id=held.group_id, target=held, at=at, tool_id=held.tool_version.tool_id,
        subject=subject.pk if subject else None, session_key=session_key, **places,
    )  # fmt: skip
    return held


def _say_of_its_session(form: FormResponse) -> dict[str, Any]:
    """Let what the platform filled in about the session before say what is so of the new one, as in `filled_in`.

    Returns:
        What was handed in, put right in the same way: for its copy.
    """
    latest = {"answers": about_its_session(form, form.latest.answers, tables=False)} if form.latest else {}
    is_draft = form.latest is None
    answers = about_its_session(form, form.answers, tables=is_draft)
    known = about_its_session(form, form.filled_in, tables=is_draft)
    if (answers, known) != (form.answers, form.filled_in):
        form.answers, form.filled_in = answers, known
        form.lock += bool(form.lock)  # an older page of a draft that was written in is asked, and undoes nothing
        form.save(update_fields=["answers", "filled_in", "lock"])
    return latest


@transaction.atomic
def correct_document(
    *,
    document: Document,
    user: "User",
    subject: "User | None",
    session_key: str,
    reason: str,
    at: datetime | None = None,
) -> Document:
    """Say which session and person a document is really about; the forms it was made from go with it.

    Raises:
        NotYoursError: the form behind it is of its writer, who is the person it is about.
        NotPossibleError: the group is paused or closed.
        ValidationError: no reason, nothing different, or the place is taken.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. It is kept with the document.")})
    forms = list(FormResponse.objects.behind(document))
    if forms and (stop := stops.writing(document.folder.group)):
        raise NotPossibleError(stop)
    for form in forms:
        move_form(form=form, user=user, subject=subject, session_key=session_key, reason=reason, at=at)
    if forms:
        return document
    moved = correct_about(
        document=document, subject=subject, session_key=session_key, by=user, reason=reason, at=at,
        session_title=_title_of(document, session_key),
    )  # fmt: skip
    if moved is None:
        raise ValidationError(_("Nothing is different yet. Choose what it is really about."))
    return document
