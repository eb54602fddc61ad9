"""A whole year run through with a clock that is set: every notice of a small programme, the totals of a large one."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import User
from core.clock import clock_at
from core.policy.roles import ProgrammeRole
from mentoring.models import MentoringGroup, Organisation, Pack, Programme
from mentoring.services.groups import open_group
from mentoring.services.memberships import enrol
from notices.simulated import run_days
from sessions_app.models import MeetingForm, PlannedSession, SessionPlan
from sessions_app.services.due import follow_plan

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


YEAR: list[str] = []


def test_the_year_of_a_small_programme_tells_this_and_nothing_else(small: Programme) -> None:
    told = run_days(FIRST, LAST)
    assert [f"{each.at[:10]} {each.person.split('@')[0]} {each.kind}: {each.title}" for each in told] == YEAR
