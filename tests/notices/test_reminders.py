"""Reminders by the rules of a programme: on the right day, to whom it concerns, once, and never of what is done."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checklist.models import ChecklistItem, ItemState
from core.clock import Clock, clock_at
from core.days import programme_today, programme_zone
from core.policy.roles import ProgrammeRole, Stage
from mentoring.models import Membership, MentoringGroup, Programme
from mentoring.services.groups import open_group
from mentoring.services.memberships import end_membership
from notices.models import Fanout, Notice, NoticeChoice, Reminder, ReminderRule, ReminderRun, Side, Topic, Way
from notices.occurrences import occurrences_on
from notices.services import fan_out, reminders, rules
from responses_app import services as forms
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.furniture import GOALS
from tests.notices.conftest import DIARY, begun, diary, names
from tests.pack_tools import tool

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day by the programme's clock."""
    return datetime.combine(day, time(hour), tzinfo=programme_zone())


@pytest.fixture
def clock(quiet: World) -> Iterator[Clock]:  # noqa: ARG001 -- the world is of the real today
    """A clock that stands at nine in the morning of today."""
    with clock_at(at(timezone.localdate())) as found:
        yield found


def rule(world: World, kind: str, days: int, side: str = "before", **more: Any) -> ReminderRule:
    """Add the only rule of the programme, as if it had been there for long."""
    found: ReminderRule = ReminderRule.objects.create(
        programme=world.programme, kind=kind, days=days, side=side, since=date(2020, 1, 1), **more
    )
    return found


def remind(clock: Clock, day: date, hour: int = 9) -> list[Notice]:
    """Let beat and worker do their work on a day; return the notices of its reminders, by address."""
    clock.set(at(day, hour))
    before = set(Notice.objects.values_list("pk", flat=True))
    reminders.run()
    for fanout in Fanout.objects.waiting():
        assert fan_out.work_off(fanout_id=fanout.pk)
    found = Notice.objects.exclude(pk__in=before).order_by("person__email", "pk")
    return list(found.select_related("person", "event__actor", "group"))


def goals_of(world: World, name: str) -> ChecklistItem:
    """Return the row of a Mentee's personal goals."""
    person = world.cast.everybody()[name]
    found: ChecklistItem = ChecklistItem.objects.get(
        group=world.group, subject=person, tool_version__tool__key="personal_goals"
    )
    return found


def due_in(world: World, days: int) -> date:
    """Let the goals of the Mentees of «Žingsnis» be due in so many days, and all else of the checklist never."""
    day = programme_today() + timedelta(days=days)
    ChecklistItem.objects.exclude(tool_version__tool__key="personal_goals").update(due_on=None)
    ChecklistItem.objects.exclude(group=world.group).update(due_on=None)
    ChecklistItem.objects.filter(tool_version__tool__key="personal_goals", group=world.group).update(due_on=day)
    return day


def test_who_owes_something_is_reminded_on_the_day_and_once(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10)
    assert remind(clock, day - timedelta(days=4)) == []
    told = remind(clock, day - timedelta(days=3))
    assert names(told) == ["elena", "milda", "tomas"]
    assert {(each.kind, each.reason, each.way) for each in told} == {("due_tool", "due", Way.DAILY)}
    assert {each.target_id for each in told} == {goals_of(quiet, each).pk for each in ("milda", "tomas", "elena")}
    for later in range(2, -3, -1):
        assert remind(clock, day - timedelta(days=later)) == [], later


def test_before_the_morning_nobody_is_reminded(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10)
    assert remind(clock, day - timedelta(days=3), hour=5) == []
    assert len(remind(clock, day - timedelta(days=3), hour=6)) == 3


def test_a_second_run_a_restart_and_a_clock_set_back_tell_nothing_twice(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10) - timedelta(days=3)
    assert len(remind(clock, day)) == 3
    assert remind(clock, day) == []
    ReminderRun.objects.all().delete()
    assert remind(clock, day) == [], "a restart that remembers no run"
    assert remind(clock, day - timedelta(days=1)) == []
    assert remind(clock, day) == [], "the clock was set back, and forward again"


