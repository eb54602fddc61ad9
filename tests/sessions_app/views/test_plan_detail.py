"""The page of the session plan."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app.models import PlannedSession, SessionPlan
from tests.cast import World
from tests.routes import MEMBERS, address_of, asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
url = address_of("sessions:plan-detail")
Sessions = Callable[..., list[PlannedSession]]
Date = Callable[..., PlannedSession]
Agree = Callable[[], SessionPlan]


def test_everybody_in_the_group_reads_the_plan_and_nobody_else(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, url(world)) == set(MEMBERS)
    assert asks_to_sign_in(url(world))


def test_wrong_method_and_wrong_number(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.rasa)
    assert refuses(client, url(world), ("post", "put", "delete"))
    assert client.get(reverse("sessions:plan-detail", args=[99999])).status_code == 404


def test_held_and_to_come_with_states(
    world: World, as_user: SignIn, first: PlannedSession, add: Sessions, date: Date
) -> None:
    soon, undated = add(2)
    date(soon, 3)
    text = as_user(world.cast.rasa).get(url(world)).content.decode()
    for words in (
        "Over, and something is still to do",
        "To come",
        "Record attendance",
        "Next",
        "No date yet",
        "Date open",
    ):
        assert words in text
    assert reverse("sessions:session-edit", args=[soon.pk]) in text
    assert "This plan is a draft." in text


def test_it_begins_with_the_next_session_and_folds_what_was_held(
    world: World, as_user: SignIn, first: PlannedSession, add: Sessions, date: Date
) -> None:
    (soon,) = add(1)
    client = as_user(world.cast.milda)
    PlannedSession.objects.filter(pk=first.pk).update(state="held")
    alone = client.get(url(world)).content.decode()
    assert '<details class="panel fold-panel" open>' not in alone
    date(soon, 3)
    text = client.get(url(world)).content.decode()
    assert text.index("To come") < text.index('<details class="panel fold-panel">') < text.index(first.title)
    PlannedSession.objects.filter(pk=soon.pk).delete()
    # Nothing comes any more: what was held is what the page is about.
    assert '<details class="panel fold-panel" open>' in client.get(url(world)).content.decode()


def test_what_is_to_settle_is_gathered_on_top_with_its_act(
    world: World, as_user: SignIn, first: PlannedSession, add: Sessions, date: Date
) -> None:
    one, two, three, _four = add(4)
    date(one, 3, form="online", place="", link="https://meet.example.org/a")
    date(two, 3, form="online", place="", link="https://meet.example.org/b")
    date(three, 400)
    client = as_user(world.cast.rasa)
    context = client.get(url(world)).context
    sentences = [each.text for each in context["warnings"]]
    assert sentences[0] == "Session 1 is over."
    assert sentences[1] == "The plan has 5 sessions; the programme asks for 10."
    assert sentences[2] == "Only 2 meetings are in person; the programme asks for at least 3."
    assert sentences[3] == "Session 5 has no date yet."
    assert sentences[4].startswith("Session 4 lies outside the group’s dates")
    assert sentences[5] == "Sessions 2 and 3 are at the same time."
    assert all(each.url for each in context["warnings"])
    assert as_user(world.cast.milda).get(url(world)).context["warnings"] == []


def test_a_mentee_finds_nothing_to_change(world: World, as_user: SignIn, first: PlannedSession) -> None:
    text = as_user(world.cast.milda).get(url(world)).content.decode()
    for name in ("session-edit", "session-hold", "session-cancel"):
        assert reverse(f"sessions:{name}", args=[first.pk]) not in text
    for name in ("session-create", "plan-agree", "plan-edit"):
        assert reverse(f"sessions:{name}", args=[world.group.pk]) not in text


def test_the_plan_says_which_version_is_in_force(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree, date: Date
) -> None:
    agree()
    assert "Version 1 has been in force since" in as_user(world.cast.milda).get(url(world)).content.decode()
    date(first, -9)
    assert "The plan has changed since then." in as_user(world.cast.milda).get(url(world)).content.decode()


def test_an_empty_plan_says_who_fills_it(world: World, as_user: SignIn, plan: SessionPlan) -> None:
    plan.sessions.all().delete()
    assert "Choose sessions" in as_user(world.cast.rasa).get(url(world)).content.decode()
    assert "Your Mentor and your Manager choose" in as_user(world.cast.milda).get(url(world)).content.decode()


def test_a_mentee_sees_only_the_own_diary_as_late(
    world: World, as_user: SignIn, first: PlannedSession, agree: Agree
) -> None:
    agree()
    assert "3 diaries late" in as_user(world.cast.rasa).get(url(world)).content.decode()
    text = as_user(world.cast.milda).get(url(world)).content.decode()
    assert "Your diary is late" in text
    assert "diaries late" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_queries(  # noqa: PLR0917 -- fixtures
    world: World,
    as_user: SignIn,
    add: Sessions,
    date: Date,
    count: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for row in add(count):
        date(row, 3)
    client = as_user(world.cast.rasa)
    with django_assert_num_queries(9):
        client.get(url(world))
