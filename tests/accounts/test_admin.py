"""The outbox in the administration: what left and what did not, without the texts."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Mail, User
from tests.cast import World

SignIn = Callable[[User], Client]
LIST = "/admin/accounts/mail/"


@pytest.fixture
def mails(world: World) -> dict[str, Mail]:
    """A mail in each state, with a link in it that opens a door."""
    words = {"subject": "Hello", "body": "Zsecret http://x/invited/key/"}
    return {
        state: Mail.objects.create(to=f"{state}@example.org", kind="invitation", state=state, error=error, **words)
        for state, error in (("waiting", ""), ("sent", ""), ("failed", "SMTPServerDisconnected"))
    }


def test_it_says_what_left_and_why_something_did_not(world: World, as_user: SignIn, mails: dict[str, Mail]) -> None:
    page = as_user(world.cast.sofia).get(LIST).content.decode()
    for words in ("waiting@example.org", "sent@example.org", "failed@example.org", "SMTPServerDisconnected"):
        assert words in page
    assert all(chip in page for chip in ("chip-later", "chip-done", "chip-late"))


def test_mails_are_found_by_address_and_state(world: World, as_user: SignIn, mails: dict[str, Mail]) -> None:
    client = as_user(world.cast.sofia)
    for query in ({"q": "failed@"}, {"state__exact": "failed"}):
        page = client.get(LIST, query).content.decode()
        assert "failed@example.org" in page
        assert "sent@example.org" not in page


def test_the_text_of_a_mail_is_shown_to_nobody(world: World, as_user: SignIn, mails: dict[str, Mail]) -> None:
    client = as_user(world.cast.sofia)
    for url in (LIST, f"{LIST}{mails['waiting'].pk}/change/"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "Zsecret" not in answer.content.decode()


def test_nothing_is_written_changed_or_deleted_by_hand(world: World, as_user: SignIn, mails: dict[str, Mail]) -> None:
    client, mail = as_user(world.cast.sofia), mails["failed"]
    client.post(f"{LIST}{mail.pk}/change/", {"to": "other@example.org", "state": "waiting"})
    client.post(f"{LIST}add/", {"to": "other@example.org", "kind": "x", "subject": "x"})
    client.post(f"{LIST}{mail.pk}/delete/", {"post": "yes"})
    assert list(Mail.objects.filter(pk=mail.pk).values_list("to", "state")) == [("failed@example.org", "failed")]
    assert Mail.objects.count() == 3


@pytest.mark.parametrize("name", ["dana", "egle", "rasa", "milda", "olga"])
def test_only_the_superuser_reads_the_outbox(world: World, as_user: SignIn, mails: dict[str, Mail], name: str) -> None:
    client = as_user(world.cast.everybody()[name])
    for url in (LIST, f"{LIST}{mails['sent'].pk}/change/"):
        answer = client.get(url)
        assert answer.status_code in {302, 403, 404}
        assert "@example.org" not in answer.content.decode().replace(world.cast.everybody()[name].email, "")


@pytest.mark.parametrize("name", ["auth_group", "account_emailaddress"])
def test_what_services_alone_write_is_not_in_the_administration(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}_changelist")
