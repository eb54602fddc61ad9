"""The checklist counted by group and tool: the same as counting from scratch, whatever people do in between."""

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from checklist.models import ChecklistItem, ChecklistSummary, opening
from checklist.services import items as checklist
from checklist.services.summary import differences, repair, summarise
from core.policy.roles import Role
from documents.models import Document
from documents.services import filing, removal
from mentoring.models import Membership, MentoringGroup
from mentoring.services.groups import change_group
from mentoring.services.memberships import add_member, end_membership
from responses_app import services as forms
from responses_app.models import FormResponse
from responses_app.services import NotPossibleError, NotYoursError
from sessions_app.models import SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World
from tests.documents.filled import GOALS
from tests.documents.sent_files import pdf
from tests.pack_tools import say_that_tools_changed
from tools.models import Tool

Counted = dict[tuple[int, str], tuple[Any, ...]]


def from_scratch() -> Counted:
    """Count all rows and forms one by one."""
    found: dict[tuple[int, str], dict[str, Any]] = {}

    def of(group: int, key: str) -> dict[str, Any]:
        return found.setdefault((group, key), {"done": 0, "waived": 0, "handed_in": 0, "owed": [], "forms": []})

    for item in ChecklistItem.objects.select_related("tool_version__tool"):
        version = item.tool_version
        counts = of(item.group_id, version.tool.key)
        if item.state == "waiting" and not version.needs_signatures:
            counts["handed_in"] += 1
        elif item.state in {"done", "waived"}:
            counts[item.state] += 1
        else:
            counts["owed"].append((opening(item.opens_on, item.opens_at), item.due_on))
    for form in FormResponse.objects.filter(state="submitted").select_related("tool_version__tool", "latest"):
        version = form.tool_version
        reads = form.audience in {"group", "staff", "manager"}
        if version.filing == "after_acceptance" and "manager" in version.accepted_by and reads:
            of(form.group_id, version.tool.key)["forms"].append((form.latest.submitted_at, form.pk))
    return {key: in_columns(**counts) for key, counts in found.items()}


def in_columns(*, done: int, waived: int, handed_in: int, owed: list[Any], forms: list[Any]) -> tuple[Any, ...]:
    days = sorted({*owed}, key=lambda day: (day[1] or date.max, day[0] or ""))
    opens = [opens for opens, due in days if opens or due]  # neither: of a session without a date
    return (
        done,
        waived,
        handed_in,
        [[day[0], day[1] and str(day[1]), owed.count(day)] for day in days],
        None if None in opens else min(opens, default=None),
        min((due for _opens, due in days if due), default=None),
        len(forms),
        *(min(forms) if forms else (None, None)),
    )


def stored() -> Counted:
    """Return what the summaries say."""
    return {
        (row.group_id, row.tool.key): (
            row.done, row.waived, row.handed_in, row.open_days,
            opening(row.first_opens, row.first_opens_at), row.first_due, row.to_decide,
            row.to_decide_since, row.oldest_id,
        )
        for row in ChecklistSummary.objects.select_related("tool")
    }  # fmt: skip


