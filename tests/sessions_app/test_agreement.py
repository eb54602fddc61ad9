"""A plan comes into force, changes, and comes into force again; the group goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from checklist.models import ChecklistItem, ItemState
from core.models import DomainEvent
from core.policy.roles import Stage
from mentoring.models import MentoringGroup, Programme
from mentoring.services import stages
from rendering.models import Rendering
from responses_app.models import FormSubmission
from sessions_app.models import PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World

Sessions = Callable[..., list[PlannedSession]]
Date = Callable[..., PlannedSession]
Agree = Callable[[], SessionPlan]


def test_agree_plan_hands_in_what_stands_in_it(
    world: World, first: PlannedSession, add: Sessions, date: Date, agree: Agree
) -> None:
    row = date(add()[0], 5, form="online", place="", link="https://meet.example.org/a", aim="Know what I can")
    plans.change_session(
        session=row, by=world.cast.rasa, lock=row.lock, prepared_by=[world.cast.tomas], homework="A list"
    )
    plan = SessionPlan.objects.get(group=world.group)
    plans.change_texts(
        plan=plan, by=world.cast.rasa, lock=plan.lock, course_of_action="First ourselves.", notes="Call."
    )
    plan = agree()
    submission = FormSubmission.objects.get(form=plan.form)
    assert (plan.agreed_version, plan.is_changed, submission.number) == (1, False, 1)
    one, two = submission.answers["sessions"]
    assert one["session"] == "Getting to know one another and making the contract"
    assert (one["number"], one["form"], one["place"], one["state"]) == (
        1,
        "in_person",
        "Kaunas County Library",
        "planned",
    )
    assert (two["place"], two["aim"], two["homework"]) == ("https://meet.example.org/a", "Know what I can", "A list")
    assert two["prepares"] == [world.cast.tomas.pk]
    assert submission.answers["course_of_action"] == "First ourselves."
    assert submission.answers["agreed_notes"] == "Call."
    assert Rendering.objects.filter(submission=submission).count() == 1


def test_agree_twice_makes_one_version(agree: Agree, first: PlannedSession) -> None:
    assert agree().agreed_version == 1
    plan = agree()
    assert (plan.agreed_version, FormSubmission.objects.filter(form=plan.form).count()) == (1, 1)
    assert DomainEvent.objects.filter(kind="plan.agreed").count() == 1


def test_a_change_after_agreeing_makes_version_two_and_keeps_one(
    world: World, first: PlannedSession, date: Date, agree: Agree
) -> None:
    agree()
    date(first, -9)
    plan = SessionPlan.objects.get(group=world.group)
    assert plan.is_changed
    plan = agree()
    assert (plan.agreed_version, plan.is_changed) == (2, False)
    days = [each.answers["sessions"][0]["date"] for each in FormSubmission.objects.filter(form=plan.form)]
    assert len(set(days)) == 2


def test_a_text_that_was_emptied_is_empty_in_the_next_version(
    world: World, first: PlannedSession, agree: Agree
) -> None:
    plan = SessionPlan.objects.get(group=world.group)
    plans.change_texts(plan=plan, by=world.cast.rasa, lock=plan.lock, notes="Call when late.")
    plan = agree()
    plans.change_texts(plan=plan, by=world.cast.rasa, lock=plan.lock, notes="")
    plan = agree()
    assert not FormSubmission.objects.filter(form=plan.form).first().answers.get("agreed_notes")


def test_a_plan_that_says_the_same_again_stays_the_same_version(
    world: World, first: PlannedSession, add: Sessions, agree: Agree
) -> None:
    agree()
    plans.remove_session(session=add()[0], by=world.cast.rasa)
    plan = agree()
    assert (plan.agreed_version, plan.is_changed) == (1, False)


def test_who_agrees_a_plan_that_somebody_changed_meanwhile_looks_again(
    world: World, plan: SessionPlan, first: PlannedSession
) -> None:
    with pytest.raises(plans.PlanConflictError):
        agreement.agree_plan(plan=plan, by=world.cast.egle, lock=0)


def test_an_empty_plan_is_not_agreed(world: World, first: PlannedSession, agree: Agree) -> None:
    plans.cancel_session(session=first, by=world.cast.rasa, reason="not yet")
    with pytest.raises(ValidationError, match="at least one"):
        agree()


def test_a_cancelled_session_that_was_agreed_is_still_named(
    world: World, first: PlannedSession, add: Sessions, date: Date, agree: Agree
) -> None:
    row = date(add()[0], 4)
    agree()
    plans.cancel_session(session=row, by=world.cast.rasa, reason="ill")
    rows = agree().form.latest.answers["sessions"]
    assert [(each.get("number"), each["state"]) for each in rows] == [(1, "planned"), (None, "cancelled")]


def test_both_sides_prepare_only_as_long_as_they_are_members(world: World, first: PlannedSession, agree: Agree) -> None:
    plans.change_session(
        session=first, by=world.cast.rasa, lock=first.lock, prepared_by=[world.cast.jonas, world.cast.milda]
    )
    assert agree().form.latest.answers["sessions"][0]["prepares"] == [world.cast.milda.pk]


def test_running_needs_an_agreed_plan_and_closing_the_final_session(
    world: World, plan: SessionPlan, first: PlannedSession, add: Sessions, date: Date, agree: Agree
) -> None:
    group = world.group
    assert [each.key for each in stages.missing_for(group, Stage.RUNNING)] == ["contract", "plan"]
    ChecklistItem.objects.filter(group=group, tool_version__tool__key="contract").update(state="done")
    assert [each.key for each in stages.missing_for(group, Stage.RUNNING)] == ["plan"]
    agree()
    assert stages.missing_for(group, Stage.RUNNING) == []
    assert [each.key for each in stages.missing_for(group, Stage.CLOSING)] == ["final_session"]
    final = date(add(3, kind="monitoring")[-1], -1)
    plans.hold_session(session=final, by=world.cast.rasa, present={world.cast.rasa.pk})
    assert stages.missing_for(group, Stage.CLOSING) == []


def test_contracted_needs_the_contract_and_closed_every_document(world: World) -> None:
    assert [each.key for each in stages.missing_for(world.group, Stage.CONTRACTED)] == ["contract"]
    missing = {each.key: each.sentence for each in stages.missing_for(world.group, Stage.CLOSED)}
    assert "3 are missing" in missing["mentee_profile"]
    assert "1 is missing" in missing["contract"]
    ChecklistItem.objects.filter(group=world.group).update(state=ItemState.WAIVED)
    assert stages.missing_for(world.group, Stage.CLOSED) == []
    assert stages.missing_for(world.group, Stage.CONTRACTED) == []


def test_the_group_goes_on_when_the_last_missing_thing_arrives(
    world: World, first: PlannedSession, agree: Agree
) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(advances_groups=True)
    agree()
    assert MentoringGroup.objects.get(pk=world.group.pk).stage == Stage.MATCHED
    ChecklistItem.objects.filter(group=world.group, tool_version__tool__key="contract").update(state=ItemState.DONE)
    plan = SessionPlan.objects.get(group=world.group)
    plans.change_texts(plan=plan, by=world.cast.rasa, lock=plan.lock, notes="We begin.")
    agree()
    assert MentoringGroup.objects.get(pk=world.group.pk).stage == Stage.RUNNING


def test_a_group_that_was_taken_back_goes_on_only_when_its_manager_says_so(
    world: World, first: PlannedSession, agree: Agree, as_user: Any
) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(advances_groups=True)
    agree()
    group = MentoringGroup.objects.get(pk=world.group.pk)
    stages.take_back(group=group, by=world.cast.egle, reason="Another Mentor comes")
    plan = SessionPlan.objects.get(group=world.group)
    plans.change_texts(plan=plan, by=world.cast.rasa, lock=plan.lock, notes="We begin.")
    agree()
    group.refresh_from_db()
    assert group.stage == Stage.FORMING
    page = as_user(world.cast.egle).get(reverse("mentoring:stage-change", args=[group.pk])).text
    assert "The group was taken back. It goes on when you confirm the next stage here." in page
    assert "Taken back from: Matched" in page
    stages.pause(group=group, by=world.cast.egle, reason="Summer")
    stages.resume(group=group, by=world.cast.egle)
    assert not stages.advance_if_ready(group=group, by=world.cast.egle, to=Stage.MATCHED)
    stages.advance(group=group, by=world.cast.egle)
    assert group.stage == Stage.MATCHED


def test_the_manager_confirms_a_stage_where_the_programme_does_not_say_otherwise(
    world: World, first: PlannedSession, agree: Agree
) -> None:
    ChecklistItem.objects.filter(group=world.group, tool_version__tool__key="contract").update(state=ItemState.DONE)
    agree()
    group = MentoringGroup.objects.get(pk=world.group.pk)
    assert group.stage == Stage.FORMING
    assert not stages.missing_for(group, Stage.MATCHED)
    stages.advance(group=group, by=world.cast.egle)
    assert MentoringGroup.objects.get(pk=world.group.pk).stage == Stage.MATCHED
