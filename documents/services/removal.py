"""Papers in their folders, and versions of them: taken out with a reason, brought back."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.held import read_held
from documents.models import BroughtBack, Document, DocumentVersion, Folder, Source
from mentoring import stops

if TYPE_CHECKING:
    from accounts.models import User


def _locked(document: Document) -> Document:
    """Return the document with its row locked.

    Raises:
        ValidationError: its group is an archive.
    """
    joined = Document.objects.select_related("folder__group__programme", "tool_version__tool", "subject")
    found: Document = read_held(joined, document.pk)
    if stop := stops.removing(found.folder.group):
        raise ValidationError(stop)
    return found


def _in_its_folder(document: Document) -> Document:
    """Return the document with its row locked.

    Raises:
        ValidationError: its group is an archive, or it was taken out.
    """
    found = _locked(document)
    if found.removed_at is not None:
        raise ValidationError(_("This document was removed from the folder. Restore it first."))
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
        ValidationError: another document has taken its place meanwhile, the group is an archive, or whoever listens
            to the event refuses it: its form was handed in again since, and that was removed too.
    """
    Folder.objects.hold_key(document.folder_id)  # before it is asked whether its place is free
    document = _locked(document)
    if document.removed_at is None:
        return document
    there = Document.objects.about_the_same(
        document.folder.group, document.tool_version.tool_id, document.subject_id, document.session_key
    )
    taken = _("Another document has taken its place. Remove that one first.")
    if there.with_bytes().exists():
        raise ValidationError(taken)
    there.delete()  # a number without bytes: a PDF still to be made is filed here instead
    trace = BroughtBack(
        document=document, taken_by=document.removed_by, taken_at=document.removed_at, reason=document.removed_reason,
        brought_by=user, brought_at=at or timezone.now(),
    )  # fmt: skip
    document.removed_at, document.removed_by, document.removed_reason = None, None, ""
    try:
        with transaction.atomic():
            document.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    except IntegrityError:
        raise ValidationError(taken) from None
    trace.save()
    _record("document.restored", document, user, at)
    return document


@transaction.atomic
def take_back_version(*, version: DocumentVersion, user: "User", reason: str, at: datetime | None = None) -> Document:
    """Take the newest version back, which was added by mistake; the one before is the current again.

    Nothing is deleted and `bring_back_version` undoes it. Idempotent. Records `document.version_taken_back`.

    Raises:
        ValidationError: no reason, the group is an archive, it was made from a form (which is changed or returned
            instead), it is not the newest, or the only one (then the document is removed instead).
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. It is kept with the document.")})
    document = _in_its_folder(version.document)
    held = document.versions.get(pk=version.pk)
    if held.taken_back_at is not None:
        return document
    if held.source == Source.RENDERED:
        raise ValidationError(_("This version was made from a form. Change or return the form instead."))
    if document.current_id != held.pk:
        raise ValidationError(_("Only the current version can be taken back."))
    before = document.versions.valid().exclude(pk=held.pk).order_by("-number").first()
    if before is None:
        raise ValidationError(_("It is the only version. Remove the document instead."))
    held.taken_back_at, held.taken_back_by = at or timezone.now(), user
    held.taken_back_reason = reason.strip()[:300]
    held.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    _follow(document, before, "document.version_taken_back", user, at)
    return document


@transaction.atomic
def bring_back_version(*, version: DocumentVersion, user: "User", at: datetime | None = None) -> Document:
    """Bring back a version that was taken back; the newest is the current one. Idempotent.

    Records `document.version_brought_back`.

    Raises:
        ValidationError: the group is an archive.
    """
    document = _in_its_folder(version.document)
    held = document.versions.get(pk=version.pk)
    if held.taken_back_at is None:
        return document
    BroughtBack.objects.create(
        document=document, version=held, taken_by=held.taken_back_by, taken_at=held.taken_back_at,
        reason=held.taken_back_reason, brought_by=user, brought_at=at or timezone.now(),
    )  # fmt: skip
    held.taken_back_at, held.taken_back_by, held.taken_back_reason = None, None, ""
    held.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    newest = document.versions.valid().order_by("-number").first()
    _follow(document, newest or held, "document.version_brought_back", user, at)
    return document


def _follow(document: Document, version: DocumentVersion, kind: str, user: "User", at: datetime | None) -> None:
    document.current, document.changed_at = version, at or timezone.now()
    document.save(update_fields=["current", "changed_at"])
    _record(kind, document, user, at)
