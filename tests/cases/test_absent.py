"""Who was not at a session is not asked for its diary, unless the programme says so; a correction is followed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem
from core.days import programme_day
from core.models import DomainEvent
from core.policy.roles import Role
from mentoring.models import Membership, Programme
from mentoring.services.memberships import add_member
from sessions_app.models import AttendanceCorrection, PlannedSession, SessionPlan
from sessions_app.services import agreement, plans
from tests.cast import World


@pytest.fixture
def session(world: World) -> PlannedSession:
    """A session of yesterday in an agreed plan; everyone has been there for two months."""
    plan = SessionPlan.objects.get(group=world.group)
    session = plan.sessions.get()
    Membership.objects.filter(group=world.group).update(starts_on=timezone.localdate() - timedelta(days=60))
    plans.change_session(
        session=session, by=world.cast.rasa, lock=session.lock, starts_at=timezone.now() - timedelta(days=1),
        form="in_person", place="Library",
    )  # fmt: skip
    plan.refresh_from_db()
    agreement.agree_plan(plan=plan, by=world.cast.rasa, lock=plan.lock)
    session.refresh_from_db()
    return session


def asked(world: World) -> set[str]:
    """Return who is asked for the diary."""
    rows = ChecklistItem.objects.filter(group=world.group).exclude(session_key="").select_related("subject")
    return {row.subject.full_name for row in rows if row.subject}


def hold(world: World, session: PlannedSession, *names: str) -> None:
    present = {world.cast.everybody()[name].pk for name in names}
    plans.hold_session(session=session, by=world.cast.rasa, present=present, reason="Zremembered now")


def test_only_who_was_there_is_asked(world: World, session: PlannedSession) -> None:
    cast = world.cast
    everybody = {cast.milda.full_name, cast.tomas.full_name, cast.elena.full_name}
    assert asked(world) == everybody
    hold(world, session, "rasa", "milda", "elena")
    assert asked(world) == everybody - {cast.tomas.full_name}
    hold(world, session, "rasa", "milda", "elena", "tomas")
    assert asked(world) == everybody


def test_her_own_page_does_not_ask_who_was_absent(world: World, as_user: Any, session: PlannedSession) -> None:
    hold(world, session, "rasa", "milda")
    url = reverse("sessions:diary-list", args=[world.group.pk])
    assert len(as_user(world.cast.milda).get(url).context["own"]) == 1
    assert as_user(world.cast.tomas).get(url).context["own"] == []


def test_a_programme_can_ask_everybody(world: World, session: PlannedSession) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(absent_write_diaries=True)
    hold(world, session, "rasa", "milda")
    assert len(asked(world)) == 3


def test_the_page_of_the_session_asks_nothing_of_who_was_absent(
    world: World, as_user: Any, session: PlannedSession
) -> None:
    hold(world, session, "rasa", "milda")
    url = reverse("sessions:session-detail", args=[session.pk])
    said = as_user(world.cast.tomas).get(url).text
    assert "It is not asked for, because you were not there." in said
    assert "Write one all the same" in said
    assert "Write the diary" not in said
    assert "Write the diary" in as_user(world.cast.milda).get(url).text
    Membership.objects.filter(user=world.cast.elena).update(starts_on=timezone.localdate())
    hold(world, session, "rasa", "milda", "tomas")
    assert "this session was before you joined" in as_user(world.cast.elena).get(url).text


def test_a_correction_needs_a_reason_and_leaves_a_trace(world: World, as_user: Any, session: PlannedSession) -> None:
    cast, url = world.cast, reverse("sessions:session-hold", args=[session.pk])
    rasa, page = as_user(cast.rasa), reverse("sessions:session-detail", args=[session.pk])
    assert "Why is it corrected?" not in rasa.get(url).text
    rasa.post(url, {"present": [cast.rasa.pk, cast.milda.pk]})
    assert "Corrections" not in as_user(cast.tomas).get(page).text
    label = " ".join(rasa.get(url).text.partition("Why is it corrected?")[2][:200].split())
    assert label
    assert "optional" not in label
    sent = {"present": [cast.rasa.pk, cast.tomas.pk]}
    answer = rasa.post(url, sent)
    assert (answer.status_code, "Give a reason." in answer.text) == (422, True)
    assert cast.tomas.full_name not in asked(world)
    assert rasa.post(url, {**sent, "reason": "Zmixed up the two"}).status_code == 302
    said = as_user(cast.tomas).get(page).text
    for words in (f"Was there: {cast.tomas.full_name}", f"Was not there: {cast.milda.full_name}", "Zmixed up the two"):
        assert words in said
    # The same once more is no correction.
    rasa.post(url, sent)
    assert AttendanceCorrection.objects.count() == 1
    assert DomainEvent.objects.filter(kind="session.held").count() == 2


def trace(world: World, as_user: Any, session: PlannedSession) -> str:
    """Return what somebody of the group reads of the corrections."""
    page = as_user(world.cast.tomas).get(reverse("sessions:session-detail", args=[session.pk])).text
    return page.partition('id="corrections"')[2].partition("</section>")[0]


def test_what_is_not_known_any_more_calls_nobody_absent(world: World, as_user: Any, session: PlannedSession) -> None:
    cast, url = world.cast, reverse("sessions:session-hold", args=[session.pk])
    rasa = as_user(cast.rasa)
    rasa.post(url, {"present": [cast.rasa.pk, cast.milda.pk], "guests": "Zguest One"})
    rasa.post(url, {"is_unknown": "on", "reason": "Znobody knows"})
    said = trace(world, as_user, session)
    assert "It is not known any more who was there." in said
    before = said.partition("Before, as present:")[2].partition("</div>")[0]
    assert [cast.rasa.full_name in before, cast.milda.full_name in before, "Zguest One (guest)" in before] == [True] * 3
    assert cast.tomas.full_name in said.partition("Before, as absent:")[2].partition("</div>")[0]
    assert "Was not there" not in said
    # Remembered after all: the newest correction says what was unknown before.
    rasa.post(url, {"present": [cast.rasa.pk], "reason": "Zremembered"})
    newest = trace(world, as_user, session).partition("Zremembered")[0]
    for words in ("Before: it was not known who was there.", f"Was there: {cast.rasa.full_name}"):
        assert words in newest
    assert f"Was not there: {cast.milda.full_name}" in newest


def test_a_correction_of_the_guests_names_them(world: World, as_user: Any, session: PlannedSession) -> None:
    rasa, url = as_user(world.cast.rasa), reverse("sessions:session-hold", args=[session.pk])
    present = {"present": [world.cast.rasa.pk]}
    rasa.post(url, {**present, "guests": "Zguest One\nZguest Two"})
    rasa.post(url, {**present, "guests": "Zguest Two\nZguest Three", "reason": "Zmixed up"})
    said = trace(world, as_user, session)
    assert "Was there: Zguest Three (guest)" in said
    assert "Was not there: Zguest One (guest)" in said
    assert "Zguest Two" not in said


def test_the_trace_is_read_in_bulgarian(world: World, as_user: Any, session: PlannedSession) -> None:
    rasa, url = as_user(world.cast.rasa), reverse("sessions:session-hold", args=[session.pk])
    rasa.post(url, {"present": [world.cast.rasa.pk]})
    rasa.post(url, {"is_unknown": "on", "reason": "Znobody knows"})
    User.objects.filter(pk=world.cast.tomas.pk).update(language="bg")
    said = trace(world, as_user, session)
    assert "Вече не се знае кой е присъствал." in said
    assert "Преди това като отсъстващи:" in said


def test_a_stale_page_of_the_attendance_undoes_nothing_unseen(
    world: World, as_user: Any, session: PlannedSession
) -> None:
    cast, url = world.cast, reverse("sessions:session-hold", args=[session.pk])
    rasa, egle = as_user(cast.rasa), as_user(cast.egle)
    rasa.post(url, {"present": [cast.rasa.pk, cast.milda.pk]})
    old = egle.get(url).context["form"].initial["lock"]
    rasa.post(url, {"present": [cast.rasa.pk, cast.milda.pk], "guests": "Zvisitor Vera", "reason": "Zguest came"})
    sent = {"present": [cast.rasa.pk], "reason": "Zmilda was away", "lock": old}
    answer = egle.post(url, sent)
    assert answer.status_code == 409
    for words in (
        "Zvisitor Vera (guest)",
        cast.milda.full_name,
        "Zmilda was away",
        "was changed while you were writing",
    ):
        assert words in answer.text
    session.refresh_from_db()
    assert session.guests == "Zvisitor Vera"
    # Pressed again, it replaces what is there knowingly.
    again = answer.context["form"].data["lock"]
    assert egle.post(url, {**sent, "lock": again}).status_code == 302
    # The same once more, as a second press sends it, is done already.
    assert egle.post(url, {**sent, "lock": again}).status_code == 302
    assert "Was not there: Zvisitor Vera (guest)" in trace(world, as_user, session)


def test_who_came_after_the_session_on_its_day_was_not_absent(
    world: World, as_user: Any, session: PlannedSession
) -> None:
    cast, url = world.cast, reverse("sessions:session-hold", args=[session.pk])
    rasa = as_user(cast.rasa)
    rasa.post(url, {"present": [cast.rasa.pk, cast.milda.pk]})
    add_member(
        group=world.group, user=cast.aino, role=Role.MENTEE, by=cast.egle, starts_on=programme_day(session.starts_at)
    )
    assert f"{cast.aino.full_name} (joined the group later)" in rasa.get(url).text
    rasa.post(url, {"present": [cast.rasa.pk, cast.milda.pk], "guests": "Ona", "reason": "Zguest"})
    assert not session.attendance.filter(person=cast.aino).exists()
    rasa.post(url, {"present": [cast.rasa.pk, cast.milda.pk, cast.aino.pk], "guests": "Ona", "reason": "Zshe came"})
    assert session.attendance.get(person=cast.aino).was_present
