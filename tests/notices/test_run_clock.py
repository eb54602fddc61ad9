"""A whole year run through with a clock that is set: every notice of a small programme, the totals of a large one."""

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from time import time as real_time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Mail, User
from checklist.models import ChecklistItem
from core.clock import clock_at
from core.models import DomainEvent
from core.policy.roles import ProgrammeRole, Role, Stage
from mentoring.models import Membership, MentoringGroup, Organisation, Pack, Programme
from mentoring.services.groups import open_group
from mentoring.services.memberships import enrol
from notices.models import Fanout, Notice, Reminder, ReminderRule, ReminderRun
from notices.services import reminders
from notices.simulated import run_days
from sessions_app.models import CatalogueSession, MeetingForm, PlannedSession, SessionPlan
from sessions_app.services.due import follow_plan
from tests.pack_tools import tool

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)


@pytest.fixture
def small(pack: Pack) -> Programme:
    """A programme of ten months with one group of a Mentor and a Mentee, and two sessions in its plan."""
    with clock_at(datetime(2026, 8, 25, 9, tzinfo=UTC)):
        organisation = Organisation.objects.create(name="House of Work")
        programme = Programme.objects.create(
            organisation=organisation, title="Steps", code="YEAR", pack=pack, starts_on=FIRST, ends_on=date(2027, 7, 31)
        )
        people = {
            name: User.objects.create(email=f"{name}@example.org", full_name=name.title(), time_zone="Europe/Sofia")
            for name in ("dana", "egle", "rasa", "milda")
        }
        enrol(programme_id=programme.pk, user=people["dana"], role=ProgrammeRole.ADMIN)
        enrol(programme_id=programme.pk, user=people["egle"], role=ProgrammeRole.MANAGER)
        group = open_group(
            programme=programme, name="Žingsnis", opened_by=people["egle"], mentors=[people["rasa"]],
            mentees=[people["milda"]], starts_on=FIRST, ends_on=date(2027, 6, 30),
        )  # fmt: skip
        _plan(group)
    return programme


def _plan(group: MentoringGroup) -> None:
    """Date the initial session and agree the plan, with one session more."""
    plan = SessionPlan.objects.get(group=group)
    first = PlannedSession.objects.filter(plan=plan).select_related("catalogue").get()
    PlannedSession.objects.filter(pk=first.pk).update(
        starts_at=datetime(2026, 9, 10, 15, tzinfo=UTC), minutes=60, agreed_version=1, form=MeetingForm.IN_PERSON
    )
    catalogue = type(first.catalogue).objects.get(pack=group.programme.pack, key="e1", is_current=True)
    PlannedSession.objects.create(
        plan=plan, catalogue=catalogue, starts_at=datetime(2026, 10, 5, 15, tzinfo=UTC), agreed_version=1, position=1
    )
    SessionPlan.objects.filter(pk=plan.pk).update(agreed_version=1)
    follow_plan(group=group)


YEAR = Path(__file__).with_name("year.txt")


@pytest.mark.slow
def test_the_year_of_a_small_programme_tells_this_and_nothing_else(small: Programme) -> None:
    """Nobody does anything in it, so everything that can be late is; each line was read by a person."""
    told = run_days(FIRST, LAST, with_mails=False)
    lines = [f"{each.at[:10]} {each.person.split('@')[0]} {each.kind}: {each.title}" for each in told]
    assert lines == YEAR.read_text("utf-8").splitlines()
    assert {each.at[11:] for each in told} == {"06:00+03:00", "06:00+02:00"}


def test_nothing_is_kept_and_nothing_is_sent(small: Programme, commit: Any) -> None:
    before = DomainEvent.objects.count()
    with commit():
        told = run_days(date(2026, 9, 9), date(2026, 9, 10))
    assert [(each.person, each.mailed_at, each.mail) for each in told if each.kind == "due_initial_session"] == [
        ("egle@example.org", "", ""),
        ("milda@example.org", "2026-09-09T06:00+03:00", "notice:due_initial_session"),
        ("rasa@example.org", "2026-09-09T06:00+03:00", "notice:due_initial_session"),
    ]
    profile = next(each for each in told if each.kind == "due_profile")
    assert (profile.way, profile.mailed_at, profile.mail) == ("daily", "2026-09-09T07:00+03:00", "digest:daily")
    assert profile.rule.startswith("A profile that waits to be filled in: 1 day after the day on which it is due")
    assert not Notice.objects.exists()
    assert not Mail.objects.exists()
    assert not Reminder.objects.exists()
    assert not ReminderRun.objects.exists()
    assert DomainEvent.objects.count() == before
    assert not Fanout.objects.filter(event__kind="reminder.due").exists()
    assert abs(timezone.now().timestamp() - real_time()) < 60, "the clock is the real one again"


