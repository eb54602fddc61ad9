"""What a filed paper says of its session stays so when the attendance, the day or the plan is corrected afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from documents.models import Document, DocumentVersion
from documents.services.removal import remove_document, restore_document
from rendering.models import Rendering
from rendering.pdf import engine
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormState, FormSubmission
from responses_app.printing import form_document
from responses_app.services import correcting
from sessions_app.models import PlannedSession, SectionKind
from sessions_app.services import plans
from tests.cast import World
from tests.documents.batches import filed
from tests.documents.filled import DIARY, begun, handed_in, held_session, stored
from tests.documents.making import words_of
from tests.rendering.papers import REGISTRATION

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.fixture
def session(world: World) -> PlannedSession:
    """A session of yesterday at which Rasa, Milda and Elena were recorded."""
    session = held_session(world)
    hold(world, session, "rasa", "milda", "elena")
    return session


def hold(world: World, session: PlannedSession, *names: str, **more: Any) -> None:
    present = {world.cast.everybody()[name].pk for name in names}
    plans.hold_session(session=session, by=world.cast.rasa, present=present, reason="Zlooked again", **more)


def make_pdfs() -> None:
    for pk in Rendering.objects.filter(version__isnull=True).order_by("pk").values_list("pk", flat=True):
        renderings.run(pk)


def filed_diary(world: World, session: PlannedSession, audience: str = "") -> FormResponse:
    """Return Milda's diary, handed in and filed."""
    form = begun(world, "diary", world.cast.milda, session_key=session.session_key)
    if audience:
        forms.choose_audience(form=form, user=world.cast.milda, audience=audience)
    handed_in(form, world.cast.milda, DIARY)
    make_pdfs()
    assert stored(form).state == FormState.FILED
    return stored(form)


def paper(form: FormResponse) -> str:
    """Return what the paper of a form says that is made of what was handed in last."""
    submission = FormSubmission.objects.for_making(rendering=stored(form).latest.rendering)
    return words_of(engine.render_form(form_document(submission, REGISTRATION)).content)


def versions(form: FormResponse) -> list[tuple[int, str]]:
    document = Document.objects.get(versions__rendering__submission=stored(form).submissions.last())
    return list(document.versions.order_by("number").values_list("number", "note"))


def test_the_filed_diary_follows_a_corrected_attendance(world: World, session: PlannedSession, as_user: Any) -> None:
    form = filed_diary(world, session, audience="mentor")
    before = form.latest
    assert before is not None
    forms.mark_read(form=form, user=world.cast.rasa)
    assert "Елена" in paper(form)
    hold(world, session, "rasa", "milda")
    make_pdfs()
    form = stored(form)
    latest = form.latest
    assert latest is not None
    said = paper(form)
    assert "Елена" not in said
    assert "Rasa Žukauskienė corrected the attendance of the session on" in said
    assert "Before, it said" not in said
    assert versions(form) == [(1, ""), (2, "Attendance corrected: Zlooked again")]
    document = Document.objects.get()
    assert document.current.number == 2
    assert (document.audience, latest.audience) == ("mentor", "mentor")
    assert (latest.submitted_by, latest.submitted_at, latest.answers) == (
        before.submitted_by, before.submitted_at, before.answers,
    )  # fmt: skip
    assert form.state == FormState.FILED
    assert latest.reads.filter(user=world.cast.rasa).exists()
    page = reverse("documents:document-detail", args=[document.pk])
    assert "Attendance corrected: Zlooked again" in as_user(world.cast.milda).get(page).text
    assert as_user(world.cast.tomas).get(page).status_code == 404
    assert as_user(world.cast.egle).get(page).status_code == 404
    own = as_user(world.cast.milda).get(reverse("responses:form-detail", args=[form.pk])).text
    assert "Rasa corrected the attendance of the session" in own
    assert "Before, it said" not in own
    listed = as_user(world.cast.milda).get(reverse("sessions:diary-list", args=[world.group.pk])).text
    assert "corrected what this is about" not in listed


def test_who_counts_as_absent_now_and_was_not_named_changes_no_paper(world: World, session: PlannedSession) -> None:
    form = filed_diary(world, session)
    session.attendance.filter(was_present=False).delete()
    hold(world, session, "rasa", "milda", "elena")
    hold(world, session, "rasa", "milda", "elena")
    make_pdfs()
    assert versions(form) == [(1, "")]


def test_the_first_record_of_who_was_there_corrects_nothing(world: World) -> None:
    session = held_session(world)
    PlannedSession.objects.filter(pk=session.pk).update(state="planned")
    form = filed_diary(world, session)
    hold(world, session, "rasa", "milda")
    make_pdfs()
    assert versions(form) == [(1, "")]


