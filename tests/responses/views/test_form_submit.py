"""Handing in."""

import pytest
from django.urls import reverse

from rendering.models import Rendering
from responses_app import services as forms
from responses_app.models import FormState, FormSubmission
from tests.documents.filled import DIARY, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("responses:form-submit")


def test_it_hands_in_and_has_the_pdf_made(world, as_user):
    diary = diary_of(world, world.cast.milda)
    client = as_user(world.cast.milda)
    response = client.post(address(diary), {"lock": "0", "writer": "abc", **DIARY})
    assert response.headers["Location"] == reverse("responses:form-detail", args=[diary.pk]) + "?settled=abc"
    assert stored(diary).state == FormState.SUBMITTED
    assert Rendering.objects.get().submission == FormSubmission.objects.get()
    client.post(address(diary), {"lock": "0", "writer": "abc", **DIARY})
    assert (FormSubmission.objects.count(), Rendering.objects.count()) == (1, 1)


def test_what_is_missing_is_named_first_and_beside_the_question(world, as_user):
    diary = diary_of(world, world.cast.milda)
    response = as_user(world.cast.milda).post(address(diary), {"lock": "0", "done": "Only this"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "check 3 answers. Nothing you wrote is lost." in text
    assert 'href="#id_mood_0"' in text
    assert "Answer this question." in text
    assert "Only this" in text
    assert stored(diary).answers == {"done": "Only this"}
    assert FormSubmission.objects.count() == 0


def test_somebody_saved_first(world, as_user):
    diary = diary_of(world, world.cast.milda)
    forms.save_answers(form=diary, user=world.cast.milda, lock=0, answers={"done": "First"}, writer="one")
    response = as_user(world.cast.milda).post(address(diary), {"lock": "0", "writer": "two", **DIARY})
    assert response.status_code == 409
    assert "First" in response.content.decode()
    assert FormSubmission.objects.count() == 0


def test_a_late_window_with_another_text_is_told(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    response = as_user(world.cast.milda).post(address(diary), {"lock": "0", **DIARY, "done": "Another"})
    assert response.status_code == 409
    assert "Another" in response.content.decode()


@pytest.mark.parametrize("name", ["rasa", "egle", "tomas", "aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_nobody_else_hands_it_in(world, as_user, name):
    diary = diary_of(world, world.cast.milda)
    assert as_user(getattr(world.cast, name)).post(address(diary), {"lock": "0", **DIARY}).status_code == 404
    assert FormSubmission.objects.count() == 0


def test_wrong_method_and_wrong_number(world, as_user):
    client = as_user(world.cast.milda)
    form = diary_of(world, world.cast.milda)
    # The browser's address after a refusal: a tab that is restored brings the form back.
    assert client.get(address(form))["Location"] == reverse("responses:form-edit", args=[form.pk])
    assert client.put(address(form)).status_code == 405
    assert client.post(reverse("responses:form-submit", args=[999999])).status_code == 404
