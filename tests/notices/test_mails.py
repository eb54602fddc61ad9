"""The e-mail about a notice: written once, in the person's language, without a word of what anybody wrote."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Mail, User
from mentoring.models import Membership
from mentoring.services.memberships import end_membership
from notices.models import Hours, Notice, NoticeChoice, Outcome, Topic, Way
from notices.services import mails, seen
from responses_app import services as forms
from tests.cast import World
from tests.notices.conftest import Tell, diary

pytestmark = pytest.mark.django_db
MAILED = ["Message-ID", "References", "In-Reply-To", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"]


@pytest.fixture
def returned(quiet: World, tell: Tell) -> Notice:
    """What Milda is told when her diary comes back."""
    User.objects.filter(pk=quiet.cast.milda.pk).update(language="bg")
    form = diary(quiet)
    assert form.latest
    forms.return_form(submission=form.latest, user=quiet.cast.rasa, note="Zsecret: say more of the second CV")
    return tell("form_returned")[0]


def test_a_returned_diary_is_told_by_mail_in_the_language_of_its_writer(returned: Notice) -> None:
    assert returned.outcome == Outcome.WAITING
    assert mails.write(notice_id=returned.pk) is True
    mail = Mail.objects.get(kind="notice:form_returned")
    assert mail.to == "milda@example.org"
    assert (
        mail.subject
        == "Rasa Žukauskienė Ви моли за промени: Дневник на менторинга: Запознаване и сключване на договора"
    )
    for text in (mail.body, mail.html):
        assert f"/notices/{returned.pk}/" in text
        assert "Здравейте, Milda" in text
        assert "Zsecret" not in text
        assert "Zdiary" not in text
    returned.refresh_from_db()
    assert (returned.outcome, returned.mail, returned.mail_due_at) == (Outcome.WRITTEN, mail, None)


def test_it_is_written_once(returned: Notice) -> None:
    assert [mails.write(notice_id=returned.pk), mails.write(notice_id=returned.pk)] == [True, False]
    mails.sweep()
    assert Mail.objects.filter(kind="notice:form_returned").count() == 1


def test_what_leaves_is_a_mail_that_every_reader_understands(returned: Notice) -> None:
    mails.write(notice_id=returned.pk)
    accounts.sweep_mails()
    sent = next(each for each in outbox.outbox if each.to == ["milda@example.org"])
    parsed = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert [name for name in MAILED if parsed[name] is None] == []
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = parsed.get_body(["plain"]), parsed.get_body(["html"])
    assert text is not None
    assert html is not None
    shown = html.get_content()
    assert 'style="' in shown
    assert "prefers-color-scheme: dark" in shown
    assert shown.count('class="') == shown.count('style="')
    assert parsed["List-Unsubscribe"].strip(" <>") in text.get_content().replace("\n", "")
    stored = Mail.objects.get(kind="notice:form_returned")
    assert (stored.state, stored.body, stored.html) == (Mail.State.SENT, "", "")


def test_mails_about_the_same_are_one_thread(quiet: World, tell: Tell) -> None:
    form = diary(quiet)
    for words in ("Zone", "Ztwo"):
        forms.add_comment(form=form, user=quiet.cast.rasa, text=words)
    for notice in tell("form_commented"):
        mails.write(notice_id=notice.pk)
    found = list(Mail.objects.filter(kind="notice:form_commented", to="milda@example.org"))
    assert len(found) == 2
    assert len({mail.headers["References"] for mail in found}) == 1
    assert len({mail.headers["Message-ID"] for mail in found}) == 2


def test_what_was_seen_meanwhile_is_not_mailed(returned: Notice) -> None:
    seen.mark_seen(person=returned.person, notices=[returned.pk])
    assert mails.write(notice_id=returned.pk) is False
    returned.refresh_from_db()
    assert (returned.outcome, returned.mail_due_at) == (Outcome.SEEN, None)
    assert not Mail.objects.filter(kind__startswith="notice").exists()


def test_who_left_before_it_was_written_gets_no_mail(quiet: World, returned: Notice) -> None:
    mine = Membership.objects.live().get(group=quiet.group, user=quiet.cast.milda)
    end_membership(membership=mine, by=quiet.cast.egle)
    assert mails.write(notice_id=returned.pk) is False
    returned.refresh_from_db()
    assert returned.outcome == Outcome.CLOSED


def test_who_left_before_it_was_sent_gets_no_mail_either(quiet: World, returned: Notice) -> None:
    mails.write(notice_id=returned.pk)
    mine = Membership.objects.live().get(group=quiet.group, user=quiet.cast.milda)
    end_membership(membership=mine, by=quiet.cast.egle)
    accounts.sweep_mails()
    mail = Mail.objects.get(kind="notice:form_returned")
    assert (mail.state, mail.body, mail.html) == (Mail.State.DROPPED, "", "")
    assert [sent for sent in outbox.outbox if "Ви моли" in sent.subject] == []


def test_who_switched_it_off_meanwhile_gets_no_mail(returned: Notice) -> None:
    NoticeChoice.objects.create(person=returned.person, topic=Topic.FORMS, way=Way.IN_PAGE)
    assert mails.write(notice_id=returned.pk) is False
    returned.refresh_from_db()
    assert returned.outcome == Outcome.UNWANTED


def test_quiet_hours_that_began_meanwhile_are_kept(returned: Notice) -> None:
    local = timezone.localtime(timezone.now(), timezone.get_fixed_timezone(0))
    User.objects.filter(pk=returned.person.pk).update(time_zone="Atlantic/Reykjavik")
    hours = {"quiet_from": (local - timedelta(hours=1)).time(), "quiet_until": (local + timedelta(hours=1)).time()}
    Hours.objects.create(person=returned.person, **hours)
    assert mails.write(notice_id=returned.pk) is False
    returned.refresh_from_db()
    assert returned.outcome == Outcome.WAITING
    assert returned.mail_due_at is not None
    assert returned.mail_due_at > timezone.now()
    Hours.objects.all().delete()
    Notice.objects.filter(pk=returned.pk).update(mail_due_at=timezone.now())
    assert mails.write(notice_id=returned.pk) is True


def test_it_leaves_after_the_commit_by_itself(quiet: World, commit: Any) -> None:
    form = diary(quiet)
    assert form.latest
    with commit():
        forms.return_form(submission=form.latest, user=quiet.cast.rasa, note="More")
    assert [sent.subject for sent in outbox.outbox if sent.to == ["milda@example.org"]] == [
        "Rasa Žukauskienė asks you for changes: Diary of mentoring: Getting to know one another and making the contract"
    ]


# --- what a mail server says ------------------------------------------------------------------------------------------


def refuse_with(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(message: EmailMultiAlternatives, **_: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({message.to[0]: (code, b"Zserver words")})

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)


def test_an_address_that_is_refused_for_good_is_marked_and_not_tried_again(
    returned: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails.write(notice_id=returned.pk)
    refuse_with(monkeypatch, 550)
    accounts.sweep_mails()
    mail = Mail.objects.get(kind="notice:form_returned")
    assert (mail.state, mail.body, mail.error) == (Mail.State.REFUSED, "", "SMTPRecipientsRefused")
    person = User.objects.get(pk=returned.person.pk)
    assert person.mail_refused_at is not None
    monkeypatch.undo()
    accounts.store_mail(to=person.email, kind="hello", subject="Hello", body="Hello")
    accounts.sweep_mails()
    person.refresh_from_db()
    assert person.mail_refused_at is None, "one that arrived takes it back"


def test_an_address_that_is_refused_for_now_is_tried_again(returned: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    mails.write(notice_id=returned.pk)
    refuse_with(monkeypatch, 450)
    accounts.sweep_mails()
    mail = Mail.objects.get(kind="notice:form_returned")
    assert mail.state == Mail.State.WAITING
    assert User.objects.get(pk=returned.person.pk).mail_refused_at is None
