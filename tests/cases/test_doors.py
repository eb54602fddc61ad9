"""Doors: links of invitations that say what they are, addresses that programs look for, other sessions that end."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from core.policy.roles import ProgrammeRole
from mentoring.models import Invitation
from mentoring.services import invitations
from mentoring.services.invitations import VALID_FOR
from tests.cast import PASSWORD, World

AsUser = Callable[[User], Client]


@pytest.fixture
def link(world: World) -> str:
    """The link in the mail that Hanna got."""
    invitations.invite(
        programme=world.programme, email="hanna@example.org", role=ProgrammeRole.MENTEE, invited_by=world.cast.egle
    )
    body = Mail.objects.get(to="hanna@example.org").body
    return next(word[word.index("/invited/") :] for word in body.split() if "/invited/" in word)


def test_who_is_signed_in_as_another_person_is_told_both_addresses_and_a_way_out(
    world: World, as_user: AsUser, link: str
) -> None:
    client = as_user(world.cast.milda)
    page = client.get(link)
    assert page.status_code == 409
    for words in ("hanna@example.org", world.cast.milda.email, "Sign out and open the invitation"):
        assert words in page.content.decode()
    world.cast.milda.language = "bg"
    world.cast.milda.save(update_fields=["language"])
    assert "Тази покана е за друг адрес" in as_user(world.cast.milda).get(link).content.decode()
    sent = {"full_name": "Hanna", "password": "three quiet words", "language": "en", "time_zone": ""}
    assert client.post(link, sent).status_code == 409
    assert not User.objects.filter(email="hanna@example.org").exists()
    assert Invitation.objects.get().is_open
    out = client.post(reverse("account_logout"), {"next": link})
    assert (out.status_code, out["Location"]) == (302, link)
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"accepted_at": timezone.now()}, "was used already"),
        ({"revoked_at": timezone.now()}, "This invitation was withdrawn"),
        ({"expires_at": timezone.now() - timezone.timedelta(days=1)}, "has expired"),  # type: ignore[attr-defined]
    ],
)
def test_a_dead_link_says_why_and_what_to_do(link: str, change: dict[str, object], words: str) -> None:
    Invitation.objects.update(**change)
    page = Client().get(link)
    assert page.status_code == 410
    assert words in page.content.decode()


def test_a_link_that_a_newer_one_replaced_says_so(world: World, link: str) -> None:
    older = Invitation.objects.get()
    Invitation.objects.update(created_at=timezone.now() - VALID_FOR / 2)
    newer = invitations.invite_again(invitation=older, by=world.cast.egle)
    page = Client().get(link)
    assert page.status_code == 410
    assert "A newer invitation took the place of this one" in page.text
    assert "was withdrawn" not in page.text
    # Its own link, withdrawn by hand, has nothing newer.
    invitations.withdraw(invitation=newer, by=world.cast.egle)
    assert "Look for a newer e-mail" in Client().get(link).text
    body = Mail.objects.filter(to="hanna@example.org").latest("pk").body
    last = next(word[word.index("/invited/") :] for word in body.split() if "/invited/" in word)
    assert "This invitation was withdrawn" in Client().get(last).text


@pytest.mark.parametrize("password", ["short", ""])
def test_a_refused_password_is_said_to_be_typed_again(world: World, link: str, password: str) -> None:
    sent = {"full_name": "Hanna", "password": password, "language": "en", "time_zone": ""}
    page = Client().post(link, sent)
    assert page.status_code == 422
    assert "Please check one answer. Passwords are not kept: type them again." in page.text
    assert "Everything else you wrote is still there." in page.text
    assert "Nothing you wrote is lost" not in page.text


def test_a_form_of_passwords_only_promises_nothing(world: World, as_user: AsUser) -> None:
    sent = {"oldpassword": "x", "password1": "short", "password2": "short"}
    page = as_user(world.cast.milda).post(reverse("account_change_password"), sent).text
    assert "Passwords are not kept: type them again." in page
    assert "is lost" not in page
    assert "Everything else" not in page


def test_a_link_that_nobody_was_sent_tells_nothing(world: World) -> None:
    page = Client().get(reverse("mentoring:invitation-accept", args=["x" * 43]))
    assert page.status_code == 404
    assert "does not work" in page.content.decode()


def test_programs_find_what_they_look_for(db: None) -> None:
    client = Client()
    assert "Disallow: /" in client.get("/robots.txt").content.decode()
    said = client.get("/.well-known/security.txt").content.decode()
    assert said.startswith("Contact: mailto:")
    assert "\nExpires: 20" in said
    assert client.get("/.well-known/change-password")["Location"] == reverse("account_change_password")


def test_a_new_password_signs_other_devices_out(world: World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post(reverse("account_login"), {"login": world.cast.milda.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "three quiet words", "password2": "three quiet words"}
    assert here.post(reverse("account_change_password"), new).status_code == 302
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_only_to_own_paths(world: World, target: str) -> None:
    sent = {"login": world.cast.milda.email, "password": PASSWORD, "next": target}
    answer = Client().post(reverse("account_login"), sent)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = Client().get(reverse("account_login"), {"next": target}, follow=True).content.decode()
    assert "evil.example" not in page
    assert "alert(1)" not in page


def test_who_may_not_sign_in_learns_it_with_the_right_password_only(world: World) -> None:
    """Else anybody could ask who has an account."""
    viktor = world.cast.viktor
    wrong = Client().post(reverse("account_login"), {"login": viktor.email, "password": "not this one"})
    unknown = Client().post(reverse("account_login"), {"login": "nobody@example.org", "password": "not this one"})
    strip = lambda page: page.content.decode().replace(viktor.email, "X").replace("nobody@example.org", "X")  # noqa: E731
    assert wrong.status_code == unknown.status_code == 200
    assert "Ask your Manager" not in strip(wrong)
