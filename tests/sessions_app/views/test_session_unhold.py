"""Taking back that a session took place."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from sessions_app.models import PlannedSession
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, held_session
from tests.routes import KEEPERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-unhold")


def test_it_is_planned_again_and_nobody_was_there(world: World, as_user: SignIn) -> None:
    session = held_session(world)
    session.guests, session.is_attendance_unknown = "Zita", False
    session.save()
    page = as_user(world.cast.rasa).get(reverse("sessions:session-hold", args=[session.pk])).text
    assert f'formaction="{url(session)}"' in page
    assert as_user(world.cast.egle).post(url(session)).status_code == 302
    session.refresh_from_db()
    assert (session.state, session.held_at, session.guests) == ("planned", None, "")
    assert not session.attendance.exists()


def test_who_records_the_attendance_can_undo_it_at_once_but_not_a_correction(world: World, as_user: SignIn) -> None:
    session = held_session(world)
    rasa, hold = as_user(world.cast.rasa), reverse("sessions:session-hold", args=[session.pk])
    sent: dict[str, Any] = {"present": [world.cast.milda.pk], "reason": "Zshe was there"}
    assert url(session) not in rasa.post(hold, sent, follow=True).text
    rasa.post(url(session))
    assert url(session) in rasa.post(hold, sent, follow=True).text


def test_what_was_handed_in_says_that_it_took_place(world: World, as_user: SignIn) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    rows = PlannedSession.objects.filter(plan__group=world.group)
    session = next(row for row in rows if row.session_key == diary.session_key)
    assert session.state == "held"
    page = as_user(world.cast.rasa).get(reverse("sessions:session-hold", args=[session.pk])).text
    assert url(session) not in page
    assert "so it took place" in page
    said = as_user(world.cast.rasa).post(url(session), follow=True).text
    assert "so it took place" in said
    session.refresh_from_db()
    assert session.state == "held"


def test_only_mentor_and_manager(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first), method="post", status=(302,)) == set(KEEPERS)
    assert refuses(as_user(world.cast.rasa), url(first), ("get", "put"))
    assert asks_to_sign_in(url(first), "post")


def test_one_that_is_not_held_says_so(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert "is not recorded as held" in as_user(world.cast.egle).post(url(first), follow=True).text
