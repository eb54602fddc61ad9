"""Mails as rows, portraits, sessions."""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from smtplib import SMTPConnectError, SMTPRecipientsRefused, SMTPServerDisconnected
from socket import gaierror
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, OuterRef
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
WAITS_FOR_SERVER = timedelta(days=3)
LONGEST_PAUSE = 60  # minutes
IS_DOWN = (ConnectionError, TimeoutError, gaierror, SMTPServerDisconnected, SMTPConnectError)
"""Errors that say that there is no mail server to ask, and nothing about the mail."""
FOR_GOOD = 500
"""Answers of a mail server from here on mean that another attempt is refused as well."""
BOUNCED = "bounced"
"""The error of a mail that came back: the next one is taken by the same server, which says nothing yet."""
ARRIVES_AGAIN = timedelta(days=3)
"""So long after a mail that did not come back the address counts as one that mails reach again."""
Check = Callable[[Mail], bool]
_checks: dict[str, Check] = {}

PROFILE = ("full_name", "call_name", "about", "shows_email", "language", "time_zone")


def write_mail(*, to: str, kind: str, template: str, context: dict[str, Any]) -> Mail:
    """Write a mail as a row of the current transaction and send it on commit.

    Args:
        template: its first line is the subject, the rest the text.
    """
    text = render_to_string(template, context).strip()
    subject, _, body = text.partition("\n")
    return store_mail(to=to, kind=kind, subject=subject, body=body)


def mail_host() -> str:
    """Return the name that the Message-IDs of our mails end in."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def register_check(kind: str, check: Check) -> None:
    """Let `check(mail)` say, whenever a mail of this kind is about to leave, whether it still may; for `ready()`."""
    _checks[kind] = check


def store_mail(
    *, to: str, kind: str, subject: str, body: str, html: str = "", headers: Mapping[str, str] | None = None
) -> Mail:
    """Store a mail that is ready to go, and send it on commit.

    Args:
        kind: what it is; of a kind with a colon (`notice:form_returned`) the part before it names the check.
        html: the same as `body`, for readers that show it.
        headers: beside sender, receiver and subject.
    """
    token = secrets.token_hex(16)
    mail = Mail.objects.create(
        to=to, kind=kind, subject=subject.strip()[:200], body=body.strip() + "\n", html=html, token=token,
        headers={"Message-ID": f"<{token}@{mail_host()}>", **(headers or {})},
    )  # fmt: skip
    send_on_commit("accounts.send_mail", mail_id=mail.pk)
    return mail


def send_mail(*, mail_id: int) -> bool:
    """Send a waiting mail once; its text is dropped afterwards (it may hold a link that opens a door).

    Returns:
        Whether it is sent now. A failed mail is tried again later, at most five times, and for three days while there
        is no server to ask; one that the receiver's server refuses for good is not.
    """
    lease = timezone.now() + timedelta(minutes=2)
    claimed = Mail.objects.filter(pk=mail_id, state=Mail.State.WAITING, next_try_at__lte=timezone.now()).update(
        next_try_at=lease, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    refused = User.objects.filter(email__iexact=OuterRef("to"), mail_refused_at__isnull=False)
    bounced = Mail.objects.filter(to__iexact=OuterRef("to"), state=Mail.State.REFUSED, error=BOUNCED)
    mail = Mail.objects.annotate(was_refused=Exists(refused) & ~Exists(bounced)).get(pk=mail_id)
    check = _checks.get(mail.kind.partition(":")[0])
    if check is not None and not check(mail):
        _end(mail, Mail.State.DROPPED)
        return False
    try:
        _message(mail).send()
    except SMTPRecipientsRefused as error:
        if all(code >= FOR_GOOD for code, _words in error.recipients.values()):
            _end(mail, Mail.State.REFUSED, error=type(error).__name__)
            User.objects.filter(email__iexact=mail.to, mail_refused_at=None).update(mail_refused_at=timezone.now())
        else:
            _try_later(mail, error)
        return False
    except Exception as error:  # noqa: BLE001 -- any mail server error means: try again later
        _try_later(mail, error)
        return False
    _end(mail, Mail.State.SENT, sent_at=timezone.now())
    if mail.was_refused:
        User.objects.filter(email__iexact=mail.to).update(mail_refused_at=None)
    return True


def _message(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as it is sent; what cannot be delivered goes back to the address of bounces, if there is one."""
    headers, sender = mail.headers, settings.DEFAULT_FROM_EMAIL
    if settings.BOUNCE_ADDRESS:
        headers, sender = {"From": sender, **headers}, settings.BOUNCE_ADDRESS
    message = EmailMultiAlternatives(mail.subject, mail.body, sender, to=[mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _end(mail: Mail, state: Mail.State, **values: Any) -> None:
    """Note what became of a mail, and drop its text, and its headers, which hold the key to leave."""
    gone = {"body": "", "html": "", "headers": {}, "error": ""}
    Mail.objects.filter(pk=mail.pk).update(**{"state": state, **gone, **values})


def _try_later(mail: Mail, error: Exception) -> None:
    """Let a mail wait; it is given up after five tries, where the server is only not there after three days."""
    is_down = isinstance(error, IS_DOWN)
    gave_up = mail.attempts >= MAIL_ATTEMPTS and not (is_down and mail.created_at > timezone.now() - WAITS_FOR_SERVER)
    Mail.objects.filter(pk=mail.pk).update(
        state=Mail.State.FAILED if gave_up else Mail.State.WAITING,
        error=type(error).__name__,
        next_try_at=timezone.now() + timedelta(minutes=min(2**mail.attempts, LONGEST_PAUSE)),
    )
    logger.warning("mail %s was not sent: %s", mail.pk, type(error).__name__)


def sweep_mails() -> int:
    """Send what waits and is due; return how many were sent."""
    due = Mail.objects.filter(state=Mail.State.WAITING, next_try_at__lte=timezone.now()).values_list("pk", flat=True)
    return sum(send_mail(mail_id=pk) for pk in list(due[:100]))


@transaction.atomic
def note_bounce(*, mail: Mail) -> bool:
    """Note that a mail came back for good, and that mails do not reach its person; once.

    Returns:
        Whether it was new. What came back to an address that its person does not have any more says nothing of them.
    """
    changed = Mail.objects.filter(pk=mail.pk, state=Mail.State.SENT).update(state=Mail.State.REFUSED, error=BOUNCED)
    if changed:
        User.objects.filter(email__iexact=mail.to, mail_refused_at=None).update(mail_refused_at=timezone.now())
    return bool(changed)


def forget_mails() -> int:
    """Remove mails that are older than the time for which they are kept; return how many."""
    before = timezone.now() - timedelta(days=settings.MAILS_KEPT_DAYS)
    settled = Mail.objects.filter(created_at__lt=before).exclude(state=Mail.State.WAITING)
    return settled.delete()[0]


def note_who_is_reached_again() -> int:
    """Take back that mails do not reach people, where newer ones have not come back for some days; return how many."""
    sent = Mail.objects.filter(to__iexact=OuterRef("email"), state=Mail.State.SENT)
    sent = sent.filter(sent_at__lt=timezone.now() - ARRIVES_AGAIN, sent_at__gt=OuterRef("mail_refused_at"))
    later = Mail.objects.filter(
        to__iexact=OuterRef("to"), state=Mail.State.REFUSED, created_at__gte=OuterRef("created_at")
    )
    found = User.objects.filter(Exists(sent.filter(~Exists(later))), mail_refused_at__isnull=False)
    return User.objects.filter(pk__in=list(found.values_list("pk", flat=True))).update(mail_refused_at=None)


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
