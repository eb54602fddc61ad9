"""The lists cost the same at one row and at three; the numbers are written down."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.policy.roles import ProgrammeRole
from mentoring.models import Enrolment, MentoringGroup, Organisation, Programme
from mentoring.services.groups import open_group
from mentoring.services.invitations import invite
from mentoring.services.memberships import enrol
from tests.cast import World

SignIn = Callable[[User], Client]

# Session, person, the person's seats (for the navigation), the programmes one administers; then the list's own.
QUERIES = {
    "index": 6,
    "mentoring_organisation_changelist": 6,
    "mentoring_programme_changelist": 6,
    "mentoring_mentoringgroup_changelist": 8,
    "mentoring_invitation_changelist": 7,
    "mentoring_enrolment_changelist": 7,
    "accounts_user_changelist": 7,
    "accounts_mail_changelist": 5,
    "core_domainevent_changelist": 5,
}
FOR_SUPERUSERS = {"accounts_mail_changelist", "core_domainevent_changelist"}


def three_of_everything(world: World) -> None:
    """Add two more of whatever the lists show."""
    today = timezone.localdate()
    for number in (1, 2):
        programme = Programme.objects.create(
            organisation=Organisation.objects.create(name=f"Organisation {number}"), title=f"Programme {number}",
            code="AB"[:number] * 2, pack=world.programme.pack, starts_on=today, ends_on=today + timedelta(days=9),
        )  # fmt: skip
        enrol(programme_id=programme.pk, user=world.cast.dana, role=ProgrammeRole.ADMIN)
        manager = User.objects.create_user(f"m{number}@example.org", "x", full_name=f"Manager {number}")
        enrol(programme_id=programme.pk, user=manager, role=ProgrammeRole.MANAGER)
        open_group(programme=programme, name=f"Group {number}", opened_by=manager, starts_on=today, ends_on=today)
        invite(programme=programme, email=f"i{number}@example.org", role=ProgrammeRole.MENTOR, invited_by=manager)


def only_one_of_everything(world: World) -> None:
    """Leave one organisation, programme, group, invitation and enrolment of Dana."""
    MentoringGroup.objects.filter(pk=world.other_group.pk).delete()
    Enrolment.objects.exclude(user__in=[world.cast.dana, world.cast.egle]).delete()
    invite(programme=world.programme, email="one@example.org", role=ProgrammeRole.MANAGER, invited_by=world.cast.dana)


def counted(client: Client, names: list[str]) -> dict[str, int]:
    """Return how many queries each page costs with a cold cache."""
    found = {}
    for name in names:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"admin:{name}")).status_code == 200
        found[name] = len(queries)
    return found


@pytest.mark.parametrize("person", ["sofia", "dana"])
def test_lists_and_first_page_cost_the_same_at_one_row_and_at_three(world: World, as_user: SignIn, person: str) -> None:
    only_one_of_everything(world)
    client = as_user(world.cast.everybody()[person])
    known = {name: number for name, number in QUERIES.items() if person == "sofia" or name not in FOR_SUPERUSERS}
    assert counted(client, list(known)) == known
    three_of_everything(world)
    assert counted(client, list(known)) == known


def test_long_lists_come_in_pages_and_keep_what_was_chosen(world: World, as_user: SignIn) -> None:
    people = User.objects.bulk_create(
        User(email=f"p{number:04}@example.org", full_name=f"Person {number:04}") for number in range(120)
    )
    Enrolment.objects.bulk_create(Enrolment(programme=world.programme, user=person, role="mentee") for person in people)
    client = as_user(world.cast.dana)
    url = reverse("admin:mentoring_enrolment_changelist")
    page = client.get(url, {"q": "Person", "role__exact": "mentee"}).content.decode()
    assert page.count("<tr>") == 51
    assert "Page 1 of 3" in page
    assert "role__exact=mentee" in page[page.index('rel="next"') - 200 :]
    assert 'name="role__exact" value="mentee"' in page
    last = client.get(url, {"q": "Person", "role__exact": "mentee", "p": 3}).content.decode()
    assert last.count("<tr>") == 21
    assert "Person 0119" in last
