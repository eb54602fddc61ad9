"""A Mentor's answer is found: the Mentee's first screen names it and leads to it."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.days import programme_today
from mentoring.models import Membership
from responses_app import services as forms
from responses_app.models import FormSubmission
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


def test_an_answer_is_the_headline_until_it_was_seen(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    url = reverse("responses:form-detail", args=[diary.pk])
    diaries = reverse("sessions:diary-list", args=[world.group.pk])
    forms.add_comment(form=stored(diary), user=rasa, text="Bring the CV on Friday")
    mentee, mentor = as_user(milda), as_user(rasa)
    home = mentee.get("/").content.decode()
    assert f'<a href="{url}#comments">Rasa answered you</a>' in home
    assert "Bring the CV" not in home
    assert "New answer" in mentee.get(diaries).content.decode()
    assert "New answer" not in as_user(world.cast.tomas).get(diaries).content.decode()
    assert "has seen it" not in mentor.get(url).content.decode()
    page = mentee.get(url).content.decode()
    assert "Mentor’s answer" in page
    assert page.count("comment-answer") == 1
    assert page.index("comment-answer") < page.index(">New<")
    assert ">New<" not in mentee.get(url).content.decode()
    assert "Rasa answered you</a>" not in mentee.get("/").content.decode()
    assert "New answer" not in mentee.get(diaries).content.decode()
    assert "Milda has seen it, " in mentor.get(url).content.decode()


def test_what_was_taken_back_or_is_ones_own_is_no_answer(world: World, as_user: Any) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    forms.add_comment(form=stored(diary), user=milda, text="One thing more")
    comment = forms.add_comment(form=stored(diary), user=rasa, text="The wrong diary")
    forms.remove_comment(form=stored(diary), comment_id=comment.pk, user=rasa)
    assert "answered you" not in as_user(milda).get("/").content.decode()
    page = as_user(milda).get(reverse("responses:form-detail", args=[diary.pk])).content.decode()
    assert "comment-answer" not in page


def test_a_new_mentor_is_not_asked_to_read_what_the_one_before_has_read(world: World, as_user: Any) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    FormSubmission.objects.update(submitted_at=timezone.now() - timedelta(days=3))
    title = diary.session_title["en"]
    line = f"{title}. Handed in"
    assert line in as_user(world.cast.rasa).get("/").text
    Membership.objects.filter(group=world.group, user=world.cast.rasa).update(starts_on=programme_today())
    assert "Read the diary of Milda" not in as_user(world.cast.rasa).get("/").text
