"""A group puts a session into its plan that the catalogue does not have."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from home.services.packs import load_pack
from mentoring.models import MentoringGroup
from sessions_app.models import CatalogueSession, PlannedSession
from tests.cast import World
from tests.conftest import PACK_DIR

SignIn = Callable[..., Client]
SENT = {"title": "A visit to the bakery", "kind": "entrepreneurship", "minutes": "90"}


def address(group: MentoringGroup, name: str = "session-own") -> str:
    return reverse(f"sessions:{name}", args=[group.pk])


@pytest.fixture
def visit(world: World, as_user: SignIn) -> PlannedSession:
    """The session that Rasa has added."""
    answer = as_user(world.cast.rasa).post(address(world.group), SENT, follow=True)
    assert "“A visit to the bakery” is in the plan. Now set its date." in answer.content.decode()
    return PlannedSession.objects.get(catalogue__plan=world.group.plan)


def test_it_stands_in_the_plan_like_any_other(world: World, as_user: SignIn, visit: PlannedSession) -> None:
    assert (visit.title, visit.minutes, visit.catalogue.kind) == ("A visit to the bakery", 90, "entrepreneurship")
    milda = as_user(world.cast.milda)
    for url in (address(world.group, "plan-detail"), reverse("sessions:session-detail", args=[visit.pk])):
        assert "A visit to the bakery" in milda.get(url).content.decode()


def test_only_this_group_ever_sees_it(world: World, as_user: SignIn, visit: PlannedSession) -> None:
    boris = as_user(world.cast.boris)
    other = world.other_group
    assert visit.title not in boris.get(address(other, "session-create")).content.decode()
    assert boris.get(reverse("sessions:catalogue-detail", args=[other.pk, visit.catalogue_id])).status_code == 404
    own = reverse("sessions:catalogue-detail", args=[world.group.pk, visit.catalogue_id])
    assert as_user(world.cast.milda).get(own).status_code == 200
    assert boris.post(address(other, "session-add"), {"session": visit.catalogue_id}).status_code == 302
    assert not PlannedSession.objects.filter(plan=other.plan, catalogue=visit.catalogue_id).exists()
    load_pack(path=PACK_DIR)
    assert CatalogueSession.objects.get(pk=visit.catalogue_id).plan == world.group.plan


def test_its_title_is_changed_and_it_is_taken_out_again(world: World, as_user: SignIn, visit: PlannedSession) -> None:
    rasa = as_user(world.cast.rasa)
    edit = reverse("sessions:session-edit", args=[visit.pk])
    sent = {"title": "A visit to the mill", "minutes": "60", "form": "open", "lock": visit.lock}
    assert 'name="title"' in rasa.get(edit).content.decode()
    assert rasa.post(edit, sent).status_code == 302
    assert PlannedSession.objects.get(pk=visit.pk).title == "A visit to the mill"
    of_the_pack = PlannedSession.objects.of_group(world.group).exclude(pk=visit.pk).first()
    assert 'name="title"' not in rasa.get(reverse("sessions:session-edit", args=[of_the_pack.pk])).content.decode()
    rasa.post(reverse("sessions:session-remove", args=[visit.pk]))
    assert not CatalogueSession.objects.filter(plan__isnull=False).exists()


def test_what_is_missing_is_said_beside_the_field(world: World, as_user: SignIn) -> None:
    rasa = as_user(world.cast.rasa)
    answer = rasa.post(address(world.group), {**SENT, "title": "", "minutes": "5"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("has-error") >= 2
    assert not CatalogueSession.objects.filter(plan__isnull=False).exists()
    assert address(world.group) in rasa.get(address(world.group, "session-create")).content.decode()
    assert as_user(world.cast.milda).get(address(world.group)).status_code == 404


def test_pressed_twice_adds_one(world: World, as_user: SignIn) -> None:
    rasa, once = as_user(world.cast.rasa), "0b0a3f0e-6c62-4b0a-9a55-1d3a52b9b8f1"
    for _ in range(2):
        rasa.post(address(world.group), {**SENT, "once": once})
    assert PlannedSession.objects.filter(catalogue__plan=world.group.plan).count() == 1
