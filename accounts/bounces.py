"""Mails that came back: read from a mailbox, where one is configured (`BOUNCES_URL=imaps://user:password@host/INBOX`).

What came back says nothing by itself, since anybody may write to that mailbox. It counts only if it is a report of
delivery (RFC 3464), says of a receiver that the mail failed for good (5.x.x), and names the Message-ID of a mail that
we sent to that receiver. That has 128 bits that nobody but the receiver has seen: nobody can shut off another's mail.
"""

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings

from accounts.models import Mail
from accounts.services import note_bounce

logger = logging.getLogger(__name__)

AT_ONCE: Final = 200
"""So many are read in one turn."""
LARGEST: Final = 1_000_000
"""No report of delivery is larger; what is, is left unread."""
TIMEOUT: Final = 20
PORT, TLS_PORT = 143, 993
OURS: Final = re.compile(r"<([0-9a-f]{32})@")
PERMANENT: Final = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}")
HEADERS: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})


@dataclass(frozen=True, slots=True)
class Returned:
    """What a report says: of which of our mails, by its token, and which receivers it did not reach for good."""

    token: str
    receivers: frozenset[str]


def read_report(data: bytes) -> Returned | None:
    """Return what a report of delivery says; None where it is none, names none of ours, or nothing failed for good."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        if message.get_content_type() != "multipart/report":
            return None
        parts = list(message.walk())
        receivers = frozenset(address for part in parts for address in _failed(part))
        token = next((found for part in parts if (found := _token(part))), "")
    except Exception as error:  # noqa: BLE001 -- whatever a stranger's mail breaks in the parser, it is no report
        logger.warning("a mail that came back could not be read: %s", type(error).__name__)
        return None
    return Returned(token, receivers) if token and receivers else None


def _failed(part: Message) -> Iterator[str]:
    """Yield the receivers of whom a part says that the mail failed for good."""
    if part.get_content_type() != "message/delivery-status":
        return
    for block in part.get_payload() if isinstance(part.get_payload(), list) else []:
        if not isinstance(block, Message) or str(block.get("Action", "")).strip().lower() != "failed":
            continue
        if PERMANENT.match(str(block.get("Status", ""))):
            for name in ("Final-Recipient", "Original-Recipient"):
                yield str(block.get(name, "")).rpartition(";")[2].strip().strip("<>").lower()


def _token(part: Message) -> str:
    """Return the token of the mail that a part is, or whose headers it holds."""
    if part.get_content_type() not in HEADERS:
        return ""
    payload: Any = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if inner is None:
        raw = part.get_payload(decode=True)
        inner = message_from_bytes(raw if isinstance(raw, bytes) else b"", policy=policy.compat32)
    found = OURS.search(str(inner.get("Message-ID", "")))
    return found[1] if found else ""


def take(data: bytes) -> bool:
    """Note what a mail that came back says; return whether it was one of ours, and new."""
    report = read_report(data)
    if report is None:
        return False
    mail = Mail.objects.filter(token=report.token).first()
    if mail is None or mail.to.lower() not in report.receivers:
        return False
    return note_bounce(mail=mail)


def take_from_mailbox() -> int:
    """Read what is unread in the mailbox, note what it says, mark it as read; return how many mails of ours came back.

    Without a mailbox nothing happens. One that does not answer is asked again in the next turn.
    """
    if not settings.BOUNCES_URL:
        return 0
    noted = 0
    try:
        with _mailbox() as box:
            for number in _unread(box):
                noted += take(_body(box, number))
                box.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)")
    except (OSError, imaplib.IMAP4.error) as error:
        logger.warning("the mailbox of what came back was not read: %s", type(error).__name__)
    return noted


@contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4]:
    """Sign in and open the folder.

    Raises:
        OSError, IMAP4.error: it does not answer, or refuses.
    """
    parts = urlsplit(settings.BOUNCES_URL)
    host, is_plain = parts.hostname or "localhost", parts.scheme == "imap"
    box: imaplib.IMAP4
    if is_plain:
        box = imaplib.IMAP4(host, parts.port or PORT, timeout=TIMEOUT)
    else:  # without a context of its own, imaplib would believe any certificate
        secured = ssl.create_default_context()
        box = imaplib.IMAP4_SSL(host, parts.port or TLS_PORT, timeout=TIMEOUT, ssl_context=secured)
    try:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        box.select(_quoted(unquote(parts.path.strip("/")) or "INBOX"))
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unread(box: imaplib.IMAP4) -> list[str]:
    """Return the numbers of what is unread and no larger than a report is, the oldest first."""
    _answer, found = box.uid("SEARCH", "UNSEEN", "SMALLER", str(LARGEST))
    return (found[0] or b"").decode().split()[:AT_ONCE]


def _body(box: imaplib.IMAP4, number: str) -> bytes:
    """Return a whole mail; nothing where it is gone."""
    _answer, found = box.uid("FETCH", number, "(BODY.PEEK[])")
    return next((each[1] for each in found if isinstance(each, tuple)), b"")
