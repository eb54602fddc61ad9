"""Saying who was there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Membership
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses
from tools import related_sessions

SignIn = Callable[..., Client]
url = address_of("sessions:session-hold")
Sessions = Callable[..., list[PlannedSession]]
Date = Callable[..., PlannedSession]


def test_only_mentor_and_manager_say_it(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(first), ("put", "delete"))
    assert asks_to_sign_in(url(first))


def test_who_was_there_is_kept(world: World, as_user: SignIn, first: PlannedSession) -> None:
    cast = world.cast
    sent = {"present": [cast.rasa.pk, cast.milda.pk, cast.tomas.pk, cast.egle.pk]}
    assert as_user(cast.rasa).post(url(first), sent).status_code == 302
    first.refresh_from_db()
    assert first.state == "held"
    assert set(first.attendance.filter(was_present=False).values_list("person__full_name", flat=True)) >= {
        cast.elena.full_name
    }


def test_nobody_is_refused_with_a_sentence(world: World, as_user: SignIn, first: PlannedSession) -> None:
    answer = as_user(world.cast.rasa).post(url(first), {})
    assert answer.status_code == 422
    assert "Tick at least one person" in answer.content.decode()


def test_guests_are_named_and_read_by_the_group(world: World, as_user: SignIn, first: PlannedSession) -> None:
    cast = world.cast
    sent = {"present": [cast.rasa.pk], "guests": "  Ona  Guest \r\n\r\nИван Гост\r\nOna Guest"}
    assert as_user(cast.rasa).post(url(first), sent).status_code == 302
    first.refresh_from_db()
    assert first.guest_names == ["Ona Guest", "Иван Гост"]
    page = as_user(cast.milda).get(reverse("sessions:session-detail", args=[first.pk])).content.decode()
    assert "Ona Guest (guest)" in page
    assert "Ona Guest\nИван Гост" in as_user(cast.rasa).get(url(first)).content.decode()
    # On papers about the session too.
    found = related_sessions.find(world.group, first.session_key)
    assert found is not None
    assert "Rasa, Ona Guest, Иван Гост" in dict(found.facts())["Present"]


def test_only_guests_were_there(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert as_user(world.cast.rasa).post(url(first), {"guests": "Ona Guest"}).status_code == 302
    assert first.attendance.filter(was_present=True).count() == 0


def test_it_is_not_known_who_was_there(world: World, as_user: SignIn, first: PlannedSession) -> None:
    rasa = as_user(world.cast.rasa)
    assert rasa.post(url(first), {"is_unknown": "on"}).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.attendance.count()) == ("held", 0)
    assert "Not known" in rasa.get(reverse("sessions:session-detail", args=[first.pk])).content.decode()
    assert (
        "not known who was there" in rasa.get(reverse("sessions:plan-detail", args=[world.group.pk])).content.decode()
    )
    # Said later after all.
    assert rasa.post(url(first), {"present": [world.cast.rasa.pk], "reason": "Zasked them"}).status_code == 302
    first.refresh_from_db()
    assert not first.is_attendance_unknown
    assert first.attendance.filter(was_present=False).count() > 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"guests": "Ona", "is_unknown": "on"}, "Remove the names, or untick this."),
        ({"guests": "x" * 151}, "at most 150 characters"),
        ({"guests": "\n".join(f"Ona {n}" for n in range(21))}, "At most 20 names"),
    ],
)
def test_what_was_typed_comes_back_beside_the_error(
    world: World, as_user: SignIn, first: PlannedSession, sent: dict[str, str], words: str
) -> None:
    answer = as_user(world.cast.rasa).post(url(first), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert sent["guests"] in page


def test_who_joined_later_can_have_been_there_and_was_never_absent(
    world: World, as_user: SignIn, first: PlannedSession
) -> None:
    cast = world.cast
    Membership.objects.filter(group=world.group, user__in=[cast.milda, cast.tomas]).update(
        starts_on=timezone.localdate() - timedelta(days=2)
    )
    rasa = as_user(cast.rasa)
    assert "Milda Kazlauskaitė (joined the group later)" in rasa.get(url(first)).content.decode()
    rasa.post(url(first), {"present": [cast.rasa.pk, cast.milda.pk]})
    said = dict(first.attendance.values_list("person", "was_present"))
    assert {person for person, was_present in said.items() if was_present} == {cast.rasa.pk, cast.milda.pk}
    assert cast.elena.pk in said
    assert cast.tomas.pk not in said
    # Corrected: what was a mistake leaves no absence behind.
    rasa.post(url(first), {"present": [cast.rasa.pk], "reason": "Zmixed up"})
    changed = first.attendance_corrections.get().people.get()
    assert (changed.person, changed.was_present, changed.is_present) == (cast.milda, True, None)
    assert not first.attendance.filter(person=cast.milda).exists()


def test_a_session_before_the_group_was_opened_is_logged(world: World, as_user: SignIn, first: PlannedSession) -> None:
    rasa, edit = as_user(world.cast.rasa), reverse("sessions:session-edit", args=[first.pk])
    sent = {
        "date": "2021-05-04", "time": "17:30", "minutes": 60, "form": "in_person", "place": "Library",
        "lock": first.lock,
    }  # fmt: skip
    page = rasa.post(edit, sent)
    assert page.status_code == 422
    assert "before the group began" in page.content.decode()
    assert rasa.post(edit, {**sent, "is_past_meant": "on"}).status_code == 302
    assert "Milda Kazlauskaitė (joined the group later)" in rasa.get(url(first)).content.decode()
    assert rasa.post(url(first), {"present": [world.cast.milda.pk]}).status_code == 302
    first.refresh_from_db()
    assert first.state == "held"
    assert list(first.attendance.values_list("person", flat=True)) == [world.cast.milda.pk]


def test_before_it_begins_the_page_of_the_session_says_why_not(
    world: World, as_user: SignIn, add: Sessions, date: Date
) -> None:
    row = date(add()[0], 3)
    answer = as_user(world.cast.rasa).post(url(row), {"present": [world.cast.rasa.pk]}, follow=True)
    assert "has not started yet" in answer.content.decode()
    assert (
        "has not started yet" in as_user(world.cast.rasa).get(url(row), follow=True).text
    )  # before anything is ticked


def test_a_guest_who_is_ticked_too_is_refused(world: World, as_user: SignIn, add: Sessions, date: Date) -> None:
    row, rasa = date(add()[0], -1), world.cast.rasa
    sent = {"present": [rasa.pk], "guests": f"Zita\n{rasa.full_name.upper()}"}
    answer = as_user(rasa).post(url(row), sent)
    assert answer.status_code == 422
    assert f"{rasa.full_name} is ticked above already." in answer.text
    assert "Zita" in answer.text
