"""Whoever's document is taken out learns why, and nothing says "handed in" beside "write"."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checklist.models import ChecklistItem
from documents.models import Document
from documents.services.removal import remove_document, restore_document
from mentoring.models import MentoringGroup
from rendering.models import Rendering
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormState
from sessions_app.models import PlannedSession
from sessions_app.services.due import follow_plan
from tests.cast import World
from tests.documents.batches import filed
from tests.documents.filled import DIARY, begun, handed_in, held_session, stored

SignIn = Callable[..., Client]
WHY = "It speaks of someone else"


@pytest.fixture
def session(world: World) -> PlannedSession:
    """A session of an agreed plan that is over."""
    found = held_session(world, "e2")
    found.plan.agreed_version = 1
    found.plan.save()
    follow_plan(group=MentoringGroup.objects.select_related("programme").get(pk=world.group.pk))
    return found


@pytest.fixture
def diary(world: World, session: PlannedSession) -> FormResponse:
    """Milda's diary of that session, filed."""
    form = begun(world, "diary", world.cast.milda, session_key=session.session_key)
    handed_in(form, world.cast.milda, DIARY)
    renderings.run(Rendering.objects.get().pk)
    assert stored(form).state == FormState.FILED
    return stored(form)


def item(world: World, session: PlannedSession) -> ChecklistItem:
    return ChecklistItem.objects.get(subject=world.cast.milda, session_key=session.session_key)


def test_the_writer_learns_who_took_it_out_and_why_and_writes_again(
    world: World, as_user: SignIn, session: PlannedSession, diary: FormResponse
) -> None:
    assert item(world, session).state == "done"
    remove_document(document=Document.objects.get(), user=world.cast.egle, reason=WHY)
    assert (stored(diary).state, item(world, session).state) == (FormState.RETURNED, "todo")
    milda = as_user(world.cast.milda)
    home = milda.get("/").content.decode()
    assert "Removed from the folder: " in home
    for name in ("form-detail", "form-edit"):
        page = milda.get(reverse(f"responses:{name}", args=[diary.pk])).content.decode()
        assert "Eglė removed this document from the folder" in page
        assert WHY in page
        assert "The PDF is ready." not in page  # it cannot be opened any more
    others = as_user(world.cast.tomas).get(reverse("responses:form-detail", args=[diary.pk])).content.decode()
    assert WHY not in others
    assert WHY in as_user(world.cast.rasa).get(reverse("responses:form-detail", args=[diary.pk])).content.decode()
    # One word for it wherever it stands.
    for url in (
        reverse("sessions:diary-list", args=[world.group.pk]),
        reverse("sessions:session-detail", args=[session.pk]),
    ):
        page = milda.get(url).content.decode()
        assert "Removed from the folder" in page
        assert ">Handed in<" not in page
    handed_in(stored(diary), world.cast.milda, {"done": "Now about me"})
    assert stored(diary).latest.taken_out_at is None
    renderings.run(Rendering.objects.order_by("-pk").first().pk)
    assert item(world, session).state == "done"


def test_the_same_words_handed_in_again_are_filed_again(world: World, diary: FormResponse) -> None:
    remove_document(document=Document.objects.get(), user=world.cast.egle, reason=WHY)
    again = handed_in(stored(diary), world.cast.milda, DIARY)
    assert again.number == 2
    assert again.rendering.state == "queued"


def test_brought_back_it_is_as_before(world: World, session: PlannedSession, diary: FormResponse) -> None:
    document = Document.objects.get()
    remove_document(document=document, user=world.cast.egle, reason=WHY)
    restore_document(document=document, user=world.cast.rasa)
    assert (stored(diary).state, item(world, session).state) == (FormState.FILED, "done")
    assert stored(diary).latest.taken_out_reason == ""


def test_brought_back_while_it_is_being_changed_it_stays_open(world: World, diary: FormResponse) -> None:
    document = Document.objects.get()
    forms.reopen_form(form=diary, user=world.cast.milda)
    remove_document(document=document, user=world.cast.egle, reason=WHY)
    assert stored(diary).state == FormState.DRAFT
    restore_document(document=document, user=world.cast.egle)
    assert stored(diary).state == FormState.DRAFT