def test_a_run_that_ended_half_way_is_followed_by_one_that_makes_the_rest(
    quiet: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 1)
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10) - timedelta(days=3)
    real, calls = reminders._make, []

    def breaks(*args: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise ConnectionError("the database went away")
        return real(*args)

    monkeypatch.setattr(reminders, "_make", breaks)
    with pytest.raises(ConnectionError):
        remind(clock, day)
    assert Reminder.objects.count() == 2
    assert names(remind(clock, day)) == ["elena", "milda", "tomas"]
    assert Reminder.objects.count() == 3


def test_after_an_outage_of_a_day_it_is_still_sent_and_after_a_week_not(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10)
    assert len(remind(clock, day - timedelta(days=1))) == 3
    Reminder.objects.all().delete()
    ReminderRun.objects.all().delete()
    assert remind(clock, day + timedelta(days=4)) == []


def test_a_rule_repeats_as_often_as_it_says(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 1, "after", every=3, times=2)
    day = due_in(quiet, 2)
    sent = [late for late in range(15) if remind(clock, day + timedelta(days=late))]
    assert sent == [1, 4]


def test_until_it_is_done_it_goes_on_and_then_ends(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 1, "after", every=3, times=None)
    day = due_in(quiet, 2)
    assert [late for late in range(12) if remind(clock, day + timedelta(days=late))] == [1, 4, 7, 10]
    clock.set(at(day + timedelta(days=12)))
    form = forms.start_form(group=quiet.group, tool=tool("personal_goals"), user=quiet.cast.milda)
    forms.submit_form(form=form, user=quiet.cast.milda, lock=form.lock, answers=GOALS)
    told = [each for each in remind(clock, day + timedelta(days=13)) if each.kind == "due_tool"]
    assert names(told) == ["elena", "tomas"], "who handed it in is asked no more"


def test_a_new_rule_and_a_clock_set_forward_bring_no_flood_of_the_past(quiet: World, clock: Clock) -> None:
    rules.add_rule(
        programme=quiet.programme, by=quiet.cast.dana,
        values={"kind": "tool", "days": 1, "side": "after", "every": 3, "times": 20, "escalate_to": "",
                "escalate_after": 0},
    )  # fmt: skip
    today = programme_today()
    due_in(quiet, -30)
    first = remind(clock, today)
    assert len(first) in {0, 3}
    assert len(remind(clock, today + timedelta(days=60))) <= 3, "of twenty only the newest"


@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.CLOSED, Stage.ENDED_EARLY])
def test_a_group_that_does_not_work_is_left_in_peace(quiet: World, clock: Clock, stage: Stage) -> None:
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10) - timedelta(days=3)
    MentoringGroup.objects.filter(pk=quiet.group.pk).update(stage=stage)
    assert remind(clock, day) == []


def test_nobody_is_reminded_of_what_was_waived_nor_who_left(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 3)
    membership = Membership.objects.live().get(group=quiet.group, user=quiet.cast.tomas)
    end_membership(membership=membership, by=quiet.cast.egle, reason="moved")
    version = goals_of(quiet, "milda").tool_version
    left_over = {"group": quiet.group, "tool_version": version, "opens_on": programme_today()}
    ChecklistItem.objects.create(subject=quiet.cast.tomas, **left_over)
    day = due_in(quiet, 10) - timedelta(days=3)
    ChecklistItem.objects.filter(pk=goals_of(quiet, "milda").pk).update(state=ItemState.WAIVED)
    assert names([each for each in remind(clock, day) if each.kind == "due_tool"]) == ["elena"]


def test_what_is_done_between_the_reminder_and_its_sending_is_not_told(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10) - timedelta(days=3)
    clock.set(at(day))
    assert reminders.run() == 3
    ChecklistItem.objects.filter(pk=goals_of(quiet, "milda").pk).update(state=ItemState.DONE)
    for fanout in Fanout.objects.waiting():
        fan_out.work_off(fanout_id=fanout.pk)
    assert names(list(Notice.objects.order_by("person__email"))) == ["elena", "tomas"]


