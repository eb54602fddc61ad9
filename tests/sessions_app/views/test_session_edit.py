"""Changing a session."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app.models import PlannedSession
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-edit")


def data(session: PlannedSession, **more: object) -> dict[str, object]:
    values = {
        "date": "2027-01-14", "time": "17:30", "minutes": 60, "form": "in_person", "place": "Library", "link": "",
        "aim": "", "homework": "", "lock": session.lock,
    }  # fmt: skip
    return {**values, **more}


def test_only_mentor_and_manager_change_it(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(first), ("put", "delete"))
    assert asks_to_sign_in(url(first))


def test_times_are_those_of_the_persons_zone(world: World, as_user: SignIn, first: PlannedSession) -> None:
    rasa = world.cast.rasa
    rasa.time_zone = "Europe/Helsinki"
    rasa.save()
    client = as_user(rasa)
    assert "In your time zone, Helsinki." in client.get(url(first)).content.decode()
    assert client.post(url(first), data(first)).status_code == 302
    first.refresh_from_db()
    assert first.starts_at == timezone.datetime(2027, 1, 14, 15, 30, tzinfo=timezone.get_fixed_timezone(0))  # type: ignore[attr-defined]


def test_a_task_of_a_thousand_characters_in_a_hundred_lines_is_saved(
    world: World, as_user: SignIn, first: PlannedSession
) -> None:
    """A browser counts a line break as one character and sends two."""
    text = ("х" * 9 + "\n") * 99 + "х" * 10
    sent = data(first, homework=text.replace("\n", "\r\n"))
    assert as_user(world.cast.rasa).post(url(first), sent).status_code == 302
    first.refresh_from_db()
    assert first.homework == text


def test_who_saves_second_sees_both_texts_and_may_go_on(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert as_user(world.cast.rasa).post(url(first), data(first, aim="Read two CVs")).status_code == 302
    client = as_user(world.cast.egle)
    answer = client.post(url(first), data(first, aim="Sign the contract"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Read two CVs" in text
    assert "Sign the contract" in text
    first.refresh_from_db()
    assert first.aim == "Read two CVs"
    assert client.post(url(first), data(first, aim="Sign the contract")).status_code == 302
    first.refresh_from_db()
    assert first.aim == "Sign the contract"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"place": ""}, "Where do you meet?"),
        ({"form": "online", "place": ""}, "say below that it will follow"),
        ({"time": ""}, "Enter the time too."),
        ({"date": ""}, "Enter the date too."),
        ({"date": "2027-03-28", "time": "03:30"}, "The clocks change that night."),
        ({"link": "ftp://example.org/a"}, "A link begins with https://."),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"minutes": 5}, "At least 10."),
        ({"form": "by_pigeon"}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_comes_back_beside_the_field(
    world: World, as_user: SignIn, first: PlannedSession, sent: dict[str, object], words: str
) -> None:
    answer = as_user(world.cast.rasa).post(url(first), data(first, **sent))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_online_without_a_link_that_will_follow(world: World, as_user: SignIn, first: PlannedSession) -> None:
    sent = data(first, form="online", place="", link_follows="on")
    assert as_user(world.cast.rasa).post(url(first), sent).status_code == 302


def test_only_members_prepare(world: World, as_user: SignIn, first: PlannedSession) -> None:
    answer = as_user(world.cast.rasa).post(url(first), data(first, prepared_by=[world.cast.aino.pk]))
    assert answer.status_code == 422


def test_a_date_that_is_over_is_taken_once_it_was_confirmed(
    world: World, as_user: SignIn, first: PlannedSession
) -> None:
    rasa = as_user(world.cast.rasa)
    sent = data(first, date="2020-01-14", aim="Where are we?")
    answer = rasa.post(url(first), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This time is over already." in page
    assert "Where are we?" in page
    assert 'type="checkbox" name="is_past_meant"' in page
    first.refresh_from_db()
    assert first.aim == ""
    assert rasa.post(url(first), {**sent, "is_past_meant": "on"}).status_code == 302
    first.refresh_from_db()
    assert (first.aim, first.starts_at.year) == ("Where are we?", 2020)
    # What stays as it is, is not asked about again.
    assert rasa.post(url(first), data(first, date="2020-01-14", aim="Further", lock=first.lock)).status_code == 302


@pytest.mark.parametrize(("day", "at"), [("9999-12-31", "23:59"), ("0001-01-01", "00:00"), ("1899-12-31", "12:00")])
def test_a_day_at_the_edge_of_the_calendar_is_refused_beside_its_field(
    world: World, as_user: SignIn, first: PlannedSession, day: str, at: str
) -> None:
    sent = data(first, date=day, time=at, minutes=600, is_past_meant="on")
    answer = as_user(world.cast.rasa).post(url(first), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["date"] == ["Check the year: it must lie between 1900 and 2199."]
