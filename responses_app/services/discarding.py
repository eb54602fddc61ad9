"""Changes to what was handed in are thrown away, and brought back again."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotPossibleError
from responses_app.models import FormResponse, FormState
from responses_app.services.rights import ResponseRights
from responses_app.services.submission import own_form, record_event, reopen_form, state_before
from tools.fields.questions import is_narrower

if TYPE_CHECKING:
    from accounts.models import User

KEPT = ("answers", "typed", "next_audience", "added_by")
"""What a draft has of its own, besides what was handed in."""


def may_discard(form: FormResponse, rights: ResponseRights) -> bool:
    """Return whether the writer can go back to what was handed in: it still stands, neither returned nor taken out."""
    last = form.latest
    is_changing = rights.is_writer and form.state == FormState.DRAFT and not rights.stop
    return is_changing and last is not None and last.is_accepted is not False and last.taken_out_at is None


@transaction.atomic
def discard_changes(*, form: FormResponse, user: "User", at: datetime | None = None) -> dict[str, Any]:
    """Throw away what was changed since the form was handed in; it is handed in again as it was.

    Records `form.handed_back`.

    Returns:
        What was thrown away, for `bring_back_changes`.

    Raises:
        NotYoursError: the form is somebody else's.
        NotPossibleError: nothing that was handed in stands any more, or the group is closed.
    """
    current, rights = own_form(form, user)
    if not may_discard(current, rights) or current.latest is None:
        raise NotPossibleError(rights.stop or _("There are no changes to discard."))
    last, kept = current.latest, {name: getattr(current, name) for name in KEPT}
    values = {"answers": dict(last.answers), "typed": {}, "next_audience": "", "added_by": last.added_by}
    put_draft(current, values, state_before(last), user, at)
    record_event("form.handed_back", current, user, at)
    return kept


@transaction.atomic
def bring_back_changes(
    *, form: FormResponse, user: "User", kept: dict[str, Any], at: datetime | None = None
) -> FormResponse:
    """Open the form again with what `discard_changes` gave back. A second press changes nothing.

    Raises:
        NotYoursError, NotPossibleError: as `reopen_form`.
    """
    current, _rights = own_form(form, user)
    if current.is_open:
        return current
    current = reopen_form(form=current, user=user, at=at)
    values = {name: kept[name] for name in KEPT}
    # Handed in for fewer since: what was thrown away before that does not open it to more.
    if values["next_audience"] and not is_narrower(values["next_audience"], current.audience):
        values["next_audience"] = ""
    put_draft(current, values, FormState.DRAFT, user, at)
    return current


def put_draft(
    form: FormResponse, values: dict[str, Any], state: FormState, user: "User", at: datetime | None = None
) -> None:
    """Set what the draft says; pages that are open elsewhere learn that their answers were changed."""
    keys = {*form.answers, *form.typed, *values["answers"], *values["typed"]}
    changed = [
        key for key in keys if _said(form.answers, form.typed, key) != _said(values["answers"], values["typed"], key)
    ]
    form.lock += 1
    form.answer_locks = form.answer_locks | {key: [form.lock, ""] for key in changed}
    form.state, form.saved_at, form.saved_by = state, at or timezone.now(), user
    for name, value in values.items():
        setattr(form, name, value)
    form.save(update_fields=["lock", "answer_locks", "state", "saved_at", "saved_by", *KEPT])


def _said(answers: dict[str, Any], typed: dict[str, Any], key: str) -> Any:
    return typed.get(key, answers.get(key))