def test_whom_a_scan_is_about_reads_why_in_the_folder_and_others_do_not(
    world: World, as_user: SignIn, commit: Any
) -> None:
    document = filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.tomas).version.document
    remove_document(document=document, user=world.cast.egle, reason=WHY)
    url = reverse("documents:folder-detail", args=[document.folder_id])
    restore = reverse("documents:document-restore", args=[document.pk])
    tomas, milda, rasa = (as_user(person) for person in (world.cast.tomas, world.cast.milda, world.cast.rasa))
    assert WHY in tomas.get(url).content.decode()
    assert restore not in tomas.get(url).content.decode()
    assert WHY not in milda.get(url).content.decode()
    assert restore in rasa.get(url).content.decode()


def test_notes_about_a_person_that_others_keep_stay_unknown_to_that_person(world: World, as_user: SignIn) -> None:
    """What Milda may not read is not named to her when it is taken out either."""
    notes = begun(world, "midterm_interview", world.cast.egle, subject=world.cast.milda)
    answers = {"role": "mentee", "how_it_goes": "4", "change": "Nothing", "summary": "All is well"}
    handed_in(notes, world.cast.egle, answers)
    renderings.run(Rendering.objects.get().pk)
    document = Document.objects.get()
    assert document.subject == world.cast.milda
    remove_document(document=document, user=world.cast.egle, reason=WHY)
    url = reverse("documents:folder-detail", args=[document.folder_id])
    for person, is_told in ((world.cast.milda, False), (world.cast.rasa, False), (world.cast.egle, True)):
        answer = as_user(person).get(url)
        assert (WHY in answer.content.decode()) is is_told, person


def test_a_paper_that_is_brought_back_was_done_when_it_was_filed(world: World, commit: Any, local_files: None) -> None:
    """It was only out of sight meanwhile."""
    filed(world.group, world.cast.rasa, commit)
    row = ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract")
    document = Document.objects.get()
    october = timezone.now() - timedelta(days=50)
    type(document.current)._default_manager.filter(pk=document.current_id).update(created_at=october)
    with commit():
        remove_document(document=document, user=world.cast.rasa, reason="By mistake")
    row.refresh_from_db()
    assert row.done_at is None
    with commit():
        restore_document(document=document, user=world.cast.rasa)
    row.refresh_from_db()
    assert (row.state, row.done_at) == ("done", october)


def test_what_was_removed_is_not_called_returned(
    world: World, as_user: SignIn, session: PlannedSession, diary: FormResponse
) -> None:
    remove_document(document=Document.objects.get(), user=world.cast.egle, reason=WHY)
    milda, group = as_user(world.cast.milda), world.group.pk
    pages = ("/", f"/groups/{group}/diaries/", f"/sessions/{session.pk}/", f"/forms/{diary.pk}/")
    for address in pages:
        text = milda.get(address).text
        assert "Removed from the folder" in text or "removed this document from the folder" in text
        assert "came back to you with a note" not in text
        assert "Returned to you" not in text
    assert "Removed from the folder" in as_user(world.cast.rasa).get(pages[1]).text


def test_an_earlier_paper_is_not_brought_back_beside_what_was_handed_in_later(
    world: World, as_user: SignIn, session: PlannedSession, diary: FormResponse
) -> None:
    cast, first = world.cast, Document.objects.get()
    remove_document(document=first, user=cast.egle, reason=WHY)
    handed_in(stored(diary), cast.milda, {**DIARY, "done": "Zsomething else"})
    renderings.run(Rendering.objects.latest("pk").pk)
    second = Document.objects.exclude(pk=first.pk).get()
    remove_document(document=second, user=cast.egle, reason=WHY)
    said = as_user(cast.egle).post(reverse("documents:document-restore", args=[first.pk]), follow=True).text
    assert f"It was handed in again after this one. Restore {second.number} instead" in said
    first.refresh_from_db()
    assert first.removed_at is not None
    assert stored(diary).is_taken_out
    restore_document(document=second, user=cast.egle)
    assert (stored(diary).state, item(world, session).state) == (FormState.FILED, "done")
