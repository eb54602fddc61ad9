"""People come by invitation, and only so."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from core.models import DomainEvent
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Enrolment, Invitation, Membership
from mentoring.services import invitations
from mentoring.services.people import change_account, end_enrolment
from tests.cast import World


def invite(world: World, **changes: object) -> tuple[Invitation, str]:
    """Invite Hanna as Mentee by Eglė; return the invitation and the link of the mail."""
    data = {"programme": world.programme, "email": "Hanna@Example.org", "role": ProgrammeRole.MENTEE,
            "invited_by": world.cast.egle, "full_name": "Hanna Lehtonen", "group": world.group} | changes  # fmt: skip
    invitation = invitations.invite(**data)  # type: ignore[arg-type]
    found = re.search(r"http\S+", Mail.objects.get(to=invitation.email, state="waiting").body)
    assert found
    return invitation, found.group().removeprefix("http://127.0.0.1:8000")


NEWCOMER = {
    "full_name": "Hanna Lehtonen", "password": "three quiet words", "language": "bg", "time_zone": "Europe/Helsinki",
}  # fmt: skip


def test_newcomer_accepts_and_is_in_the_group(world: World) -> None:
    invitation, link = invite(world)
    client = Client()
    assert "Hanna Lehtonen" in client.get(link).content.decode()
    response = client.post(link, NEWCOMER)
    assert response.status_code == 302
    hanna = User.objects.get(email="hanna@example.org")
    assert (hanna.language, hanna.time_zone) == ("bg", "Europe/Helsinki")
    assert Membership.objects.live().get(user=hanna).role == Role.MENTEE
    assert Enrolment.objects.live().get(user=hanna).role == ProgrammeRole.MENTEE
    assert client.get(reverse("accounts:profile-edit")).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_by == hanna


def test_only_the_hash_of_the_token_is_stored(world: World) -> None:
    invitation, link = invite(world)
    token = link.strip("/").split("/")[-1]
    assert invitation.token_hash == invitations.token_hash(token) != token


def test_invitation_works_once(world: World) -> None:
    _, link = invite(world)
    assert Client().post(link, NEWCOMER).status_code == 302
    assert Client().get(link).status_code == 410
    assert Client().post(link, NEWCOMER | {"full_name": "Someone Else"}).status_code == 410


def later() -> None:
    """Let more time pass than a second press takes."""
    Invitation.objects.update(created_at=timezone.now() - timedelta(minutes=2))


def test_a_new_invitation_withdraws_the_older_one(world: World) -> None:
    first, _ = invite(world)
    Mail.objects.all().delete()
    later()
    invite(world)
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert DomainEvent.objects.filter(kind="invitation.revoked", target=f"mentoring.invitation:{first.pk}").exists()


def test_the_same_invitation_of_a_moment_ago_is_one(world: World) -> None:
    first, _link = invite(world)
    assert invitations.invite_again(invitation=first, by=world.cast.egle) == first
    assert invite(world, full_name="")[0] == first
    assert (Invitation.objects.count(), Mail.objects.count()) == (1, 1)
    Mail.objects.all().delete()
    assert invite(world, group=None)[0] != first  # another invitation, however soon
    later()
    Mail.objects.all().delete()
    assert invite(world)[0] != first


def test_an_address_that_is_invited_already_is_asked_about(world: World, as_user) -> None:  # type: ignore[no-untyped-def]
    invite(world)
    later()
    egle, page = as_user(world.cast.egle), reverse("mentoring:invitation-create", args=[world.programme.pk])
    sent = {"email": "HANNA@example.org", "role": "mentee", "language": "en", "full_name": "", "group": ""}
    asked = egle.post(page, sent)
    assert asked.status_code == 422
    assert f"This address is invited already: Mentee, group “{world.group.name}”, until" in asked.text
    assert Invitation.objects.count() == 1
    # Another role takes nobody's place, and what was confirmed is sent; a second press sends it once.
    assert egle.post(page, {**sent, "role": "mentor"}).status_code == 302
    for _press in range(2):
        assert egle.post(page, {**sent, "is_anew_meant": "on"}).status_code == 302
    assert Invitation.objects.open().filter(role="mentee").get().group is None
    assert Invitation.objects.count() == 3
    assert egle.post(page, sent).status_code == 302  # the same a moment later
    assert Invitation.objects.count() == 3


def test_the_group_of_another_manager_is_not_told(world: World, as_user) -> None:  # type: ignore[no-untyped-def]
    invite(world, group=world.other_group, invited_by=world.cast.dana)
    later()
    page = reverse("mentoring:invitation-create", args=[world.programme.pk])
    sent = {"email": "hanna@example.org", "role": "mentee", "language": "en"}
    asked = as_user(world.cast.egle).post(page, sent).text
    assert "This address is invited already: Mentee, until" in asked
    assert world.other_group.name not in asked


def test_the_administration_asks_too_and_invites_once(world: World, as_user) -> None:  # type: ignore[no-untyped-def]
    dana, page = as_user(world.cast.dana), reverse("admin:mentoring_invitation_add")
    sent = {"programme": world.programme.pk, "email": "hanna@example.org", "role": "manager", "language": "en"}
    for _press in range(2):
        assert dana.post(page, sent).status_code == 302
    assert (Invitation.objects.count(), Mail.objects.count()) == (1, 1)
    later()
    asked = dana.post(page, sent).text
    assert "This address is invited already: Manager, until" in asked
    assert "Yes, send a new invitation in its place." in asked
    assert dana.post(page, {**sent, "is_anew_meant": "on"}).status_code == 302
    assert Invitation.objects.count() == 2


def test_inviting_again_keeps_the_name(world: World) -> None:
    invite(world)
    later()
    Mail.objects.all().delete()
    again, _link = invite(world, full_name="")
    assert again.full_name == "Hanna Lehtonen"


def test_who_has_the_role_already_is_not_invited_once_more(world: World) -> None:
    for group, words in ((world.group, "Add them on the page “People”"), (None, "already.")):
        with pytest.raises(ValidationError) as refused:
            invite(world, email="MILDA@example.org", group=group)
        assert refused.value.message_dict["email"][0].startswith("Milda Kazlauskaitė has this role in the programme")
        assert words in refused.value.message_dict["email"][0]
    assert not Invitation.objects.exists()
    # Another role is another invitation.
    assert invite(world, email="milda@example.org", role=ProgrammeRole.MENTOR, group=None)


def test_weak_password_is_refused_beside_its_field_and_the_name_is_kept(world: World) -> None:
    _, link = invite(world)
    response = Client().post(link, NEWCOMER | {"password": "12345", "full_name": "Ханна Я"})
    assert response.status_code == 422
    assert "Ханна Я" in response.content.decode()
    assert not User.objects.filter(email="hanna@example.org").exists()


def test_known_person_signs_in_and_accepts_with_the_same_account(world: World, as_user) -> None:  # type: ignore[no-untyped-def]
    _, link = invite(world, email="olga@example.org")
    assert Client().post(link, NEWCOMER).status_code == 200
    assert as_user(world.cast.petar).post(link).status_code == 409
    assert as_user(world.cast.olga).post(link).status_code == 302
    assert Membership.objects.live().get(user=world.cast.olga).group == world.group


@pytest.mark.parametrize("role", [ProgrammeRole.MANAGER, ProgrammeRole.ADMIN])
def test_manager_invites_no_manager_and_no_admin(world: World, role: ProgrammeRole) -> None:
    with pytest.raises(ValidationError):
        invite(world, role=role, group=None)


def test_mentor_and_stranger_invite_nobody(world: World) -> None:
    for person in (world.cast.rasa, world.cast.milda, world.cast.olga):
        with pytest.raises(ValidationError):
            invite(world, invited_by=person)


def test_mail_is_a_row_that_is_sent_once_and_then_forgets_its_link(world: World, commit, mailoutbox) -> None:  # type: ignore[no-untyped-def]
    with commit():
        invite(world)
    assert [mail.to for mail in mailoutbox] == [["hanna@example.org"]]
    row = Mail.objects.get()
    assert (row.state, row.body) == ("sent", "")


def test_there_is_no_open_sign_up(client: Client, db: None) -> None:
    response = client.post(reverse("account_signup"), {"email": "a@example.org", "password1": "three quiet words"})
    assert not User.objects.exists()
    assert response.status_code == 200


def test_password_reset_says_the_same_to_known_and_unknown(world: World) -> None:
    url = reverse("account_reset_password")
    known = Client().post(url, {"email": world.cast.milda.email}, follow=True)
    unknown = Client().post(url, {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.status_code == unknown.status_code == 200


# --- who invited may do so no longer -------------------------------------------------------------------------------


def by_the_admin(world: World, role: ProgrammeRole) -> tuple[Invitation, str]:
    """Dana, the Programme Admin, invites an address into the programme."""
    return invite(world, role=role, invited_by=world.cast.dana, group=None)


@pytest.mark.parametrize("role", [ProgrammeRole.ADMIN, ProgrammeRole.MANAGER])
def test_an_admin_whose_role_ended_does_not_come_back_through_an_invitation(world: World, role: ProgrammeRole) -> None:
    invitation, link = by_the_admin(world, role)
    dana = Enrolment.objects.live().get(user=world.cast.dana, role=ProgrammeRole.ADMIN)
    end_enrolment(enrolment=dana, by=world.cast.sofia)
    assert Client().get(link).status_code == 410
    assert "This invitation was withdrawn" in Client().post(link, NEWCOMER).text
    assert not User.objects.filter(email="hanna@example.org").exists()
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None
    assert DomainEvent.objects.filter(kind="invitation.revoked", actor=world.cast.sofia).count() == 1


def test_nor_does_one_whose_account_is_switched_off(world: World) -> None:
    _invitation, link = by_the_admin(world, ProgrammeRole.MANAGER)
    dana = User.objects.get(pk=world.cast.dana.pk)
    dana.is_active = False
    change_account(person=dana, by=world.cast.sofia, old_email=dana.email)
    assert Client().get(link).status_code == 410


def test_it_is_looked_at_again_when_it_is_accepted(world: World) -> None:
    _invitation, link = by_the_admin(world, ProgrammeRole.ADMIN)
    Enrolment.objects.filter(user=world.cast.dana).update(ended_at=timezone.now())  # past the service
    assert "no longer valid" in Client().post(link, NEWCOMER | {"language": "en"}).text
    assert not User.objects.filter(email="hanna@example.org").exists()


def test_mentees_and_mentors_may_still_come_when_the_one_who_invited_them_has_left(world: World) -> None:
    _invitation, link = by_the_admin(world, ProgrammeRole.MENTEE)
    dana = Enrolment.objects.live().get(user=world.cast.dana, role=ProgrammeRole.ADMIN)
    end_enrolment(enrolment=dana, by=world.cast.sofia)
    assert Client().post(link, NEWCOMER).status_code == 302


def test_wrong_links_of_one_shut_nobody_else_behind_the_same_address_out(world: World) -> None:
    _invitation, link = invite(world)
    answers = [Client().get(reverse("mentoring:invitation-accept", args=[f"wrong-{n}"])).status_code for n in range(35)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert Client().get(link).status_code == 200
    assert Client().post(link, NEWCOMER).status_code == 302


def test_the_language_chosen_on_the_page_wins_over_that_of_the_e_mail(world: World) -> None:
    _invitation, link = invite(world, language="en")
    client = Client()
    client.post(reverse("accounts:language-set"), {"language": "bg", "next": link})
    page = client.get(link)
    assert ('lang="bg"' in page.text, page.context["form"].initial["language"]) == (True, "bg")
    refused = client.post(link, NEWCOMER | {"password": "12345", "language": ""})
    assert 'lang="bg"' in refused.text


def test_a_link_that_is_over_says_as_whom_one_is_signed_in(world: World, as_user) -> None:  # type: ignore[no-untyped-def]
    _invitation, link = invite(world, email="olga@example.org")
    olga, rasa = as_user(world.cast.olga), as_user(world.cast.rasa)
    olga.post(link)
    own = olga.get(link)
    assert own.status_code == 410
    assert "You accepted it with this account." in own.text
    for client, address in ((olga, "olga@example.org"), (rasa, "rasa@example.org")):
        page = client.get(link).text
        assert f"You are signed in as {address}." in page
        assert f'action="{reverse("account_logout")}"' in page
        assert "sign in. If not" not in page
    assert "You accepted it" not in rasa.get(link).text
    assert "sign in. If not" in Client().get(link).text


def test_who_has_an_account_is_written_to_in_their_language_and_signs_in(world: World) -> None:
    type(world.cast.olga).objects.filter(pk=world.cast.olga.pk).update(language="bg")
    invite(world, email="olga@example.org", role=ProgrammeRole.MENTOR, group=None, language="en")
    body = Mail.objects.get(to="olga@example.org").body
    assert "Вече имате профил." in body
    assert "парола" not in body
    invite(world, language="en")
    newcomer = Mail.objects.get(to="hanna@example.org").body
    assert "Open this link to choose a password and enter:" in newcomer
    assert "account already" not in newcomer
