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


def test_a_question_to_the_mentor_waits_until_it_is_answered(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, {**DIARY, "question": "Do I write the military service?"})
    url = reverse("responses:form-detail", args=[diary.pk])
    mentor = as_user(rasa)
    assert "Read the diary of Milda" in mentor.get("/").content.decode()
    mentor.get(url)
    page = mentor.get("/").content.decode()
    assert "Read the diary of Milda" not in page
    assert "Answer the question of Milda" in page
    assert "military service" not in page
    # What another Mentee says is no answer of the Mentor's.
    forms.add_comment(form=stored(diary), user=world.cast.tomas, text="I did not")
    assert "Answer the question of Milda" in mentor.get("/").content.decode()
    forms.add_comment(form=stored(diary), user=rasa, text="No need")
    assert "Answer the question of Milda" not in mentor.get("/").content.decode()


def test_a_diary_without_a_question_waits_for_no_answer(world: World, as_user: Any) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, {**DIARY, "question": ""})
    mentor = as_user(world.cast.rasa)
    mentor.get(reverse("responses:form-detail", args=[diary.pk]))
    assert "Answer the question" not in mentor.get("/").content.decode()
