"""Who has signed a paper, put right afterwards without sending it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from documents.models import Document, Signature, SignatureCorrection
from mentoring import stops

if TYPE_CHECKING:
    from accounts.models import User


class SaidMeanwhileError(Exception):
    """Somebody else has said who signed, or added a version, since the page of this correction was made."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a correction was made from: the version, and the keys of those who were said to have signed it."""

    version: int
    signed: frozenset[int]


@transaction.atomic
def correct_signatures(
    *,
    document: Document,
    signed_by: Iterable["User"],
    by: "User",
    reason: str,
    seen: Seen | None = None,
    at: datetime | None = None,
) -> SignatureCorrection | None:
    """Say anew who has signed the current version; the checklist follows. None when nothing was different.

    Nobody is an answer too: a paper that was added by mistake before it went round.

    Records `document.signatures_corrected`.

    Args:
        seen: what was there for whoever corrects it; not compared when None.

    Raises:
        SaidMeanwhileError: something else is there by now; of two at the same moment, for the second.
        ValidationError: no reason, the paper is taken out, or the group is an archive.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. It is kept with the document.")})
    held: Document = Document.objects.select_related("folder__group", "tool_version", "current").get(
        pk=Document.objects.hold(document).pk
    )
    if stop := stops.removing(held.folder.group):
        raise ValidationError(stop)
    if held.removed_at or held.current is None:
        raise ValidationError(_("This document was removed from its folder. Restore it first."))
    now_signed = {person.pk: person for person in signed_by}
    before = set(Signature.objects.filter(version=held.current).values_list("person_id", flat=True))
    added, removed = set(now_signed) - before, before - set(now_signed)
    if seen is not None and seen != Seen(held.current.pk, frozenset(before)) and (added or removed):
        raise SaidMeanwhileError
    if not added and not removed:
        return None
    moment = at or timezone.now()
    Signature.objects.filter(version=held.current, person__in=removed).delete()
    Signature.objects.bulk_create(
        Signature(version=held.current, person_id=pk, recorded_by=by, recorded_at=moment) for pk in sorted(added)
    )
    correction = SignatureCorrection.objects.create(
        version=held.current, reason=reason.strip()[:300], corrected_by=by, corrected_at=moment
    )
    correction.added.set(added)
    correction.removed.set(removed)
    events.record(
        "document.signatures_corrected",
        actor=by,
        group_id=held.folder.group_id,
        target=held,
        at=at,
        tool_id=held.tool_version.tool_id,
        subject=held.subject_id,
        session_key=held.session_key,
    )
    return correction