class Life:
    """What can happen in a group, at random; what is refused does not happen."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.cast, self.random = world, world.cast, random.Random(seed)  # noqa: S311 -- no secret

    @property
    def group(self) -> MentoringGroup:
        return MentoringGroup.objects.select_related("programme__pack", "programme__organisation").get(
            pk=self.world.group.pk
        )

    def tool(self, *keys: str) -> Tool:
        return Tool.objects.select_related("current").get(key=self.random.choice(keys))

    def form(self, *states: str) -> FormResponse:
        found = list(FormResponse.objects.for_page().filter(state__in=states, tool_version__tool__key=GOAL_TOOL))
        if not found:
            raise NotPossibleError("none")
        return self.random.choice(found)

    def hand_in(self) -> None:
        person = self.random.choice([self.cast.milda, self.cast.tomas, self.cast.elena])
        form = forms.start_form(group=self.group, tool=self.tool(GOAL_TOOL), user=person)
        answers = {**GOALS, "first_step": f"Step {self.random.random()}"}
        forms.submit_form(form=form, user=person, lock=form.lock, answers=answers)

    def accept(self) -> None:
        forms.accept_form(submission=self.form("submitted").latest, user=self.cast.rasa)

    def send_back(self) -> None:
        forms.return_form(submission=self.form("submitted").latest, user=self.cast.egle, note="Which work?")

    def open_again(self) -> None:
        form = self.form("submitted", "filed")
        forms.reopen_form(form=form, user=form.author)

    def waive(self) -> None:
        tool = self.tool("personal_goals", "contract", "group_goals", "diary")
        checklist.waive(group=self.group, tool=tool, by=self.cast.egle, reason="They met before.")

    def unwaive(self) -> None:
        tool = self.tool("personal_goals", "contract", "group_goals", "diary")
        checklist.unwaive(group=self.group, tool=tool, by=self.cast.egle)

    def upload(self) -> None:
        tool, cast = self.tool("contract", "group_goals"), self.cast
        everybody = [cast.rasa, cast.egle, cast.milda, cast.tomas, cast.elena]
        filing.file_version(
            group=self.group, tool_version=tool.current, subject=None, session_key="", session_title={},
            author=cast.rasa, audience="group", content=pdf(), pages=1, language="en", source="uploaded",
            created_by=cast.rasa, signed_by=everybody[: self.random.randint(1, 5)],
        )  # fmt: skip

    def remove(self) -> None:
        for document in Document.objects.filter(removed_at__isnull=True)[:1]:
            removal.remove_document(document=document, user=self.cast.rasa, reason="A wrong one.")

    def restore(self) -> None:
        for document in Document.objects.filter(removed_at__isnull=False)[:1]:
            removal.restore_document(document=document, user=self.cast.rasa)

    def leave(self) -> None:
        if found := list(Membership.objects.live().filter(group=self.group, role=Role.MENTEE).order_by("pk")):
            end_membership(membership=self.random.choice(found), by=self.cast.egle)

    def come_back(self) -> None:
        person = self.random.choice([self.cast.milda, self.cast.tomas, self.cast.elena])
        if not Membership.objects.live().filter(group=self.group, user=person).exists():
            add_member(group=self.group, user=person, role=Role.MENTEE, by=self.cast.egle)

    def move(self) -> None:
        ends_on = timezone.localdate() + timedelta(days=self.random.randint(20, 300))
        change_group(group=self.group, by=self.cast.egle, ends_on=ends_on)

    def agree(self) -> None:
        plan = SessionPlan.objects.get(group=self.group)
        first = plan.sessions.first()
        starts_at = timezone.now() - timedelta(days=self.random.randint(1, 20))
        plans.change_session(
            session=first, by=self.cast.rasa, lock=first.lock, form="in_person", place="Library", starts_at=starts_at
        )
        plan.refresh_from_db()
        agreement.agree_plan(plan=plan, by=self.cast.rasa, lock=plan.lock)

    def change_tool(self) -> None:
        tool = self.tool("personal_goals", "group_goals", "initial_questionnaire")
        newer = tool.current
        assert newer is not None
        newer.pk, newer.version = None, newer.version + 1
        newer.save()
        Tool.objects.filter(pk=tool.pk).update(current=newer)
        say_that_tools_changed(tool.pack_id)


GOAL_TOOL = "personal_goals"
ACTS: list[Callable[[Life], None]] = [
    Life.hand_in, Life.hand_in, Life.accept, Life.send_back, Life.open_again, Life.waive, Life.unwaive, Life.upload,
    Life.remove, Life.restore, Life.leave, Life.come_back, Life.move, Life.agree, Life.change_tool,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_summaries_say_what_the_rows_say(world: World, seed: int) -> None:
    life = Life(world, seed)
    life.hand_in()
    assert stored() == from_scratch()
    done = []
    for act in life.random.choices(ACTS, k=25):
        try:
            act(life)
        except (NotPossibleError, NotYoursError, ValidationError):
            continue
        done.append(act.__name__)
        assert stored() == from_scratch(), done
    assert len(set(done)) > 4
    assert list(differences()) == []


@pytest.mark.parametrize("act", dict.fromkeys(ACTS), ids=lambda act: act.__name__)
def test_after_every_single_act(world: World, act: Callable[[Life], None]) -> None:
    life = Life(world, 1)
    for earlier in (Life.hand_in, Life.upload, *NEEDED.get(act.__name__, ())):
        earlier(life)
    act(life)
    assert stored() == from_scratch()


NEEDED: dict[str, tuple[Callable[[Life], None], ...]] = {
    "unwaive": (Life.waive, Life.waive, Life.waive, Life.waive),
    "restore": (Life.remove,),
    "come_back": (Life.leave,),
}


def test_a_form_that_waits_is_counted_for_the_manager(world: World) -> None:
    life = Life(world, 1)
    life.hand_in()
    row = ChecklistSummary.objects.get(group=world.group, tool__key=GOAL_TOOL)
    form = FormResponse.objects.get()
    assert (row.to_decide, row.oldest_id, row.handed_in) == (1, form.pk, 1)
    assert form.latest is not None
    assert row.to_decide_since == form.latest.submitted_at
    life.accept()
    row.refresh_from_db()
    assert (row.to_decide, row.oldest_id, row.to_decide_since) == (0, None, None)


def test_what_only_the_mentor_reads_does_not_wait_for_the_manager(world: World) -> None:
    Life(world, 1).hand_in()
    FormResponse.objects.update(audience="mentor")
    summarise(groups=[world.group.pk])
    assert ChecklistSummary.objects.get(group=world.group, tool__key=GOAL_TOOL).to_decide == 0


def checked(*arguments: str) -> tuple[int, dict[str, Any]]:
    out, status = StringIO(), 0
    try:
        call_command("check_integrity", "--json", "--no-hashes", *arguments, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, json.loads(out.getvalue())


def test_check_integrity_says_what_differs_and_mends_it(world: World) -> None:
    groups = (world.group, world.other_group)
    wrong, lost = (ChecklistSummary.objects.get(group=group, tool__key="contract") for group in groups)
    ChecklistSummary.objects.filter(pk=wrong.pk).update(done=7)
    lost.delete()
    optional = Tool.objects.exclude(current__mandatory=True).first()
    ChecklistSummary.objects.create(group=world.group, tool=optional)
    status, answer = checked()
    assert (status, answer["counts"]["wrong_summary"]) == (1, 3)
    assert {fault["name"] for fault in answer["faults"] if fault["kind"] == "wrong_summary"} == {
        "done is 7, should be 0",
        "is missing",
        "counts nothing that is there",
    }
    checked("--repair")
    assert "wrong_summary" not in checked()[1]["counts"]
    assert stored() == from_scratch()
    assert repair() == 0


def test_counting_many_groups_costs_as_many_queries_as_one(
    world: World, django_assert_num_queries: Callable[..., Any]
) -> None:
    for groups in ([world.group.pk], [world.group.pk, world.other_group.pk]):
        ChecklistSummary.objects.update(done=99)
        with django_assert_num_queries(4):
            summarise(groups=groups)
    assert stored() == from_scratch()
