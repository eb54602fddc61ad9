"""Mails that came back: what a mail server reports counts, what anybody else claims does not."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from accounts import bounces, services
from accounts.models import Mail, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def tomas() -> User:
    """A person to whom mails were sent."""
    return User.objects.create(email="tomas@example.org", full_name="Tomas Jankauskas")


@pytest.fixture
def sent(tomas: User) -> Mail:
    """A mail that left for Tomas."""
    mail = services.store_mail(to=tomas.email, kind="hello", subject="Hello", body="Hello")
    assert services.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    return mail


def status(receiver: str, action: str, code: str) -> Message:
    """Return the machine-readable part of a report, as RFC 3464 has it."""
    text = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; {receiver}\nAction: {action}\nStatus: {code}\n"
    )
    return message_from_string(text)


def report(
    message_id: str, receiver: str, *, action: str = "failed", code: str = "5.1.1", only_headers: bool = False
) -> bytes:
    """Return a report of delivery about a mail, as a mail server writes it."""
    whole = MIMEMultipart("report", **{"report-type": "delivery-status"})
    whole["From"], whole["To"], whole["Subject"] = "MAILER-DAEMON@mx.example.org", "bounces@example.org", "Undelivered"
    whole.attach(MIMEText("This is the mail system. It could not be delivered."))
    whole.attach(status(receiver, action, code))
    original = EmailMessage()
    original["Message-ID"], original["To"], original["Subject"] = message_id, receiver, "Hello"
    if only_headers:
        headers = MIMEText(original.as_string(), "rfc822-headers")
        whole.attach(headers)
    else:
        original.set_content("Hello")
        whole.attach(MIMEMessage(original))
    return whole.as_bytes()


def message_id_of(mail: Mail) -> str:
    """Return the Message-ID with which a mail left."""
    return str(outbox.outbox[-1].extra_headers["Message-ID"]) if mail.pk else ""


def is_reached(person: User) -> bool:
    """Return whether mails reach a person, as their Managers read it."""
    return User.objects.get(pk=person.pk).mail_refused_at is None


@pytest.mark.parametrize("only_headers", [False, True])
def test_a_mail_that_came_back_for_good_marks_its_person(sent: Mail, tomas: User, only_headers: bool) -> None:
    data = report(message_id_of(sent), "Tomas@Example.org", only_headers=only_headers)
    assert bounces.take(data) is True
    sent.refresh_from_db()
    assert (sent.state, sent.error) == (Mail.State.REFUSED, "bounced")
    assert not is_reached(tomas)
    assert bounces.take(data) is False, "told twice, it is noted once"


@pytest.mark.parametrize(("action", "code"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("delivered", "2.0.0")])
def test_what_is_not_for_good_marks_nobody(sent: Mail, tomas: User, action: str, code: str) -> None:
    assert bounces.take(report(message_id_of(sent), tomas.email, action=action, code=code)) is False
    assert is_reached(tomas)


@pytest.mark.parametrize("forged", ["<1@testserver>", f"<{'0' * 32}@testserver>", "", "<mail.{pk}@testserver>"])
def test_a_forged_report_shuts_off_nobodys_mail(sent: Mail, tomas: User, forged: str) -> None:
    assert bounces.take(report(forged.format(pk=sent.pk), tomas.email)) is False
    assert is_reached(tomas)


def test_a_receiver_cannot_name_another_by_the_report_of_their_own_mail(sent: Mail, tomas: User) -> None:
    rasa = User.objects.create(email="rasa@example.org", full_name="Rasa")
    assert bounces.take(report(message_id_of(sent), rasa.email)) is False
    assert is_reached(rasa)
    assert is_reached(tomas)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"Subject: Out of office\n\nI am away.", b"Content-Type: multipart/report\n\n" * 50]
)
def test_any_other_mail_says_nothing(sent: Mail, tomas: User, data: bytes) -> None:
    assert bounces.take(data) is False
    assert is_reached(tomas)


def test_an_answer_that_quotes_our_mail_is_no_report(sent: Mail, tomas: User) -> None:
    answer = EmailMessage()
    answer["In-Reply-To"] = message_id_of(sent)
    answer.set_content("Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; tomas@example.org\n")
    assert bounces.take(answer.as_bytes()) is False
    assert is_reached(tomas)


def test_the_next_mail_does_not_take_the_mark_back_and_days_without_a_report_do(sent: Mail, tomas: User) -> None:
    bounces.take(report(message_id_of(sent), tomas.email))
    later = services.store_mail(to=tomas.email, kind="hello", subject="Again", body="Again")
    services.send_mail(mail_id=later.pk)
    assert not is_reached(tomas), "its server took it, and may send it back"
    assert services.note_who_is_reached_again() == 0
    days_ago = timezone.now() - services.ARRIVES_AGAIN - services.ARRIVES_AGAIN
    User.objects.filter(pk=tomas.pk).update(mail_refused_at=days_ago)
    Mail.objects.filter(pk=sent.pk).update(created_at=days_ago)
    Mail.objects.filter(pk=later.pk).update(sent_at=days_ago + services.ARRIVES_AGAIN / 2)
    assert services.note_who_is_reached_again() == 1
    assert is_reached(tomas)


def test_what_comes_back_goes_to_the_address_of_bounces(tomas: User, settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    mail = services.store_mail(to=tomas.email, kind="hello", subject="Hello", body="Hello")
    services.send_mail(mail_id=mail.pk)
    left = outbox.outbox[-1]
    assert left.from_email == "bounces@example.org"
    assert left.message()["From"] == settings.DEFAULT_FROM_EMAIL


def test_old_mails_go_and_those_that_wait_stay(sent: Mail, tomas: User, settings: Any) -> None:
    waiting = services.store_mail(to=tomas.email, kind="hello", subject="Wait", body="Wait")
    young = services.store_mail(to=tomas.email, kind="hello", subject="Young", body="Young")
    old = timezone.now() - timedelta(days=settings.MAILS_KEPT_DAYS + 1)
    Mail.objects.filter(pk__in=[sent.pk, waiting.pk]).update(created_at=old)
    assert services.forget_mails() == 1
    assert set(Mail.objects.values_list("pk", flat=True)) == {waiting.pk, young.pk}


# --- the mailbox ------------------------------------------------------------------------------------------------------


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server with one folder, as far as it is asked: LOGIN, SELECT, UID SEARCH, FETCH and STORE, LOGOUT."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mails: list[bytes]) -> None:
        self.mails, self.seen, self.lines = mails, set(), []  # type: ignore[var-annotated]
        super().__init__(("127.0.0.1", 0), Answers)


class Answers(socketserver.StreamRequestHandler):
    """What it answers."""

    server: Mailbox

    def handle(self) -> None:
        """Answer line by line."""
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode().strip():
            self.server.lines.append(line)
            tag, _space, rest = line.partition(" ")
            words = rest.split()
            if words[0] == "CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif words[0] == "LOGIN" and '"secret word"' not in rest:
                self.wfile.write(f"{tag} NO wrong\r\n".encode())
                continue
            elif words[0] == "SELECT":
                self.wfile.write(f"* {len(self.server.mails)} EXISTS\r\n".encode())
            elif words[:2] == ["UID", "SEARCH"]:
                unread = [str(n) for n in range(1, len(self.server.mails) + 1) if str(n) not in self.server.seen]
                self.wfile.write(f"* SEARCH {' '.join(unread)}\r\n".encode())
            elif words[:2] == ["UID", "FETCH"]:
                data = self.server.mails[int(words[2]) - 1]
                self.wfile.write(f"* 1 FETCH (UID {words[2]} BODY[] {{{len(data)}}}\r\n".encode() + data + b")\r\n")
            elif words[:2] == ["UID", "STORE"]:
                self.server.seen.add(words[2])
            self.wfile.write(f"{tag} OK done\r\n".encode())
            if words[0] == "LOGOUT":
                return


@pytest.fixture
def mailbox(sent: Mail, tomas: User, settings: Any) -> Iterator[Mailbox]:
    """A mailbox with somebody's holiday and one mail that came back."""
    holiday = b"Subject: Away\r\n\r\nI am away until Monday.\r\n"
    with Mailbox([holiday, report(message_id_of(sent), tomas.email)]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.BOUNCES_URL = f"imap://bounces:secret%20word@127.0.0.1:{server.server_address[1]}/Bounced%20mails"
        yield server
        server.shutdown()


def test_the_mailbox_is_read_once_and_left_as_read(mailbox: Mailbox, tomas: User) -> None:
    assert bounces.take_from_mailbox() == 1
    assert not is_reached(tomas)
    assert mailbox.seen == {"1", "2"}
    assert any('SELECT "Bounced mails"' in line for line in mailbox.lines)
    assert bounces.take_from_mailbox() == 0


def test_a_mailbox_that_is_shut_or_not_there_fails_nothing(mailbox: Mailbox, tomas: User, settings: Any) -> None:
    settings.BOUNCES_URL = settings.BOUNCES_URL.replace("secret%20word", "wrong")
    assert bounces.take_from_mailbox() == 0
    settings.BOUNCES_URL = "imap://a:b@127.0.0.1:1/INBOX"
    assert bounces.take_from_mailbox() == 0
    settings.BOUNCES_URL = ""
    assert bounces.take_from_mailbox() == 0
    assert is_reached(tomas)
