"""Before a form is begun: what it is for, about whom, about which session."""

import pytest
from django.urls import reverse

from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from responses_app.models import FormResponse
from tests.documents.filled import GOALS, begun, diary_of, handed_in, held_session
from tests.routes import address_of

address = address_of("responses:form-start")


def test_it_says_what_the_form_is_for_and_begins_it(world, as_user):
    client, url = as_user(world.cast.milda), address(world.group, "personal_goals")
    text = client.get(url).content.decode()
    assert "Holds what you want to reach" in text
    assert "It takes about 30 minutes." in text
    assert FormResponse.objects.count() == 0
    response = client.post(url)
    form = FormResponse.objects.get()
    assert response.headers["Location"] == reverse("responses:form-edit", args=[form.pk])
    assert (form.author, form.subject) == (world.cast.milda, world.cast.milda)
    assert client.post(url).headers["Location"] == response.headers["Location"]


def test_a_manager_says_about_whom(world, as_user):
    client, url = as_user(world.cast.egle), address(world.group, "midterm_interview")
    text = client.get(url).content.decode()
    for name in ("Rasa Žukauskienė", "Milda Kazlauskaitė", "Tomas Jankauskas", "Елена Георгиева"):
        assert name in text
    assert "Jonas" not in text
    assert client.post(url, {"subject": world.cast.aino.pk}).status_code == 404
    client.post(url, {"subject": world.cast.tomas.pk})
    assert FormResponse.objects.get().subject == world.cast.tomas


def test_a_diary_is_about_a_session(world, as_user):
    session = held_session(world)
    client, url = as_user(world.cast.milda), address(world.group, "diary")
    assert session.title in client.get(url).content.decode()
    assert client.post(url).status_code == 409
    assert client.post(url, {"session_key": "session-0"}).status_code == 409
    assert client.post(url, {"session_key": session.session_key}).status_code == 302
    assert FormResponse.objects.get().session_key == session.session_key


def test_the_session_plan_has_a_page_of_its_own(world, as_user):
    response = as_user(world.cast.rasa).get(address(world.group, "session_plan"))
    assert response.headers["Location"] == reverse("sessions:plan-detail", args=[world.group.pk])


def test_a_paused_group_says_why(world, as_user):
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.PAUSED)
    client, url = as_user(world.cast.milda), address(world.group, "personal_goals")
    assert "is paused" in client.get(url).content.decode()
    assert client.post(url).status_code == 409
    assert FormResponse.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["egle", "rasa", "aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_others_find_nothing(world, as_user, name, method):
    client = as_user(getattr(world.cast, name))
    assert getattr(client, method)(address(world.group, "personal_goals")).status_code == 404


def test_wrong_keys_and_methods(world, as_user):
    client = as_user(world.cast.milda)
    assert client.get(address(world.group, "no_such")).status_code == 404
    assert client.get(reverse("responses:form-start", args=[999999, "diary"])).status_code == 404
    assert client.put(address(world.group, "personal_goals")).status_code == 405


def test_what_is_begun_or_handed_in_is_not_offered_for_writing_anew(world, as_user):
    client, url = as_user(world.cast.milda), address(world.group, "personal_goals")
    goals = begun(world, "personal_goals", world.cast.milda)
    assert client.get(url).headers["Location"] == reverse("responses:form-edit", args=[goals.pk])
    handed_in(goals, world.cast.milda, GOALS)
    assert client.get(url).headers["Location"] == reverse("responses:form-detail", args=[goals.pk])
    assert as_user(world.cast.tomas).get(url).status_code == 200


def test_a_diary_of_another_session_can_still_be_chosen(world, as_user):
    diary = diary_of(world, world.cast.milda)
    client, url = as_user(world.cast.milda), address(world.group, "diary")
    assert client.get(url).status_code == 200
    chosen = client.get(url, {"session_key": diary.session_key})
    assert chosen.headers["Location"] == reverse("responses:form-edit", args=[diary.pk])


def test_a_colleague_is_sent_to_the_form_that_another_began_and_may_open_it(world, as_user):
    form = begun(world, "group_goals", world.cast.egle)
    answer = as_user(world.cast.rasa).get(address(world.group, "group_goals"), follow=True)
    assert (answer.status_code, answer.context["form"]) == (200, form)
