"""Comments on what was handed in, and marks of who has read it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.errors import NotPossibleError, NotYoursError
from core.typed_text import clean_text
from mentoring import stops
from mentoring.roles import role_of
from responses_app.models import FormComment, FormRead, FormResponse

if TYPE_CHECKING:
    from accounts.models import User

MAX_COMMENT = 5000


@transaction.atomic
def add_comment(*, form: FormResponse, user: "User", text: str, at: datetime | None = None) -> FormComment:
    """Add a comment that everybody who reads the form reads too. Records `form.commented`.

    Raises:
        ValidationError: there is no text, or too much.
        NotPossibleError: nothing was handed in yet, or the group is closed.
    """
    if stop := stops.writing(form.group):
        raise NotPossibleError(stop)
    if form.latest_id is None:
        raise NotPossibleError(_("Nobody but you can read this yet. Comments come after it is handed in."))
    words = clean_text(text, lines=True)
    if not words:
        raise ValidationError({"text": _("Write something first.")})
    if len(words) > MAX_COMMENT:
        too_long = _("Use at most %(limit)d characters. You have %(count)d.") % {
            "limit": MAX_COMMENT,
            "count": len(words),
        }
        raise ValidationError({"text": too_long})
    comment = FormComment.objects.create(
        form=form, author=user, author_role=role_of(user, form.group) or "", text=words, written_at=at or timezone.now()
    )
    events.record("form.commented", actor=user, group_id=form.group_id, target=form, at=at, comment=comment.pk)
    return comment


def _own_comment(form: FormResponse, comment_id: int, user: "User") -> FormComment:
    """Return the person's own comment on this form, to change it.

    Raises:
        NotYoursError: it is somebody else's, or of another form.
        NotPossibleError: the group is paused or closed.
    """
    if stop := stops.writing(form.group):
        raise NotPossibleError(stop)
    own: FormComment | None = form.comments.filter(pk=comment_id, author=user).first()
    if own is None:
        raise NotYoursError
    return own


@transaction.atomic
def remove_comment(*, form: FormResponse, comment_id: int, user: "User", at: datetime | None = None) -> FormComment:
    """Take one's own comment back; it can be restored. Records `form.comment_removed`.

    Raises:
        NotYoursError: it is not one's own.
        NotPossibleError: the group is paused or closed.
    """
    comment = _own_comment(form, comment_id, user)
    if comment.removed_at is None:
        comment.removed_at = at or timezone.now()
        comment.save(update_fields=["removed_at"])
        events.record(
            "form.comment_removed", actor=user, group_id=form.group_id, target=form, at=at, comment=comment.pk
        )
    return comment


@transaction.atomic
def restore_comment(*, form: FormResponse, comment_id: int, user: "User") -> FormComment:
    """Bring one's own comment back. Records `form.comment_restored`.

    Raises:
        NotYoursError: it is not one's own.
        NotPossibleError: the group is paused or closed.
    """
    comment = _own_comment(form, comment_id, user)
    if comment.removed_at is not None:
        comment.removed_at = None
        comment.save(update_fields=["removed_at"])
        events.record("form.comment_restored", actor=user, group_id=form.group_id, target=form, comment=comment.pk)
    return comment


def mark_read(*, form: FormResponse, user: "User", at: datetime | None = None) -> FormRead | None:
    """Note that the person has opened the last submission; nothing for its writers or when nothing was handed in."""
    latest = form.latest
    if latest is None or user.pk in {form.author_id, form.subject_id, latest.submitted_by_id}:
        return None
    known = next((each for each in latest.reads.all() if each.user_id == user.pk), None)
    if known is not None:
        return known
    read, _made = FormRead.objects.get_or_create(
        submission=latest, user=user, defaults={"read_at": at or timezone.now()}
    )
    return read


def mark_seen(*, form: FormResponse, user: "User", at: datetime | None = None) -> set[int]:
    """Note that the writer has the answers to a form on the screen; nothing for anybody else.

    Returns:
        The keys of those that the writer sees for the first time.
    """
    if user.pk != form.author_id:
        return set()
    new = {each.pk for each in form.comments.all() if each.seen_at is None and each.author_id != user.pk}
    if new:
        FormComment.objects.filter(pk__in=new, seen_at__isnull=True).update(seen_at=at or timezone.now())
    return new
