"""Inviting, giving and ending roles, and accounts, through the administration."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from core.models import DomainEvent
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Enrolment, Invitation, Membership
from tests.cast import World
from tests.config.conftest import Elsewhere

SignIn = Callable[[User], Client]
INVITE = "admin:mentoring_invitation_add"
ENROL = "admin:mentoring_enrolment_add"


def errors(response: Any) -> set[str]:
    """Return the fields that were refused."""
    assert response.status_code == 200
    return set(response.context["adminform"].form.errors)


def invitation_to(world: World, **changes: Any) -> dict[str, Any]:
    return {"programme": world.programme.pk, "role": "manager", "email": "new@example.org", "language": "bg"} | changes


def test_programme_admin_invites_with_a_mail_in_the_chosen_language(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    sent = invitation_to(world, token_hash="x", invited_by=world.cast.sofia.pk, accepted_at="2026-01-01")
    assert client.post(reverse(INVITE), sent).status_code == 302
    invitation = Invitation.objects.get(email="new@example.org")
    assert (invitation.invited_by, invitation.accepted_at) == (world.cast.dana, None)
    assert len(invitation.token_hash) == 64
    assert Mail.objects.get(kind="invitation").to == "new@example.org"


def test_programme_admin_invites_to_every_role(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    for role in ProgrammeRole.values:
        assert client.post(reverse(INVITE), invitation_to(world, role=role)).status_code == 302
    assert set(Invitation.objects.values_list("role", flat=True)) == set(ProgrammeRole.values)


def test_invitations_lead_nowhere_else(world: World, elsewhere: Elsewhere, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    assert errors(client.post(reverse(INVITE), invitation_to(world, programme=elsewhere.programme.pk))) == {"programme"}
    assert errors(client.post(reverse(INVITE), invitation_to(world, group=elsewhere.group.pk))) == {"group"}
    assert errors(client.post(reverse(INVITE), invitation_to(world, role="superuser"))) == {"role"}
    assert not Mail.objects.filter(to="new@example.org").exists()


def test_superuser_cannot_mix_programmes_either(world: World, elsewhere: Elsewhere, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    assert errors(client.post(reverse(INVITE), invitation_to(world, group=elsewhere.group.pk))) == {"group"}
    assert errors(client.post(reverse(INVITE), invitation_to(world, role="admin", group=world.group.pk))) == {"group"}


def test_who_is_there_already_is_not_invited_again(world: World, as_user: SignIn) -> None:
    sent = invitation_to(world, email="EGLE@example.org")
    assert errors(as_user(world.cast.dana).post(reverse(INVITE), sent)) == {"email"}


def test_invitation_is_withdrawn_and_sent_anew_and_never_changed(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    client.post(reverse(INVITE), invitation_to(world))
    first = Invitation.objects.get()
    url = reverse("admin:mentoring_invitation_change", args=[first.pk])
    page = client.get(url).content.decode()
    assert "Withdraw" in page
    assert first.token_hash not in page
    assert client.post(url, invitation_to(world, role="admin")).status_code == 404
    for verb in ("resend", "withdraw"):
        assert client.get(reverse(f"admin:mentoring_invitation_{verb}", args=[first.pk])).status_code == 405
    Invitation.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    client.post(reverse("admin:mentoring_invitation_resend", args=[first.pk]))
    first.refresh_from_db()
    second = Invitation.objects.open().get()
    assert first.revoked_at
    assert second.pk != first.pk
    assert Mail.objects.filter(kind="invitation").count() == 2
    client.post(reverse("admin:mentoring_invitation_withdraw", args=[second.pk]))
    assert not Invitation.objects.open().exists()
    assert "Withdrawn" in client.get(reverse("admin:mentoring_invitation_changelist")).content.decode()


def role_for(world: World, person: User | str, **changes: Any) -> dict[str, Any]:
    address = person if isinstance(person, str) else person.email
    return {"programme": world.programme.pk, "role": "manager", "person": address} | changes


def test_role_is_given_by_address_or_name_and_ended_and_given_again(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    rasa = world.cast.rasa
    assert client.post(reverse(ENROL), role_for(world, "rasa žukauskienė".title())).status_code == 302
    enrolment = Enrolment.objects.live().get(user=rasa, role="manager")
    assert errors(client.post(reverse(ENROL), role_for(world, rasa.email.upper()))) == {"person"}
    end = reverse("admin:mentoring_enrolment_end", args=[enrolment.pk])
    assert "They lose the access of this role at once" in client.get(end).content.decode()
    assert Enrolment.objects.live().filter(pk=enrolment.pk).exists()
    assert client.post(end).status_code == 302
    assert not Enrolment.objects.live().filter(pk=enrolment.pk).exists()
    assert client.post(reverse(ENROL), role_for(world, rasa)).status_code == 302
    assert Enrolment.objects.live().filter(pk=enrolment.pk).exists()
    assert Enrolment.objects.filter(user=rasa, role="manager").count() == 1


def test_ending_a_role_closes_its_groups_and_says_so_before(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    enrolment = Enrolment.objects.get(user=world.cast.rasa, role="mentor")
    end = reverse("admin:mentoring_enrolment_end", args=[enrolment.pk])
    assert "Žingsnis" in client.get(end).content.decode()
    client.post(end)
    assert not Membership.objects.live().filter(user=world.cast.rasa).exists()
    assert not world.cast.rasa.groups.exists()
    assert DomainEvent.objects.filter(kind="enrolment.ended", actor=world.cast.dana).exists()
    assert client.get(end).status_code == client.post(end).status_code == 404


def test_nobody_ends_the_own_work_as_admin(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    own = Enrolment.objects.get(user=world.cast.dana)
    page = client.get(reverse("admin:mentoring_enrolment_change", args=[own.pk])).content.decode()
    assert "End this role" not in page
    client.post(reverse("admin:mentoring_enrolment_end", args=[own.pk]))
    assert Enrolment.objects.live().filter(pk=own.pk).exists()


def test_people_of_other_programmes_get_no_role(world: World, elsewhere: Elsewhere, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    for stranger in (elsewhere.manager, world.cast.olga, world.cast.sofia, world.cast.viktor, "nobody@example.org"):
        assert errors(client.post(reverse(ENROL), role_for(world, stranger))) == {"person"}
    sent = role_for(world, world.cast.rasa, programme=elsewhere.programme.pk)
    assert errors(client.post(reverse(ENROL), sent)) == {"programme"}
    assert errors(client.post(reverse(ENROL), role_for(world, world.cast.rasa, role="root"))) == {"role"}
    assert not Enrolment.objects.filter(user__in=[world.cast.olga, world.cast.sofia]).exists()


def test_mass_assignment_reaches_no_other_field(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.dana)
    sent = role_for(world, world.cast.rasa, user=world.cast.olga.pk, ended_at="2030-01-01", is_superuser="on")
    assert client.post(reverse(ENROL), sent).status_code == 302
    made = Enrolment.objects.get(user=world.cast.rasa, role="manager")
    assert made.ended_at is None
    assert not Enrolment.objects.filter(user=world.cast.olga).exists()


def test_enrolments_are_not_changed_in_place(world: World, as_user: SignIn) -> None:
    enrolment = Enrolment.objects.get(user=world.cast.rasa)
    url = reverse("admin:mentoring_enrolment_change", args=[enrolment.pk])
    for person in (world.cast.dana, world.cast.sofia):
        assert as_user(person).post(url, {"role": "admin", "user": world.cast.rasa.pk}).status_code == 404
    enrolment.refresh_from_db()
    assert enrolment.role == Role.MENTOR


def test_suggestions_name_people_one_may_know(world: World, elsewhere: Elsewhere, as_user: SignIn) -> None:
    url = reverse("admin:accounts_user_suggest")
    client = as_user(world.cast.dana)
    assert "rasa@example.org" in client.get(url, {"person": "Žuk"}).content.decode()
    assert client.get(url, {"person": "r"}).content.decode().count("<option") == 0
    assert "solveig" not in client.get(url, {"person": "solveig"}).content.decode()
    assert "solveig" in as_user(world.cast.sofia).get(url, {"person": "solveig"}).content.decode()
    assert as_user(world.cast.egle).get(url, {"person": "rasa"}).status_code == 404


def account_of(person: User, **changes: Any) -> dict[str, Any]:
    return {"full_name": person.full_name, "email": person.email, "language": "en", "time_zone": "Europe/Vilnius",
            "is_active": "on"} | changes  # fmt: skip


def test_superuser_switches_a_person_off_and_on(world: World, as_user: SignIn) -> None:
    rasa, client = world.cast.rasa, as_user(world.cast.sofia)
    rasas = as_user(rasa)
    url = reverse("admin:accounts_user_change", args=[rasa.pk])
    assert client.post(url, account_of(rasa, is_active="")).status_code == 302
    rasa.refresh_from_db()
    assert not rasa.is_active
    assert not rasa.groups.exists()
    assert rasas.get("/profile/").status_code == 302
    assert DomainEvent.objects.filter(kind="person.switched_off", actor=world.cast.sofia).exists()
    client.post(url, account_of(rasa))
    assert rasa.groups.exists()
    history = client.get(reverse("admin:accounts_user_history", args=[rasa.pk])).content.decode()
    assert "Sofia Super" in history


def test_a_new_address_replaces_the_old_one_for_signing_in(world: World, as_user: SignIn) -> None:
    rasa, client = world.cast.rasa, as_user(world.cast.sofia)
    EmailAddress.objects.create(user=rasa, email=rasa.email, primary=True, verified=True)
    url = reverse("admin:accounts_user_change", args=[rasa.pk])
    assert client.post(url, account_of(rasa, email="Rasa.New@Example.org")).status_code == 302
    rasa.refresh_from_db()
    assert rasa.email == "rasa.new@example.org"
    assert not EmailAddress.objects.filter(email="rasa@example.org").exists()
    assert "email" in errors(client.post(url, account_of(rasa, email="EGLE@example.org")))


def test_nobody_locks_themselves_out(world: World, as_user: SignIn) -> None:
    sofia = world.cast.sofia
    url = reverse("admin:accounts_user_change", args=[sofia.pk])
    assert errors(as_user(sofia).post(url, account_of(sofia))) == {"is_superuser"}
    assert errors(as_user(sofia).post(url, account_of(sofia, is_active="", is_superuser="on"))) == {"is_active"}


def test_accounts_show_no_password_and_take_none(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.sofia)
    rasa = world.cast.rasa
    before = rasa.password
    url = reverse("admin:accounts_user_change", args=[rasa.pk])
    assert "md5" not in client.get(url).content.decode()
    client.post(url, account_of(rasa, password="changed", is_staff="on", groups=[1], user_permissions=[1]))
    rasa.refresh_from_db()
    assert (rasa.password, rasa.is_staff) == (before, False)
    assert not rasa.user_permissions.exists()


def test_outbox_shows_no_text(world: World, as_user: SignIn) -> None:
    as_user(world.cast.dana).post(reverse(INVITE), invitation_to(world))
    mail = Mail.objects.get(kind="invitation")
    client = as_user(world.cast.sofia)
    page = client.get(reverse("admin:accounts_mail_change", args=[mail.pk])).content.decode()
    assert "/invited/" not in page
