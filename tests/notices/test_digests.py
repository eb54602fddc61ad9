"""The one e-mail of the day or the week: at the person's hour, once, the next step first; none without news."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Mail, User
from mentoring.models import Membership
from mentoring.services.memberships import end_membership
from notices.models import Digest, Hours, Notice, NoticeChoice, Outcome, Topic, Way
from notices.next_steps import NextStep
from notices.services import digests, seen
from tests.cast import World
from tests.notices.conftest import Tell, diary

pytestmark = pytest.mark.django_db
VILNIUS = ZoneInfo("Europe/Vilnius")


def at(weekday: int, hour: int, minute: int = 0) -> datetime:
    """Return an hour of a day of next week, Monday 0, by the clock of Vilnius."""
    today = timezone.localdate(timezone=VILNIUS)
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday + timedelta(days=weekday), time(hour, minute), VILNIUS)


@pytest.fixture(params=[Way.DAILY, Way.WEEKLY])
def gathered(request: Any, quiet: World, tell: Tell) -> Way:
    """What Rasa is told of a diary, which she reads in one e-mail."""
    NoticeChoice.objects.create(person=quiet.cast.rasa, topic=Topic.FORMS, way=request.param)
    diary(quiet)
    tell()
    return Way(request.param)


def mine(world: World) -> list[Mail]:
    """Return the e-mails of Rasa that gather."""
    return list(Mail.objects.filter(kind__startswith="digest", to=world.cast.rasa.email).order_by("pk"))


def test_it_comes_at_the_persons_hour_and_once(gathered: Way, quiet: World) -> None:
    Hours.objects.create(person=quiet.cast.rasa, gathered_at=time(18, 30))
    assert digests.sweep(at(0, 18, 29)) == 0
    assert digests.sweep(at(0, 18, 30)) == 1
    assert digests.sweep(at(0, 18, 31)) == 0
    (mail,) = mine(quiet)
    assert "Milda Kazlauskaitė handed in: Diary of mentoring: Getting to know one another" in mail.body
    assert "Žingsnis" in mail.body
    assert "Zdiary" not in mail.body + mail.html
    notice = Notice.objects.get(person=quiet.cast.rasa, kind="form_submitted")
    assert (notice.outcome, notice.mail) == (Outcome.WRITTEN, mail)


def test_it_begins_with_the_next_step(gathered: Way, quiet: World) -> None:
    digests.sweep(at(1, 8))
    (mail,) = mine(quiet)
    head, step, rest = mail.body.partition("Your next step:")
    assert step
    assert "handed in" not in head
    assert "handed in" in rest
    assert mail.subject == ("Your day: 1 notice" if gathered == Way.DAILY else "Your week: 1 notice")
    assert 'style="' in mail.html


def test_a_second_beat_on_the_same_day_sends_nothing_twice(gathered: Way, quiet: World) -> None:
    digests.sweep(at(1, 8))
    Notice.objects.filter(way=gathered).update(outcome=Outcome.WAITING)
    assert digests.sweep(at(1, 9)) == 0
    next_time = at(2, 9) if gathered == Way.DAILY else at(7, 9)
    assert digests.sweep(next_time) == 1
    assert len(mine(quiet)) == 2


def test_a_clock_that_goes_back_sends_nothing_twice(gathered: Way, quiet: World) -> None:
    digests.sweep(at(1, 8))
    Notice.objects.filter(way=gathered).update(outcome=Outcome.WAITING)
    assert digests.sweep(at(1, 7, 30)) == 0


@pytest.mark.usefixtures("gathered")
def test_what_was_seen_is_not_gathered_and_nothing_is_sent_when_nothing_is_new(quiet: World) -> None:
    seen.mark_seen(person=quiet.cast.rasa)
    assert digests.sweep(at(1, 8)) == 0
    assert mine(quiet) == []
    assert not Digest.objects.exists()


@pytest.mark.usefixtures("gathered")
def test_who_left_gets_none(quiet: World) -> None:
    membership = Membership.objects.live().get(group=quiet.group, user=quiet.cast.rasa)
    end_membership(membership=membership, by=quiet.cast.egle)
    assert digests.sweep(at(1, 8)) == 0
    assert Notice.objects.get(person=quiet.cast.rasa, kind="form_submitted").outcome == Outcome.CLOSED


@pytest.mark.usefixtures("gathered")
def test_who_switched_it_off_meanwhile_gets_none(quiet: World) -> None:
    NoticeChoice.objects.update(way=Way.IN_PAGE)
    assert digests.sweep(at(1, 8)) == 0
    assert Notice.objects.get(person=quiet.cast.rasa, kind="form_submitted").outcome == Outcome.UNWANTED


@pytest.mark.usefixtures("gathered")
def test_one_that_waited_too_long_is_written_anew_without_what_was_closed(quiet: World) -> None:
    digests.sweep(at(1, 8))
    membership = Membership.objects.live().get(group=quiet.group, user=quiet.cast.rasa)
    end_membership(membership=membership, by=quiet.cast.egle)
    accounts.sweep_mails()
    (mail,) = mine(quiet)
    assert (mail.state, mail.body) == (Mail.State.DROPPED, "")
    assert [sent for sent in outbox.outbox if sent.to == [quiet.cast.rasa.email]] == []
    assert not Digest.objects.exists()


@pytest.mark.usefixtures("gathered")
def test_one_whose_next_step_is_another_by_now_is_written_anew(quiet: World, monkeypatch: pytest.MonkeyPatch) -> None:
    digests.sweep(at(1, 8))
    monkeypatch.setattr(digests, "next_step_of", lambda _standing: NextStep("Agree on a day", "/elsewhere/"))
    accounts.sweep_mails()
    (mail,) = mine(quiet)
    assert mail.state == Mail.State.DROPPED
    digests.sweep(at(1, 8))
    assert "/elsewhere/" in mine(quiet)[-1].body
    accounts.sweep_mails()
    assert mine(quiet)[-1].state == Mail.State.SENT


@pytest.mark.usefixtures("gathered")
def test_it_leaves_in_the_language_of_the_person_with_one_press_to_end_it(quiet: World) -> None:
    User.objects.filter(pk=quiet.cast.rasa.pk).update(language="bg")
    digests.sweep(at(1, 8))
    (mail,) = mine(quiet)
    assert mail.subject in {"Денят Ви: 1 известие", "Седмицата Ви: 1 известие"}
    assert "Milda Kazlauskaitė предаде: Дневник на менторинга" in mail.body
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = mail.headers["List-Unsubscribe"].strip("<>").partition("/notices/")[2]
    assert Client().post(f"/notices/{path}").status_code == 200
    kept = NoticeChoice.objects.filter(person=quiet.cast.rasa)
    assert {(each.topic, each.way) for each in kept} == {(topic.value, Way.IN_PAGE) for topic in Topic}


def test_in_quiet_hours_it_waits(gathered: Way, quiet: World) -> None:
    Hours.objects.create(person=quiet.cast.rasa, quiet_from=time(22), quiet_until=time(9), gathered_at=time(7))
    assert digests.sweep(at(0, 8)) == 0
    assert digests.sweep(at(0, 9)) == 1


def test_a_person_whose_screen_fails_does_not_keep_the_others_from_theirs(
    quiet: World, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (quiet.cast.rasa, quiet.cast.egle):
        NoticeChoice.objects.create(person=person, topic=Topic.FORMS, way=Way.DAILY)
    diary(quiet)
    tell()

    def breaks(standing: Any) -> None:
        if standing.user_id == quiet.cast.egle.pk:
            raise ValueError

    monkeypatch.setattr(digests, "next_step_of", breaks)
    assert digests.sweep(at(1, 8)) == 1
    assert len(mine(quiet)) == 1
