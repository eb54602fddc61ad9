"""Saving: a redirect without scripts, JSON with them; conflicts and refusals say why."""

import json

import pytest
from django.urls import reverse

from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from responses_app import services as forms
from tests.documents.filled import DIARY, begun, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("responses:form-save")

AS_SCRIPT = {"Accept": "application/json"}


def test_without_scripts_the_whole_form_is_saved(world, as_user):
    diary = diary_of(world, world.cast.milda)
    forms.save_answers(form=diary, user=world.cast.milda, lock=0, answers={"hard": "Old"})
    client = as_user(world.cast.milda)
    response = client.post(address(diary), {"lock": "1", "done": "One", "mood": "4", "hard": ""})
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("responses:form-edit", args=[diary.pk]))
    assert stored(diary).answers == {"done": "One", "mood": 4}
    later = client.post(address(diary), {"lock": "2", "done": "One", "mood": "4", "then": "leave"})
    assert later.headers["Location"] == reverse("sessions:diary-list", args=[world.group.pk])


def test_a_script_saves_only_what_changed(world, as_user):
    diary = diary_of(world, world.cast.milda)
    client = as_user(world.cast.milda)
    client.post(address(diary), {"lock": "0", "writer": "a", "keys": "done", "done": "One"}, headers=AS_SCRIPT)
    response = client.post(address(diary), {"lock": "1", "writer": "a", "keys": "mood", "mood": "4"}, headers=AS_SCRIPT)
    assert response.status_code == 200
    said = response.json()
    assert said.pop("text").startswith("Saved at ")
    assert said == {"lock": 2, "answered": 2, "questions": 6, "errors": []}
    assert stored(diary).answers == {"done": "One", "mood": 4}


