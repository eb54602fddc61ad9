"""Mails as rows, portraits, sessions."""

import logging
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Mail, User
from core.files import child
from core.files.kinds import HEIC, JPEG, PNG, WEBP
from core.files.pictures import redrawn
from core.files.unfit import UnfitError
from core.isolation.errors import BusyError
from core.ops.sending import send_on_commit

logger = logging.getLogger(__name__)

PORTRAIT_SIDE = 320
PORTRAIT_MAX_BYTES = 10 * 1024 * 1024
PORTRAIT_MAX_PIXELS = 40_000_000
PORTRAIT_KINDS = (JPEG, PNG, WEBP, HEIC)
MAIL_ATTEMPTS = 5
PROFILE = ("full_name", "call_name", "about", "shows_email", "language", "time_zone")


def write_mail(*, to: str, kind: str, template: str, context: dict[str, Any]) -> Mail:
    """Write a mail as a row of the current transaction and send it on commit.

    Args:
        template: its first line is the subject, the rest the text.
    """
    text = render_to_string(template, context).strip()
    subject, _, body = text.partition("\n")
    return store_mail(to=to, kind=kind, subject=subject, body=body)


def store_mail(*, to: str, kind: str, subject: str, body: str) -> Mail:
    """Store a mail that is ready to go, and send it on commit."""
    mail = Mail.objects.create(to=to, kind=kind, subject=subject.strip()[:200], body=body.strip() + "\n")
    send_on_commit("accounts.send_mail", mail_id=mail.pk)
    return mail


def send_mail(*, mail_id: int) -> bool:
    """Send a waiting mail once; its text is dropped afterwards (it may hold a link that opens a door).

    Returns:
        Whether it is sent now. A failed mail is tried again later, at most five times.
    """
    lease = timezone.now() + timedelta(minutes=2)
    claimed = Mail.objects.filter(pk=mail_id, state=Mail.State.WAITING, next_try_at__lte=timezone.now()).update(
        next_try_at=lease, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    mail = Mail.objects.get(pk=mail_id)
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
    except Exception as error:  # noqa: BLE001 -- any mail server error means: try again later
        gave_up = mail.attempts >= MAIL_ATTEMPTS
        Mail.objects.filter(pk=mail_id).update(
            state=Mail.State.FAILED if gave_up else Mail.State.WAITING,
            error=type(error).__name__,
            next_try_at=timezone.now() + timedelta(minutes=2**mail.attempts),
        )
        logger.warning("mail %s was not sent: %s", mail_id, type(error).__name__)
        return False
    Mail.objects.filter(pk=mail_id).update(state=Mail.State.SENT, sent_at=timezone.now(), body="", error="")
    return True


def sweep_mails() -> int:
    """Send what waits and is due; return how many were sent."""
    due = Mail.objects.filter(state=Mail.State.WAITING, next_try_at__lte=timezone.now()).values_list("pk", flat=True)
    return sum(send_mail(mail_id=pk) for pk in list(due[:100]))


class PhotoError(ValueError):
    """The sent file is no photo that can be used; `reason` is a key of `accounts.forms.PHOTO_REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def portrait(data: bytes) -> bytes:
    """Return a photo re-encoded as a square JPEG of 320 px, upright, without metadata.

    Raises:
        PhotoError: too large, too many pixels, too complicated, or no JPEG, PNG, WebP or HEIC.
    """
    if len(data) > PORTRAIT_MAX_BYTES:
        raise PhotoError("too_large")
    try:
        return redrawn(
            child.make_portrait, data, kinds=PORTRAIT_KINDS, side=PORTRAIT_SIDE, max_pixels=PORTRAIT_MAX_PIXELS
        )
    except UnfitError as error:
        known = {"too_many_pixels", "too_complicated"}
        raise PhotoError(error.code if error.code in known else "not_a_photo") from error
    except BusyError as error:
        raise PhotoError("busy") from error


def change_profile(*, user: User, **values: Any) -> None:
    """Change what people say about themselves.

    Args:
        values: some of `PROFILE`, valid already.
    """
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))


@transaction.atomic
def store_photo(*, user: User, jpeg: bytes | None) -> None:
    """Set the portrait, or take it away when `jpeg` is None; the old file goes after the commit.

    Args:
        jpeg: as `portrait` returned it.
    """
    old = user.photo.name if user.photo else ""
    storage = user.photo.storage
    if jpeg is None:
        user.photo = ""
    else:
        user.photo.save("portrait.jpg", ContentFile(jpeg), save=False)
    user.save(update_fields=["photo"])
    if old:
        transaction.on_commit(lambda: storage.delete(old))


def set_language(*, user: User, language: str) -> None:
    """Keep the language a person chose."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language
