"""A document about the wrong session or person is put right without writing or sending it again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from checklist.models import ChecklistItem
from core.days import programme_day
from documents.models import Document
from mentoring.models import Membership, MentoringGroup
from rendering.pdf import engine
from responses_app import services as forms
from responses_app.models import FormRead, FormResponse, FormState, FormSubmission
from responses_app.printing import form_document
from sessions_app.models import Attendance, PlannedSession, SessionResponse
from sessions_app.services.due import follow_plan
from tests.cast import World
from tests.documents.batches import filed
from tests.documents.filled import DIARY, GOALS, begun, handed_in, held_session, stored
from tests.documents.making import words_of
from tests.rendering.papers import REGISTRATION
from tools import related_sessions
from tools.models import Filing, ToolVersion

SignIn = Callable[..., Client]
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.fixture
def right(world: World) -> PlannedSession:
    """The session that the diary is really about."""
    return held_session(world, "e2")


@pytest.fixture
def wrong(world: World) -> PlannedSession:
    """The session under which it was handed in."""
    return held_session(world, "e1")


@pytest.fixture
def diary(world: World, right: PlannedSession, wrong: PlannedSession) -> FormResponse:
    """Milda's diary, handed in about the wrong session of an agreed plan; Rasa has read it."""
    wrong.plan.agreed_version = 1
    wrong.plan.save()
    follow_plan(group=MentoringGroup.objects.select_related("programme").get(pk=world.group.pk))
    form = begun(world, "diary", world.cast.milda, session_key=wrong.session_key)
    handed_in(form, world.cast.milda, DIARY)
    forms.mark_read(form=stored(form), user=world.cast.rasa)
    return stored(form)


def url(thing: FormResponse | Document) -> str:
    name = "responses:form-move" if isinstance(thing, FormResponse) else "responses:document-about"
    return reverse(name, args=[thing.pk])


def item(person: User, session: PlannedSession) -> str:
    return ChecklistItem.objects.get(subject=person, session_key=session.session_key).state


def page(client: Client, form: FormResponse) -> str:
    return client.get(reverse("responses:form-detail", args=[form.pk])).content.decode()


@pytest.mark.parametrize("name", ["rasa", "egle"])
def test_mentor_and_manager_move_a_diary(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession, wrong: PlannedSession, name: str
) -> None:
    person, milda, before = getattr(world.cast, name), world.cast.milda, diary.latest
    assert before is not None
    assert (item(milda, wrong), item(milda, right)) == ("waiting", "todo")
    client = as_user(person)
    assert url(diary) in page(client, diary)
    answer = client.post(url(diary), {"session_key": right.session_key, "reason": "Zmix-up of two Mondays"})
    assert answer.status_code == 302
    moved = stored(diary)
    assert (moved.session_key, moved.session_title) == (right.session_key, right.session_title)
    assert (item(milda, wrong), item(milda, right)) == ("todo", "waiting")
    assert SessionResponse.objects.get(form=diary).session == right
    latest = moved.latest
    assert latest is not None
    assert (latest.submitted_by, latest.submitted_at) == (milda, before.submitted_at)
    assert (latest.answers, latest.number, latest.corrected_by) == (before.answers, 2, person)
    assert FormRead.objects.filter(submission=latest, user=world.cast.rasa).count() == 1
    assert latest.rendering_id not in {None, before.rendering_id}
    mentee = page(as_user(milda), diary)
    for words in (f"{person.get_short_name()} corrected what this is about", wrong.title, "Zmix-up of two Mondays"):
        assert words in mentee
    listed = as_user(milda).get(reverse("sessions:diary-list", args=[world.group.pk])).content.decode()
    assert "Zmix-up of two Mondays" in listed


