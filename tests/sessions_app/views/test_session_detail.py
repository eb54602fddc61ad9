"""The page of one session."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.services import stages
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import plans
from tests.cast import World
from tests.routes import MEMBERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-detail")
Sessions = Callable[..., list[PlannedSession]]
Date = Callable[..., PlannedSession]
Agree = Callable[[], SessionPlan]


def test_everybody_in_the_group_reads_it_and_nobody_else(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first)) == set(MEMBERS)
    assert asks_to_sign_in(url(first))
    client = as_user(world.cast.rasa)
    assert refuses(client, url(first), ("post", "put"))
    assert client.get(reverse("sessions:session-detail", args=[99999])).status_code == 404


def test_it_shows_when_where_and_what(world: World, as_user: SignIn, first: PlannedSession) -> None:
    text = as_user(world.cast.milda).get(url(first)).content.decode()
    for words in (
        "Kaunas County Library",
        "(time in Vilnius)",
        "Aims of this session",
        "Suggested course",
        "Materials",
    ):
        assert words in text
    assert reverse("sessions:diary-write", args=[first.pk]) in text


def test_while_the_group_is_paused_no_diary_is_asked_for(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree
) -> None:
    agree()
    stages.pause(group=world.group, by=world.cast.egle, reason="Summer")
    milda = as_user(world.cast.milda)
    text = milda.get(url(first)).content.decode()
    assert "Write the diary" not in text
    assert "Due" not in text.split("<main")[1]
    assert "your diary is still open" not in milda.get("/").content.decode()


def test_a_session_is_cancelled_where_it_is_moved(world: World, as_user: SignIn, first: PlannedSession) -> None:
    page = as_user(world.cast.rasa).get(reverse("sessions:session-edit", args=[first.pk])).content.decode()
    assert reverse("sessions:session-cancel", args=[first.pk]) in page


def test_before_the_session_a_mentee_reads_from_when_the_diary_opens(
    world: World, as_user: SignIn, add: Sessions, date: Date
) -> None:
    row = date(add()[0], 3)
    text = as_user(world.cast.milda).get(url(row)).content.decode()
    assert "You can write your diary after the session" in text
    assert reverse("sessions:diary-write", args=[row.pk]) not in text


def test_mentor_sees_the_state_of_the_diaries_and_the_list_of_participants(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree
) -> None:
    agree()
    text = as_user(world.cast.rasa).get(url(first)).content.decode()
    assert "5 days late" in text
    assert f"?session_key={first.session_key}" in text
    assert f"?session_key={first.session_key}" not in as_user(world.cast.milda).get(url(first)).content.decode()


def test_a_text_that_the_pack_has_not_in_ones_language_says_so(
    world: World, as_user: SignIn, first: PlannedSession
) -> None:
    catalogue = first.catalogue
    catalogue.content["introduction"] = {"bg": "Само на български"}
    catalogue.save()
    text = as_user(world.cast.milda).get(url(first)).content.decode()
    assert '<span lang="bg">Само на български</span>' in text
    assert "(in Bulgarian)" in text


@pytest.mark.parametrize("count", [1, 3])
def test_queries(  # noqa: PLR0917 -- fixtures
    world: World, as_user: SignIn, first: PlannedSession, add: Sessions, date: Date, agree: Agree, count: int,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    for row in add(count):
        date(row, 3)
    agree()
    client = as_user(world.cast.rasa)
    with django_assert_num_queries(9):
        client.get(url(first))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_with_corrections(  # noqa: PLR0917 -- fixtures
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree, count: int,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    agree()
    cast = world.cast
    first.prepared_by.set([cast.tomas, cast.milda])
    everybody = [cast.egle.pk, cast.rasa.pk, cast.milda.pk, cast.tomas.pk, cast.elena.pk]
    plans.hold_session(session=first, by=cast.rasa, present=everybody)
    for number in range(count):
        missing = everybody[: -1 - number]
        plans.hold_session(session=first, by=cast.rasa, present=missing, guests=["Ada"], reason=f"Zwhy {number}")
    client = as_user(cast.rasa)
    client.get(url(first))
    with django_assert_num_queries(10):
        text = client.get(url(first)).text
    assert text.count("Zwhy") == count
    assert "Milda Kazlauskaitė, Tomas Jankauskas" in text
    assert "Was not there: Елена Георгиева" in text
    assert text.count("Was there: Ada (guest)") == 1


def test_a_correction_of_guests_alone_is_listed(world: World, as_user: SignIn, first: PlannedSession) -> None:
    cast = world.cast
    everybody = [cast.egle.pk, cast.rasa.pk, cast.milda.pk, cast.tomas.pk, cast.elena.pk]
    plans.hold_session(session=first, by=cast.rasa, present=everybody)
    plans.hold_session(session=first, by=cast.rasa, present=everybody, guests=["Ada"], reason="Zshe came too")
    text = as_user(cast.rasa).get(url(first)).text
    assert "Zshe came too" in text
    assert "Was there: Ada (guest)" in text
