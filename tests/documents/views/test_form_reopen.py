"""Opening one's own form again."""

import pytest
from django.urls import reverse

from documents.models.forms import FormState
from documents.services import forms
from tests.documents.filled import DIARY, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("documents:form-reopen")


def test_it_opens_and_leads_to_writing(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    response = as_user(world.cast.milda).post(address(diary))
    assert response.headers["Location"] == reverse("documents:form-edit", args=[diary.pk])
    assert stored(diary).state == FormState.DRAFT


def test_after_the_mentors_answer_it_says_why_not(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    forms.add_comment(form=stored(diary), user=world.cast.rasa, text="Well done")
    response = as_user(world.cast.milda).post(address(diary))
    assert response.status_code == 409
    assert "Your Mentor has answered it" in response.content.decode()
    assert stored(diary).state == FormState.SUBMITTED


@pytest.mark.parametrize("name", ["rasa", "egle", "tomas", "aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_nobody_else_opens_it(world, as_user, name):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    assert as_user(getattr(world.cast, name)).post(address(diary)).status_code == 404
    assert stored(diary).state == FormState.SUBMITTED


def test_wrong_method_and_wrong_number(world, as_user):
    client = as_user(world.cast.milda)
    assert client.get(address(diary_of(world, world.cast.milda))).status_code == 405
    assert client.post(reverse("documents:form-reopen", args=[999999])).status_code == 404
