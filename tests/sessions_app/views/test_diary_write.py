"""The way to one's own diary."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from mentoring.services import stages
from responses_app.models import FormResponse
from sessions_app.models import PlannedSession, SessionResponse
from sessions_app.services import plans
from tests.cast import World
from tests.routes import address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:diary-write")
Sessions = Callable[..., list[PlannedSession]]
Date = Callable[..., PlannedSession]


def test_only_mentees_of_the_group_write_one(world: World, as_user: SignIn, first: PlannedSession) -> None:
    assert open_to(as_user, world.cast, url(first), status=(302,)) == {"milda", "tomas", "elena"}
    assert refuses(as_user(world.cast.milda), url(first), ("post", "put"))
    assert asks_to_sign_in(url(first))
    assert as_user(world.cast.milda).get(reverse("sessions:diary-write", args=[99999])).status_code == 404


def test_it_begins_once_and_leads_to_writing(world: World, as_user: SignIn, first: PlannedSession) -> None:
    client = as_user(world.cast.milda)
    answers = [client.get(url(first)) for _ in range(2)]
    form = FormResponse.objects.get(group=world.group, subject=world.cast.milda, session_key=first.session_key)
    assert {each.headers["Location"] for each in answers} == {reverse("responses:form-edit", args=[form.pk])}
    assert SessionResponse.objects.get(form=form).session == first


def test_before_the_session_is_over_it_says_from_when(world: World, as_user: SignIn, add: Sessions, date: Date) -> None:
    soon, undated = add(2)
    date(soon, 1)
    client = as_user(world.cast.milda)
    assert "You can write your diary after the session, from" in client.get(url(soon)).content.decode()
    assert "has no date yet" in client.get(url(undated)).content.decode()
    assert not FormResponse.objects.filter(group=world.group).exists()


def test_of_a_cancelled_session_there_is_none(world: World, as_user: SignIn, first: PlannedSession) -> None:
    plans.cancel_session(session=first, by=world.cast.rasa, reason="ill")
    assert "This session is cancelled." in as_user(world.cast.milda).get(url(first)).content.decode()


def test_in_a_paused_group_it_says_so(world: World, as_user: SignIn, first: PlannedSession) -> None:
    stages.pause(group=world.group, by=world.cast.egle, reason="summer")
    assert "paused or closed" in as_user(world.cast.milda).get(url(first)).content.decode()


def test_the_ordinary_way_to_start_a_form_is_not_earlier(
    world: World, as_user: SignIn, add: Sessions, date: Date
) -> None:
    soon = date(add()[0], 1)
    start = reverse("responses:form-start", args=[world.group.pk, "diary"])
    as_user(world.cast.milda).post(start, {"session_key": soon.session_key})
    as_user(world.cast.milda).get(start, {"session_key": soon.session_key})
    assert not FormResponse.objects.filter(group=world.group).exists()
