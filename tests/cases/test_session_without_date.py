"""The diaries of a session without a date are not asked for: on every page, in every count, export and reminder."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.models import ChecklistItem, ChecklistSummary
from checklist.pages.cells import cell_context
from checklist.pages.overview import overview_context
from checklist.services.reminders import remind
from home.exports import sheets_of
from home.filters import Filters
from home.pages import matrix
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from sessions_app.models import CatalogueSession, PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World
from tests.pack_tools import tool


@pytest.fixture
def undated(world: World) -> PlannedSession:
    """The plan is agreed: its first session was three hours ago, the second has no date."""
    plan = SessionPlan.objects.get(group=world.group)
    offered = CatalogueSession.objects.offered(world.programme.pack_id, "employability")
    (second,) = plans.add_sessions(plan=plan, by=world.cast.rasa, catalogue=list(offered[:1]))
    first = plan.sessions.exclude(pk=second.pk).get()
    plans.change_session(
        session=first, by=world.cast.rasa, lock=first.lock, form="in_person", place="Library",
        starts_at=timezone.now() - timedelta(hours=3), at=timezone.now() - timedelta(days=9),
    )  # fmt: skip
    plan.refresh_from_db()
    agreement.agree_plan(plan=plan, by=world.cast.rasa, lock=plan.lock)
    assert ChecklistItem.objects.filter(session_key=second.session_key).count() == 3
    return second


def group_of(world: World) -> MentoringGroup:
    return MentoringGroup.objects.with_people().select_related("programme").get(pk=world.group.pk)


def test_pages_and_export_count_the_same(world: World, undated: PlannedSession) -> None:
    standing = Standing.of(world.cast.egle)
    numbers = list(sheets_of(matrix.read(standing, Filters(), whole=True)))[1]
    title = tool("diary").current.title
    (row,) = (row for row in numbers.rows if row[:2] == ["Žingsnis", title])
    assert dict(zip(numbers.head, row, strict=True))["To do"] == 3
    found = overview_context(standing, group_of(world))
    assert "0 of 3 done" in next(row.line for row in found["missing"] if row.title == title)
    cell = cell_context(standing, group_of(world), "diary")
    assert cell is not None
    assert [len(part.rows) for part in cell["parts"]] == [3, 3]
    assert [row.words for row in cell["parts"][1].rows] == ["Later"] * 3
    assert cell["remind_count"] == 3


def test_nobody_is_reminded_of_it(world: World, undated: PlannedSession) -> None:
    assert remind(group=world.group, tool=tool("diary"), by=world.cast.egle)
    asked = ChecklistItem.objects.filter(reminded_at__isnull=False)
    assert asked.exists()
    assert not asked.filter(session_key=undated.session_key).exists()


def test_it_does_not_make_what_opens_later_due(world: World, undated: PlannedSession) -> None:
    other = undated.plan.sessions.exclude(pk=undated.pk).get()
    soon = timezone.now() + timedelta(days=1)
    plans.change_session(
        session=other, by=world.cast.rasa, lock=other.lock, form="in_person", place="Library", starts_at=soon
    )
    summary = ChecklistSummary.objects.get(group=world.group, tool=tool("diary"))
    assert summary.first_opens is not None
    counts = matrix.read(Standing.of(world.cast.egle), Filters()).counts[world.group.pk, "diary"]
    assert (counts.begun, counts.due) == (0, None)


def test_the_checklist_says_later(world: World, undated: PlannedSession, as_user: Callable[..., Any]) -> None:
    page = as_user(world.cast.rasa).get(reverse("checklist:checklist-cell", args=[world.group.pk, "diary"])).text
    assert page.count("Later") >= 3
