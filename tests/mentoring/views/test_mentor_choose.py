"""A group without a Mentor gets one of the programme's, with a look at how much each has to do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Enrolment, Membership, MentoringGroup
from mentoring.services.groups import open_group
from mentoring.services.invitations import invite
from mentoring.services.memberships import enrol
from tests.cast import World

SignIn = Callable[..., Client]


@pytest.fixture
def alone(world: World) -> MentoringGroup:
    """A group of Eglė's with two Mentees and no Mentor."""
    return open_group(
        programme=world.programme, name="Polku", opened_by=world.cast.egle, starts_on=world.group.starts_on,
        ends_on=world.group.ends_on, mentees=[world.cast.aino, world.cast.kalina],
    )  # fmt: skip


def address(group: MentoringGroup) -> str:
    return reverse("mentoring:mentor-choose", args=[group.pk])


def test_mentors_stand_with_what_they_have_to_do(world: World, as_user: SignIn, alone: MentoringGroup) -> None:
    egle = as_user(world.cast.egle)
    page = egle.get(address(alone)).content.decode()
    assert "rasa@example.org): 1 group, 3 Mentees" in page
    assert world.cast.milda.full_name not in page
    answer = egle.post(address(alone), {"person": world.cast.rasa.pk}, follow=True)
    assert "is the Mentor now." in answer.content.decode()
    assert alone.memberships.get(role=Role.MENTOR).user == world.cast.rasa
    assert "rasa@example.org): " not in egle.get(address(alone)).content.decode()  # is in the group already


def test_who_is_invited_already_is_shown_and_somebody_else_is_invited(
    world: World, as_user: SignIn, alone: MentoringGroup
) -> None:
    invite(
        programme=world.programme, role=ProgrammeRole.MENTOR, email="nora@example.org", full_name="Nora Niemi",
        invited_by=world.cast.egle,
    )  # fmt: skip
    page = as_user(world.cast.egle).get(address(alone)).content.decode()
    assert "Invited as Mentor, not here yet" in page
    assert "Nora Niemi, nora@example.org" in page
    assert (
        f"{reverse('mentoring:invitation-create', args=[world.programme.pk])}?role=mentor&amp;group={alone.pk}" in page
    )


def test_nobody_becomes_a_mentor_unasked(world: World, as_user: SignIn, alone: MentoringGroup) -> None:
    egle = as_user(world.cast.egle)
    assert egle.post(address(alone), {"person": world.cast.milda.pk}).status_code == 422
    create = reverse("mentoring:member-create", args=[alone.pk])
    answer = egle.post(create, {"role": "mentor", "person": world.cast.milda.pk})
    assert answer.status_code == 422
    assert "is no Mentor of this programme yet. Invite them as a Mentor" in answer.content.decode()
    assert not Membership.objects.filter(group=alone, role=Role.MENTOR).exists()
    assert not Enrolment.objects.filter(user=world.cast.milda, role=ProgrammeRole.MENTOR).exists()


def test_many_are_searched(world: World, as_user: SignIn, alone: MentoringGroup) -> None:
    for number in range(14):
        person = User.objects.create_user(email=f"m{number}@example.org", full_name=f"Mentor {number:02}")
        enrol(programme_id=world.programme.pk, user=person, role=ProgrammeRole.MENTOR)
    egle = as_user(world.cast.egle)
    assert 'aria-label="Find a Mentor"' in egle.get(address(alone)).content.decode()
    page = egle.get(address(alone), {"q": "zukauskiene"}).content.decode()
    assert "rasa@example.org" in page
    assert "Mentor 07" not in page
    assert "No Mentor of this programme is called “xyz”." in egle.get(address(alone), {"q": "xyz"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(
    world: World, as_user: SignIn, alone: MentoringGroup, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        person = User.objects.create_user(email=f"m{number}@example.org", full_name=f"Mentor {number:02}")
        enrol(programme_id=world.programme.pk, user=person, role=ProgrammeRole.MENTOR)
    egle = as_user(world.cast.egle)
    egle.get(address(alone))
    with django_assert_num_queries(9):
        egle.get(address(alone))
