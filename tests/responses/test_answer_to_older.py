"""Somebody who changes a diary while the Mentor answers it: the answer says that it is about the text of before."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from responses_app import services as forms
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, stored

OLDER = "Written before the form was handed in again"


def test_an_answer_says_that_the_text_was_changed_after_it(world: World, as_user: Callable[..., Client]) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    forms.reopen_form(form=stored(diary), user=world.cast.milda)
    forms.add_comment(form=stored(diary), user=world.cast.rasa, text="Well done with the two CVs")
    url = reverse("responses:form-detail", args=[diary.pk])
    rasa = as_user(world.cast.rasa)
    assert OLDER not in rasa.get(url).text
    handed_in(diary, world.cast.milda, {**DIARY, "done": "We read three"})
    forms.add_comment(form=stored(diary), user=world.cast.rasa, text="Three, even better")
    page = rasa.get(url).text
    assert page.count(OLDER) == 1
    assert page.index("two CVs") < page.index(OLDER) < page.index("Three, even better")
