"""Accepting what was handed in."""

import pytest
from django.urls import reverse

from rendering.models import Rendering
from responses_app import services as forms
from responses_app.models import FormState
from tests.documents.filled import DIARY, GOALS, begun, diary_of, handed_in, stored
from tests.routes import address_of

address = address_of("responses:form-accept")


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
    assert client.post(reverse("responses:form-accept", args=[999999])).status_code == 404


@pytest.mark.parametrize("act", ["responses:form-accept", "responses:form-return"])
def test_the_way_back_stays_where_the_reader_came_from(world, as_user, act):
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    client, url = as_user(world.cast.rasa), reverse("responses:form-detail", args=[goals.pk])
    page = client.get(url, headers={"referer": "http://testserver/"}).text
    assert page.count('<input type="hidden" name="back" value="/"') >= 2
    sent = {"number": "1", "note": "One thing more", "back": "/"}
    after = client.post(
        reverse(act, args=[goals.pk]), sent, headers={"referer": f"http://testserver{url}"}, follow=True
    )
    assert '<a class="back" href="/">' in after.text


# --- a part of one's own ---------------------------------------------------------------------------------------------

PROFILE = {"languages": "lt", "status": "student", "interest": "both", "goals": "x", "consent": "yes"}
PART = {"interviewed_on": "2026-11-05", "interview_notes": "Znotes", "decision": "accepted"}


def handed_in_profile(world):
    profile = begun(world, "mentee_profile", world.cast.milda)
    handed_in(profile, world.cast.milda, PROFILE)
    return profile


def page_of(profile):
    return reverse("responses:form-detail", args=[profile.pk])


def test_who_has_not_filled_in_the_own_part_is_asked_first(world, as_user):
    profile = handed_in_profile(world)
    client = as_user(world.cast.egle)
    assert "Accept it all the same?" not in client.get(page_of(profile)).text
    asked = client.post(address(profile), {"number": "1"}, follow=True)
    assert stored(profile).state == FormState.SUBMITTED
    for words in ("Accept it all the same?", "Fill in my part first", "Accept without it"):
        assert words in asked.text
    client.post(address(profile), {"number": "1", "without_part": "1"})
    assert stored(profile).state == FormState.ACCEPTED


def test_who_has_filled_it_in_is_not_asked(world, as_user):
    profile = handed_in_profile(world)
    forms.save_answers(
        form=stored(profile), user=world.cast.egle, lock=stored(profile).lock, answers={"interview_notes": "Znotes"}
    )
    client = as_user(world.cast.egle)
    assert "Accept it all the same?" not in client.get(f"{page_of(profile)}?ask=part").text
    client.post(address(profile), {"number": "1"})
    assert stored(profile).state == FormState.ACCEPTED


def test_the_part_can_be_filled_in_after_it_was_accepted(world, as_user):
    egle, milda = world.cast.egle, world.cast.milda
    profile = handed_in_profile(world)
    before = forms.accept_form(submission=stored(profile).latest, user=egle)
    client, edit = as_user(egle), reverse("responses:form-edit", args=[profile.pk])
    assert edit in client.get(page_of(profile)).text
    assert "File my part" in client.get(edit).text
    sent = {**PART, "lock": str(stored(profile).lock)}
    for _press in range(2):
        assert client.post(reverse("responses:form-submit", args=[profile.pk]), sent).status_code == 302
    form = stored(profile)
    assert (form.latest.number, form.state) == (before.number + 1, FormState.ACCEPTED)
    assert (form.latest.submitted_by, form.latest.submitted_at) == (milda, before.submitted_at)
    assert (form.latest.decided_by, form.latest.is_accepted) == (egle, True)
    assert form.latest.answers["interview_notes"] == "Znotes"
    assert form.latest.added_by["interview_notes"]["by"] == egle.pk
    assert Rendering.objects.count() == 2
    assert "Filled in by Eglė Petrauskaitė" in client.get(page_of(profile)).text
    assert "Znotes" not in as_user(milda).get(page_of(profile)).text


@pytest.mark.parametrize("name", ["milda", "rasa", "tomas"])
def test_nobody_else_fills_it_in_then(world, as_user, name):
    profile = handed_in_profile(world)
    forms.accept_form(submission=stored(profile).latest, user=world.cast.egle)
    sent = {"interview_notes": "Zother", "lock": str(stored(profile).lock)}
    as_user(getattr(world.cast, name)).post(reverse("responses:form-submit", args=[profile.pk]), sent)
    form = stored(profile)
    assert (form.latest.number, form.answers.get("interview_notes")) == (1, None)
