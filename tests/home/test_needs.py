"""What needs a Manager today, and that it agrees with the gates."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from core.policy.roles import Role, Stage
from documents.models import Source
from documents.services import filing
from home.filters import Filters
from home.pages.matrix import read
from home.pages.needs import Need, needs_of
from home.pages.readiness import needy_groups
from home.statements import Asker
from mentoring.models import Membership, MentoringGroup, StageChange
from mentoring.services import stages
from mentoring.services.memberships import add_member, end_membership
from mentoring.standing import Standing
from rendering.models import Rendering
from sessions_app.models import CatalogueSession, PlannedSession, SessionPlan
from tests.cast import World
from tests.documents.sent_files import pdf
from tests.home.conftest import leave_waiting, set_rows, settle
from tests.pack_tools import tool


def needs(user: User) -> list[Need]:
    standing = Standing.of(user)
    return needs_of(standing, read(standing, Filters()))[0]


def titles(user: User) -> list[str]:
    return [need.title for need in needs(user)]


@pytest.fixture
def running(world: World) -> MentoringGroup:
    """«Žingsnis», running, with nothing owed."""
    settle(world.group)
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.RUNNING)
    return world.group


def test_a_quiet_group_needs_nothing(running: MentoringGroup, world: World) -> None:
    assert titles(world.cast.egle) == []


def test_the_most_urgent_first_each_with_reason_and_act(running: MentoringGroup, world: World) -> None:
    today = timezone.localdate()
    mentor = Membership.objects.live().get(group=running, user=world.cast.rasa)
    end_membership(membership=mentor, by=world.cast.egle)
    set_rows(running, "contract", state="waiting", due_on=today - timedelta(days=9))
    set_rows(running, "initial_questionnaire", state="todo", due_on=today - timedelta(days=20))
    leave_waiting(running, "mentee_profile", world.cast.milda)
    found = needs(world.cast.egle)
    assert [need.title for need in found] == [
        "Group “Žingsnis” has no Mentor",
        "Initial monitoring questionnaire for Mentee: “Žingsnis”",
        "Mentoring contract not signed, 9 days late: “Žingsnis”",
        "Mentee’s Profile: 1 waits for your decision",
    ]
    assert found[0].url == f"/groups/{running.pk}/mentor/"
    assert found[2].url == f"/groups/{running.pk}/checklist/contract/"
    assert found[2].text == (
        "Missing the signatures of Eglė Petrauskaitė, Milda Kazlauskaitė, Tomas Jankauskas, Елена Георгиева. "
        "The group’s stage is “Running” all the same."
    )
    assert "Milda Kazlauskaitė, handed in just now" in found[3].text


def test_nobody_is_missed_under_what_nobody_has_written(running: MentoringGroup, world: World) -> None:
    set_rows(running, "contract", state="todo", due_on=timezone.localdate() - timedelta(days=9))
    (need,) = needs(world.cast.egle)
    assert need.text.startswith("Nobody has written it yet: it is written first, then signed by all.")
    assert "signature" not in need.text


def test_who_has_signed_is_not_missed(running: MentoringGroup, world: World) -> None:
    set_rows(running, "contract", state="waiting", due_on=timezone.localdate() - timedelta(days=9))
    cast = world.cast
    filing.file_version(
        group=running, tool_version=tool("contract").current, subject=None, session_key="", session_title={},
        author=cast.rasa, audience="group", content=pdf(), pages=1, language="en", source=Source.UPLOADED,
        created_by=cast.rasa, signed_by=[cast.rasa, cast.egle, cast.milda, cast.tomas],
    )  # fmt: skip
    said = "Missing the signature of Елена Георгиева. The group’s stage is “Running” all the same."
    assert needs(cast.egle)[0].text == said


def test_a_failed_pdf_leads_to_its_form(running: MentoringGroup, world: World) -> None:
    form = leave_waiting(running, "mentee_profile", world.cast.milda)
    form.latest.rendering = Rendering.objects.create(
        kind="form", digest="d" * 64, group=running, language="en", state="failed", error="no font"
    )
    form.latest.save()
    found = [need for need in needs(world.cast.egle) if "could not be made" in need.title]
    assert [need.url for need in found] == [f"/forms/{form.pk}/"]
    assert not [need for need in needs(world.cast.boris) if "could not be made" in need.title]


def test_nothing_of_another_manager(running: MentoringGroup, world: World) -> None:
    set_rows(world.other_group, "contract", state="todo", due_on=timezone.localdate() - timedelta(days=9))
    leave_waiting(world.other_group, "mentee_profile", world.cast.aino)
    assert titles(world.cast.egle) == []


def test_a_paused_group_needs_nothing(running: MentoringGroup, world: World) -> None:
    set_rows(running, "contract", state="todo", due_on=timezone.localdate() - timedelta(days=9))
    leave_waiting(running, "mentee_profile", world.cast.milda)
    MentoringGroup.objects.filter(pk=running.pk).update(stage=Stage.PAUSED)
    assert titles(world.cast.egle) == []


def test_what_waits_in_a_paused_group_is_not_counted_with_others(running: MentoringGroup, world: World) -> None:
    leave_waiting(running, "mentee_profile", world.cast.milda)
    other = MentoringGroup.objects.create(
        programme=world.programme, name="Other", number=98, starts_on=running.starts_on, ends_on=running.ends_on
    )
    add_member(group=other, user=world.cast.egle, role=Role.MANAGER, by=world.cast.egle)
    add_member(group=other, user=world.cast.petar, role=Role.MENTEE, by=world.cast.egle)
    leave_waiting(other, "mentee_profile", world.cast.petar)
    assert "Mentee’s Profile: 2 wait for your decision" in titles(world.cast.egle)
    MentoringGroup.objects.filter(pk=running.pk).update(stage=Stage.PAUSED)
    assert "Mentee’s Profile: 1 waits for your decision" in titles(world.cast.egle)


@pytest.mark.parametrize("stage", [Stage.FORMING, Stage.MATCHED, Stage.CONTRACTED, Stage.RUNNING, Stage.CLOSING])
@pytest.mark.parametrize("is_ready", [False, True])
def test_ready_says_what_the_gates_say(world: World, stage: Stage, is_ready: bool) -> None:
    group = world.group
    MentoringGroup.objects.filter(pk=group.pk).update(stage=stage)
    if is_ready:
        settle(group)
        plan = SessionPlan.objects.get(group=group)
        SessionPlan.objects.filter(pk=plan.pk).update(agreed_version=1)
        final = CatalogueSession.objects.offered(world.programme.pack_id, "monitoring").order_by("number").last()
        PlannedSession.objects.create(plan=plan, catalogue=final, state="held")
    elif stage == Stage.FORMING:
        Membership.objects.live().filter(group=group, role="mentee").delete()
    group.refresh_from_db()
    group.__dict__.pop("live_memberships", None)
    upcoming = stages.next_stage(group)
    assert upcoming is not None
    missing = stages.missing_for(group, upcoming)
    assert (missing == []) == is_ready
    ready = needy_groups(
        Asker(Standing.of(world.cast.egle), Filters(), timezone.localdate()), {tool("contract").pk}, 20
    ).ready
    assert [each.pk for each in ready] == ([group.pk] if is_ready else [])


def test_ready_groups_are_named_with_their_next_stage(world: World) -> None:
    found = [need for need in needs(world.cast.egle) if "is ready for its next stage" in need.title]
    assert [(need.title, need.text, need.url) for need in found] == [
        (
            "Group “Žingsnis” is ready for its next stage",
            "Nothing is missing for its next stage: Matched.",
            f"/groups/{world.group.pk}/stage/",
        )
    ]


def test_only_so_many_are_put_into_words_but_all_are_counted(running: MentoringGroup, world: World) -> None:
    long_ago = timezone.localdate() - timedelta(days=20)
    for key in ("mentee_profile", "personal_goals", "initial_questionnaire"):
        set_rows(running, key, state="todo", due_on=long_ago)
    egle = Standing.of(world.cast.egle)
    found, count = needs_of(egle, read(egle, Filters()), limit=2)
    assert (len(found), count) == (2, 3)
    assert found[0].text == "3 are missing, the first 20 days late."


@pytest.mark.parametrize("stage", [Stage.CONTRACTED, Stage.RUNNING])
@pytest.mark.parametrize("is_waived", [False, True])
def test_a_contract_that_was_taken_out_again_is_missing_at_the_next_stages_too(
    world: World, stage: Stage, is_waived: bool
) -> None:
    group = world.group
    test_ready_says_what_the_gates_say(world, stage, is_ready=True)
    set_rows(group, "contract", state="todo")
    if is_waived:
        StageChange.objects.create(group=group, from_stage="matched", to_stage="contracted", waived_gates=["contract"])
    group.__dict__.pop("_prefetched_objects_cache", None)
    upcoming = stages.next_stage(group)
    assert upcoming is not None
    missing = stages.missing_for(group, upcoming)
    assert [(each.key, each.url) for each in missing] == (
        [] if is_waived else [("contract", f"/groups/{group.pk}/checklist/contract/")]
    )
    asker = Asker(Standing.of(world.cast.egle), Filters(), timezone.localdate())
    ready = needy_groups(asker, {tool("contract").pk}, 20).ready
    assert [each.pk for each in ready] == ([group.pk] if is_waived else [])


def test_all_that_the_table_shows_as_late_needs_the_manager(running: MentoringGroup, world: World) -> None:
    today = timezone.localdate()
    set_rows(running, "mentee_profile", state="todo", due_on=today - timedelta(days=5))
    set_rows(running, "group_goals", state="todo", due_on=today)
    leave_waiting(running, "personal_goals", world.cast.tomas)
    (cells,) = [row.cells for row in read(Standing.of(world.cast.egle), Filters()).shown]
    assert [cell.text for cell in cells if cell.state == "late"] == ["3 late"]
    assert [(need.title, need.text) for need in needs(world.cast.egle)][1:] == [
        ("Mentee’s Profile: “Žingsnis”", "3 are missing, the first 5 days late.")
    ]
    assert titles(world.cast.egle)[0] == "Personal goals and objectives: 1 waits for your decision"


def test_what_the_first_screen_says_can_wait_is_not_late(running: MentoringGroup, world: World, as_user: Any) -> None:
    today = timezone.localdate()
    late = ["mentee_profile", "initial_questionnaire", "group_goals"]
    for days, key in enumerate(late, start=1):
        set_rows(running, key, state="todo", due_on=today - timedelta(days=days))
    egle = as_user(world.cast.egle)
    assert "The rest can wait" in egle.get("/").text
    assert egle.get("/").text.count("See who is missing") == len(late)
    set_rows(running, "personal_goals", state="todo", due_on=today - timedelta(days=1))
    page = egle.get("/").text
    assert "The rest can wait" not in page
    assert page.count("See who is missing") == len(late) + 1


@pytest.mark.parametrize("stage", [Stage.CONTRACTED, Stage.RUNNING, Stage.CLOSING])
def test_a_stage_without_its_contract_needs_the_manager_before_its_day(
    running: MentoringGroup, world: World, stage: Stage
) -> None:
    MentoringGroup.objects.filter(pk=running.pk).update(stage=stage)
    set_rows(running, "contract", state="waiting", due_on=timezone.localdate() + timedelta(days=7))
    (need,) = [each for each in needs(world.cast.egle) if "contract" in each.title]
    assert need.title == "Mentoring contract not signed: “Žingsnis”"
    assert need.text.endswith(f"The group’s stage is “{stage.label}” all the same.")
    StageChange.objects.create(group=running, from_stage="matched", to_stage="contracted", waived_gates=["contract"])
    assert not [each for each in titles(world.cast.egle) if "contract" in each]


def test_a_contract_whose_stage_is_still_to_come_can_wait_until_it_is_due(
    running: MentoringGroup, world: World
) -> None:
    MentoringGroup.objects.filter(pk=running.pk).update(stage=Stage.MATCHED)
    set_rows(running, "contract", state="waiting", due_on=timezone.localdate() + timedelta(days=7))
    assert titles(world.cast.egle) == []
