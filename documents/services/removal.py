"""Papers in their folders: taken out with a reason, brought back."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from documents.models import Document
from mentoring import stops

if TYPE_CHECKING:
    from accounts.models import User


def _locked(document: Document) -> Document:
    """Return the document with its row locked.

    Raises:
        ValidationError: its group is an archive.
    """
    found: Document = (
        Document.objects.select_for_update(of=("self",))
        .select_related("folder__group__programme", "tool_version__tool", "subject")
        .get(pk=document.pk)
    )
    if stop := stops.removing(found.folder.group):
        raise ValidationError(stop)
    return found


def _record(kind: str, document: Document, user: "User", at: datetime | None) -> None:
    events.record(
        kind,
        actor=user,
        group_id=document.folder.group_id,
        target=document,
        at=at,
        tool_id=document.tool_version.tool_id,
        subject=document.subject_id,
        session_key=document.session_key,
    )


@transaction.atomic
def remove_document(*, document: Document, user: "User", reason: str, at: datetime | None = None) -> Document:
    """Take a document out of its folder; nothing is deleted and `restore_document` brings it back.

    Idempotent. Records `document.removed`.

    Raises:
        ValidationError: no reason, or the group is an archive.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. It is kept with the document.")})
    document = _locked(document)
    if document.removed_at:
        return document
    document.removed_at, document.removed_by = at or timezone.now(), user
    document.removed_reason = reason.strip()[:300]
    document.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    _record("document.removed", document, user, at)
    return document


@transaction.atomic
def restore_document(*, document: Document, user: "User", at: datetime | None = None) -> Document:
    """Bring a document back into its folder.

    Idempotent. Records `document.restored`.

    Raises:
        ValidationError: another document has taken its place meanwhile, or the group is an archive.
    """
    document = _locked(document)
    if document.removed_at is None:
        return document
    taken = Document.objects.about_the_same(
        document.folder.group, document.tool_version.tool_id, document.subject_id, document.session_key
    )
    if taken.exists():
        raise ValidationError(_("Another document has taken its place. Remove that one first."))
    document.removed_at, document.removed_by, document.removed_reason = None, None, ""
    document.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    _record("document.restored", document, user, at)
    return document
