"""After one document the next one that waits is one click away; what was accepted by mistake can be given back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from checklist.models import ChecklistItem
from core.models import DomainEvent
from responses_app import services as forms
from responses_app.models import FormResponse, FormState
from tests.cast import World
from tests.documents.filled import DIARY, GOALS, begun, diary_of, handed_in, stored

SignIn = Callable[..., Client]
NEXT = "Next to read"


def address(form: FormResponse, act: str = "detail") -> str:
    return reverse(f"responses:form-{act}", args=[form.pk])


@pytest.fixture
def goals(world: World) -> FormResponse:
    """Milda's goals, handed in."""
    form = begun(world, "personal_goals", world.cast.milda)
    handed_in(form, world.cast.milda, GOALS)
    return stored(form)


@pytest.fixture
def diary(world: World, goals: FormResponse) -> FormResponse:
    """Tomas's diary, handed in after Milda's goals."""
    form = diary_of(world, world.cast.tomas)
    handed_in(form, world.cast.tomas, DIARY)
    return stored(form)


def test_reading_one_leads_to_the_oldest_other_that_waits(
    world: World, as_user: SignIn, goals: FormResponse, diary: FormResponse
) -> None:
    rasa = as_user(world.cast.rasa)
    page = rasa.get(address(diary)).content.decode()
    assert page.count(NEXT) == 1
    assert address(goals) in page
    answer = rasa.post(address(goals, "accept"), {"number": 1}, follow=True).content.decode()
    assert NEXT not in answer  # the diary was read before
    other = begun(world, "personal_goals", world.cast.elena)
    handed_in(other, world.cast.elena, GOALS)
    assert address(other) in rasa.get(address(goals)).content.decode()


def test_nobody_is_led_to_what_they_cannot_read(
    world: World, as_user: SignIn, goals: FormResponse, diary: FormResponse
) -> None:
    assert NEXT not in as_user(world.cast.tomas).get(address(diary)).content.decode()
    FormResponse.objects.filter(pk=goals.pk).update(audience="managers")
    assert address(goals) not in as_user(world.cast.rasa).get(address(diary)).content.decode()


def test_what_was_accepted_by_mistake_is_given_back(world: World, as_user: SignIn, goals: FormResponse) -> None:
    rasa, milda = as_user(world.cast.rasa), as_user(world.cast.milda)
    rasa.post(address(goals, "accept"), {"number": 1})
    assert stored(goals).state == FormState.ACCEPTED
    page = rasa.get(address(goals)).content.decode()
    assert "Is something wrong with it?" in page
    assert address(goals, "return") in page
    assert address(goals, "return") not in milda.get(address(goals)).content.decode()
    answer = rasa.post(address(goals, "return"), {"number": 1, "note": "I pressed the wrong button"}, follow=True)
    assert "Returned to Milda." in answer.content.decode()
    form = stored(goals)
    assert (form.state, form.latest.is_accepted, form.latest.decision_note) == (
        FormState.RETURNED, False, "I pressed the wrong button",
    )  # fmt: skip
    row = ChecklistItem.objects.get(
        group=world.group, subject=world.cast.milda, tool_version__tool__key="personal_goals"
    )
    assert row.state == "todo"
    kinds = DomainEvent.objects.filter(target=f"responses.formresponse:{goals.pk}").values_list("kind", flat=True)
    assert {"form.accepted", "form.returned"} <= set(kinds)
    handed_in(form, world.cast.milda, GOALS)
    forms.accept_form(submission=stored(goals).latest, user=world.cast.rasa)
    assert stored(goals).state == FormState.ACCEPTED