def test_who_switched_it_off_gets_nothing(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 3)
    day = due_in(quiet, 10) - timedelta(days=3)
    NoticeChoice.objects.create(person=quiet.cast.milda, topic=Topic.ASKED, way=Way.OFF)
    assert names(remind(clock, day)) == ["elena", "tomas"]


def test_what_stays_open_is_told_to_the_manager_after_so_many_days(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 1, "after", escalate_to=ProgrammeRole.MANAGER, escalate_after=7)
    day = due_in(quiet, 2)
    ChecklistItem.objects.filter(pk=goals_of(quiet, "milda").pk).update(state=ItemState.DONE)
    assert names(remind(clock, day + timedelta(days=1))) == ["elena", "tomas"]
    told = remind(clock, day + timedelta(days=7))
    assert [(each.person.email, each.kind, each.reason) for each in told] == [
        ("egle@example.org", "late_tool", "late"), ("egle@example.org", "late_tool", "late"),
    ]  # fmt: skip
    assert remind(clock, day + timedelta(days=8)) == []


def test_a_programme_admin_learns_of_no_person(quiet: World, clock: Clock) -> None:
    rule(quiet, "tool", 1, "after", escalate_to=ProgrammeRole.ADMIN, escalate_after=7)
    day = due_in(quiet, 2)
    told = remind(clock, day + timedelta(days=7))
    assert {each.person.email for each in told} == {"dana@example.org"}
    assert all("person_id" not in each.facts for each in told)
    assert {each.facts["url"] for each in told} == {f"/admin/mentoring/mentoringgroup/{quiet.group.pk}/change/"}


def test_everybody_is_reminded_of_a_session_of_tomorrow(quiet: World, clock: Clock) -> None:
    rule(quiet, "initial_session", 1)
    rule(quiet, "session", 1)
    day = programme_today() + timedelta(days=5)
    PlannedSession.objects.filter(plan__group=quiet.group).update(starts_at=at(day, 17))
    told = remind(clock, day - timedelta(days=1))
    assert names(told) == ["egle", "elena", "milda", "rasa", "tomas"]
    assert {each.way for each in told} == {Way.AT_ONCE, Way.IN_PAGE}
    PlannedSession.objects.filter(plan__group=quiet.group).update(starts_at=at(day + timedelta(days=7), 17))
    assert len(remind(clock, day + timedelta(days=6))) == 5, "another day is another reminder"


def test_a_diary_is_asked_for_and_then_an_answer_to_it(quiet: World, clock: Clock) -> None:
    rule(quiet, "diary", 1, "after")
    rule(quiet, "answer", 7, "after")
    begun(quiet)
    today = programme_today()
    diary_row = {"tool_version": tool("diary").current, "session_key": "session-1", "opens_on": today}
    ChecklistItem.objects.all().update(due_on=None)
    row = ChecklistItem.objects.create(
        group=quiet.group, subject=quiet.cast.milda, due_on=today + timedelta(days=2), **diary_row
    )
    assert names(remind(clock, today + timedelta(days=3))) == ["milda"]
    ChecklistItem.objects.filter(pk=row.pk).update(state=ItemState.DONE)
    form = diary(quiet, by=quiet.cast.tomas)
    asked = [each for each in remind(clock, today + timedelta(days=10)) if each.kind == "due_answer"]
    assert [(each.person.email, each.target_id) for each in asked] == [("rasa@example.org", form.pk)]


def test_a_diary_that_was_answered_asks_for_no_answer(quiet: World, clock: Clock) -> None:
    rule(quiet, "answer", 7, "after")
    form = diary(quiet)
    forms.add_comment(form=form, user=quiet.cast.rasa, text="Well done")
    assert [each for each in remind(clock, programme_today() + timedelta(days=7)) if each.kind == "due_answer"] == []


