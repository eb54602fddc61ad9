"""A Mentor's answer is found: the Mentee's first screen names it and leads to it."""

from typing import Any

from django.urls import reverse

from responses_app import services as forms
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, stored


def test_the_first_screen_leads_to_the_last_answer(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    assert "Answered you" not in as_user(milda).get("/").content.decode()
    forms.add_comment(form=stored(diary), user=rasa, text="Well done")
    page = as_user(milda).get("/").content.decode()
    url = reverse("responses:form-detail", args=[diary.pk])
    assert f'<a href="{url}">Answered you' in page
    assert "Well done" not in page
