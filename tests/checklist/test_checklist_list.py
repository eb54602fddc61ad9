"""What a group still owes on one page, for its Mentor as for its Manager."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from checklist.models import ChecklistItem
from checklist.pages.overview import Row, overview_context
from core.days import programme_today
from core.policy.roles import Stage
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from tests.cast import World
from tests.home.conftest import leave_waiting, set_rows

SignIn = Callable[..., Client]


def address(world: World) -> str:
    return reverse("checklist:checklist-list", args=[world.group.pk])


def rows(world: World, person: str = "rasa") -> dict[str, Row]:
    """Return the rows by the last part of their address: the tool."""
    group = MentoringGroup.objects.for_page().get(pk=world.group.pk)
    found = overview_context(Standing.of(getattr(world.cast, person)), group)
    return {row.url.split("/")[-2]: row for row in found["missing"] + found["settled"]}


def test_a_mentor_sees_who_owes_what(world: World, as_user: SignIn) -> None:
    today = programme_today()
    set_rows(world.group, "mentee_profile", state="done")
    set_rows(world.group, "personal_goals", state="todo", due_on=today - timedelta(days=3))
    ChecklistItem.objects.filter(
        group=world.group, subject=world.cast.elena, tool_version__tool__key="personal_goals"
    ).update(state="done")
    set_rows(world.group, "contract", state="waiting", due_on=today + timedelta(days=2), opens_on=today)
    found = rows(world)
    assert (found["personal_goals"].state, found["personal_goals"].words) == ("late", "2 late")
    assert found["personal_goals"].line == "Milda, Tomas. 1 of 3 done"
    assert (found["mentee_profile"].state, found["mentee_profile"].words) == ("done", "Done")
    assert found["contract"].state == "due"
    page = as_user(world.cast.rasa).get(address(world)).content.decode()
    assert page.index("Needs attention") < page.index("Milda, Tomas. 1 of 3 done") < page.index("not its time yet")
    assert reverse("checklist:checklist-cell", args=[world.group.pk, "personal_goals"]) in page


def test_what_waits_to_be_read_is_named(world: World) -> None:
    leave_waiting(world.group, "personal_goals", world.cast.milda)
    set_rows(world.group, "personal_goals", due_on=programme_today() + timedelta(days=30))
    for person in ("rasa", "egle"):
        row = rows(world, person)["personal_goals"]
        assert (row.state, row.words, row.line) == ("waiting", "1 to read", "Milda. 0 of 3 done")


def test_it_is_a_place_of_the_group_for_those_who_look_after_it(world: World, as_user: SignIn) -> None:
    for person, is_there in (("rasa", True), ("egle", True), ("milda", False)):
        space = as_user(getattr(world.cast, person)).get(reverse("mentoring:group-detail", args=[world.group.pk]))
        assert (address(world) in space.content.decode()) is is_there
    assert as_user(world.cast.milda).get(address(world)).status_code == 404


def test_a_paused_group_owes_nothing(world: World, as_user: SignIn) -> None:
    set_rows(world.group, "personal_goals", state="todo", due_on=programme_today() - timedelta(days=3))
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.PAUSED)
    assert rows(world)["personal_goals"].state == "paused"
    assert " late<" not in as_user(world.cast.rasa).get(address(world)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(world: World, as_user: SignIn, django_assert_num_queries: Any, count: int) -> None:
    for person in (world.cast.milda, world.cast.tomas, world.cast.elena)[:count]:
        leave_waiting(world.group, "personal_goals", person)
    rasa = as_user(world.cast.rasa)
    rasa.get(address(world))
    with django_assert_num_queries(7):
        rasa.get(address(world))
