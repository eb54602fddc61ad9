"""From an event to the notices of people: once each, only who may know, never who did it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core import events
from core.models import DomainEvent
from core.policy.roles import Action, Role
from mentoring.models import Membership
from mentoring.services.memberships import add_member, end_membership
from mentoring.standing import Standing
from notices import kinds, of_groups
from notices.kinds import NoticeKind, Told
from notices.models import Fanout, Hours, Notice, NoticeChoice, Outcome, Topic, Way
from notices.services import fan_out, seen
from responses_app import services as forms
from tests.cast import World
from tests.furniture import GOALS
from tests.notices.conftest import DIARY, Tell, begun, diary, last_event, names
from tests.pack_tools import tool

pytestmark = pytest.mark.django_db


def test_mentor_and_manager_learn_of_a_diary_and_its_writer_does_not(quiet: World, tell: Tell) -> None:
    form = diary(quiet)
    told = tell("form_submitted")
    assert names(told) == ["egle", "rasa"]
    assert {notice.target_id for notice in told} == {form.pk}
    assert [notice.way for notice in told] == [Way.IN_PAGE, Way.AT_ONCE]
    assert User.objects.get(pk=quiet.cast.rasa.pk).unread_notices == 1
    assert User.objects.get(pk=quiet.cast.milda.pk).unread_notices == 0


def test_a_diary_for_the_mentor_is_told_to_the_mentor_alone(quiet: World, tell: Tell) -> None:
    form = begun(quiet)
    forms.choose_audience(form=form, user=quiet.cast.milda, audience="mentor")
    forms.submit_form(form=form, user=quiet.cast.milda, lock=form.lock, answers=DIARY)
    assert names(tell("form_submitted")) == ["rasa"]


def test_the_writer_learns_that_it_comes_back(quiet: World, tell: Tell) -> None:
    form = diary(quiet)
    form.refresh_from_db()
    assert form.latest
    forms.return_form(submission=form.latest, user=quiet.cast.rasa, note="Zsecret: write more")
    told = tell("form_returned")
    assert names(told) == ["milda"]
    assert told[0].reason == "writer"
    assert told[0].way == Way.AT_ONCE
    assert "Zsecret" not in str(told[0].facts)


def test_what_waits_for_a_decision_is_asked_for_until_it_is_made(quiet: World, tell: Tell) -> None:
    form = forms.start_form(group=quiet.group, tool=tool("personal_goals"), user=quiet.cast.milda)
    submission = forms.submit_form(form=form, user=quiet.cast.milda, lock=form.lock, answers=GOALS)
    asked = tell("form_to_decide")
    assert names(asked) == ["egle", "rasa"]
    assert {notice.way for notice in asked} == {Way.AT_ONCE}
    assert tell("form_submitted") == []
    forms.accept_form(submission=submission, user=quiet.cast.rasa)
    egle = User.objects.get(pk=quiet.cast.egle.pk)
    assert not Notice.objects.allowing(Standing.of(egle), Action.VIEW).filter(kind="form_to_decide").exists()
    assert names(tell("form_accepted")) == ["milda"]
    assert User.objects.get(pk=egle.pk).unread_notices == 0, "the bell follows"


def test_told_again_nobody_gets_a_second_one(quiet: World, tell: Tell) -> None:
    diary(quiet)
    before = len(tell())
    Fanout.objects.update(done_at=None, next_try_at=timezone.now())
    assert len(tell()) == before
    assert User.objects.get(pk=quiet.cast.rasa.pk).unread_notices == 1


def test_a_worker_that_ended_half_way_is_followed_by_one_that_tells_the_rest(
    quiet: World, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "BATCH", 1)
    real, calls = fan_out.tell_some, []

    def breaks(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError("the database went away")
        return real(*args)

    monkeypatch.setattr(fan_out, "tell_some", breaks)
    diary(quiet)
    fanout = Fanout.objects.get(event=last_event("form.submitted"))
    assert fan_out.work_off(fanout_id=fanout.pk) is False
    assert Notice.objects.filter(kind="form_submitted").count() == 1
    fanout.refresh_from_db()
    assert (fanout.done_at, fanout.error, fanout.attempts) == (None, "ConnectionError", 1)
    assert fan_out.work_off(fanout_id=fanout.pk) is False, "its time has not come"
    Fanout.objects.filter(pk=fanout.pk).update(next_try_at=timezone.now())
    assert names(tell("form_submitted")) == ["egle", "rasa"]


def test_what_can_never_be_told_is_given_up(quiet: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any) -> Any:
        raise ValueError

    monkeypatch.setattr(fan_out, "tell_some", breaks)
    diary(quiet)
    fanout = Fanout.objects.get(event=last_event("form.submitted"))
    for _try in range(fan_out.MOST_ATTEMPTS):
        Fanout.objects.filter(pk=fanout.pk).update(next_try_at=timezone.now())
        fan_out.work_off(fanout_id=fanout.pk)
    fanout.refresh_from_db()
    assert fanout.done_at is not None
    assert fanout.attempts == fan_out.MOST_ATTEMPTS


def test_the_sweeper_tells_what_was_left_lying_and_nothing_twice(quiet: World) -> None:
    diary(quiet)
    assert fan_out.sweep() == Fanout.objects.count() > 0
    assert fan_out.sweep() == 0


def test_after_the_commit_the_worker_tells_by_itself(quiet: World, commit: Any) -> None:
    with commit():
        diary(quiet)
        assert not Notice.objects.exists()
    assert set(names(list(Notice.objects.filter(kind="form_submitted")))) == {"egle", "rasa"}


def test_the_past_is_told_to_nobody(quiet: World) -> None:
    diary(quiet, at=timezone.now() - timedelta(days=15))
    assert not Fanout.objects.exists()


def test_what_is_days_old_is_told_on_the_page_only(quiet: World, tell: Tell) -> None:
    diary(quiet, at=timezone.now() - timedelta(days=3))
    assert [(each.outcome, each.mail_due_at) for each in tell("form_submitted")] == [(Outcome.NONE, None)] * 2


def test_who_left_is_told_nothing_and_loses_sight_of_what_was_told(quiet: World, tell: Tell) -> None:
    diary(quiet)
    tell()
    rasa = User.objects.get(pk=quiet.cast.rasa.pk)
    assert rasa.unread_notices == 1
    mine = Membership.objects.live().get(group=quiet.group, user=rasa)
    end_membership(membership=mine, by=quiet.cast.egle)
    rasa.refresh_from_db()
    assert rasa.unread_notices == 0
    assert not Notice.objects.allowing(Standing.of(rasa), Action.VIEW).exists()
    diary(quiet, by=quiet.cast.tomas)
    assert names(tell("form_submitted")).count("rasa") == 1
    assert names(tell("role_ends")) == ["rasa"]


def test_who_may_not_sign_in_is_told_nothing(quiet: World, tell: Tell) -> None:
    User.objects.filter(pk=quiet.cast.rasa.pk).update(is_active=False)
    diary(quiet)
    assert names(tell("form_submitted")) == ["egle"]


def test_joining_and_replacing_are_told_to_whom_they_are_about_by_mail(quiet: World, tell: Tell) -> None:
    DomainEvent.objects.filter(kind="group.opened").update(happened_at=timezone.now() - timedelta(days=30))
    add_member(group=quiet.group, user=quiet.cast.petar, role=Role.MENTOR, by=quiet.cast.egle)
    begins = tell("role_begins")
    assert names(begins) == ["petar"]
    assert begins[0].way == Way.AT_ONCE
    assert names(tell("member_joined")) == ["elena", "milda", "rasa", "tomas"]
    assert {notice.way for notice in tell("member_joined")} == {Way.IN_PAGE}


def test_who_comes_with_the_opening_of_a_group_is_told_of_their_own_role_alone(world: World) -> None:
    for fanout in Fanout.objects.all():
        fan_out.work_off(fanout_id=fanout.pk)
    assert set(names(list(Notice.objects.filter(kind="role_begins", group=world.group)))) == {
        "rasa", "milda", "tomas", "elena",
    }  # fmt: skip
    assert not Notice.objects.filter(kind="member_joined").exists()
    assert names(list(Notice.objects.filter(kind="group_opened", group=world.group))) == ["dana"]


def test_what_replaces_something_leaves_one_new_notice(quiet: World, tell: Tell) -> None:
    form = diary(quiet)
    tell()
    form.refresh_from_db()
    forms.reopen_form(form=form, user=quiet.cast.milda)
    form.refresh_from_db()
    forms.submit_form(form=form, user=quiet.cast.milda, lock=form.lock, answers=DIARY | {"done": "Another word"})
    tell()
    mine = Notice.objects.filter(person=quiet.cast.rasa, kind="form_submitted")
    assert (mine.count(), mine.unseen().count()) == (2, 1)
    assert User.objects.get(pk=quiet.cast.rasa.pk).unread_notices == 1


# --- choices ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "way"),
    [
        ([("forms", False, Way.IN_PAGE)], Way.IN_PAGE),
        ([("", True, Way.IN_PAGE)], Way.IN_PAGE),
        ([("forms", False, Way.IN_PAGE), ("", True, Way.AT_ONCE)], Way.AT_ONCE),
        ([("", True, Way.IN_PAGE), ("forms", True, Way.AT_ONCE)], Way.AT_ONCE),
        ([("documents", False, Way.OFF)], Way.AT_ONCE),
    ],
)
def test_the_narrowest_choice_counts(quiet: World, tell: Tell, choices: list[Any], way: Way) -> None:
    for topic, in_group, chosen in choices:
        NoticeChoice.objects.create(
            person=quiet.cast.rasa, topic=topic, group=quiet.group if in_group else None, way=chosen
        )
    diary(quiet)
    assert [each.way for each in tell("form_submitted") if each.person == quiet.cast.rasa] == [way]


def test_who_chose_nothing_at_all_gets_nothing(quiet: World, tell: Tell) -> None:
    NoticeChoice.objects.create(person=quiet.cast.rasa, topic=Topic.FORMS, way=Way.OFF)
    diary(quiet)
    assert names(tell("form_submitted")) == ["egle"]


def test_in_quiet_hours_the_mail_waits(quiet: World, tell: Tell) -> None:
    local = timezone.localtime(timezone.now(), timezone.get_fixed_timezone(0))
    User.objects.filter(pk=quiet.cast.rasa.pk).update(time_zone="Atlantic/Reykjavik")
    begins, ends = (local - timedelta(hours=1)).time(), (local + timedelta(hours=2)).time()
    Hours.objects.create(person=quiet.cast.rasa, quiet_from=begins, quiet_until=ends)
    diary(quiet)
    notice = next(each for each in tell("form_submitted") if each.person == quiet.cast.rasa)
    assert notice.mail_due_at is not None
    assert timedelta(minutes=115) < notice.mail_due_at - timezone.now() <= timedelta(hours=2)


# --- how much it costs ------------------------------------------------------------------------------------------------


class Crowd:
    """A kind that tells many people of one event."""

    def __init__(self, people: list[int]) -> None:
        self.people = people

    def gather(self, event: DomainEvent) -> Told:
        return Told(dict.fromkeys(self.people, "role"), 1, {"crowd": True})


@pytest.fixture
def with_crowd(quiet: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that makes people who are told of `crowd.called`."""

    def make(number: int) -> None:
        made = User.objects.bulk_create(
            User(email=f"p{each}@example.org", full_name=f"Person {each}") for each in range(number)
        )
        kind = NoticeKind(
            code="crowd", topic=Topic.PEOPLE, label="Crowd", events=("crowd.called",),
            gather=Crowd([person.pk for person in made]).gather, title=lambda _said: "Crowd", url=lambda _notice: "/",
            reached_by=of_groups.is_theirs, ways={}, example={},
        )  # fmt: skip
        monkeypatch.setitem(kinds._kinds, "crowd", kind)
        for listener in kinds._listener:
            monkeypatch.setitem(events._subscribers, "crowd.called", [listener])

    return make


@pytest.mark.parametrize("number", [1, 300])
def test_a_request_pays_two_statements_however_many_are_told(
    quiet: World, with_crowd: Callable[[int], None], number: int
) -> None:
    with_crowd(number)
    with CaptureQueriesContext(connection) as asked:
        events.record("crowd.called", group_id=None)
    assert len(asked) == 2
    fan_out.sweep()
    assert Notice.objects.filter(kind="crowd").count() == number


def test_the_bell_agrees_with_the_rows_and_is_set_right_when_it_does_not(quiet: World, tell: Tell) -> None:
    diary(quiet)
    tell()
    assert list(seen.differences()) == []
    User.objects.filter(pk=quiet.cast.rasa.pk).update(unread_notices=7)
    User.objects.filter(pk=quiet.cast.milda.pk).update(unread_notices=2)
    assert sorted(seen.differences()) == sorted([(quiet.cast.rasa.pk, 7, 1), (quiet.cast.milda.pk, 2, 0)])
    seen.repair()
    assert list(seen.differences()) == []
