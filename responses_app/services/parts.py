"""A part that whoever accepts fills in after it was accepted becomes a new version of what is filed."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotPossibleError, NotYoursError
from responses_app.models import FormResponse, FormSubmission
from responses_app.services.copying import copy_submission
from responses_app.services.errors import IncompleteError
from responses_app.services.rights import files_part, response_rights
from responses_app.services.saving import answer_form, lock_form, save_answers
from responses_app.services.submission import record_event, with_later_part

if TYPE_CHECKING:
    from accounts.models import User


def file_part(
    *,
    form: FormResponse,
    user: "User",
    lock: int,
    answers: Mapping[str, Any],
    writer: str = "",
    at: datetime | None = None,
) -> FormSubmission:
    """Save the own part of an accepted form, and file it as a new version: handed in as before, the part with own time.

    A second press gives the same submission. What is saved stays saved also when something is missing.
    Records `form.part_filed`.

    Raises:
        NotYoursError: the person has no part in it.
        NotPossibleError: it was returned or opened again meanwhile, or the group is closed.
        IncompleteError, EditConflictError, RefusedAnswersError: as `submit_form`.
    """
    save_answers(form=form, user=user, lock=lock, answers=answers, writer=writer, at=at)
    return _file(form, user, at)


@transaction.atomic
def _file(form: FormResponse, user: "User", at: datetime | None) -> FormSubmission:
    current = lock_form(form)
    rights = response_rights(current, user)
    if not rights.fillable:
        raise NotYoursError
    latest = current.latest
    if latest is None or not files_part(current, rights):
        raise NotPossibleError(_("This was changed or decided meanwhile. Check how it stands now."))
    if problems := answer_form(current, rights, enforce=True).problems():
        raise IncompleteError(current, problems)
    answers = with_later_part(current, latest)
    if answers == latest.answers:
        return latest
    moment = at or timezone.now()
    current.latest = copy_submission(current, latest, by=user, at=moment, answers=answers, added_by=current.added_by)
    current.save(update_fields=["latest"])
    record_event("form.part_filed", current, user, at, submission=current.latest.pk)
    return current.latest
