"""A group that was opened by mistake is deleted while it is empty, and only then."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group as AuthGroup
from django.test import Client
from django.urls import reverse

from core.models import DomainEvent
from core.policy.roles import ProgrammeRole
from documents.models import Folder
from mentoring.models import Invitation, Membership, MentoringGroup, StageChange
from mentoring.services.groups import open_group
from mentoring.services.invitations import invite
from responses_app.models import FormResponse
from sessions_app.models import MeetingState, PlannedSession
from tests.cast import World

SignIn = Callable[..., Client]


@pytest.fixture
def mistake(world: World) -> MentoringGroup:
    """A second group that Eglė did not mean to open."""
    return open_group(
        programme=world.programme, name="Twice", opened_by=world.cast.egle, starts_on=world.group.starts_on,
        ends_on=world.group.ends_on, mentors=[world.cast.rasa], mentees=[world.cast.milda],
    )  # fmt: skip


def address(group: MentoringGroup) -> str:
    return reverse("mentoring:group-remove", kwargs={"pk": group.pk})


def test_an_empty_group_goes_with_all_that_came_with_it(world: World, as_user: SignIn, mistake: MentoringGroup) -> None:
    egle, key = as_user(world.cast.egle), mistake.pk
    invitation = invite(
        programme=world.programme,
        group=mistake,
        role=ProgrammeRole.MENTEE,
        email="nora@example.org",
        invited_by=world.cast.egle,
    )
    egle.post(
        reverse("sessions:session-own", kwargs={"pk": key}), {"title": "Ours", "kind": "employability", "minutes": "60"}
    )
    assert PlannedSession.objects.of_group(mistake).count() == 2
    assert address(mistake) in egle.get(reverse("mentoring:stage-change", kwargs={"pk": key})).content.decode()
    assert "Delete “Twice”?" in egle.get(address(mistake)).content.decode()
    assert MentoringGroup.objects.filter(pk=key).exists()  # asking deletes nothing
    answer = egle.post(address(mistake), follow=True)
    assert answer.redirect_chain[0][0] == reverse("mentoring:group-list")
    assert "“Twice” is deleted." in answer.content.decode()
    for model in (Membership, Folder, StageChange):
        assert not model.objects.filter(group_id=key).exists()
    assert not AuthGroup.objects.filter(name__startswith=f"mentoring-group-{key}-").exists()
    assert DomainEvent.objects.filter(kind="group.removed", group_id=key, actor=world.cast.egle).count() == 1
    kept = Invitation.objects.get(pk=invitation.pk)
    assert (kept.group, kept.why_closed) == (None, "withdrawn")
    assert egle.post(address(mistake)).status_code == 404


def test_what_somebody_wrote_keeps_the_group(world: World, as_user: SignIn, mistake: MentoringGroup) -> None:
    milda, egle = as_user(world.cast.milda), as_user(world.cast.egle)
    start = reverse("responses:form-start", kwargs={"pk": mistake.pk, "key": "mentee_profile"})
    assert milda.post(start).status_code == 302
    assert FormResponse.objects.filter(group=mistake).count() == 1
    page = egle.get(address(mistake)).content.decode()
    assert "“Twice” cannot be deleted" in page
    assert "You can end it early instead." in page
    answer = egle.post(address(mistake))
    assert answer.status_code == 409
    assert MentoringGroup.objects.filter(pk=mistake.pk).exists()


def test_a_meeting_that_was_held_keeps_the_group(world: World, as_user: SignIn, mistake: MentoringGroup) -> None:
    session = PlannedSession.objects.of_group(mistake).first() or PlannedSession.objects.of_group(world.group).first()
    PlannedSession.objects.filter(pk=session.pk).update(state=MeetingState.HELD, plan=mistake.plan)
    assert as_user(world.cast.egle).post(address(mistake)).status_code == 409
    assert MentoringGroup.objects.filter(pk=mistake.pk).exists()


def test_only_its_manager_deletes_it(world: World, as_user: SignIn, mistake: MentoringGroup) -> None:
    for person in (world.cast.rasa, world.cast.milda, world.cast.boris, world.cast.dana):
        assert as_user(person).post(address(mistake)).status_code == 404
    assert MentoringGroup.objects.filter(pk=mistake.pk).exists()