def test_its_pdf_says_what_is_so(
    world: World, diary: FormResponse, right: PlannedSession, wrong: PlannedSession
) -> None:
    forms.move_form(
        form=diary, user=world.cast.rasa, subject=world.cast.milda, session_key=right.session_key, reason="Mixed up"
    )
    submission = FormSubmission.objects.for_making(rendering=stored(diary).latest.rendering)
    said = words_of(engine.render_form(form_document(submission, REGISTRATION)).content)
    assert said.startswith(right.title) or f" {right.title} Diary:" in said
    assert "Handed in by Milda Kazlauskaitė on" in said
    assert "Rasa Žukauskienė corrected what this document is about on" in said
    assert f"Before, it said: {wrong.title}." in said, "only what was wrong"


@pytest.mark.parametrize("filing", [Filing.AT_ONCE, Filing.AFTER_ACCEPTANCE])
def test_its_pdf_says_what_is_so_also_where_the_platform_filled_it_in(
    world: World, right: PlannedSession, wrong: PlannedSession, filing: str
) -> None:
    """A list of participants names its session, day and place; one that is accepted first has no PDF before that."""
    rasa = world.cast.rasa
    PlannedSession.objects.filter(pk=wrong.pk).update(place="Zold library")
    PlannedSession.objects.filter(pk=right.pk).update(place="Znew library")
    ToolVersion.objects.filter(tool__key="participants_list").update(filing=filing)
    form = begun(world, "participants_list", rasa, session_key=wrong.session_key)
    own = {"place": "Zold library, room 2"} if filing == Filing.AT_ONCE else {}
    handed_in(form, rasa, {**form.answers, **own})
    egle = world.cast.egle
    moved = forms.move_form(
        form=stored(form), user=egle, subject=None, session_key=right.session_key, reason="Mixed up"
    )
    if filing == Filing.AFTER_ACCEPTANCE:
        assert moved.latest is not None
        forms.accept_form(submission=moved.latest, user=egle)
    submission = FormSubmission.objects.for_making(rendering=stored(form).latest.rendering)
    said = words_of(engine.render_form(form_document(submission, REGISTRATION)).content)
    assert right.title in said
    assert wrong.title not in said.replace(f"Before, it said: {wrong.title}.", "")
    assert ("Zold library, room 2" in said) == bool(own), "what somebody wrote stays"
    assert own or "Znew library" in said
    assert own or "Zold library" not in said


def test_a_draft_that_is_moved_says_what_is_so_of_its_new_session(
    world: World, right: PlannedSession, wrong: PlannedSession
) -> None:
    form = begun(world, "participants_list", world.cast.rasa, session_key=wrong.session_key)
    assert form.answers["session"] == wrong.title
    forms.move_form(form=form, user=world.cast.rasa, subject=None, session_key=right.session_key, reason="")
    assert stored(form).answers["session"] == stored(form).filled_in["session"] == right.title


def test_what_was_filed_goes_with_it_and_keeps_the_trace(
    world: World, as_user: SignIn, commit: Any, diary: FormResponse, right: PlannedSession, wrong: PlannedSession
) -> None:
    """A diary of document, uploaded about the wrong session."""
    cast = world.cast
    filed(
        world.group, cast.rasa, commit, "diary", subject=cast.tomas, session_key=wrong.session_key,
        session_title=wrong.session_title,
    )  # fmt: skip
    document = Document.objects.get(subject=cast.tomas)
    assert (item(cast.tomas, wrong), item(cast.tomas, right)) == ("done", "todo")
    rasa = as_user(cast.rasa)
    shown = rasa.get(reverse("documents:document-detail", args=[document.pk])).content.decode()
    assert url(document) in shown
    sent = {"session_key": right.session_key, "subject": cast.elena.pk, "reason": "Zit was hers"}
    assert rasa.post(url(document), sent).status_code == 302
    document.refresh_from_db()
    assert (document.subject, document.session_key) == (cast.elena, right.session_key)
    assert (item(cast.tomas, wrong), item(cast.elena, right)) == ("todo", "done")
    history = rasa.get(reverse("documents:document-detail", args=[document.pk])).content.decode()
    for words in ("Corrections", "Session or person", "Zit was hers", wrong.title, cast.tomas.full_name):
        assert words in history
    assert document.versions.count() == 1, "nothing is sent again"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"session_key": "right", "reason": ""}, "Give a reason. It is kept with the document."),
        ({"session_key": "wrong", "reason": "x"}, "Nothing is different yet."),
        ({"session_key": "session-999999", "reason": "x"}, "session-999999"),
    ],
)
def test_a_mistake_is_told_on_the_page(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession, wrong: PlannedSession,
    sent: dict[str, str], words: str,
) -> None:  # fmt: skip
    key = {"right": right.session_key, "wrong": wrong.session_key}.get(sent["session_key"], sent["session_key"])
    answer = as_user(world.cast.rasa).post(url(diary), {**sent, "session_key": key})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert stored(diary).session_key == wrong.session_key


