"""Putting chosen sessions into the plan."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.web.once import new_key
from sessions_app.models import CatalogueSession, SessionPlan
from sessions_app.services import plans
from tests.cast import World
from tests.pack_tools import tool
from tests.routes import address_of, asks_to_sign_in, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:session-add")


def chosen(world: World, count: int) -> list[int]:
    offered = CatalogueSession.objects.offered(world.programme.pack_id, "employability")
    return list(offered.values_list("pk", flat=True)[:count])


def test_several_at_once(world: World, as_user: SignIn, plan: SessionPlan) -> None:
    answer = as_user(world.cast.rasa).post(url(world), {"session": chosen(world, 3)})
    assert answer.status_code == 302
    assert plan.sessions.count() == 4


def test_a_double_click_adds_once(world: World, as_user: SignIn, plan: SessionPlan) -> None:
    client, data = as_user(world.cast.rasa), {"session": chosen(world, 1), "once": new_key()}
    assert client.post(url(world), data).status_code == 302
    assert client.post(url(world), data).status_code == 302
    assert plan.sessions.count() == 2


@pytest.mark.parametrize("name", ["milda", "boris", "olga", "jonas", "dana", "sofia"])
def test_nobody_else_adds(world: World, as_user: SignIn, plan: SessionPlan, name: str) -> None:
    answer = as_user(getattr(world.cast, name)).post(url(world), {"session": chosen(world, 1)})
    assert answer.status_code == 404
    assert plan.sessions.count() == 1


def test_nothing_chosen_or_nonsense_is_said(world: World, as_user: SignIn, plan: SessionPlan) -> None:
    client = as_user(world.cast.rasa)
    for sent in ({}, {"session": ["x", "9" * 30, "-1"]}):
        answer = client.post(url(world), sent, follow=True)
        assert "Choose at least one session." in answer.content.decode()
    assert plan.sessions.count() == 1


def test_a_plan_is_as_long_as_its_paper(
    world: World, as_user: SignIn, plan: SessionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        next(each["max_rows"] for each in tool("session_plan").current.fields if each["key"] == "sessions")
        == plans.MOST_SESSIONS
    )
    monkeypatch.setattr(plans, "MOST_SESSIONS", 3)
    client, three = as_user(world.cast.rasa), chosen(world, 3)
    page = client.post(url(world), {"session": three}, follow=True)
    assert "A plan has at most 3 sessions. This one has 1" in page.text
    assert plan.sessions.count() == 1
    assert all(f'value="{key}" id="session-{key}" checked' in page.text for key in three)  # nothing ticked is lost
    assert client.post(url(world), {"session": three[:2]}).status_code == 302
    own = {"title": "A visit", "kind": "employability", "minutes": 60}
    answer = client.post(reverse("sessions:session-own", args=[world.group.pk]), own)
    assert answer.status_code == 422
    assert "A plan has at most 3 sessions." in answer.text
    assert not CatalogueSession.objects.filter(plan=plan).exists()


def test_wrong_method(world: World, as_user: SignIn) -> None:
    assert refuses(as_user(world.cast.rasa), url(world), ("get", "put", "delete"))
    assert asks_to_sign_in(url(world), "post")
