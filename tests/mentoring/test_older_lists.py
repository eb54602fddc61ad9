"""A list of invitations that is a moment old neither sends what was withdrawn nor withdraws what was accepted."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mail
from core.policy.roles import Role
from mentoring.models import Invitation, Membership
from mentoring.services import invitations
from tests.cast import World
from tests.mentoring.test_invitations import NEWCOMER, invite, later

SignIn = Callable[..., Client]
IN_THE_PROGRAMME = ("egle", "mentoring:invitation-resend", "mentoring:invitation-revoke")
IN_THE_ADMINISTRATION = ("dana", "admin:mentoring_invitation_resend", "admin:mentoring_invitation_withdraw")
both_lists = pytest.mark.parametrize(
    ("who", "resend", "withdraw"), [IN_THE_PROGRAMME, IN_THE_ADMINISTRATION], ids=["programme", "administration"]
)


@both_lists
def test_a_withdrawn_invitation_is_not_sent_again(
    world: World, as_user: SignIn, who: str, resend: str, withdraw: str
) -> None:
    sent, link = invite(world)
    client = as_user(getattr(world.cast, who))
    client.post(reverse(withdraw, args=[sent.pk]))
    said = client.post(reverse(resend, args=[sent.pk]), follow=True).text
    assert "The invitation to hanna@example.org was withdrawn meanwhile, and nothing was sent." in said
    assert not Invitation.objects.open().exists()
    assert Mail.objects.filter(kind="invitation").count() == 1
    assert Client().get(link).status_code == 410


@both_lists
def test_an_accepted_invitation_is_not_called_withdrawn(
    world: World, as_user: SignIn, who: str, resend: str, withdraw: str
) -> None:
    sent, link = invite(world)
    Client().post(link, NEWCOMER)
    client = as_user(getattr(world.cast, who))
    for act in (withdraw, resend):
        said = client.post(reverse(act, args=[sent.pk]), follow=True).text
        assert "The invitation to hanna@example.org was accepted already. You can remove the person" in said
        assert "is withdrawn" not in said
    sent.refresh_from_db()
    assert sent.revoked_at is None
    assert Membership.objects.live().filter(user=sent.accepted_by, role=Role.MENTEE).exists()


def test_a_second_press_is_no_other_act_and_a_newer_invitation_is_named(world: World) -> None:
    first, _link = invite(world)
    later()
    second = invitations.invite_again(invitation=first, by=world.cast.egle)
    assert invitations.invite_again(invitation=first, by=world.cast.egle) == second
    later()
    with pytest.raises(Exception, match="A newer invitation to hanna@example.org is waiting"):
        invitations.invite_again(invitation=first, by=world.cast.egle)


def test_nobody_is_to_be_removed_where_they_never_came_in(world: World, as_user: SignIn) -> None:
    sent, link = invite(world)
    Client().post(link, NEWCOMER)
    sent.refresh_from_db()
    Membership.objects.filter(user=sent.accepted_by).delete()
    address = reverse("mentoring:invitation-revoke", args=[sent.pk])
    said = as_user(world.cast.egle).post(address, follow=True).text
    assert "was accepted already. A Programme Admin can end the role." in said
    assert "You can remove the person" not in said
