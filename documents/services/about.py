"""Which session or person a paper is about, put right afterwards without sending it again."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from documents import readers
from documents.models import AboutCorrection, Document, Folder
from mentoring import stops
from tools.fields.questions import narrowest

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def correct_about(
    *,
    document: Document,
    subject: "User | None",
    session_key: str,
    session_title: dict[str, Any],
    by: "User",
    reason: str,
    at: datetime | None = None,
    with_form: bool = False,
) -> AboutCorrection | None:
    """Say anew which session and person a document is about; the checklist follows. None when nothing was different.

    Records `document.about_corrected`. The form that it was made from is the caller's to move with it. What was added
    as a file is read by no more people then than read what is, or was, there about the same.

    Args:
        with_form: it goes with its form: removed or not, so that it comes back where it belongs; its readers are those
            of the form.

    Raises:
        ValidationError: no reason, another paper is there, this one is taken out, or the group is an archive.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. It is kept with the document.")})
    Folder.objects.hold_key(document.folder_id)  # nobody else comes to its new place meanwhile
    held: Document = Document.objects.select_related("folder__group", "tool_version", "subject").get(
        pk=Document.objects.hold(document).pk
    )
    group, tool_id = held.folder.group, held.tool_version.tool_id
    if stop := stops.removing(group):
        raise ValidationError(stop)
    if held.removed_at and not with_form:
        raise ValidationError(_("This document was removed from its folder. Restore it first."))
    subject_id = subject.pk if subject else None
    if (held.subject_id, held.session_key) == (subject_id, session_key):
        return None
    if not held.removed_at:
        there = Document.objects.about_the_same(group, tool_id, subject_id, session_key).exclude(pk=held.pk)
        if there.with_bytes().exists():
            raise ValidationError(_("A document about that is there already. Remove that one first."))
        there.delete()  # a number without bytes: its PDF was never made
    moment = at or timezone.now()
    correction = AboutCorrection.objects.create(
        document=held, was_subject=held.subject, was_session_title=held.session_title, is_subject=subject,
        is_session_title=session_title, reason=reason.strip()[:300], corrected_by=by, corrected_at=moment,
    )  # fmt: skip
    was = {"was_subject": held.subject_id, "was_session_key": held.session_key}
    held.subject, held.session_key, held.session_title = subject, session_key, session_title
    if not with_form:
        there_already = readers.at_most(group, held.tool_version, subject, session_key)
        held.audience = narrowest([held.audience, there_already])
    held.save(update_fields=["subject", "session_key", "session_title", "audience"])
    events.record(
        "document.about_corrected", actor=by, group_id=group.pk, target=held, at=at, tool_id=tool_id,
        subject=subject_id, session_key=session_key, **was,
    )  # fmt: skip
    return correction
