"""A group has one Mentor, or two; a pair has one Mentee: wherever people or kind change, and said in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Enrolment, Invitation, Membership, MembershipProposal, MentoringGroup
from mentoring.services.groups import change_group, open_group
from mentoring.services.memberships import add_member, enrol, replace_mentor
from mentoring.services.proposals import decide_proposal
from tests.cast import World
from tests.mentoring.test_invitations import NEWCOMER, invite

SignIn = Callable[..., Client]
TWO_ALREADY = "A group has one Mentor, or two."


@pytest.fixture
def full(world: World) -> MentoringGroup:
    """The group of Eglė with a second Mentor, Jonas; Olga is a Mentor of the programme too."""
    for person in (world.cast.jonas, world.cast.olga):
        enrol(programme_id=world.programme.pk, user=person, role=ProgrammeRole.MENTOR)
    add_member(group=world.group, user=world.cast.jonas, role=Role.MENTOR, by=world.cast.egle)
    return world.group


@pytest.fixture
def pair(world: World) -> MentoringGroup:
    return open_group(
        programme=world.programme, name="Polku", kind="pair", opened_by=world.cast.egle,
        starts_on=world.group.starts_on, ends_on=world.group.ends_on, mentees=[world.cast.aino],
    )  # fmt: skip


def mentors(group: MentoringGroup) -> int:
    return Membership.objects.live().filter(group=group, role=Role.MENTOR).count()


def test_a_third_mentor_is_not_added(world: World, as_user: SignIn, full: MentoringGroup) -> None:
    egle = as_user(world.cast.egle)
    for name in ("mentoring:member-create", "mentoring:mentor-choose"):
        answer = egle.post(reverse(name, args=[full.pk]), {"role": "mentor", "person": world.cast.olga.pk})
        assert answer.status_code == 422
        assert "has its Mentors already: Rasa Žukauskienė, Jonas" in answer.text
        field = "role" if name == "mentoring:member-create" else "person"
        assert TWO_ALREADY in answer.context["form"].errors[field][0]
    with pytest.raises(ValidationError, match="one Mentor, or two"):
        add_member(group=full, user=world.cast.olga, role=Role.MENTOR, by=world.cast.egle)
    assert mentors(full) == 2


def test_one_of_two_mentors_is_replaced(world: World, full: MentoringGroup) -> None:
    old = Membership.objects.get(group=full, user=world.cast.jonas, role=Role.MENTOR)
    replace_mentor(group=full, old=old, new=world.cast.olga, by=world.cast.egle)
    assert mentors(full) == 2


def test_a_second_mentee_of_a_pair_is_not_added(world: World, as_user: SignIn, pair: MentoringGroup) -> None:
    page = reverse("mentoring:member-create", args=[pair.pk])
    answer = as_user(world.cast.egle).post(page, {"role": "mentee", "person": world.cast.kalina.pk})
    assert answer.status_code == 422
    assert f"“Polku” is a pair and has its Mentee already: {world.cast.aino.full_name}." in answer.text


def test_a_group_of_three_mentees_does_not_become_a_pair(world: World, as_user: SignIn) -> None:
    group, egle = world.group, as_user(world.cast.egle)
    sent = {
        "name": group.name, "motto": "Kept as typed", "kind": "pair", "form": "blended",
        "starts_on": group.starts_on.isoformat(), "ends_on": group.ends_on.isoformat(),
    }  # fmt: skip
    answer = egle.post(reverse("mentoring:group-edit", args=[group.pk]), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"kind": ["A pair has one Mentee, and this group has 3."]}
    assert "Kept as typed" in answer.text
    answer = as_user(world.cast.dana).post(reverse("admin:mentoring_mentoringgroup_change", args=[group.pk]), sent)
    assert "A pair has one Mentee, and this group has 3." in answer.text
    with pytest.raises(ValidationError):
        change_group(group=group, by=world.cast.egle, kind="pair")
    group.refresh_from_db()
    assert group.kind == "group"


def test_a_group_without_place_is_refused_when_the_invitation_is_written(
    world: World, as_user: SignIn, full: MentoringGroup
) -> None:
    sent: dict[str, Any] = {"email": "hanna@example.org", "role": "mentor", "language": "en", "group": full.pk}
    page = reverse("mentoring:invitation-create", args=[world.programme.pk])
    answer = as_user(world.cast.egle).post(page, sent | {"full_name": "Hanna Lehtonen"})
    assert answer.status_code == 422
    assert TWO_ALREADY in answer.context["form"].errors["group"][0]
    assert "Hanna Lehtonen" in answer.text
    answer = as_user(world.cast.dana).post(
        reverse("admin:mentoring_invitation_add"), sent | {"programme": world.programme.pk}
    )
    assert TWO_ALREADY in answer.text
    with pytest.raises(ValidationError):
        invite(world, role=ProgrammeRole.MENTOR, group=full)
    assert not Invitation.objects.exists()


def test_who_is_in_the_group_in_another_role_is_not_invited_into_it(world: World, as_user: SignIn) -> None:
    sent = {"email": "RASA@example.org", "role": "mentee", "language": "en", "group": world.group.pk}
    page = reverse("mentoring:invitation-create", args=[world.programme.pk])
    answer = as_user(world.cast.egle).post(page, sent)
    assert answer.status_code == 422
    words = "Rasa Žukauskienė is in this group already, as Mentor."
    assert answer.context["form"].errors == {"email": [words]}
    with pytest.raises(ValidationError):
        invite(world, email="rasa@example.org")
    assert not Invitation.objects.exists()


def test_an_invitation_into_a_group_that_has_filled_leads_into_the_programme_and_says_so(
    world: World, as_user: SignIn
) -> None:
    _first, link = invite(world, role=ProgrammeRole.MENTOR)
    enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
    add_member(group=world.group, user=world.cast.jonas, role=Role.MENTOR, by=world.cast.egle)
    arrived = Client().post(link, NEWCOMER | {"language": "en"}, follow=True)
    assert "You are not in the group “Žingsnis”: it has everyone it needs in your role." in arrived.text
    hanna = User.objects.get(email="hanna@example.org")
    assert Enrolment.objects.live().filter(user=hanna, role="mentor").exists()
    assert mentors(world.group) == 2
    people = reverse("mentoring:member-list", args=[world.group.pk])
    assert "but is not in the group: it had no place for them." in as_user(world.cast.egle).get(people).text
    assert "it had no place for them" not in as_user(world.cast.rasa).get(people).text


def test_who_has_another_role_in_the_group_by_then_keeps_it_and_is_told(world: World, as_user: SignIn) -> None:
    _first, link = invite(world, email="olga@example.org")
    enrol(programme_id=world.programme.pk, user=world.cast.olga, role=ProgrammeRole.MENTOR)
    add_member(group=world.group, user=world.cast.olga, role=Role.MENTOR, by=world.cast.egle)
    arrived = as_user(world.cast.olga).post(link, follow=True)
    assert "In the group “Žingsnis” you keep the role you have." in arrived.text


def test_a_proposal_for_a_group_that_has_filled_is_not_agreed(
    world: World, as_user: SignIn, full: MentoringGroup
) -> None:
    proposal = MembershipProposal.objects.create(
        group=full, user=world.cast.olga, role="mentor", proposed_by=world.cast.dana,
        proposed_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    page = reverse("mentoring:proposal-decide", args=[proposal.pk])
    answer = as_user(world.cast.egle).post(page, {"decision": "accept"})
    assert answer.status_code == 422
    assert TWO_ALREADY in answer.text
    assert mentors(full) == 2
    decide_proposal(proposal=proposal, by=world.cast.egle, accept=False)