def test_what_waits_for_a_decision_is_asked_for_after_a_week(quiet: World, clock: Clock) -> None:
    rule(quiet, "decision", 7, "after")
    form = forms.start_form(group=quiet.group, tool=tool("personal_goals"), user=quiet.cast.milda)
    forms.submit_form(form=form, user=quiet.cast.milda, lock=form.lock, answers=GOALS)
    told = [each for each in remind(clock, programme_today() + timedelta(days=7)) if each.kind == "due_decision"]
    assert names(told) == ["egle", "rasa"]


def test_the_end_of_a_group_is_told_to_all_and_its_closing_asked_of_the_manager(quiet: World, clock: Clock) -> None:
    rule(quiet, "group_end", 30)
    rule(quiet, "group_over", 7, "after")
    MentoringGroup.objects.filter(pk=quiet.other_group.pk).update(stage=Stage.CLOSED)
    end = quiet.group.ends_on
    assert names(remind(clock, end - timedelta(days=30))) == ["egle", "elena", "milda", "rasa", "tomas"]
    assert names(remind(clock, end + timedelta(days=7))) == ["egle"]


def test_the_monitoring_of_the_middle_is_asked_of_the_manager_though_no_checklist_has_it(
    quiet: World, clock: Clock
) -> None:
    rule(quiet, "monitoring", 7)
    MentoringGroup.objects.filter(pk=quiet.other_group.pk).update(stage=Stage.CLOSED)
    start, end = quiet.group.starts_on, quiet.group.ends_on
    planned = start + (end - start) / 2 - timedelta(days=14)
    told = remind(clock, planned - timedelta(days=7))
    assert names(told) == ["egle"]
    assert told[0].facts["tool"]["en"] == "Plan for mid-term monitoring"
    final = remind(clock, end + timedelta(days=7) - timedelta(days=7))
    assert "rasa" in names(final), "the Mentor's own questionnaire"


@pytest.mark.parametrize("more", [0, 2])
def test_what_falls_due_is_found_in_as_many_statements_for_one_group_as_for_three(
    quiet: World, clock: Clock, more: int
) -> None:
    rules.take_rules_of_packs()
    ReminderRule.objects.update(since=date(2020, 1, 1))
    day = due_in(quiet, 10) - timedelta(days=3)
    for number in range(more):
        group = open_group(
            programme=quiet.programme, name=f"More {number}", opened_by=quiet.cast.egle, mentors=[quiet.cast.rasa],
            mentees=[quiet.cast.aino], starts_on=quiet.group.starts_on, ends_on=quiet.group.ends_on,
        )  # fmt: skip
        ChecklistItem.objects.filter(group=group, tool_version__tool__key="personal_goals").update(due_on=day)
    clock.set(at(day))
    with CaptureQueriesContext(connection) as asked:
        found = occurrences_on(day)
    assert len(found) >= 3
    assert len(asked) == 9, "\n".join(each["sql"][:200] for each in asked)


def test_rules_come_from_the_pack_once_and_stay_the_programmes_own(quiet: World) -> None:
    assert rules.take_rules_of_packs() == 24
    first = ReminderRule.objects.filter(programme=quiet.programme)
    assert first.filter(kind="diary", side=Side.AFTER, days=1, every=3, times=3, escalate_to="manager").count() == 1
    assert first.get(kind="decision").times is None
    first.exclude(kind="diary").delete()
    assert rules.take_rules_of_packs() == 0
    assert Programme.objects.get().reminder_rules.count() == 2


def test_a_rule_switched_off_sends_nothing(quiet: World, clock: Clock) -> None:
    found = rule(quiet, "tool", 3)
    rules.switch_rule(rule=found, by=quiet.cast.dana, is_on=False)
    assert remind(clock, due_in(quiet, 10) - timedelta(days=3)) == []


def test_the_diary_texts_are_in_no_reminder(quiet: World, clock: Clock) -> None:
    rule(quiet, "answer", 7, "after")
    diary(quiet)
    told = remind(clock, programme_today() + timedelta(days=7))
    assert told
    assert all(value not in str(each.facts) for each in told for value in DIARY.values() if len(value) > 3)
