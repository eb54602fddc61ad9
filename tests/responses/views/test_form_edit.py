"""The page on which people write."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from responses_app import services as forms
from tests.documents.filled import DIARY, GOALS, begun, diary_of, handed_in, held_session, stored
from tests.pack_tools import say_that_tools_changed
from tests.routes import address_of
from tools.models import ToolVersion

address = address_of("responses:form-edit")


def test_it_shows_questions_answers_and_who_will_read(world, as_user):
    diary = diary_of(world, world.cast.milda)
    forms.save_answers(form=diary, user=world.cast.milda, lock=0, answers={"learned": "A <b>lot</b>", "mood": "2"})
    text = as_user(world.cast.milda).get(address(diary)).content.decode()
    assert "Your whole group will be able to read this" in text
    assert "once you hand it in: your Mentor Rasa, your Manager Eglė, Tomas and Елена." in text
    assert "A &lt;b&gt;lot&lt;/b&gt;" in text
    assert re.search(r'<input[^>]*value="2"[^>]*checked', text)
    assert "2 of 6 questions answered." in text
    assert "Hand in the diary" in text
    assert 'name="lock" value="1"' in text
    assert text.index("Your whole group") < text.index("How was the session")


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(world, as_user, django_assert_num_queries, count):
    for key in ("e1", "e2", "e3")[: count - 1]:
        held_session(world, key)
    diary = diary_of(world, world.cast.milda, key="e4")
    client = as_user(world.cast.milda)
    client.get(address(diary))
    with django_assert_num_queries(QUERIES):
        client.get(address(diary))


QUERIES = 7


def test_it_is_in_bulgarian_for_a_bulgarian_reader(world, as_user):
    world.cast.elena.language = "bg"
    world.cast.elena.save()
    form = begun(world, "personal_goals", world.cast.elena)
    text = as_user(world.cast.elena).get(address(form)).content.decode()
    assert "Какво искам да постигна?" in text
    assert "What do I want to reach?" not in text


def test_texts_without_translation_are_shown_in_english_and_say_so(world, as_user):
    form = begun(world, "personal_goals", world.cast.elena)
    version = form.tool_version
    content = version.content
    del content["fields"][0]["label"]["bg"]
    ToolVersion.objects.filter(pk=version.pk).update(content=content)
    say_that_tools_changed(version.tool.pack_id)
    world.cast.elena.language = "bg"
    world.cast.elena.save()
    with translation.override("bg"):
        text = as_user(world.cast.elena).get(address(form)).content.decode()
    assert '<span lang="en">Where do I stand today?</span>' in text
    assert 'href="#globe2"' in text or "#globe2" in text


def test_answers_for_fewer_people_say_so_and_are_not_sent_to_others(world, as_user):
    profile = begun(world, "mentee_profile", world.cast.milda)
    answers = {
        "languages": "lt",
        "status": "student",
        "interest": "both",
        "goals": "x",
        "consent": "yes",
        "weaknesses": "Zsecret",
    }
    handed_in(profile, world.cast.milda, answers)
    text = as_user(world.cast.egle).get(address(profile)).content.decode()
    assert "Zsecret" in text
    assert 'name="decision"' in text
    assert 'name="languages"' not in text
    assert as_user(world.cast.rasa).get(address(profile)).status_code == 404


def test_what_cannot_be_written_now_is_read(world, as_user):
    diary = diary_of(world, world.cast.milda)
    client = as_user(world.cast.milda)
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.PAUSED)
    assert client.get(address(diary)).headers["Location"] == reverse("responses:form-detail", args=[diary.pk])
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.RUNNING)
    handed_in(diary, world.cast.milda, DIARY)
    assert client.get(address(diary)).headers["Location"] == reverse("responses:form-detail", args=[diary.pk])


def test_a_returned_form_shows_the_note(world, as_user):
    form = begun(world, "personal_goals", world.cast.milda)
    submission = handed_in(form, world.cast.milda, GOALS)
    forms.return_form(submission=submission, user=world.cast.rasa, note="Which <work>?")
    text = as_user(world.cast.milda).get(address(form)).content.decode()
    assert "Rasa asks you to change something" in text
    assert "Which &lt;work&gt;?" in text


@pytest.mark.parametrize("name", ["rasa", "egle", "tomas", "elena", "aino", "boris", "jonas", "dana", "olga", "sofia"])
@pytest.mark.parametrize("is_handed_in", [False, True])
def test_nobody_else_writes_in_a_diary(world, as_user, name, is_handed_in):
    diary = diary_of(world, world.cast.milda)
    if is_handed_in:
        handed_in(diary, world.cast.milda, DIARY)
    assert as_user(getattr(world.cast, name)).get(address(diary)).status_code == 404
    assert stored(diary).saved_by == world.cast.milda


def test_wrong_method_and_wrong_number(world, as_user):
    diary = diary_of(world, world.cast.milda)
    client = as_user(world.cast.milda)
    assert client.post(address(diary)).status_code == 405
    assert client.get(reverse("responses:form-edit", args=[999999])).status_code == 404
