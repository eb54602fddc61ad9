"""Mails: a row first, sent once, tried again, without their text once they are sent."""

from datetime import timedelta
from smtplib import SMTPDataError
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.utils import timezone, translation

from accounts import services, tasks
from accounts.models import Mail

pytestmark = pytest.mark.django_db
WAITING, SENT, FAILED = Mail.State.WAITING, Mail.State.SENT, Mail.State.FAILED


def a_mail(**changes: Any) -> Mail:
    """Return a mail that waits to be sent."""
    words = {"to": "milda@example.org", "kind": "hello", "subject": "Hello", "body": "It opens a door: http://x/y\n"}
    return Mail.objects.create(**{**words, **changes})


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that is not there."""

    def refuse(message: EmailMessage, **_: Any) -> None:
        raise ConnectionRefusedError("mail.internal:587 as mentoring:secret")

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_a_mail_is_a_row_and_leaves_after_the_commit(commit: Any) -> None:
    with commit():
        mail = services.store_mail(to="milda@example.org", kind="hello", subject="  Hello  ", body="  Come in.  ")
        assert (mail.state, mail.subject, mail.body) == (WAITING, "Hello", "Come in.\n")
        assert outbox.outbox == []
    assert [(sent.to, sent.subject, sent.body) for sent in outbox.outbox] == [
        (["milda@example.org"], "Hello", "Come in.\n")
    ]


def test_what_is_taken_back_is_not_sent(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        services.store_mail(to="milda@example.org", kind="hello", subject="Hello", body="Come in.")
    assert outbox.outbox == []
    assert Mail.objects.get().state == WAITING


def test_the_first_line_of_the_template_is_the_subject_in_each_language() -> None:
    subjects = {}
    for language in ("en", "bg"):
        with translation.override(language):
            mail = services.write_mail(
                to="milda@example.org",
                kind="password",
                template="account/email/password_changed_subject.txt",
                context={},
            )
        subjects[language] = mail.subject
    assert subjects == {"en": "Your password was changed", "bg": "Паролата Ви беше сменена"}


def test_a_mail_is_sent_once_and_its_text_is_dropped() -> None:
    mail = a_mail()
    assert services.send_mail(mail_id=mail.pk) is True
    assert services.send_mail(mail_id=mail.pk) is False
    assert len(outbox.outbox) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.body, mail.attempts, mail.error) == (SENT, "", 1, "")
    assert mail.sent_at is not None


def test_two_workers_do_not_send_the_same_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one speaks with the mail server, the other one finds the mail taken."""
    mail, real, second = a_mail(), EmailMessage.send, []

    def send_slowly(message: EmailMessage, **options: Any) -> Any:
        second.append(services.send_mail(mail_id=mail.pk))
        return real(message, **options)

    monkeypatch.setattr(EmailMessage, "send", send_slowly)
    assert services.send_mail(mail_id=mail.pk) is True
    assert second == [False]
    assert len(outbox.outbox) == 1


@pytest.mark.usefixtures("broken_server")
def test_a_server_that_is_down_is_asked_again_later_and_its_words_are_not_kept() -> None:
    mail = a_mail()
    assert services.send_mail(mail_id=mail.pk) is False
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == (WAITING, 1, "ConnectionRefusedError")
    assert mail.body == "It opens a door: http://x/y\n"
    wait = mail.next_try_at - timezone.now()
    assert timedelta(minutes=1) < wait <= timedelta(minutes=2)
    assert services.send_mail(mail_id=mail.pk) is False, "it is not due"
    mail.refresh_from_db()
    assert mail.attempts == 1


def test_after_five_tries_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(message: EmailMessage, **_: Any) -> None:
        raise SMTPDataError(554, b"No")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    mail = a_mail(attempts=services.MAIL_ATTEMPTS - 1)
    services.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (FAILED, services.MAIL_ATTEMPTS)
    assert services.sweep_mails() == 0


@pytest.mark.usefixtures("broken_server")
def test_a_server_that_is_down_is_waited_for_over_a_night_and_not_for_ever() -> None:
    mail = a_mail(attempts=services.MAIL_ATTEMPTS + 20)
    services.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert mail.state == WAITING
    assert mail.next_try_at - timezone.now() <= timedelta(minutes=services.LONGEST_PAUSE)
    Mail.objects.update(created_at=timezone.now() - timedelta(days=4), next_try_at=timezone.now())
    services.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert mail.state == FAILED


def test_the_sweeper_sends_what_is_due_and_nothing_else() -> None:
    due = a_mail(next_try_at=timezone.now() - timedelta(minutes=1))
    a_mail(to="later@example.org", next_try_at=timezone.now() + timedelta(minutes=5))
    a_mail(to="gone@example.org", state=FAILED)
    a_mail(to="done@example.org", state=SENT)
    assert services.sweep_mails() == 1
    assert services.sweep_mails() == 0
    assert [sent.to for sent in outbox.outbox] == [[due.to]]


def test_a_sweep_takes_a_hundred_at_the_most() -> None:
    Mail.objects.bulk_create(Mail(to=f"p{number}@example.org", kind="hello", subject="Hello") for number in range(102))
    assert (services.sweep_mails(), services.sweep_mails()) == (100, 2)


def test_one_mail_costs_three_statements(django_assert_num_queries: Any) -> None:
    mail = a_mail()
    with django_assert_num_queries(3):
        services.send_mail(mail_id=mail.pk)


def test_the_tasks_do_what_the_services_do() -> None:
    first, second = a_mail(), a_mail(to="tomas@example.org")
    tasks.send_mail.delay(mail_id=first.pk)
    assert [sent.to for sent in outbox.outbox] == [[first.to]]
    tasks.sweep_mails.delay()
    assert [sent.to for sent in outbox.outbox] == [[first.to], [second.to]]


def test_a_task_for_a_mail_that_is_gone_does_nothing() -> None:
    tasks.send_mail.delay(mail_id=999_999)
    assert outbox.outbox == []


def test_a_mail_says_in_lists_what_it_is_and_to_whom() -> None:
    assert str(a_mail()) == "hello → milda@example.org"
