"""Accepting what was handed in."""

import pytest
from django.urls import reverse

from documents.models import Rendering
from documents.models.forms import FormState
from documents.services import forms
from tests.documents.filled import DIARY, GOALS, begun, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("documents:form-accept")


@pytest.mark.parametrize("name", ["rasa", "egle"])
def test_it_accepts_once(world, as_user, name):
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    client = as_user(getattr(world.cast, name))
    for _press in range(2):
        assert client.post(address(goals), {"number": "1"}).status_code == 302
    assert stored(goals).state == FormState.ACCEPTED
    assert Rendering.objects.count() == 1


def test_what_was_taken_back_meanwhile_is_not_accepted(world, as_user):
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    forms.reopen_form(form=goals, user=world.cast.milda)
    response = as_user(world.cast.rasa).post(address(goals), {"number": "1"})
    assert response.status_code == 409
    assert "changed or decided meanwhile" in response.content.decode()
    assert Rendering.objects.count() == 0


@pytest.mark.parametrize("name", ["milda", "tomas", "aino", "petar", "boris", "jonas", "dana", "olga", "sofia"])
def test_nobody_else_accepts(world, as_user, name):
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    assert as_user(getattr(world.cast, name)).post(address(goals), {"number": "1"}).status_code == 404
    assert stored(goals).state == FormState.SUBMITTED


def test_tools_that_nobody_accepts_and_drafts(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    goals = begun(world, "personal_goals", world.cast.milda)
    for form in (diary, goals):
        assert as_user(world.cast.rasa).post(address(form), {"number": "1"}).status_code == 404


@pytest.mark.parametrize("number", ["", "0", "2", "x", "1" * 30])
def test_wrong_submission(world, as_user, number):
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    assert as_user(world.cast.rasa).post(address(goals), {"number": number}).status_code == 404


def test_wrong_method_and_wrong_number(world, as_user):
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    client = as_user(world.cast.rasa)
    assert client.get(address(goals)).status_code == 405
    assert client.post(reverse("documents:form-accept", args=[999999])).status_code == 404
