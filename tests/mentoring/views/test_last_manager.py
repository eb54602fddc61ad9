"""A group keeps a Manager; one that nobody is left in gets a new one without anybody to ask."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mail, User
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Enrolment, Membership, MembershipProposal, MentoringGroup
from mentoring.services import proposals
from mentoring.services.memberships import add_member, end_membership
from mentoring.services.people import change_account
from tests.cast import World

SignIn = Callable[..., Client]


def of(world: World, person: User) -> Membership:
    return Membership.objects.live().get(group=world.group, user=person)


def test_the_only_manager_cannot_take_herself_out(world: World, as_user: SignIn) -> None:
    egle, own = as_user(world.cast.egle), of(world, world.cast.egle)
    url = reverse("mentoring:member-end", args=[own.pk])
    for answer in (egle.get(url, follow=True), egle.post(url, {"reason": ""}, follow=True)):
        assert "A group needs a Manager. Add another one first." in answer.text
    own.refresh_from_db()
    assert own.is_live()
    add_member(group=world.group, user=world.cast.petar, role=Role.MANAGER, by=world.cast.egle)
    assert "Leave the group" in egle.get(reverse("mentoring:member-list", args=[world.group.pk])).text
    assert egle.post(url, {"reason": ""}, follow=True).redirect_chain[-1] == ("/", 302)  # the people are not hers now
    own.refresh_from_db()
    assert not own.is_live()


def test_ending_the_role_of_the_only_manager_names_the_groups_that_are_left(world: World, as_user: SignIn) -> None:
    enrolment = Enrolment.objects.live().get(user=world.cast.egle, role=ProgrammeRole.MANAGER)
    url = reverse("admin:mentoring_enrolment_end", args=[enrolment.pk])
    dana = as_user(world.cast.dana)
    assert "left without a Manager" in dana.get(url).text
    add_member(group=world.group, user=world.cast.petar, role=Role.MANAGER, by=world.cast.egle)
    assert "left without a Manager" not in dana.get(url).text


def test_a_group_that_is_empty_in_every_way_takes_its_manager_at_once(world: World) -> None:
    group = MentoringGroup.objects.create(
        programme=world.programme, name="Empty", number=99, starts_on=world.group.starts_on, ends_on=world.group.ends_on
    )
    made = proposals.put_into_group(group=group, user=world.cast.boris, role=Role.MANAGER, by=world.cast.dana)
    assert isinstance(made, Membership)


def test_one_in_which_people_still_are_does_not(world: World) -> None:
    for person in (world.cast.egle, world.cast.rasa):
        end_membership(membership=of(world, person), by=world.cast.sofia)
    made = proposals.put_into_group(group=world.group, user=world.cast.boris, role=Role.MANAGER, by=world.cast.dana)
    assert isinstance(made, MembershipProposal)


def test_who_comes_back_is_no_longer_among_those_who_left(world: World, as_user: SignIn) -> None:
    tomas, people = world.cast.tomas, reverse("mentoring:member-list", args=[world.group.pk])
    end_membership(membership=of(world, tomas), by=world.cast.egle)
    left = as_user(world.cast.egle).get(people).context["former"]
    assert tomas in {each.user for each in left}
    add_member(group=world.group, user=tomas, role=Role.MENTEE, by=world.cast.egle)
    left = as_user(world.cast.egle).get(people).context["former"]
    assert tomas not in {each.user for each in left}


@pytest.mark.parametrize("language", ["en", "bg"])
def test_another_address_is_told_to_the_old_one_and_to_the_manager(world: World, language: str) -> None:
    milda = User.objects.get(pk=world.cast.milda.pk)
    old, milda.email, milda.language = milda.email, "takeover@example.org", language
    change_account(person=milda, by=world.cast.sofia, old_email=old)
    mails = {each.to: each for each in Mail.objects.filter(kind="address_changed")}
    assert set(mails) == {old, world.cast.egle.email}
    assert (
        mails[old].subject
        == {"en": "Your sign-in address was changed", "bg": "Адресът Ви за вход беше променен"}[language]
    )
    assert "takeover@example.org" not in "".join(each.body for each in mails.values())