def test_the_command_prints_json_and_refuses_where_no_demo_is_allowed(small: Programme, settings: Any) -> None:
    days = ("--from", "2026-09-03", "--to", "2026-09-03", "--without-mails")
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="DEMO_ALLOWED"):
        call_command("run_clock", *days)
    settings.DEMO_ALLOWED = True
    out = StringIO()
    call_command("run_clock", *days, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert [(each["person"], each["kind"], each["reason"], each["group"]) for each in told] == [
        (f"{name}@example.org", "due_initial_session", "due", "Žingsnis") for name in ("egle", "milda", "rasa")
    ]
    out = StringIO()
    call_command("run_clock", *days, stdout=out)
    assert "3 notices, 3 people" in out.getvalue()
    with pytest.raises(CommandError, match="last day"):
        call_command("run_clock", "--from", "2026-09-03", "--to", "2026-09-02")


def _two_hundred_groups(pack: Pack, monday: date) -> Programme:
    """Make the rows alone of 200 groups of six: each with a session within two weeks, and goals due within ten days."""
    organisation = Organisation.objects.create(name="House of Work")
    programme = Programme.objects.create(
        organisation=organisation, title="Large", code="LARGE", pack=pack, starts_on=monday, ends_on=LAST
    )
    number = 200
    people = User.objects.bulk_create(
        [User(email=f"p{each}@example.org", full_name=f"Person {each}") for each in range(number * 5 + 1)]
    )
    common = {"programme": programme, "starts_on": monday, "ends_on": LAST, "stage": Stage.RUNNING}
    groups = MentoringGroup.objects.bulk_create(
        [MentoringGroup(name=f"Group {each}", number=each, **common) for each in range(number)]
    )
    plans = SessionPlan.objects.bulk_create([SessionPlan(group=group, agreed_version=1) for group in groups])
    catalogue = CatalogueSession.objects.get(pack=pack, key="e1", is_current=True)
    afternoon = datetime.combine(monday, time(15), tzinfo=UTC)
    PlannedSession.objects.bulk_create(
        [
            PlannedSession(plan=plan, catalogue=catalogue, starts_at=afternoon + timedelta(days=each % 14))
            for each, plan in enumerate(plans)
        ]
    )
    members, goals = [], []
    version = tool("personal_goals").current
    for each, group in enumerate(groups):
        own = people[each * 5 + 1 : each * 5 + 6]
        for role, those in ((Role.MANAGER, people[:1]), (Role.MENTOR, own[:1]), (Role.MENTEE, own[1:])):
            members += [Membership(group=group, user=person, role=role, starts_on=monday) for person in those]
        due = {"due_on": monday + timedelta(days=each % 10), "opens_on": monday}
        goals += [ChecklistItem(group=group, tool_version=version, subject=mentee, **due) for mentee in own[1:]]
    Membership.objects.bulk_create(members)
    ChecklistItem.objects.bulk_create(goals)
    return programme


@pytest.mark.slow
def test_three_weeks_of_two_hundred_groups_bring_so_many_reminders(pack: Pack) -> None:
    """The rows alone: telling each of them is the same work as in the small programme."""
    monday = date(2026, 11, 2)
    morning = datetime.combine(monday, time(9), tzinfo=UTC)
    programme = _two_hundred_groups(pack, monday)
    rule = {"programme": programme, "since": FIRST}
    ReminderRule.objects.create(kind="session", days=1, **rule)
    ReminderRule.objects.create(kind="tool", days=3, **rule)
    ReminderRule.objects.create(
        kind="tool", days=1, side="after", every=3, times=2, escalate_to="manager", escalate_after=5, **rule
    )
    with clock_at(morning) as clock:
        for number in range(21):
            clock.set(morning + timedelta(days=number))
            reminders.run()
    found = Counter(Reminder.objects.values_list("rule__kind", "rule__side", "is_escalation"))
    assert found == {
        ("session", "before", False): 200 * 6,
        ("tool", "before", False): 180 * 4,  # of 20 groups it was to be sent three days before the first morning
        ("tool", "after", False): 200 * 4 * 2,
        ("tool", "after", True): 200 * 4,
    }
    assert DomainEvent.objects.filter(kind="reminder.due").count() == 200 + 180 * 4 + 200 * 4 * 2
