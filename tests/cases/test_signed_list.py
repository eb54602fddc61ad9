"""A signed list of participants is signed by those who were there; the attendance of its session says who that is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.days import programme_day
from core.policy.roles import Role
from documents.models import Document
from mentoring.models import Membership
from mentoring.services.memberships import add_member
from sessions_app.models import PlannedSession
from sessions_app.services import plans
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun
from tests.documents.filled import held_session
from uploads.models import BatchState, UploadBatch

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def session(world: World) -> PlannedSession:
    """A session of yesterday, in a group of two months."""
    Membership.objects.filter(group=world.group).update(starts_on=timezone.localdate() - timedelta(days=60))
    return held_session(world)


def hold(world: World, session: PlannedSession, *names: str, **more: Any) -> None:
    present = {world.cast.everybody()[name].pk for name in names}
    plans.hold_session(session=session, by=world.cast.rasa, present=present, reason="Z", **more)


def scan(world: World, session: PlannedSession) -> UploadBatch:
    return begun(
        world.group, world.cast.rasa, "participants_list", sent_files.pdf(1), session_key=session.session_key,
        session_title=session.session_title, signed_by=[],
    )  # fmt: skip


def sent(batch: UploadBatch, *people: Any, **more: Any) -> dict[str, Any]:
    signed = [str(person.pk) for person in people]
    return {"tool_version": batch.tool_version_id, "session_key": batch.session_key, "signed_by": signed, **more}


def boxes(client: Client, batch: UploadBatch) -> list[str]:
    page = client.get(reverse("uploads:upload-edit", args=[batch.pk]))
    return [label for _key, label in page.context["form"].fields["signed_by"].choices]


def test_those_present_are_offered_and_counted(
    world: World, as_user: SignIn, session: PlannedSession, django_capture_on_commit_callbacks: Any
) -> None:
    cast = world.cast
    hold(world, session, "rasa", "milda", "tomas", guests=["Ona Baker"])
    add_member(group=world.group, user=cast.aino, role=Role.MENTEE, by=cast.egle)
    rasa, batch = as_user(cast.rasa), scan(world, session)
    offered = boxes(rasa, batch)
    assert offered[:3] == ["Rasa, Mentor", "Milda Kazlauskaitė", "Tomas Jankauskas"]
    assert {label.rpartition(", ")[2] for label in offered[3:]} == {"recorded as absent"}
    assert not any("Aino" in label for label in offered)
    assert "not ticked: Ona Baker" in rasa.get(reverse("uploads:upload-edit", args=[batch.pk])).text
    with django_capture_on_commit_callbacks(execute=True):
        rasa.post(reverse("uploads:upload-file", args=[batch.pk]), sent(batch, cast.rasa, cast.milda))
    assert "Signed by 2 of 3" in rasa.get(reverse("uploads:upload-detail", args=[batch.pk])).text
    document = Document.objects.get()
    page = rasa.get(reverse("documents:document-detail", args=[document.pk]))
    assert "Signed by 2 of 3" in page.text
    assert page.context["missing_signers"] == [cast.tomas]
    assert "Signed by 2 of 3" in rasa.get(reverse("documents:folder-detail", args=[document.folder_id])).text
    again = rasa.get(reverse("documents:document-signatures", args=[document.pk])).context["form"]
    assert set(again.people) == {str(person.pk) for person in (cast.rasa, cast.milda, cast.tomas)}


def test_a_signature_of_somebody_recorded_absent_is_asked_about(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    cast = world.cast
    hold(world, session, "rasa", "milda")
    rasa, batch = as_user(cast.rasa), scan(world, session)
    address = reverse("uploads:upload-file", args=[batch.pk])
    asked = rasa.post(address, sent(batch, cast.rasa, cast.elena))
    assert asked.status_code == 422
    assert f"Recorded as absent: {cast.elena.full_name}. Is their signature really on the paper?" in asked.text
    batch.refresh_from_db()
    assert batch.state == BatchState.OPEN
    assert rasa.post(address, sent(batch, cast.rasa, cast.elena, is_sure="on")).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.FILED


def test_without_an_attendance_the_members_of_that_day_are_offered(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    cast = world.cast
    add_member(group=world.group, user=cast.aino, role=Role.MENTEE, by=cast.egle)
    offered = boxes(as_user(cast.rasa), scan(world, session))
    of_that_day = Membership.objects.filter(group=world.group).live(programme_day(session.starts_at))
    assert len(offered) == of_that_day.count() > 4
    assert not any("Aino" in label or "absent" in label for label in offered)