def test_json_is_taken_too(world, as_user):
    goals = begun(world, "personal_goals", world.cast.milda)
    answers = {"goals": [{"goal": "Work", "target_date": "2026-11-30"}], "first_step": None}
    response = as_user(world.cast.milda).post(
        address(goals), json.dumps({"lock": 0, "answers": answers}), content_type="application/json"
    )
    assert response.status_code == 200
    assert stored(goals).answers == {"goals": [{"goal": "Work", "target_date": "2026-11-30"}]}


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        "{",
        '{"lock": 0}',
        '{"lock": "0", "answers": {}}',
        '{"lock": 0, "answers": []}',
        "[" * 5000,
        "\x00",
    ],
)
def test_other_json_is_refused(world, as_user, body):
    diary = diary_of(world, world.cast.milda)
    response = as_user(world.cast.milda).post(address(diary), body, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["reason"]


def test_what_is_not_understood_is_kept_and_said(world, as_user):
    goals = begun(world, "personal_goals", world.cast.milda)
    sent = {"lock": "0", "keys": "goals", "goals-4-goal": "Work", "goals-4-target_date": "31.11.2026"}
    said = as_user(world.cast.milda).post(address(goals), sent, headers=AS_SCRIPT).json()
    assert said["errors"] == [
        {"anchor": "id_goals-4-target_date", "sentence": "November has 30 days. Write the date like 30.11.2026."}
    ]
    assert stored(goals).typed["goals"][0]["target_date"] == "31.11.2026"


def test_somebody_saved_first_both_texts_come_back(world, as_user):
    form = begun(world, "group_goals", world.cast.rasa)
    forms.save_answers(form=form, user=world.cast.rasa, lock=0, answers={"rules": "Everyone speaks"}, writer="rasa")
    client = as_user(world.cast.egle)
    sent = {"lock": "0", "writer": "egle", "keys": "rules", "rules": "Nobody is <late>"}
    said = client.post(address(form), sent, headers=AS_SCRIPT)
    assert said.status_code == 409
    assert said.json()["reason"] == "Rasa changed this while you were writing."
    (conflict,) = said.json()["conflicts"]
    assert (conflict["mine"], conflict["theirs"]) == ("Nobody is <late>", "Everyone speaks")
    page = client.post(address(form), sent)
    assert page.status_code == 409
    text = page.content.decode()
    assert "Nobody is &lt;late&gt;" in text
    assert "Everyone speaks" in text
    assert stored(form).answers["rules"] == "Everyone speaks"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Second"), ("theirs", "First"), ("both", "First\n\nSecond")])
def test_the_choice_between_two_texts(world, as_user, choice, kept):
    diary = diary_of(world, world.cast.milda)
    forms.save_answers(form=diary, user=world.cast.milda, lock=0, answers={"done": "First"}, writer="one")
    sent = {"lock": "1", "writer": "two", "done": "Second", "resolve-done": choice, "keys": "done"}
    response = as_user(world.cast.milda).post(address(diary), sent)
    assert response.headers["Location"].endswith("?settled=two")
    assert stored(diary).answers["done"] == kept


def test_rows_are_added_taken_out_and_brought_back(world, as_user):
    goals = begun(world, "personal_goals", world.cast.milda)
    client = as_user(world.cast.milda)
    edit = reverse("responses:form-edit", args=[goals.pk])
    two = {"goals-0-goal": "First", "goals-1-goal": "Second"}
    added = client.post(address(goals), {"lock": "0", **two, "row": "add:goals"})
    assert added.headers["Location"] == f"{edit}?more=goals#q-goals"
    assert 'name="goals-2-goal"' in client.get(f"{edit}?more=goals").content.decode()
    client.post(address(goals), {"lock": "1", **two, "row": "remove:goals:0"})
    assert stored(goals).answers["goals"] == [{"goal": "Second"}]
    assert "restore:goals" in client.get(edit).content.decode()
    client.post(address(goals), {"lock": "2", "goals-0-goal": "Second", "row": "restore:goals"})
    assert stored(goals).answers["goals"] == [{"goal": "First"}, {"goal": "Second"}]
    assert "restore:goals" not in client.get(edit).content.decode()


def test_names_that_are_no_question_are_refused(world, as_user):
    profile = begun(world, "mentee_profile", world.cast.milda)
    client = as_user(world.cast.milda)
    for name in ("decision", "state", "author", "answers", "goals-0-goal"):
        response = client.post(address(profile), {"lock": "0", name: "x"}, headers=AS_SCRIPT)
        assert response.status_code == 422
        assert name in response.json()["errors"]
    assert client.post(address(profile), {"lock": "0", "decision": "x"}).status_code == 422
    assert stored(profile).lock == 0


def test_a_closed_form_and_a_paused_group_say_why_and_show_the_text(world, as_user):
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    client = as_user(world.cast.milda)
    response = client.post(address(diary), {"lock": "1", "done": "Written too late"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "You have handed this in. Open it again to change it." in text
    assert "Written too late" in text
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.PAUSED)
    said = client.post(address(diary), {"lock": "1", "done": "x"}, headers=AS_SCRIPT)
    assert (said.status_code, said.json()["code"]) == (409, "stopped")
    assert "paused" in said.json()["reason"]


def test_a_page_made_for_somebody_else_is_not_saved(world, as_user):
    form = begun(world, "group_goals", world.cast.rasa)
    sent = {"lock": "0", "rules": "x", "keys": "rules", "person": str(world.cast.rasa.pk)}
    response = as_user(world.cast.egle).post(address(form), sent, headers=AS_SCRIPT)
    assert (response.status_code, response.json()["code"]) == (409, "person")
    assert "rules" not in stored(form).answers


@pytest.mark.parametrize("name", ["rasa", "egle", "tomas", "elena", "aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_nobody_else_saves(world, as_user, name):
    diary = diary_of(world, world.cast.milda)
    client = as_user(getattr(world.cast, name))
    assert client.post(address(diary), {"lock": "0", "done": "mine"}).status_code == 404
    handed_in(diary, world.cast.milda, DIARY)
    assert client.post(address(diary), {"lock": "1", "done": "mine"}, headers=AS_SCRIPT).status_code == 404
    assert stored(diary).answers["done"] == DIARY["done"]


def test_wrong_method_and_wrong_number(world, as_user):
    client = as_user(world.cast.milda)
    assert client.get(address(diary_of(world, world.cast.milda))).status_code == 405
    assert client.post(reverse("responses:form-save", args=[999999])).status_code == 404
