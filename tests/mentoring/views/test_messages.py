"""Members of a group write to each other; addresses are shown only where their owner or the programme says so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from core.models import DomainEvent
from core.policy.roles import Role
from mentoring.models import Membership, Message, Programme
from mentoring.services import messages, stages
from mentoring.services.memberships import add_member, end_membership
from tests.cast import World
from tests.routes import asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
INBOX = reverse("mentoring:message-inbox")


def place(world: World, name: str) -> Membership:
    return Membership.objects.live().get(group=world.group, user=world.cast.everybody()[name])


def url(world: World, name: str) -> str:
    return reverse("mentoring:message-list", args=[place(world, name).pk])


def write(world: World, sender: str, to: str, text: str = "Can we talk?") -> Message:
    people = world.cast.everybody()
    return messages.send_message(to=place(world, to), by=people[sender], text=text)


def test_members_write_to_each_other_and_nobody_else_gets_in(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world, "rasa")) == {"egle", "milda", "tomas", "elena"}
    assert asks_to_sign_in(url(world, "rasa"))
    assert refuses(as_user(world.cast.milda), url(world, "rasa"), ("put", "delete"))
    assert as_user(world.cast.dana).post(url(world, "rasa"), {"text": "Hello"}).status_code == 404
    assert not Message.objects.exists()


def test_what_is_written_is_read_by_the_two_alone(world: World, as_user: SignIn) -> None:
    milda = as_user(world.cast.milda)
    answer = milda.post(url(world, "rasa"), {"text": "Can we move Tuesday?"}, follow=True)
    assert "Can we move Tuesday?" in answer.content.decode()
    assert "Only you and Rasa read this." in answer.content.decode()
    rasa = as_user(world.cast.rasa)
    assert "1 new message" in rasa.get("/").content.decode()
    inbox = rasa.get(INBOX).content.decode()
    assert url(world, "milda") in inbox
    assert "Can we move Tuesday?" not in inbox
    assert "Can we move Tuesday?" in rasa.get(url(world, "milda")).content.decode()
    assert "1 new message" not in rasa.get("/").content.decode()
    assert "Read" in milda.get(url(world, "rasa")).content.decode()
    for name in ("egle", "tomas", "dana", "sofia"):
        client = as_user(world.cast.everybody()[name])
        for address in ("/", INBOX, url(world, "rasa"), url(world, "milda")):
            assert "Can we move Tuesday?" not in client.get(address).content.decode()


def test_an_email_says_so_once_and_carries_no_word_of_it(world: World) -> None:
    User.objects.filter(pk=world.cast.rasa.pk).update(language="bg")
    for text in ("The first secret", "The second secret"):
        write(world, "milda", "rasa", text)
    mail = Mail.objects.get(kind="message")
    assert mail.to == world.cast.rasa.email
    assert url(world, "milda") in mail.body
    assert "secret" not in mail.body + mail.subject
    assert mail.subject == "Milda Kazlauskaitė Ви писа"
    assert world.cast.milda.email not in mail.body
    event = DomainEvent.objects.filter(kind="message.sent").first()
    assert event is not None
    assert "secret" not in str(event.data)


def test_a_manager_reads_on_the_first_screen_that_somebody_wrote(world: World, as_user: SignIn) -> None:
    write(world, "milda", "egle")
    write(world, "rasa", "egle")
    assert "2 new messages" in as_user(world.cast.egle).get("/").content.decode()


def test_a_double_click_sends_once(world: World, as_user: SignIn) -> None:
    sent = {"text": "Once", "once": "0f6f5d2c-7d4c-4b53-9d3a-0a6c6f5f9d11"}
    milda = as_user(world.cast.milda)
    for _click in range(2):
        assert milda.post(url(world, "rasa"), sent).status_code == 302
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("text", "words"), [("", "Write something first."), ("x" * 4001, "4000")])
def test_a_mistake_is_told_beside_the_field_and_nothing_is_lost(
    world: World, as_user: SignIn, text: str, words: str
) -> None:
    answer = as_user(world.cast.milda).post(url(world, "rasa"), {"text": text})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert text in answer.content.decode()


def test_nobody_writes_to_who_has_left_or_after_the_end(world: World, as_user: SignIn) -> None:
    write(world, "milda", "tomas", "Good luck")
    gone = place(world, "tomas")
    address = url(world, "tomas")
    end_membership(membership=gone, by=world.cast.egle)
    milda = as_user(world.cast.milda)
    page = milda.get(address).content.decode()
    assert "Good luck" in page
    assert "Tomas Jankauskas is no longer in this group." in page
    assert "<textarea" not in page
    answer = milda.post(address, {"text": "Still there?"})
    assert answer.status_code == 422
    assert as_user(world.cast.tomas).get(url(world, "milda")).status_code == 404
    stages.end_early(group=world.group, by=world.cast.egle, reason="Over")
    answer = milda.post(url(world, "rasa"), {"text": "After the end"})
    assert "This group is closed. What you wrote to each other can still be read." in answer.content.decode()
    assert Message.objects.count() == 1


def test_nobody_floods_the_others(world: World, as_user: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MOST_PER_HOUR", 2)
    for _message in range(2):
        write(world, "milda", "rasa")
    answer = as_user(world.cast.milda).post(url(world, "rasa"), {"text": "Kept"})
    assert "These are many messages in a short time." in answer.content.decode()
    assert "Kept" in answer.content.decode()
    Message.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    assert as_user(world.cast.milda).post(url(world, "rasa"), {"text": "Later"}).status_code == 302


def test_an_address_is_shown_only_where_its_owner_or_the_programme_says_so(world: World, as_user: SignIn) -> None:
    list_url = reverse("mentoring:member-list", args=[world.group.pk])
    tomas = as_user(world.cast.tomas)

    def shown() -> set[str]:
        page = tomas.get(list_url).content.decode() + tomas.get("/").content.decode()
        return {name for name, each in world.cast.everybody().items() if each.email in page}

    assert shown() == {"tomas"}
    User.objects.filter(pk=world.cast.milda.pk).update(shows_email=True)
    assert shown() == {"tomas", "milda"}
    Programme.objects.filter(pk=world.programme.pk).update(shows_emails=True)
    assert shown() == {"tomas", "milda", "elena", "rasa", "egle"}


def test_one_says_in_the_profile_who_sees_the_address(world: World, as_user: SignIn) -> None:
    milda = as_user(world.cast.milda)
    page = milda.get(reverse("accounts:profile-edit")).content.decode()
    assert "by your groups only if you or the programme say so" in page
    milda.post(
        reverse("accounts:profile-edit"),
        {"full_name": "Milda Kazlauskaitė", "language": "en", "time_zone": "", "shows_email": "on"},
    )
    world.cast.milda.refresh_from_db()
    assert world.cast.milda.shows_email


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(world: World, as_user: SignIn, django_assert_num_queries: Any, count: int) -> None:
    for name in ("milda", "tomas", "elena")[:count]:
        write(world, name, "rasa")
        write(world, "milda", "egle")
    rasa, egle = as_user(world.cast.rasa), as_user(world.cast.egle)
    for client, address, queries in ((rasa, INBOX, 4), (egle, url(world, "milda"), 7)):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


def test_who_comes_back_finds_what_was_written(world: World, as_user: SignIn) -> None:
    write(world, "milda", "tomas", "Good luck")
    end_membership(membership=place(world, "tomas"), by=world.cast.egle)
    add_member(group=world.group, user=world.cast.tomas, role=Role.MENTEE, by=world.cast.egle)
    assert "Good luck" in as_user(world.cast.tomas).get(url(world, "milda")).content.decode()
