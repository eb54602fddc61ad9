"""The matrix: what a cell says, what comes first, and that nobody sees another Manager's groups."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from checklist.services.summary import summarise
from core.policy.roles import Action, Stage
from home.filters import NO_MENTOR, Filters
from home.managed import managed
from home.pages import matrix as matrices
from home.pages.matrix import Cell, Matrix
from mentoring.models import Membership, MentoringGroup
from mentoring.services.memberships import end_membership
from mentoring.standing import Standing
from tests.cast import World
from tests.home.conftest import leave_waiting, set_rows, settle

OpenGroups = Callable[[int], list[MentoringGroup]]


def read(user: User, filters: Filters) -> Matrix:
    """Return the matrix as this person sees it."""
    return matrices.read(Standing.of(user), filters)


def cell(matrix: Matrix, group: MentoringGroup, key: str) -> Cell:
    """Return one cell."""
    row = next(row for row in matrix.shown if row.pk == group.pk)
    return row.cells[[column.key for column in matrix.columns].index(key)]


def names(matrix: Matrix) -> list[str]:
    return [row.name for row in matrix.shown]


@pytest.fixture
def quiet(world: World) -> MentoringGroup:
    """«Žingsnis», running, with nothing owed."""
    settle(world.group)
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.RUNNING)
    return world.group


def test_columns_are_the_mandatory_tools_in_their_order(world: World) -> None:
    assert [column.key for column in read(world.cast.egle, Filters()).columns] == [
        "mentee_profile", "personal_goals", "group_goals", "contract", "session_plan", "diary",
        "initial_questionnaire", "final_questionnaire",
    ]  # fmt: skip


def test_a_manager_sees_only_her_own_groups_everywhere(world: World) -> None:
    set_rows(world.other_group, "contract", due_on=timezone.localdate() - timedelta(days=9))
    leave_waiting(world.other_group, "mentee_profile", world.cast.aino)
    for words in ("", "Крачка", "Aino", "Петър"):
        matrix = read(world.cast.egle, Filters(words=words))
        assert world.other_group.pk not in {row.pk for row in matrix.shown}
        assert matrix.overview.by_show["waiting"] == 0
        assert {late.group for kind in matrix.late.values() for late in kind} <= {world.group.pk}
        assert matrix.to_decide == []
    assert read(world.cast.egle, Filters(mentor=str(world.cast.petar.pk))).shown == []
    assert read(world.cast.egle, Filters()).overview.groups == 1


@pytest.mark.parametrize("person", ["rasa", "milda", "dana", "olga", "jonas", "sofia"])
def test_who_manages_nothing_has_an_empty_matrix(world: World, person: str) -> None:
    assert read(world.cast.everybody()[person], Filters()).overview.groups == 0


def test_done_says_how_many_of_how_many(quiet: MentoringGroup, world: World) -> None:
    matrix = read(world.cast.egle, Filters())
    assert cell(matrix, quiet, "mentee_profile") == Cell("done", "3 of 3")
    assert cell(matrix, quiet, "contract") == Cell("done", "Done")
    assert matrix.shown[0].is_quiet


def test_late_counts_documents_of_people_and_days_of_the_group(quiet: MentoringGroup, world: World) -> None:
    today = timezone.localdate()
    set_rows(quiet, "personal_goals", state="todo", due_on=today - timedelta(days=3))
    set_rows(quiet, "session_plan", state="todo", due_on=today - timedelta(days=12))
    matrix = read(world.cast.egle, Filters())
    assert cell(matrix, quiet, "personal_goals") == Cell("late", "3 late")
    assert cell(matrix, quiet, "session_plan") == Cell("late", "12 days late")
    assert matrix.overview.by_show == {"all": 1, "late": 1, "due": 0, "waiting": 0}


def test_due_within_a_week_is_tinted_and_later_is_plain(quiet: MentoringGroup, world: World) -> None:
    today = timezone.localdate()
    set_rows(quiet, "contract", state="todo", due_on=today + timedelta(days=7))
    set_rows(quiet, "group_goals", state="todo", due_on=today + timedelta(days=8))
    matrix = read(world.cast.egle, Filters())
    assert cell(matrix, quiet, "contract").state == "due"
    assert cell(matrix, quiet, "group_goals").state == "later"
    assert matrix.overview.by_show["due"] == 1


def test_what_is_not_open_yet_says_later(quiet: MentoringGroup, world: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    set_rows(quiet, "contract", state="todo", opens_on=tomorrow, due_on=tomorrow)
    assert cell(read(world.cast.egle, Filters()), quiet, "contract") == Cell("planned", "Later")
    assert cell(read(world.cast.egle, Filters()), quiet, "diary") == Cell("planned", "Later")


def test_handed_in_waits_for_the_manager_who_accepts_it(quiet: MentoringGroup, world: World) -> None:
    leave_waiting(quiet, "mentee_profile", world.cast.milda)
    leave_waiting(quiet, "mentee_profile", world.cast.tomas)
    matrix = read(world.cast.egle, Filters())
    assert cell(matrix, quiet, "mentee_profile") == Cell("waiting", "2 to read")
    assert [(each.waiting, each.author) for each in matrix.to_decide] == [(2, "Milda Kazlauskaitė")]
    assert names(read(world.cast.egle, Filters(show="waiting"))) == ["Žingsnis"]


def test_who_asks_what_waits_or_is_due_is_shown_that_where_something_is_late_too(
    quiet: MentoringGroup, world: World
) -> None:
    today = timezone.localdate()
    leave_waiting(quiet, "mentee_profile", world.cast.milda)

    def tomas_has_until(days: int) -> None:
        rows = ChecklistItem.objects.filter(group=quiet, tool_version__tool__key="mentee_profile")
        rows.filter(subject=world.cast.tomas).update(state="todo", opens_on=None, due_on=today + timedelta(days=days))
        summarise(groups=[quiet.pk])

    def said(show: str) -> Cell:
        matrix = read(world.cast.egle, Filters(show=show))
        assert names(matrix) == ["Žingsnis"]
        return cell(matrix, quiet, "mentee_profile")

    tomas_has_until(-1)
    assert said("all") == said("late") == Cell("late", "1 late")
    assert said("waiting") == Cell("waiting", "1 to read")
    tomas_has_until(2)
    assert said("all") == said("waiting") == Cell("waiting", "1 to read")
    assert said("due").state == "due"


def test_a_contract_without_signatures_is_owed_although_it_is_filed(quiet: MentoringGroup, world: World) -> None:
    set_rows(quiet, "contract", state="waiting", due_on=timezone.localdate() - timedelta(days=9))
    assert cell(read(world.cast.egle, Filters()), quiet, "contract") == Cell("late", "9 days late")


def test_a_form_that_others_must_read_is_not_late(quiet: MentoringGroup, world: World) -> None:
    set_rows(quiet, "diary", state="waiting", due_on=timezone.localdate() - timedelta(days=9))
    set_rows(quiet, "initial_questionnaire", state="waiting", due_on=timezone.localdate() - timedelta(days=9))
    assert cell(read(world.cast.egle, Filters()), quiet, "initial_questionnaire") == Cell("planned", "Handed in")


def test_waived_is_quiet(quiet: MentoringGroup, world: World) -> None:
    set_rows(quiet, "group_goals", state="waived", due_on=timezone.localdate() - timedelta(days=9))
    matrix = read(world.cast.egle, Filters())
    assert cell(matrix, quiet, "group_goals") == Cell("waived", "Waived")
    assert matrix.shown[0].is_quiet


def test_a_paused_group_owes_nothing(quiet: MentoringGroup, world: World) -> None:
    set_rows(quiet, "contract", state="todo", due_on=timezone.localdate() - timedelta(days=9))
    MentoringGroup.objects.filter(pk=quiet.pk).update(stage=Stage.PAUSED)
    matrix = read(world.cast.egle, Filters())
    assert cell(matrix, quiet, "contract") == Cell("paused", "Paused")
    assert matrix.shown[0].is_quiet
    assert matrix.overview.by_stage[Stage.PAUSED] == 1


def test_closed_groups_are_not_in_it(quiet: MentoringGroup, world: World) -> None:
    MentoringGroup.objects.filter(pk=quiet.pk).update(stage=Stage.CLOSED)
    assert read(world.cast.egle, Filters()).overview.groups == 0


def test_the_most_urgent_comes_first(world: World, open_groups: OpenGroups) -> None:
    groups = open_groups(5)
    today = timezone.localdate()
    for group in groups:
        settle(group)
    MentoringGroup.objects.filter(pk__in=[group.pk for group in groups]).update(stage=Stage.RUNNING)
    quiet, due, late, later, orphan = groups
    set_rows(due, "contract", state="todo", due_on=today + timedelta(days=2))
    set_rows(late, "contract", state="todo", due_on=today - timedelta(days=9))
    set_rows(later, "contract", state="todo", due_on=today - timedelta(days=3))
    mentor = Membership.objects.live().in_role("mentor").get(group=orphan)
    end_membership(membership=mentor, by=world.cast.egle)
    settle(world.group)
    ordered = names(read(world.cast.egle, Filters()))
    assert ordered[:4] == [orphan.name, late.name, later.name, due.name]
    assert set(ordered[4:]) == {quiet.name, "Žingsnis"}
    assert names(read(world.cast.egle, Filters(mentor=NO_MENTOR))) == [orphan.name]


def test_filters_and_their_counts_go_together(world: World, open_groups: OpenGroups) -> None:
    one, two = open_groups(2)
    for group in (one, two, world.group):
        settle(group)
    MentoringGroup.objects.filter(pk=one.pk).update(stage=Stage.RUNNING)
    set_rows(one, "contract", state="todo", due_on=timezone.localdate() - timedelta(days=1))
    egle = world.cast.egle
    assert read(egle, Filters()).overview.by_stage[Stage.RUNNING] == 1
    assert names(read(egle, Filters(stage="running"))) == [one.name]
    assert read(egle, Filters(stage="forming")).overview.by_show == {"all": 2, "late": 0, "due": 0, "waiting": 0}
    assert names(read(egle, Filters(words="Nr1"))) == [two.name]
    assert names(read(egle, Filters(mentor=str(world.cast.rasa.pk)))) == ["Žingsnis"]
    assert names(read(egle, Filters(programme=world.programme.pk + 1))) == []
    assert read(egle, Filters(words="Nr1")).overview.by_stage[Stage.RUNNING] == 0


def test_with_many_groups_cells_are_read_for_one_page_and_the_order_stays(
    world: World, open_groups: OpenGroups, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = open_groups(4)
    for group in groups:
        settle(group)
    set_rows(groups[3], "contract", state="todo", due_on=timezone.localdate() - timedelta(days=99))
    in_one = read(world.cast.egle, Filters())
    monkeypatch.setattr("home.pages.matrix.PAGE_SIZE", 2)
    pages = [read(world.cast.egle, Filters(page=page)) for page in (1, 2, 3)]
    assert [row.name for page in pages for row in page.shown] == names(in_one)
    assert [row.cells for page in pages for row in page.shown] == [row.cells for row in in_one.shown]
    assert pages[0].pages == 3
    assert pages[0].overview == in_one.overview
    assert read(world.cast.egle, Filters(page=99)).page == 3


def test_rows_of_two_versions_of_a_tool_are_one_cell(quiet: MentoringGroup, world: World) -> None:
    item = ChecklistItem.objects.filter(group=quiet, tool_version__tool__key="mentee_profile").first()
    assert item is not None
    newer = item.tool_version
    newer.pk, newer.version = None, newer.version + 1
    newer.save()
    ChecklistItem.objects.filter(pk=item.pk).update(tool_version=newer)
    summarise(groups=[quiet.pk])
    assert cell(read(world.cast.egle, Filters()), quiet, "mentee_profile") == Cell("done", "3 of 3")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, Filters()),
        (
            {"show": "late", "stage": "running", "q": "  Rasa ", "page": "2"},
            Filters("late", "running", words="Rasa", page=2),
        ),
        ({"show": "x", "stage": "y", "programme": "1e3", "mentor": "-1", "page": "0"}, Filters()),
        ({"programme": "9" * 30, "mentor": "٣", "page": "9" * 18, "q": "a\x00b"}, Filters(words="ab", page=10**6)),
        ({"mentor": "none", "quiet": "1"}, Filters(mentor="none", quiet=True)),
    ],
)
def test_filters_leave_out_what_makes_no_sense(query: dict[str, str], wanted: Filters) -> None:
    assert Filters.read(query) == wanted


def test_filters_write_themselves_into_links() -> None:
    filters = Filters(show="late", words="Žing & co", page=3)
    assert filters.query() == "?show=late&q=%C5%BDing+%26+co"
    assert filters.query(page=2).endswith("&page=2")
    assert Filters().query() == "?"
    assert filters.is_narrowed
    assert not Filters(quiet=True, page=2).is_narrowed


def test_the_quick_way_to_ones_groups_is_the_policys(world: World, open_groups: OpenGroups) -> None:
    closed = open_groups(2)[1]
    MentoringGroup.objects.filter(pk=closed.pk).update(stage=Stage.CLOSED)
    for person in world.cast.everybody().values():
        allowed = MentoringGroup.objects.allowing(Standing.of(person), Action.MANAGE).not_over()
        assert set(managed(Standing.of(person))) == set(allowed)
