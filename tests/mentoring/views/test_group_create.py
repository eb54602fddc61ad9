"""Opening a group through the page."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.policy.roles import ProgrammeRole
from documents.models import Folder
from mentoring.models import MentoringGroup
from mentoring.services import removal
from mentoring.services.memberships import enrol
from tests.cast import World

SignIn = Callable[..., Client]


@pytest.fixture
def url(world: World) -> str:
    return reverse("mentoring:group-create", kwargs={"pk": world.programme.pk})


def data(world: World, **changes: object) -> dict[str, object]:
    """Return what a Manager sends for a new group."""
    today = timezone.localdate()
    return {
        "name": "Polku", "motto": "", "kind": "group", "form": "blended", "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=200)).isoformat(), "initial_channel": "", "communication_schedule": "",
        "mentors": [world.cast.rasa.pk], "mentees": [world.cast.aino.pk, world.cast.kalina.pk],
    } | changes  # fmt: skip


def test_it_works(world: World, as_user: SignIn, url: str) -> None:
    response = as_user(world.cast.egle).post(url, data(world))
    group = MentoringGroup.objects.get(name="Polku")
    assert response.url == reverse("mentoring:member-list", kwargs={"pk": group.pk})
    roles = {(each.user.pk, each.role) for each in group.memberships.all()}
    assert roles == {
        (world.cast.egle.pk, "manager"), (world.cast.rasa.pk, "mentor"), (world.cast.aino.pk, "mentee"),
        (world.cast.kalina.pk, "mentee"),
    }  # fmt: skip
    assert Folder.objects.of_group(group).count() == 3


def test_double_click_opens_one_group(world: World, as_user: SignIn, url: str) -> None:
    client, once = as_user(world.cast.egle), str(uuid.uuid4())
    first = client.post(url, data(world, once=once))
    second = client.post(url, data(world, once=once))
    assert first.url == second.url
    assert MentoringGroup.objects.filter(name="Polku").count() == 1


def test_dates_that_have_passed_are_taken_once_they_were_confirmed(world: World, as_user: SignIn, url: str) -> None:
    egle = as_user(world.cast.egle)
    sent = data(world, starts_on="2021-02-01", ends_on="2021-12-01", motto="Step by step")
    answer = egle.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("This day has passed.") >= 2
    assert "Step by step" in page
    assert 'type="checkbox" name="is_past_meant"' in page
    assert egle.post(url, {**sent, "is_past_meant": "on"}).status_code == 302
    group = MentoringGroup.objects.get(name="Polku")
    assert (group.starts_on.year, group.ends_on.year) == (2021, 2021)
    # What stays as it is, is not asked about again.
    edit = reverse("mentoring:group-edit", kwargs={"pk": group.pk})
    assert egle.post(edit, {**sent, "name": "Polku 2"}).status_code == 302


def test_dates_in_the_wrong_order_are_refused_and_what_was_typed_stays(world: World, as_user: SignIn, url: str) -> None:
    response = as_user(world.cast.egle).post(url, data(world, ends_on="2020-01-01", motto="Ein Schritt <b>mehr</b>"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "The end is before the start." in page
    assert "Ein Schritt &lt;b&gt;mehr&lt;/b&gt;" in page


def test_a_pair_has_one_mentee(world: World, as_user: SignIn, url: str) -> None:
    response = as_user(world.cast.egle).post(url, data(world, kind="pair"))
    assert response.status_code == 422
    assert not MentoringGroup.objects.filter(name="Polku").exists()


def test_one_person_has_one_role(world: World, as_user: SignIn, url: str) -> None:
    enrol(programme_id=world.programme.pk, user=world.cast.aino, role=ProgrammeRole.MENTOR)
    response = as_user(world.cast.egle).post(url, data(world, mentors=[world.cast.aino.pk]))
    assert response.status_code == 422


def test_people_of_another_programme_cannot_be_chosen(world: World, as_user: SignIn, url: str) -> None:
    response = as_user(world.cast.egle).post(url, data(world, mentees=[world.cast.olga.pk]))
    assert response.status_code == 422


@pytest.mark.parametrize("name", ["rasa", "milda", "dana", "olga"])
def test_others_find_nothing(world: World, as_user: SignIn, url: str, name: str) -> None:
    client = as_user(getattr(world.cast, name))
    assert client.get(url).status_code == 404
    assert client.post(url, data(world)).status_code == 404
    assert not MentoringGroup.objects.filter(name="Polku").exists()


def test_get_costs_the_same_with_one_and_three_candidates(
    world: World, as_user: SignIn, url: str, django_assert_num_queries: Callable[[int], object]
) -> None:
    client = as_user(world.cast.egle)
    client.get(url)
    with django_assert_num_queries(5):
        client.get(url)
    for person in (world.cast.olga, world.cast.sofia):
        enrol(programme_id=world.programme.pk, user=person, role=ProgrammeRole.MENTEE)
    with django_assert_num_queries(5):
        client.get(url)


@pytest.mark.parametrize(("starts_on", "ends_on"), [("2026-11-01", "9999-12-31"), ("0001-01-01", "2027-01-01")])
def test_its_days_lie_within_the_calendar(world: World, as_user: SignIn, starts_on: str, ends_on: str) -> None:
    group = world.group
    sent = {
        "name": group.name, "kind": group.kind, "form": group.form, "starts_on": starts_on, "ends_on": ends_on,
        "is_past_meant": "on",
    }  # fmt: skip
    answer = as_user(world.cast.egle).post(reverse("mentoring:group-edit", args=[group.pk]), sent)
    assert answer.status_code == 422
    assert "Check the year" in answer.text


def test_a_name_that_another_group_has_is_asked_about(world: World, as_user: SignIn, url: str) -> None:
    client = as_user(world.cast.egle)
    answer = client.post(url, data(world, name="žingsnis"))
    assert answer.status_code == 422
    assert "There is a group with this name already." in answer.text
    assert MentoringGroup.objects.filter(name__iexact="žingsnis").count() == 1
    assert client.post(url, data(world, name="Žingsnis", is_name_meant="on")).status_code == 302
    edit = reverse("mentoring:group-edit", args=[world.group.pk])
    assert "There is a group with this name already." not in client.post(edit, {"name": "Žingsnis"}).text


def test_a_group_that_was_deleted_meanwhile_is_opened_anew(world: World, as_user: SignIn, url: str) -> None:
    client, once = as_user(world.cast.egle), str(uuid.uuid4())
    client.post(url, data(world, once=once))
    removal.remove_group(group=MentoringGroup.objects.get(name="Polku"), by=world.cast.egle)
    assert client.post(url, data(world, once=once)).status_code == 302
    assert MentoringGroup.objects.filter(name="Polku").count() == 1
