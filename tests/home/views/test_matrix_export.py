"""The matrix as a file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mentoring.models import MentoringGroup
from tests.cast import World
from tests.home.conftest import leave_waiting, set_rows
from tests.routes import asks_to_sign_in, open_to, refuses

SignIn = Callable[..., Client]
URL = reverse("home:matrix-export")


def lines(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"{URL}?format=csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_only_managers_have_it(world: World, as_user: SignIn) -> None:
    assert open_to(as_user, world.cast, URL) == {"egle", "boris"}
    assert asks_to_sign_in(URL)
    assert refuses(as_user(world.cast.egle), URL, ("post", "put", "delete"))
    assert as_user(world.cast.egle).get(f"{URL}?format=ods").status_code == 404


def test_it_holds_the_groups_one_manages_and_no_others(world: World, as_user: SignIn) -> None:
    leave_waiting(world.other_group, "mentee_profile", world.cast.aino)
    for query in ("", "&q=Крачка", "&show=waiting", f"&mentor={world.cast.petar.pk}"):
        body = as_user(world.cast.egle).get(f"{URL}?format=csv{query}").content.decode()
        assert "Крачка" not in body
        assert "Петър" not in body
    assert [line[0] for line in lines(as_user(world.cast.egle))[1:]] == ["Žingsnis"]


def test_it_keeps_the_filters_of_the_page(world: World, as_user: SignIn) -> None:
    set_rows(world.group, "contract", due_on=timezone.localdate() - timedelta(days=9))
    client = as_user(world.cast.egle)
    assert "9 days late" in lines(client, "&show=late")[1]
    assert len(lines(client, "&show=waiting")) == 1
    assert len(lines(client, "&stage=running")) == 1


@pytest.mark.parametrize(("kind", "ending"), [("csv", "csv"), ("csv-excel", "csv"), ("xlsx", "xlsx")])
def test_it_comes_as_a_file_that_is_not_kept(world: World, as_user: SignIn, kind: str, ending: str) -> None:
    answer = as_user(world.cast.egle).get(f"{URL}?format={kind}")
    name = f"groups-{timezone.localdate()}.{ending}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_group_named_like_a_formula_is_words_in_both(world: World, as_user: SignIn) -> None:
    MentoringGroup.objects.filter(pk=world.group.pk).update(name="=1+1")
    client = as_user(world.cast.egle)
    assert lines(client)[1][0] == "'=1+1"
    sheet = load_workbook(io.BytesIO(client.get(f"{URL}?format=xlsx").content)).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


def test_it_says_nothing_that_people_wrote(world: World, as_user: SignIn) -> None:
    form = leave_waiting(world.group, "mentee_profile", world.cast.milda)
    form.answers = {"wishes": "Zconfidential"}
    form.save()
    set_rows(world.group, "group_goals", state="waived", waived_reason="Zreason")
    body = as_user(world.cast.egle).get(f"{URL}?format=csv").content.decode()
    assert "Zconfidential" not in body
    assert "Zreason" not in body


def test_with_many_groups_it_holds_them_all(
    world: World, as_user: SignIn, open_groups: Callable[[int], list[MentoringGroup]], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_groups(3)
    client = as_user(world.cast.egle)
    in_one = lines(client)
    monkeypatch.setattr("home.pages.matrix.PAGE_SIZE", 2)
    assert lines(client) == in_one
    assert len(in_one) == 5
