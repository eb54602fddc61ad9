"""A Mentor comes into a forming group by invitation: nobody is asked to sign what nobody has written."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mail, User
from checklist.models import ChecklistItem
from checklist.services.summary import summarise
from core.days import programme_today
from core.policy.roles import ProgrammeRole, Stage
from mentoring.models import Membership, MentoringGroup
from mentoring.services import invitations, stages
from tests.cast import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(world: World, commit: Any) -> User:
    """Hanna, invited by Eglė as the only Mentor of a forming group, and come in."""
    Membership.objects.filter(group=world.group, role="mentor").delete()
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage=Stage.FORMING)
    world.programme.advances_groups = True
    world.programme.save()
    ChecklistItem.objects.filter(group=world.group).update(
        state="todo", opens_on=programme_today(), due_on=programme_today() + timedelta(days=5)
    )
    summarise(groups=[world.group.pk])
    invitations.invite(
        programme=world.programme, email="hanna@example.org", role=ProgrammeRole.MENTOR, invited_by=world.cast.egle,
        group=MentoringGroup.objects.get(pk=world.group.pk),
    )  # fmt: skip
    body = Mail.objects.get(to="hanna@example.org").body
    link = next(word[word.index("/invited/") :] for word in body.split() if "/invited/" in word)
    sent = {"full_name": "Hanna", "password": "three quiet words", "language": "en", "time_zone": ""}
    with commit():
        assert Client().post(link, sent).status_code == 302
    return User.objects.get(email="hanna@example.org")


def test_nobody_is_asked_to_sign_what_nobody_has_written(world: World, as_user: Any, newcomer: User) -> None:
    mentor = as_user(newcomer)
    assert "Collect signatures" not in mentor.get("/").text
    cell = mentor.get(reverse("checklist:checklist-cell", args=[world.group.pk, "contract"])).text
    assert "Everyone signs this on paper." not in cell
    assert "Eglė Petrauskaitė fills it in first, then everyone signs it." in cell
    stage = as_user(world.cast.egle).get(reverse("mentoring:stage-change", args=[world.group.pk])).text
    assert "“Mentoring contract” is not written yet." in stage
    assert "is not signed by everyone yet" not in stage


def test_the_step_that_followed_is_nobodys_and_says_why(world: World, as_user: Any, newcomer: User) -> None:
    group = MentoringGroup.objects.get(pk=world.group.pk)
    assert group.stage == Stage.MATCHED
    step = stages.history(group)[0]
    assert (step.to_stage, step.actor, step.is_by_itself) == (Stage.MATCHED, None, True)
    page = as_user(world.cast.egle).get(reverse("mentoring:stage-change", args=[group.pk])).text
    assert "by itself, when nothing it needs was missing any more" in page


def test_a_step_that_a_manager_took_has_a_name(world: World, as_user: Any) -> None:
    egle = world.cast.egle
    step = stages.advance(group=MentoringGroup.objects.get(pk=world.group.pk), by=egle, reason="They know each other")
    assert (step.actor, step.is_by_itself) == (egle, False)
