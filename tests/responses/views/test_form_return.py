"""Returning what was handed in, with a note."""

import re

import pytest
from django.urls import reverse

from responses_app.models import FormState
from tests.documents.filled import GOALS, begun, handed_in, stored
from tests.routes import address_of

address = address_of("responses:form-return")


@pytest.fixture
def goals(world):
    form = begun(world, "personal_goals", world.cast.milda)
    handed_in(form, world.cast.milda, GOALS)
    return form


def test_it_returns_with_the_note(world, as_user, goals):
    response = as_user(world.cast.rasa).post(address(goals), {"number": "1", "note": "Which work?"})
    assert response.status_code == 302
    assert (stored(goals).state, stored(goals).latest.decision_note) == (FormState.RETURNED, "Which work?")
    text = as_user(world.cast.milda).get(reverse("responses:form-detail", args=[goals.pk])).content.decode()
    assert "Rasa returned it:" in text
    assert "Which work?" in text


def test_without_a_note_it_asks_for_one(world, as_user, goals):
    response = as_user(world.cast.rasa).post(address(goals), {"number": "1", "note": " "})
    assert response.status_code == 422
    assert "Say what to change, so the writer knows." in response.content.decode()
    assert re.search(r'<textarea id="id_note"[^>]* autofocus', response.text)  # far down the page, and seen at once
    assert stored(goals).state == FormState.SUBMITTED


@pytest.mark.parametrize("name", ["milda", "tomas", "aino", "petar", "boris", "jonas", "dana", "olga", "sofia"])
def test_nobody_else_returns(world, as_user, goals, name):
    response = as_user(getattr(world.cast, name)).post(address(goals), {"number": "1", "note": "x"})
    assert response.status_code == 404
    assert stored(goals).state == FormState.SUBMITTED


def test_wrong_method_and_wrong_number(world, as_user, goals):
    client = as_user(world.cast.rasa)
    assert client.get(address(goals)).status_code == 405
    assert client.post(address(goals), {"number": "7", "note": "x"}).status_code == 404
    assert client.post(reverse("responses:form-return", args=[999999])).status_code == 404


def test_who_decides_second_reads_why_not_and_keeps_the_note(world, as_user, goals):
    as_user(world.cast.rasa).post(address(goals), {"number": "1", "note": "Which work?"})
    response = as_user(world.cast.egle).post(address(goals), {"number": "1", "note": "Ten minutes\nof <thinking>"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Ten minutes<br>of &lt;thinking&gt;" in text
    assert stored(goals).latest.decision_note == "Which work?"


def test_a_note_that_is_too_long_is_still_in_its_field(world, as_user, goals):
    response = as_user(world.cast.rasa).post(address(goals), {"number": "1", "note": "x" * 2001})
    assert response.status_code == 422
    assert "x" * 2001 in response.content.decode()
