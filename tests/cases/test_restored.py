"""A form was handed in, removed, handed in anew and removed again: what comes back is what the form says now."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from checklist.models import ChecklistItem
from documents.models import Document
from documents.services import removal
from mentoring.models import MentoringGroup
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormState
from sessions_app.models import PlannedSession
from sessions_app.services.due import follow_plan
from tests.cases.conftest import make_pdfs
from tests.cast import World
from tests.documents.filled import DIARY, begun, handed_in, held_session, stored

SignIn = Callable[[User], Client]
pytestmark = [
    *[pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")],
    pytest.mark.usefixtures("local_files", "not_sent"),
]


@pytest.fixture
def sessions(world: World) -> list[PlannedSession]:
    """Two sessions of an agreed plan that are over."""
    found = [held_session(world, key) for key in ("e1", "e2")]
    plan = found[0].plan
    plan.agreed_version = 1
    plan.save()
    follow_plan(group=MentoringGroup.objects.select_related("programme").get(pk=world.group.pk))
    return found


@pytest.fixture
def diary(world: World, sessions: list[PlannedSession]) -> FormResponse:
    """Milda's diary, twice handed in, filed and removed."""
    form = begun(world, "diary", world.cast.milda, session_key=sessions[0].session_key)
    for learned in ("Zone", "Ztwo"):
        handed_in(stored(form), world.cast.milda, {**DIARY, "learned": learned})
        make_pdfs()
        live = Document.objects.get(removed_at=None)
        removal.remove_document(document=live, user=world.cast.egle, reason="Znot yet")
    return stored(form)


@pytest.fixture
def papers(diary: FormResponse) -> list[Document]:
    """The older and the newer document of it, both removed."""
    return list(Document.objects.order_by("pk"))


def checklist_state(world: World, session: PlannedSession) -> str:
    return ChecklistItem.objects.get(subject=world.cast.milda, session_key=session.session_key).state


def agree(form: FormResponse, document: Document) -> bool:
    """Return whether form and document say that it is filed, and the PDF is of what was handed in last."""
    found, form = Document.objects.select_related("current__rendering").get(pk=document.pk), stored(form)
    made = found.current.rendering if found.current else None
    return form.state == FormState.FILED and form.latest is not None and form.latest.rendering == made


def test_an_older_paper_does_not_come_back_and_the_newer_one_is_named(
    world: World, as_user: SignIn, diary: FormResponse, papers: list[Document]
) -> None:
    older, newer = papers
    client = as_user(world.cast.egle)
    folder = reverse("documents:folder-detail", args=[older.folder_id])
    answer = client.post(reverse("documents:document-restore", args=[older.pk]), follow=True)
    said = f"It was handed in again after this one. Restore {newer.number} instead"
    assert said in answer.text
    assert not Document.objects.filter(removed_at=None).exists()
    assert (stored(diary).state, stored(diary).is_taken_out) == (FormState.RETURNED, True)
    page = client.get(folder).text
    assert newer.number in page
    assert older.number in page
    assert page.count(said) == 1
    assert reverse("documents:document-restore", args=[newer.pk]) in page
    assert reverse("documents:document-restore", args=[older.pk]) not in page


def test_the_newer_one_comes_back_and_all_agree(
    world: World, sessions: list[PlannedSession], diary: FormResponse, papers: list[Document]
) -> None:
    older, newer = papers
    removal.restore_document(document=newer, user=world.cast.egle)
    assert agree(diary, newer)
    assert checklist_state(world, sessions[0]) == "done"
    with pytest.raises(ValidationError):
        removal.restore_document(document=older, user=world.cast.egle)


def test_what_is_there_now_is_named_where_the_older_one_is_not_offered(
    world: World, as_user: SignIn, diary: FormResponse, papers: list[Document]
) -> None:
    handed_in(diary, world.cast.milda, {**DIARY, "learned": "Zthree"})
    make_pdfs()
    there = Document.objects.get(removed_at=None)
    page = as_user(world.cast.egle).get(reverse("documents:folder-detail", args=[there.folder_id])).text
    assert page.count(f"{there.number} has taken its place. Remove that one first.") == 2
    assert "/restore/" not in page
    assert (
        "has taken its place"
        not in as_user(world.cast.milda).get(reverse("documents:folder-detail", args=[there.folder_id])).text
    )


@pytest.mark.parametrize("count", [1, 3])
def test_asking_why_takes_no_more_statements_with_more_documents(
    world: World, as_user: SignIn, diary: FormResponse, papers: list[Document], count: int,
    django_assert_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for number in range(count - 1):
        handed_in(stored(diary), world.cast.milda, {**DIARY, "learned": f"Z{number}"})
        make_pdfs()
        removal.remove_document(document=Document.objects.get(removed_at=None), user=world.cast.egle, reason="Znot")
    client = as_user(world.cast.egle)
    url = reverse("documents:folder-detail", args=[papers[0].folder_id])
    client.get(url)
    with django_assert_num_queries(10):
        assert client.get(url).text.count("Restore</button>") == 1


def test_moved_meanwhile_either_is_made_anew_of_what_was_handed_in_last(
    world: World, sessions: list[PlannedSession], diary: FormResponse, papers: list[Document]
) -> None:
    milda, older = world.cast.milda, papers[0]
    key = sessions[1].session_key
    forms.move_form(form=diary, user=milda, subject=milda, session_key=key, reason="Zthe second")
    removal.restore_document(document=older, user=world.cast.egle)
    make_pdfs()
    assert agree(diary, older)
    latest = stored(diary).latest
    assert latest is not None
    assert latest.answers["learned"] == "Ztwo"
    assert [checklist_state(world, each) for each in sessions] == ["todo", "done"]


def test_what_is_handed_in_and_not_filed_yet_becomes_the_next_version_of_what_comes_back(
    world: World, diary: FormResponse, papers: list[Document]
) -> None:
    handed_in(diary, world.cast.milda, {**DIARY, "learned": "Zthree"})
    removal.restore_document(document=papers[1], user=world.cast.egle)
    make_pdfs()
    assert agree(diary, papers[1])


def test_a_number_whose_pdf_failed_does_not_stand_in_the_way(
    world: World, diary: FormResponse, papers: list[Document]
) -> None:
    submission = handed_in(diary, world.cast.milda, {**DIARY, "learned": "Zthree"})
    with patch("responses_app.rendering.engine.render_form", side_effect=RuntimeError):
        make_pdfs()
    assert Document.objects.get(removed_at=None).current is None
    removal.restore_document(document=papers[1], user=world.cast.egle)
    renderings.retry(rendering=submission.rendering, user=world.cast.egle)
    make_pdfs()
    assert agree(diary, papers[1])
    assert not Document.objects.filter(current=None).exists()
