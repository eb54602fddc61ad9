"""A draft whose filled-in answers are no longer so is brought up to date."""

from typing import TYPE_CHECKING

from django.db import transaction

from core.errors import NotPossibleError, NotYoursError
from responses_app.filled_in import filled_in_anew
from responses_app.models import FormResponse, FormState
from responses_app.services.discarding import put_draft
from responses_app.services.rights import response_rights
from responses_app.services.saving import lock_form

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def fill_in_anew(*, form: FormResponse, user: "User") -> FormResponse:
    """Fill in once more what is known of people and session; what somebody wrote stays. A second press changes nothing.

    Raises:
        NotYoursError: the person writes nothing in this form.
        NotPossibleError: the form or the group is closed.
    """
    current = lock_form(form)
    rights = response_rights(current, user)
    if not rights.fillable:
        if rights.stop:
            raise NotPossibleError(rights.stop)
        raise NotYoursError
    answers, filled_in = filled_in_anew(current)
    if (answers, filled_in) != (current.answers, current.filled_in):
        put_draft(current, {"answers": answers, "typed": current.typed}, FormState(current.state), user)
        current.filled_in = filled_in
        current.save(update_fields=["filled_in"])
    return current