def test_a_place_that_is_taken_is_said_and_an_untouched_draft_gives_way(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession
) -> None:
    draft = begun(world, "diary", world.cast.milda, session_key=right.session_key)
    forms.save_answers(form=draft, user=world.cast.milda, lock=0, answers={"done": "Zdraft"})
    rasa, sent = as_user(world.cast.rasa), {"session_key": right.session_key, "reason": "x"}
    answer = rasa.post(url(diary), sent)
    assert answer.status_code == 422
    assert "There is already one about that, begun or handed in." in answer.content.decode()
    FormResponse.objects.filter(pk=draft.pk).update(lock=0, answers={})
    assert rasa.post(url(diary), sent).status_code == 302
    assert not FormResponse.objects.filter(pk=draft.pk).exists()


def test_a_session_the_mentee_was_not_at_is_not_offered(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession
) -> None:
    client = as_user(world.cast.rasa)
    assert f'value="{right.session_key}"' in client.get(url(diary)).content.decode()
    Attendance.objects.create(session=right, person=world.cast.milda, was_present=False)
    assert f'value="{right.session_key}"' not in client.get(url(diary)).content.decode()
    assert client.post(url(diary), {"session_key": right.session_key, "reason": "x"}).status_code == 422


def test_others_do_not_move_it(world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession) -> None:
    for name in ("milda", "tomas", "aino", "boris", "petar", "jonas", "dana", "olga", "sofia"):
        client = as_user(getattr(world.cast, name))
        assert client.get(url(diary)).status_code == 404
        assert client.post(url(diary), {"session_key": right.session_key, "reason": "x"}).status_code == 404
    assert url(diary) not in page(as_user(world.cast.milda), diary)


def test_a_diary_for_the_mentor_alone_is_hers_to_move(
    world: World, as_user: SignIn, right: PlannedSession, wrong: PlannedSession
) -> None:
    form = begun(world, "diary", world.cast.milda, session_key=wrong.session_key)
    forms.choose_audience(form=form, user=world.cast.milda, audience="mentor")
    handed_in(form, world.cast.milda, DIARY)
    assert as_user(world.cast.egle).get(url(form)).status_code == 404
    assert as_user(world.cast.rasa).get(url(form)).status_code == 200


@pytest.mark.parametrize("name", ["rasa", "egle"])
def test_mentor_and_manager_return_a_diary_with_a_note(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession, wrong: PlannedSession, name: str
) -> None:
    client, milda = as_user(getattr(world.cast, name)), as_user(world.cast.milda)
    back = reverse("responses:form-return", args=[diary.pk])
    assert back in page(client, diary)
    assert reverse("responses:form-accept", args=[diary.pk]) not in page(client, diary)
    assert client.post(back, {"number": "1", "note": ""}).status_code == 422
    assert client.post(back, {"number": "1", "note": "Zthis is about the CV session"}).status_code == 302
    assert stored(diary).state == FormState.RETURNED
    assert item(world.cast.milda, wrong) == "todo"
    first = milda.get("/").content.decode()
    assert "Make the changes asked for" in first
    assert "Zthis is about the CV session" in page(milda, diary)
    # The writer says which session it is about, writes, and hands it in there.
    assert url(diary) in milda.get(reverse("responses:form-edit", args=[diary.pk])).content.decode()
    moved = milda.post(url(diary), {"session_key": right.session_key, "reason": "I chose the wrong one"})
    assert moved.status_code == 302
    handed_in(diary, world.cast.milda, {"done": "Once more"})
    assert (item(world.cast.milda, wrong), item(world.cast.milda, right)) == ("todo", "waiting")