def test_a_paper_not_made_yet_is_made_once(world: World, session: PlannedSession) -> None:
    form = begun(world, "diary", world.cast.milda, session_key=session.session_key)
    handed_in(form, world.cast.milda, DIARY)
    hold(world, session, "rasa", "milda")
    make_pdfs()
    assert versions(form) == [(1, "")]
    assert "Елена" not in paper(form)


def test_a_draft_of_changes_stays_and_is_still_a_draft(world: World, session: PlannedSession) -> None:
    form = filed_diary(world, session)
    milda = world.cast.milda
    forms.reopen_form(form=form, user=milda)
    forms.save_answers(form=stored(form), user=milda, lock=stored(form).lock, answers={"done": "Znot yet"})
    hold(world, session, "rasa", "milda")
    make_pdfs()
    form = stored(form)
    assert form.state == FormState.DRAFT
    assert (form.answers["done"], form.latest.answers["done"]) == ("Znot yet", DIARY["done"])
    assert [number for number, _note in versions(form)] == [1, 2]


def test_the_list_of_participants_names_who_was_there_and_keeps_what_was_written(
    world: World, session: PlannedSession, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa = world.cast.rasa
    form = begun(world, "participants_list", rasa, session_key=session.session_key)
    guest = {"name": "Ona Baker", "role": "guest"}
    handed_in(form, rasa, {**form.answers, "participants": [*form.answers["participants"], guest]})
    make_pdfs()
    hold(world, session, "rasa", "milda", "tomas")
    make_pdfs()
    said = paper(form)
    assert "Елена" not in said
    assert "Tomas Jankauskas" in said
    assert "Ona Baker" in said
    page = as_user(rasa).get(reverse("responses:form-detail", args=[form.pk])).text
    assert "differs from the attendance" not in page
    assert "What people wrote stays as it was; the PDF is made anew." in page
    # Once signed photos are on file, a later correction leaves the list as it is, and says nothing that contradicts.
    monkeypatch.setattr(correcting, "_is_added_over", lambda _form: True)
    hold(world, session, "rasa", "milda")
    page = as_user(rasa).get(reverse("responses:form-detail", args=[form.pk])).text
    assert "After that the attendance was corrected again; the list on file was left as it is." in page
    assert "differs from the attendance" not in page


def test_the_page_says_who_handed_it_in_beside_what_became_of_it(
    world: World, session: PlannedSession, as_user: Any
) -> None:
    form = filed_diary(world, session)
    said = "Handed in by Milda Kazlauskaitė, "
    assert said in as_user(world.cast.rasa).get(reverse("responses:form-detail", args=[form.pk])).text


def test_the_list_says_its_session_once(world: World, session: PlannedSession) -> None:
    """Title, day, hours and place stand in its head; what somebody wrote otherwise is printed."""
    PlannedSession.objects.filter(pk=session.pk).update(place="Zlibrary")
    form = begun(world, "participants_list", world.cast.rasa, session_key=session.session_key)
    handed_in(form, world.cast.rasa, form.answers)
    said = paper(form)
    held_on = f"{timezone.localtime(session.starts_at):%-d %B}"
    for words in (session.title, held_on, "Zlibrary"):
        assert said.split("Who may read this")[0].count(words) + said.split("Nobody outside")[1].count(words) == 1
    forms.reopen_form(form=stored(form), user=world.cast.rasa)
    handed_in(form, world.cast.rasa, {**stored(form).answers, "place": "Zother room"})
    said = paper(form)
    assert "Zlibrary" in said
    assert "Zother room" in said


def test_a_corrected_day_stands_on_the_paper(world: World, session: PlannedSession) -> None:
    form = filed_diary(world, session)
    session.refresh_from_db()
    plans.change_session(session=session, by=world.cast.rasa, lock=session.lock, aim="Zonly the aim")
    make_pdfs()
    assert versions(form) == [(1, "")], "the aim stands on no paper about the session"
    session.refresh_from_db()
    earlier = timezone.now() - timedelta(days=3)
    plans.change_session(session=session, by=world.cast.rasa, lock=session.lock, starts_at=earlier)
    make_pdfs()
    assert f"{timezone.localtime(earlier):%-d %B}" in paper(form).split("Handed in by")[0]
    assert "Rasa Žukauskienė corrected when or where the session was on" in paper(form)
    assert versions(form) == [(1, ""), (2, "The session was corrected.")]


def test_papers_do_not_count_the_sessions_of_the_plan(world: World, session: PlannedSession) -> None:
    """The number of a session changes with every session that is put before it; what is filed does not."""
    form = filed_diary(world, session)
    before = paper(form)
    assert "1 of 1" not in before.replace("Page 1 of 1", "")
    plan = session.plan
    own = plans.add_own_session(
        plan=plan, by=world.cast.rasa, title="Zfair", kind=SectionKind.EMPLOYABILITY, minutes=60
    )
    plans.change_session(session=own, by=world.cast.rasa, lock=own.lock, starts_at=timezone.now() - timedelta(days=9))
    assert paper(form) == before


@pytest.fixture
def listed(world: World, session: PlannedSession) -> FormResponse:
    """The list of participants, filed as Rasa, Milda and Elena were there."""
    form = begun(world, "participants_list", world.cast.rasa, session_key=session.session_key)
    handed_in(form, world.cast.rasa, stored(form).answers)
    make_pdfs()
    return stored(form)


def copy_of(number: int) -> str:
    """Return what the Bulgarian copy of a version says."""
    version = DocumentVersion.objects.get(number=number)
    submission = FormSubmission.objects.for_making(rendering__version=version)
    return words_of(engine.render_form(form_document(submission, REGISTRATION, copy_in="bg")).content)


def test_a_copy_says_what_its_version_says_whatever_was_corrected_since(
    world: World, session: PlannedSession, listed: FormResponse
) -> None:
    hold(world, session, "rasa", "tomas")
    make_pdfs()
    PlannedSession.objects.filter(pk=session.pk).update(place="Zelsewhere 7")
    old, new = copy_of(1), copy_of(2)
    for said, there, absent in ((old, ("Milda", "Елена"), ("Tomas",)), (new, ("Tomas",), ("Milda", "Елена"))):
        head = said[said.index("Присъствие") :].split("\n\n")[0]
        assert all(name in said for name in there), said
        assert all(name in head for name in there), head
        assert not any(name in said for name in absent), said
        assert "Zelsewhere" not in said
    assert "с данните на групата и срещата от тази версия" in old


def test_a_list_that_is_current_again_follows_what_was_corrected_meanwhile(
    world: World, session: PlannedSession, listed: FormResponse, commit: Any, as_user: Any
) -> None:
    about = {"subject": None, "session_key": listed.session_key, "session_title": listed.session_title}
    filed(world.group, world.cast.rasa, commit, "participants_list", note="On paper", signed_by=[], **about)
    hold(world, session, "rasa", "tomas")
    assert stored(listed).latest == listed.latest  # the photos stay
    document = Document.objects.get()
    take_back = reverse("documents:version-take-back", args=[document.pk])
    assert as_user(world.cast.egle).post(take_back, {"reason": "Blurred"}).status_code == 302
    latest = stored(listed).latest
    assert latest is not None
    assert {row["name"] for row in latest.answers["participants"]} == {"Tomas Jankauskas", "Rasa Žukauskienė"}
    assert (latest.corrected_by, latest.correction_reason) == (world.cast.rasa, "Zlooked again")
    make_pdfs()
    document.refresh_from_db()
    assert (document.current.number, document.current.source) == (3, "rendered")
    assert document.current.note == "Attendance corrected: Zlooked again"
    said = paper(listed)
    assert "Tomas" in said
    assert "Milda" not in said


def test_a_list_that_was_right_is_not_made_anew_when_it_is_current_again(
    world: World, session: PlannedSession, listed: FormResponse, commit: Any, as_user: Any
) -> None:
    about = {"subject": None, "session_key": listed.session_key, "session_title": listed.session_title}
    filed(world.group, world.cast.rasa, commit, "participants_list", note="On paper", signed_by=[], **about)
    document = Document.objects.get()
    take_back = reverse("documents:version-take-back", args=[document.pk])
    as_user(world.cast.egle).post(take_back, {"reason": "Blurred"})
    assert stored(listed).latest == listed.latest


def test_a_diary_restored_after_its_attendance_was_corrected_is_made_anew(
    world: World, session: PlannedSession, as_user: Any
) -> None:
    form = filed_diary(world, session)
    document = Document.objects.get()
    remove_document(document=document, user=world.cast.egle, reason="x")
    hold(world, session, "rasa", "milda")
    assert stored(form).latest == form.latest
    restore_document(document=document, user=world.cast.egle)
    latest = stored(form).latest
    assert latest is not None
    assert latest.corrected_by == world.cast.rasa
    make_pdfs()
    assert "Елена" not in paper(form)
