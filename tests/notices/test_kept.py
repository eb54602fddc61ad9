"""Where answers to e-mails go, and how long what was told is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail, User
from mentoring.services.memberships import enrol
from notices.models import Fanout, MailSetting, Notice, NoticeChoice, Topic, Way
from notices.services import digests, mails, retention, rules
from tests.cast import World, make_programme
from tests.notices.conftest import Tell, diary

pytestmark = pytest.mark.django_db


def written(world: World, tell: Tell) -> Mail:
    """Return the e-mail that Rasa gets about a diary."""
    diary(world)
    (notice,) = [each for each in tell("form_submitted") if each.person == world.cast.rasa]
    assert mails.write(notice_id=notice.pk)
    return Mail.objects.get(to=world.cast.rasa.email)


def test_answers_go_where_the_programme_says(quiet: World, tell: Tell) -> None:
    rules.set_mail(programme=quiet.programme, by=quiet.cast.dana, reply_to="office@example.org", kept_months=24)
    assert written(quiet, tell).headers["Reply-To"] == "office@example.org"


def test_without_a_word_of_the_programme_no_address_is_named(quiet: World, tell: Tell) -> None:
    assert "Reply-To" not in written(quiet, tell).headers


@pytest.mark.parametrize(("other", "named"), [("office@example.org", True), ("elsewhere@example.org", False)])
def test_the_mail_of_the_day_names_an_address_that_holds_for_all_programmes(
    quiet: World, tell: Tell, other: str, named: bool
) -> None:
    second = make_programme(quiet.programme.pack, code="TWO")
    enrol(programme_id=second.pk, user=quiet.cast.rasa, role="mentor")
    rules.set_mail(programme=quiet.programme, by=quiet.cast.dana, reply_to="office@example.org", kept_months=24)
    rules.set_mail(programme=second, by=quiet.cast.dana, reply_to=other, kept_months=24)
    NoticeChoice.objects.create(person=quiet.cast.rasa, topic=Topic.FORMS, way=Way.DAILY)
    diary(quiet)
    tell()
    tomorrow = timezone.now() + timedelta(days=1)
    assert digests.write(person_id=quiet.cast.rasa.pk, now=tomorrow.replace(hour=12)) == 1
    assert (Mail.objects.get(kind="digest:daily").headers.get("Reply-To") == "office@example.org") is named


def told_ago(days: int) -> None:
    """Let everything that was told be so many days old."""
    Notice.objects.update(created_at=timezone.now() - timedelta(days=days))
    Fanout.objects.filter(done_at__isnull=False).update(done_at=timezone.now() - timedelta(days=days))


def test_notices_go_after_two_years_and_the_bell_with_them(quiet: World, tell: Tell) -> None:
    diary(quiet)
    tell()
    told_ago(700)
    assert retention.forget() == 0
    assert User.objects.get(pk=quiet.cast.rasa.pk).unread_notices > 0
    told_ago(740)
    assert retention.forget() > 0
    assert not Notice.objects.exists()
    assert not Fanout.objects.filter(done_at__isnull=False).exists()
    assert User.objects.get(pk=quiet.cast.rasa.pk).unread_notices == 0


def test_a_programme_keeps_its_notices_as_long_as_it_says(quiet: World, tell: Tell) -> None:
    MailSetting.objects.create(programme=quiet.programme, kept_months=3)
    diary(quiet)
    tell()
    told_ago(80)
    assert retention.forget() == 0
    told_ago(100)
    count = Notice.objects.count()
    assert retention.forget() == count > 0


def test_much_is_removed_in_batches(quiet: World, tell: Tell, monkeypatch: Any) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    diary(quiet)
    tell()
    told_ago(800)
    assert retention.forget() >= 2
    assert not Notice.objects.exists()
