"""Admins do not read what groups write: nobody gets into a group from outside without someone else's consent."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from core.models import DomainEvent
from core.policy.roles import Action, ProgrammeRole, Role
from mentoring.models import Enrolment, Membership, MembershipProposal
from mentoring.services import invitations, proposals
from mentoring.services.memberships import end_membership, enrol
from mentoring.services.people import end_enrolment
from mentoring.standing import Standing
from responses_app.models import FormResponse
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in

AsUser = Callable[[User], Client]


@pytest.fixture
def proposal(world: World, as_user: AsUser) -> MembershipProposal:
    """Dana, the Programme Admin, makes herself Manager of the programme, and then of «Žingsnis»."""
    dana = world.cast.dana
    enrol(programme_id=world.programme.pk, user=dana, role=ProgrammeRole.MANAGER)
    url = reverse("admin:mentoring_mentoringgroup_change", args=[world.group.pk])
    client = as_user(dana)
    sent = {
        name: value for name, value in client.get(url).context["adminform"].form.initial.items() if value is not None
    }
    assert client.post(url, {**sent, "new_manager": dana.pk}).status_code == 302
    return MembershipProposal.objects.get()


def url(proposal: MembershipProposal) -> str:
    return reverse("mentoring:proposal-decide", args=[proposal.pk])


def test_an_admin_who_makes_herself_manager_reads_nothing(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    dana = world.cast.dana
    assert not Membership.objects.live().filter(group=world.group, user=dana).exists()
    assert as_user(dana).get(reverse("mentoring:group-detail", args=[world.group.pk])).status_code == 404
    assert not FormResponse.objects.allowing(Standing.of(dana), Action.VIEW).exists()
    assert as_user(dana).get(url(proposal)).status_code == 404
    assert as_user(dana).post(url(proposal), {"decision": "accept"}).status_code == 404


def test_everybody_in_the_group_sees_it_and_manager_or_mentor_decide(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    cast, people = world.cast, reverse("mentoring:member-list", args=[world.group.pk])
    for person in (cast.milda, cast.rasa, cast.egle):
        page = as_user(person).get(people).content.decode()
        assert "Proposed by Dana" in page
        assert (url(proposal) in page) == (person != cast.milda)
    assert as_user(cast.milda).post(url(proposal), {"decision": "accept"}).status_code == 404
    assert as_user(cast.rasa).post(url(proposal), {"decision": "accept"}).status_code == 302
    assert Membership.objects.live().filter(group=world.group, user=cast.dana, role=Role.MANAGER).exists()
    kinds = list(DomainEvent.objects.filter(kind__startswith="membership.").values_list("kind", "actor__full_name"))
    assert ("membership.proposed", cast.dana.full_name) in kinds
    assert ("membership.agreed", cast.rasa.full_name) in kinds


def test_it_stands_first_among_what_needs_the_manager_until_it_is_decided(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    egle = as_user(world.cast.egle)
    said = egle.get("/").text
    assert f"{proposal.user.full_name} is proposed for “Žingsnis”" in said
    assert url(proposal) in said
    assert "is proposed for" not in as_user(proposal.user).get("/").text
    egle.post(url(proposal), {"decision": "refuse"})
    assert "is proposed for" not in egle.get("/").text


def test_it_can_be_refused(world: World, as_user: AsUser, proposal: MembershipProposal) -> None:
    assert as_user(world.cast.egle).post(url(proposal), {"decision": "refuse"}).status_code == 302
    assert not Membership.objects.live().filter(group=world.group, user=world.cast.dana).exists()
    assert as_user(world.cast.egle).get(url(proposal)).status_code == 404


def test_a_second_account_that_an_admin_invites_waits_too(world: World) -> None:
    cast = world.cast
    invitation = invitations.invite(
        programme=world.programme, email=cast.petar.email, role=ProgrammeRole.MANAGER, invited_by=cast.dana,
        group=world.group,
    )  # fmt: skip
    proposals.put_into_group(group=world.group, user=cast.petar, role=Role.MANAGER, by=invitation.invited_by)
    assert not Membership.objects.live().filter(group=world.group, user=cast.petar).exists()
    with pytest.raises(ValidationError):
        proposals.put_into_group(group=world.group, user=cast.petar, role=Role.MANAGER, by=cast.dana)


def leave_it_without_a_lead(world: World) -> None:
    for each in Membership.objects.live().filter(group=world.group, role__in=[Role.MANAGER, Role.MENTOR]):
        end_membership(membership=each, by=world.cast.sofia)


def test_where_nobody_leads_the_group_who_runs_the_installation_agrees(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    cast = world.cast
    leave_it_without_a_lead(world)
    for stranger in (cast.dana, cast.egle, cast.rasa, cast.milda, cast.petar, cast.aino):
        assert as_user(stranger).get(url(proposal)).status_code == 404
    assert url(proposal) in as_user(cast.sofia).get("/", {"as": "admin"}).text
    assert as_user(cast.sofia).post(url(proposal), {"decision": "accept"}).status_code == 302
    assert Membership.objects.live().filter(group=world.group, user=cast.dana, role=Role.MANAGER).exists()


def test_what_who_runs_the_installation_proposes_an_admin_of_the_programme_agrees_to(
    world: World, as_user: AsUser
) -> None:
    leave_it_without_a_lead(world)
    proposals.put_into_group(group=world.group, user=world.cast.petar, role=Role.MENTOR, by=world.cast.sofia)
    proposal = MembershipProposal.objects.get()
    assert as_user(world.cast.sofia).get(url(proposal)).status_code == 404
    assert as_user(world.cast.dana).post(url(proposal), {"decision": "accept"}).status_code == 302


def test_a_role_that_was_ended_meanwhile_does_not_come_back_by_consent(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    Enrolment.objects.filter(user=world.cast.dana, role=ProgrammeRole.MANAGER).update(ended_at=timezone.now())
    egle = as_user(world.cast.egle)
    answer = egle.post(url(proposal), {"decision": "accept"}, follow=True)
    assert "no longer has this role in the programme, so the proposal falls away." in answer.text
    assert not Membership.objects.live().filter(group=world.group, user=world.cast.dana).exists()
    assert egle.get(url(proposal)).status_code == 404
    assert not Enrolment.objects.live().filter(user=world.cast.dana, role=ProgrammeRole.MANAGER).exists()


def test_a_proposal_falls_away_with_the_role(world: World, as_user: AsUser, proposal: MembershipProposal) -> None:
    role = Enrolment.objects.get(user=world.cast.dana, role=ProgrammeRole.MANAGER)
    for _press in range(2):
        end_enrolment(enrolment=role, by=world.cast.sofia)
    assert not MembershipProposal.objects.open().exists()
    kinds = DomainEvent.objects.filter(kind__in=["membership.refused", "enrolment.ended"]).values_list("kind", "actor")
    assert sorted(kinds) == [("enrolment.ended", world.cast.sofia.pk), ("membership.refused", world.cast.sofia.pk)]
    people = as_user(world.cast.egle).get(reverse("mentoring:member-list", args=[world.group.pk])).text
    assert "Proposed by" not in people


def test_a_manager_who_was_switched_off_takes_nobody_in_any_more(world: World) -> None:
    User.objects.filter(pk=world.cast.egle.pk).update(is_active=False)
    made = proposals.put_into_group(group=world.group, user=world.cast.petar, role=Role.MENTOR, by=world.cast.egle)
    assert isinstance(made, MembershipProposal)


def test_a_second_account_as_admin_does_not_agree_once_the_lead_of_the_group_was_taken_out(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    second = world.cast.petar
    enrol(programme_id=world.programme.pk, user=second, role=ProgrammeRole.ADMIN)
    leave_it_without_a_lead(world)
    assert as_user(second).get(url(proposal)).status_code == 404
    assert as_user(second).post(url(proposal), {"decision": "accept"}).status_code == 404
    assert url(proposal) not in as_user(second).get("/", {"as": "admin"}).text


def test_in_a_group_that_nobody_has_led_another_admin_of_the_programme_agrees(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    second = world.cast.petar
    enrol(programme_id=world.programme.pk, user=second, role=ProgrammeRole.ADMIN)
    Membership.objects.filter(group=world.group, role__in=[Role.MANAGER, Role.MENTOR]).delete()
    assert url(proposal) in as_user(second).get("/", {"as": "admin"}).text
    assert as_user(second).post(url(proposal), {"decision": "accept"}).status_code == 302
    assert as_user(world.cast.dana).get(url(proposal)).status_code == 404


def test_who_decides_is_told_by_mail_in_their_language(world: World, as_user: AsUser) -> None:
    cast = world.cast
    User.objects.filter(pk=cast.rasa.pk).update(language="bg")
    proposals.put_into_group(group=world.group, user=cast.petar, role=Role.MENTOR, by=cast.dana)
    proposal = MembershipProposal.objects.get()
    mails = {each.to: each for each in Mail.objects.filter(kind="proposal")}
    assert set(mails) == {cast.egle.email, cast.rasa.email}
    assert url(proposal) in mails[cast.egle.email].body
    assert mails[cast.egle.email].subject == f"Shall {cast.petar.full_name} join “{world.group.name}”?"
    assert "Да влезе ли" in mails[cast.rasa.email].subject


def test_a_manager_of_the_group_takes_people_in_at_once(world: World) -> None:
    made = proposals.put_into_group(group=world.group, user=world.cast.petar, role=Role.MENTOR, by=world.cast.egle)
    assert isinstance(made, Membership)


def test_who_is_proposed_twice_or_invited_though_known_is_told_beside_the_field(
    world: World, as_user: AsUser, proposal: MembershipProposal
) -> None:
    dana = as_user(world.cast.dana)
    url = reverse("admin:mentoring_mentoringgroup_change", args=[world.group.pk])
    initial = dana.get(url).context["adminform"].form.initial
    sent = {name: value for name, value in initial.items() if value is not None} | {"new_manager": world.cast.dana.pk}
    answer = dana.post(url, sent)
    assert "This person is proposed already, and waits for consent." in answer.text
    invite = {
        "programme": world.programme.pk, "email": world.cast.milda.email, "role": "mentee", "language": "en",
        "group": world.group.pk,
    }  # fmt: skip
    answer = dana.post(reverse("admin:mentoring_invitation_add"), invite)
    assert "This person has that role in this programme already." in answer.text
