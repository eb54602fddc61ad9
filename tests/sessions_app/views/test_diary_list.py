"""The diaries of a group."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.models import Membership
from mentoring.services.memberships import end_membership
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services.diaries import start_diary
from tests.cast import World
from tests.routes import MEMBERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:diary-list")
Agree = Callable[[], SessionPlan]


def write(
    world: World, session: PlannedSession, name: str, audience: str = "group", *, hand_in: bool = True
) -> FormResponse:
    user = getattr(world.cast, name)
    form = start_diary(session=session, user=user)
    assert form is not None
    FormResponse.objects.filter(pk=form.pk).update(audience=audience)
    if hand_in:
        answers = {"mood": 3, "done": "The secret of the bakery.", "learned": "Names.", "next_steps": "Goals."}
        forms.submit_form(form=form, user=user, lock=form.lock, answers=answers)
    return form


def test_everybody_in_the_group_opens_it_and_nobody_else(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(MEMBERS)
    client = as_user(world.cast.rasa)
    assert refuses(client, url(world), ("post", "put"))
    assert client.get(reverse("sessions:diary-list", args=[99999])).status_code == 404
    assert asks_to_sign_in(url(world))


def test_a_mentee_sees_what_to_write_first_and_what_the_group_may_read(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree
) -> None:
    agree()
    open_form = write(world, first, "tomas")
    narrow = write(world, first, "elena", audience="mentor")
    text = as_user(world.cast.milda).get(url(world)).content.decode()
    assert reverse("sessions:diary-write", args=[first.pk]) in text
    assert "5 days late" in text
    assert reverse("responses:form-detail", args=[open_form.pk]) in text
    assert reverse("responses:form-detail", args=[narrow.pk]) not in text
    assert "bakery" not in text


def test_mentor_and_manager_see_who_has_written(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree
) -> None:
    agree()
    write(world, first, "tomas")
    narrow = write(world, first, "elena", audience="mentor")
    draft = write(world, first, "milda", hand_in=False)
    mentor, manager = (as_user(person).get(url(world)) for person in (world.cast.rasa, world.cast.egle))
    assert {cell.text for cell in mentor.context["sessions"][0].cells} == {"For you to read", "5 days late"}
    assert {cell.text for cell in manager.context["sessions"][0].cells} == {
        "New", "For the Mentor", "5 days late",
    }  # fmt: skip
    assert reverse("responses:form-detail", args=[narrow.pk]) not in manager.content.decode()
    for page in (mentor, manager):
        assert reverse("responses:form-detail", args=[draft.pk]) not in page.content.decode()


def test_what_a_mentee_wrote_who_has_left_stays_in_the_table(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree
) -> None:
    agree()
    form = write(world, first, "tomas")
    left = Membership.objects.live().get(group=world.group, user=world.cast.tomas)
    end_membership(membership=left, by=world.cast.egle)
    page = as_user(world.cast.rasa).get(url(world))
    assert world.cast.tomas in page.context["mentees"]
    assert reverse("responses:form-detail", args=[form.pk]) in page.text


def test_changes_that_are_not_handed_in_are_told_apart_from_a_diary_that_is_missing(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree
) -> None:
    agree()
    form = write(world, first, "milda")
    forms.reopen_form(form=form, user=world.cast.milda)
    for address in (url(world), reverse("sessions:session-detail", args=[first.pk])):
        page = as_user(world.cast.milda).get(address).text
        assert "Changes not handed in" in page
        assert "Due" not in page


def test_what_was_read_is_marked(world: World, as_user: SignIn, first: PlannedSession, agree: Agree) -> None:
    agree()
    form = write(world, first, "tomas")
    form.refresh_from_db()
    assert form.latest is not None
    client = as_user(world.cast.rasa)
    assert ">1 new<" in client.get(url(world)).content.decode()
    forms.mark_read(form=form, user=world.cast.rasa)
    text = client.get(url(world)).content.decode()
    assert "Read by you" in text
    assert ">1 new<" not in text


def test_before_the_first_session_it_says_when(world: World, as_user: SignIn) -> None:
    assert "No diary can be written yet" in as_user(world.cast.rasa).get(url(world)).content.decode()
    assert "You have no diary to write yet" in as_user(world.cast.milda).get(url(world)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("rasa", 8), ("milda", 9)])
def test_queries(  # noqa: PLR0917 -- fixtures
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree, count: int, name: str, queries: int,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    agree()
    for writer in ("tomas", "elena", "milda")[:count]:
        write(world, first, writer)
    client = as_user(getattr(world.cast, name))
    with django_assert_num_queries(queries):
        client.get(url(world))
