"""What was handed in is never changed: a copy with what is different becomes what was handed in last."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from responses_app.models import FormRead, FormResponse, FormSubmission
from responses_app.rendering import request_form

if TYPE_CHECKING:
    from accounts.models import User

COPIED = (
    "answers", "added_by", "language", "audience", "submitted_by", "submitted_at", "decided_by", "decided_at",
    "is_accepted", "decision_note", "taken_out_by", "taken_out_at", "taken_out_reason",
)  # fmt: skip
"""What stays as it was when a submission is copied with what it is really about."""


def copy_submission(
    form: FormResponse, last: FormSubmission, *, by: "User", at: datetime, **changed: Any
) -> FormSubmission:
    """Copy what was handed in, with its readers; have its PDF made where it had one.

    Args:
        by: who changes something: a paper is made for them.
        changed: what is different in the copy.
    """
    copied = FormSubmission.objects.create(
        form=form, number=last.number + 1, **{name: getattr(last, name) for name in COPIED} | changed
    )
    FormRead.objects.bulk_create(
        FormRead(submission=copied, user_id=user, read_at=when)
        for user, when in last.reads.values_list("user_id", "read_at")
    )
    if last.rendering_id and last.taken_out_at is None:
        request_form(submission=copied, requested_by=by, at=at)
    return copied