def test_a_diary_begun_for_the_wrong_session_is_moved_by_its_writer(
    world: World, as_user: SignIn, right: PlannedSession, wrong: PlannedSession
) -> None:
    form = begun(world, "diary", world.cast.milda, session_key=wrong.session_key)
    milda = as_user(world.cast.milda)
    assert milda.post(url(form), {"session_key": right.session_key}).status_code == 302
    assert (stored(form).session_key, stored(form).latest) == (right.session_key, None)
    assert as_user(world.cast.rasa).get(url(form)).status_code == 404


def test_the_writer_is_offered_what_she_has_not_written_about_and_told_so(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession, wrong: PlannedSession
) -> None:
    form, milda = begun(world, "diary", world.cast.milda, session_key=right.session_key), as_user(world.cast.milda)
    page = milda.get(url(form)).text
    assert "There is nothing else that it could be about." in page
    assert 'name="session_key"' not in page
    third = held_session(world, "e3")
    page = milda.get(url(form)).text
    assert f'value="{third.session_key}"' in page
    assert f'value="{wrong.session_key}"' not in page
    assert "What you wrote stays as it is." in page
    assert "Who handed it in" not in page


def test_a_taken_place_is_said_beside_the_question(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession
) -> None:
    draft = begun(world, "diary", world.cast.milda, session_key=right.session_key)
    forms.save_answers(form=draft, user=world.cast.milda, lock=0, answers={"done": "Zdraft"})
    answer = as_user(world.cast.rasa).post(url(diary), {"session_key": right.session_key, "reason": "x"})
    assert list(answer.context["form"].errors) == ["session_key"]


def test_what_the_group_writes_together_is_not_returned(world: World, as_user: SignIn) -> None:
    goals = begun(world, "personal_goals", world.cast.milda)
    handed_in(goals, world.cast.milda, GOALS)
    assert as_user(world.cast.rasa).get(url(goals)).status_code == 200
    contract = begun(world, "contract", world.cast.egle)
    assert as_user(world.cast.egle).get(url(contract)).status_code == 404


def test_no_session_before_the_person_joined_is_offered(
    world: World, as_user: SignIn, diary: FormResponse, right: PlannedSession, wrong: PlannedSession
) -> None:
    """Milda came to the group after a session; it is offered only once the attendance says that she was there."""
    early = held_session(world, "e3")
    assert right.starts_at
    early.starts_at = right.starts_at - timedelta(days=20)
    early.save()
    joined = programme_day(right.starts_at) - timedelta(days=10)
    Membership.objects.filter(group=world.group, user=world.cast.milda).update(starts_on=joined)
    rasa = as_user(world.cast.rasa)

    def offered() -> str:
        return rasa.get(url(diary)).content.decode()

    assert right.session_key in offered()
    assert early.session_key not in offered()
    Attendance.objects.update_or_create(session=early, person=world.cast.milda, defaults={"was_present": True})
    assert early.session_key in offered()


def test_a_mentor_who_came_later_still_adds_diaries_of_earlier_sessions(
    world: World, right: PlannedSession, wrong: PlannedSession
) -> None:
    """Rasa took the group over after both sessions; the paper diaries of Mentees who were there can be added by her."""
    assert right.starts_at
    joined = programme_day(right.starts_at) + timedelta(days=300)
    Membership.objects.filter(group=world.group, user=world.cast.rasa).update(starts_on=joined)
    version = begun(world, "diary", world.cast.milda, session_key=right.session_key).tool_version
    offered = related_sessions.choices(world.group, version.tool, world.cast.rasa)
    assert {right.session_key, wrong.session_key} <= {key for key, _words in offered}
