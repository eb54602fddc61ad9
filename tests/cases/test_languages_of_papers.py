"""What the platform fills in is in the language of the paper, and of its copy; papers name who was there then."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.days import programme_today
from mentoring.models import Membership
from mentoring.services.memberships import replace_mentor
from rendering.pdf.registration import Registration
from responses_app import printing
from responses_app import services as forms
from responses_app.models import FormSubmission
from sessions_app.services import agreement
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, held_session
from tests.pack_tools import tool
from tools import related_sessions

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
NUMBER = Registration("STW-2026-0001", "G4H52ECSMP46", 1)


def words(made: Any) -> str:
    return str(made.document)


def latest(pk: int) -> FormSubmission:
    found: FormSubmission | None = FormSubmission.objects.for_making(pk=pk)
    assert found is not None
    return found


def test_a_form_begun_on_a_bulgarian_page_is_filled_in_in_the_language_of_its_paper(world: World) -> None:
    with translation.override("bg"):
        form = forms.start_form(group=world.group, tool=tool("contract"), user=world.cast.egle)
    filled = "\n".join(value for value in form.answers.values() if isinstance(value, str))
    assert "Rasa Žukauskienė, Mentor" in filled
    assert "Участник" not in filled


def test_a_copy_says_roles_and_titles_in_its_own_language(world: World) -> None:
    session = held_session(world)
    plan = session.plan
    agreement.agree_plan(plan=plan, by=world.cast.egle, lock=plan.lock)
    plan.refresh_from_db()
    submission = latest(plan.form.latest_id)
    title = session.session_title
    assert title["en"] != title["bg"]
    original, copy = (words(printing.form_document(submission, NUMBER, copy_in=each)) for each in ("", "bg"))
    assert title["en"] in original
    assert title["bg"] in copy
    assert title["en"] not in copy


def test_a_diary_names_the_mentor_of_the_day_of_its_session(world: World) -> None:
    diary = diary_of(world, world.cast.milda)
    live = Membership.objects.live().filter(group=world.group)
    live.update(starts_on=programme_today() - timedelta(days=60))
    old = Membership.objects.get(group=world.group, user=world.cast.rasa)
    replace_mentor(group=world.group, old=old, new=world.cast.petar, by=world.cast.egle)
    submission = handed_in(diary, world.cast.milda, DIARY)
    facts = dict(related_sessions.find(world.group, diary.session_key).facts())  # type: ignore[union-attr]
    assert "Rasa Žukauskienė" in facts["Mentor"]
    assert "Петър" not in facts["Mentor"]
    assert "Петър" not in words(printing.form_document(latest(submission.pk), NUMBER))


def test_who_prepared_a_held_session_and_left_stays_on_page_and_paper(world: World, as_user: SignIn) -> None:
    session = held_session(world)
    session.prepared_by.set([world.cast.rasa])
    old = Membership.objects.get(group=world.group, user=world.cast.rasa)
    replace_mentor(group=world.group, old=old, new=world.cast.petar, by=world.cast.egle)
    page = as_user(world.cast.egle).get(reverse("sessions:session-edit", args=[session.pk]))
    form = page.context["form"]
    assert world.cast.rasa in form.fields["prepared_by"].queryset
    sent = {
        "date": timezone.localtime(session.starts_at).date().isoformat(),
        "time": timezone.localtime(session.starts_at).strftime("%H:%M"),
        "minutes": session.minutes, "form": session.form, "place": session.place, "link": "https://meet.example.org/",
        "aim": "New", "is_past_meant": "on",
        "homework": "", "lock": session.lock, "prepared_by": [world.cast.rasa.pk],
    }  # fmt: skip
    assert as_user(world.cast.egle).post(reverse("sessions:session-edit", args=[session.pk]), sent).status_code == 302
    assert list(session.prepared_by.all()) == [world.cast.rasa]
    plan = session.plan
    plan.refresh_from_db()
    agreement.agree_plan(plan=plan, by=world.cast.egle, lock=plan.lock)
    plan.refresh_from_db()
    rows = [row for row in latest(plan.form.latest_id).answers["sessions"] if row.get("aim") == "New"]
    assert rows[0]["prepares"] == [world.cast.rasa.pk]
