"""Boards are made by themselves, one for each place; what is wrong with them is found and mended."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction

from conversations.models import Board, Topic
from conversations.services import boards
from core.ops.integrity import faults, repair
from core.policy.roles import Action, ProgrammeRole
from mentoring.models import Programme
from mentoring.services.groups import open_group
from mentoring.services.memberships import enrol
from mentoring.standing import Standing
from tests.cast import World
from tests.conversations.talking import begun, board_of


def test_every_group_and_programme_has_its_boards(world: World) -> None:
    assert Board.objects.filter(kind="group").count() == 2
    of_programme = Board.objects.filter(programme=world.programme)
    assert sorted(of_programme.values_list("kind", "role")) == [
        ("announcements", ""), ("community", "manager"), ("community", "mentee"), ("community", "mentor")
    ]  # fmt: skip


def test_a_new_group_and_the_first_person_of_a_programme_bring_theirs(world: World) -> None:
    new = open_group(
        programme=world.programme, name="Third", opened_by=world.cast.egle, starts_on=world.group.starts_on,
        ends_on=world.group.ends_on,
    )  # fmt: skip
    assert Board.objects.filter(group=new).count() == 1
    values = {
        "title": "Other",
        "code": "OTH",
        "pack": world.programme.pack,
        "organisation": world.programme.organisation,
    }
    other = Programme.objects.create(starts_on=new.starts_on, ends_on=new.ends_on, **values)
    for person in (world.cast.egle, world.cast.boris):
        enrol(programme_id=other.pk, user=person, role=ProgrammeRole.MANAGER)
    assert Board.objects.filter(programme=other).count() == 4


@pytest.mark.parametrize("repairs", [lambda: call_command("open_boards", verbosity=0), repair])
def test_what_is_missing_is_found_and_made(world: World, repairs: object) -> None:
    assert not [fault for fault in faults(thorough=False) if fault.kind == "no_board"]
    Board.objects.all().delete()
    rows = {fault.row for fault in faults(thorough=False) if fault.kind == "no_board"}
    assert rows == {
        f"mentoring.mentoringgroup:{world.group.pk}", f"mentoring.mentoringgroup:{world.other_group.pk}",
        f"mentoring.programme:{world.programme.pk}",
    }  # fmt: skip
    repairs()  # type: ignore[operator]
    assert Board.objects.count() == 6
    assert boards.open_all() == 0


def test_the_migration_makes_the_boards_of_what_is_there(world: World) -> None:
    Board.objects.all().delete()
    import_module("conversations.migrations.0002_boards_of_what_is_there").open_boards(apps, None)
    assert Board.objects.count() == 6
    assert board_of(world)


@pytest.mark.parametrize(
    "values",
    [{"kind": "group"}, {"kind": "community"}, {"kind": "announcements", "role": "mentor"}, {"kind": "strange"}],
)
def test_a_board_belongs_to_its_kind(world: World, values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Board.objects.create(programme=world.programme, **values)


def test_a_topic_that_does_not_say_what_its_posts_say_is_mended(world: World) -> None:
    topic = begun(world)
    Topic.objects.filter(pk=topic.pk).update(living=0, is_headless=True)
    assert [fault.row for fault in faults(thorough=False)] == [f"conversations.topic:{topic.pk}"]
    repair()
    topic.refresh_from_db()
    assert (topic.living, topic.is_headless) == (1, False)
    assert list(faults(thorough=False)) == []


def test_what_a_board_that_is_known_allows_is_what_the_queryset_allows(world: World) -> None:
    for person in world.cast.everybody().values():
        standing = Standing.of(person)
        for action in (Action.VIEW, Action.WRITE, Action.MODERATE):
            allowed = set(Board.objects.allowing(standing, action))
            assert {board for board in Board.objects.all() if action in board.rights(standing)} == allowed, (
                person,
                action,
            )
