"""A form that was opened before another change was saved: what it did not touch stays, what both changed is asked."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import MentoringGroup
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import plans
from tests.cast import World

SignIn = Callable[[User], Client]


def tab(client: Client, url: str) -> dict[str, Any]:
    """Open a page and return what its form would send unchanged."""
    answer = client.get(url)
    assert 'name="made_from"' in answer.text
    form = answer.context["form"]
    return sent_by(form)


def sent_by(form: Any) -> dict[str, Any]:
    values = {name: form[name].value() for name in form.fields} | {"made_from": form.made_from}
    sent = {name: _as_sent(value) for name, value in values.items()}
    return {name: value for name, value in sent.items() if value is not None}


def _as_sent(value: Any) -> Any:
    if value is None or value is False:
        return None
    if value is True:
        return "on"
    return value.isoformat("minutes") if isinstance(value, time) else value


@pytest.fixture
def session(world: World) -> PlannedSession:
    plan = SessionPlan.objects.get(group=world.group)
    return plans.add_own_session(plan=plan, by=world.cast.rasa, title="A walk", kind="employability", minutes=60)


def test_what_was_not_touched_in_the_older_page_of_a_group_stays(world: World, as_user: SignIn) -> None:
    url = reverse("mentoring:group-edit", args=[world.group.pk])
    egle = as_user(world.cast.egle)
    older = tab(egle, url)
    schedule, last = "Tuesdays, 18:00", date(2027, 8, 1)
    MentoringGroup.objects.filter(pk=world.group.pk).update(
        name="Meanwhile", ends_on=last, communication_schedule=schedule
    )
    assert egle.post(url, {**older, "motto": "On we go"}).status_code == 302
    group = MentoringGroup.objects.get(pk=world.group.pk)
    assert (group.name, group.ends_on, group.communication_schedule, group.motto) == (
        "Meanwhile", last, schedule, "On we go",
    )  # fmt: skip


def test_what_both_changed_in_a_group_is_asked_with_both_texts(world: World, as_user: SignIn) -> None:
    url = reverse("mentoring:group-edit", args=[world.group.pk])
    egle = as_user(world.cast.egle)
    older = tab(egle, url)
    MentoringGroup.objects.filter(pk=world.group.pk).update(name="Meanwhile", motto="Theirs")
    refused = egle.post(url, {**older, "motto": "Mine"})
    assert refused.status_code == 409
    assert "meanwhile, to: Theirs." in refused.text
    form = refused.context["form"]
    assert (set(form.errors), form["motto"].value(), form["name"].value()) == ({"motto"}, "Mine", "Meanwhile")
    assert MentoringGroup.objects.get(pk=world.group.pk).motto == "Theirs"
    assert egle.post(url, sent_by(form)).status_code == 302
    group = MentoringGroup.objects.get(pk=world.group.pk)
    assert (group.motto, group.name) == ("Mine", "Meanwhile")


def test_another_fault_of_the_older_page_does_not_undo_what_was_not_touched(world: World, as_user: SignIn) -> None:
    url = reverse("mentoring:group-edit", args=[world.group.pk])
    egle = as_user(world.cast.egle)
    older = tab(egle, url)
    MentoringGroup.objects.filter(pk=world.group.pk).update(motto="Theirs")
    refused = egle.post(url, {**older, "name": ""})
    assert refused.status_code == 422
    assert egle.post(url, {**sent_by(refused.context["form"]), "name": "Name"}).status_code == 302
    assert MentoringGroup.objects.get(pk=world.group.pk).motto == "Theirs"


def test_the_profile_keeps_what_was_saved_in_another_tab(world: World, as_user: SignIn) -> None:
    url = reverse("accounts:profile-edit")
    milda = as_user(world.cast.milda)
    older = tab(milda, url)
    assert milda.post(url, {**older, "about": "A new line", "shows_email": "on"}).status_code == 302
    assert milda.post(url, {**older, "call_name": "Mildutė"}).status_code == 302
    stored = User.objects.get(pk=world.cast.milda.pk)
    assert (stored.about, stored.call_name, stored.shows_email) == ("A new line", "Mildutė", True)
    refused = milda.post(url, {**older, "about": "Another line"})
    assert refused.status_code == 409
    assert "meanwhile, to: A new line." in refused.text


def test_a_session_keeps_what_was_saved_in_another_tab(world: World, as_user: SignIn, session: PlannedSession) -> None:
    url = reverse("sessions:session-edit", args=[session.pk])
    rasa = as_user(world.cast.rasa)
    older = {**tab(rasa, url), "form": "online", "link_follows": "on"}
    older["made_from"] = tab(rasa, url)["made_from"]
    newer = {"aim": "Read two CVs", "title": "A long walk", "prepared_by": [world.cast.milda.pk]}
    assert rasa.post(url, {**older, **newer}).status_code == 302
    assert rasa.post(url, {**older, "homework": "Look around"}).status_code == 302
    stored = PlannedSession.objects.get(pk=session.pk)
    assert (stored.aim, stored.homework, stored.title) == ("Read two CVs", "Look around", "A long walk")
    assert list(stored.prepared_by.all()) == [world.cast.milda]
    refused = rasa.post(url, {**older, "aim": "Mine", "prepared_by": [world.cast.rasa.pk]})
    assert refused.status_code == 409
    assert set(refused.context["form"].errors) == {"aim", "prepared_by"}
    assert "meanwhile, to: Read two CVs." in refused.text
    assert f"meanwhile, to: {world.cast.milda.full_name}." in refused.text
    assert rasa.post(url, sent_by(refused.context["form"])).status_code == 302
    assert PlannedSession.objects.get(pk=session.pk).aim == "Mine"


def test_day_and_hour_of_a_session_are_one_fact(world: World, as_user: SignIn, session: PlannedSession) -> None:
    url = reverse("sessions:session-edit", args=[session.pk])
    rasa = as_user(world.cast.rasa)
    placed = {"form": "in_person", "place": "Library"}
    assert rasa.post(url, {**tab(rasa, url), **placed, "date": "2027-01-14", "time": "17:30"}).status_code == 302
    older = tab(rasa, url)
    assert rasa.post(url, {**older, "time": "18:00"}).status_code == 302
    refused = rasa.post(url, {**older, "date": "2027-01-15"})
    assert refused.status_code == 409
    assert "It says now: 18:00." in refused.text
    assert rasa.post(url, sent_by(refused.context["form"])).status_code == 302
    stored = PlannedSession.objects.get(pk=session.pk).starts_at
    assert stored is not None
    assert stored.strftime("%d %H:%M") == "15 16:00"


def test_the_texts_of_the_plan_too(world: World, as_user: SignIn, session: PlannedSession) -> None:
    url = reverse("sessions:plan-edit", args=[world.group.pk])
    rasa = as_user(world.cast.rasa)
    older = tab(rasa, url)
    assert rasa.post(url, {**older, "notes": "Call when late."}).status_code == 302
    assert rasa.post(url, {**older, "course_of_action": "First ourselves."}).status_code == 302
    plan = SessionPlan.objects.get(group=world.group)
    assert (plan.notes, plan.course_of_action) == ("Call when late.", "First ourselves.")
    refused = rasa.post(url, {**older, "notes": "Do not call."})
    assert refused.status_code == 409
    assert "meanwhile, to: Call when late." in refused.text
