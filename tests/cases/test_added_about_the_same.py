"""A file that somebody added about a diary opens the diary to nobody, whatever is corrected or narrowed afterwards."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import Document, Source
from documents.services import filing, removal
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.models import PlannedSession
from tests.cases.conftest import make_pdfs, reads
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun as begun_upload
from tests.documents.filled import DIARY, begun, handed_in, held_session, stored
from tests.pack_tools import tool

SignIn = Callable[[User], Client]
pytestmark = [
    *[pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")],
    pytest.mark.usefixtures("local_files", "not_sent"),
]


@pytest.fixture
def session(world: World) -> PlannedSession:
    return held_session(world, "e1")


def added(world: World, session: PlannedSession) -> Document:
    """Return Eglė's scan about Milda and a session, read by the whole group."""
    version = filing.file_version(
        group=world.group, tool_version=tool("diary").current, subject=world.cast.milda,
        session_key=session.session_key, session_title={"en": "A session"}, author=world.cast.egle, audience="group",
        content=sent_files.pdf(pages=1), pages=1, language="en", source=Source.UPLOADED, created_by=world.cast.egle,
    )  # fmt: skip
    return version.document


def narrowed(world: World, session: PlannedSession) -> FormResponse:
    """Return Milda's diary of a session, handed in for her Mentor."""
    form = begun(world, "diary", world.cast.milda, session_key=session.session_key)
    forms.choose_audience(form=form, user=world.cast.milda, audience="mentor")
    handed_in(form, world.cast.milda, DIARY)
    make_pdfs()
    return stored(form)


def test_put_right_to_a_session_with_a_narrow_diary_it_is_read_by_no_more(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    narrowed(world, session)
    removal.remove_document(document=Document.objects.get(), user=world.cast.rasa, reason="Zfile it again")
    document = added(world, held_session(world, "e2"))
    assert reads(as_user(world.cast.tomas), document) == 200
    forms.correct_document(
        document=document, user=world.cast.egle, subject=world.cast.milda, session_key=session.session_key,
        reason="Zthe other session",
    )  # fmt: skip
    document.refresh_from_db()
    assert (document.session_key, document.audience) == (session.session_key, "mentor")
    assert reads(as_user(world.cast.tomas), document) == 404
    assert [reads(as_user(person), document) for person in (world.cast.milda, world.cast.rasa)] == [200, 200]


def test_who_added_a_scan_is_kept_out_when_the_writer_narrows_the_diary(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    document, milda = added(world, session), world.cast.milda
    form = begun(world, "diary", milda, session_key=session.session_key)
    handed_in(form, milda, DIARY)
    make_pdfs()
    manager = as_user(world.cast.egle)
    assert reads(manager, document) == 200
    forms.reopen_form(form=stored(form), user=milda)
    forms.choose_audience(form=stored(form), user=milda, audience="mentor")
    handed_in(form, milda, {**DIARY, "done": "Zonly for Rasa"})
    assert reads(manager, document) == 404  # at once, not with the PDF
    make_pdfs()
    assert document.versions.count() == 3
    assert reads(manager, document) == 404
    for version in document.versions.all():
        assert manager.get(reverse("documents:version-download", args=[version.pk])).status_code == 404
    page = as_user(milda).get(reverse("documents:document-detail", args=[document.pk]))
    assert page.status_code == 200
    assert "Eglė can read" not in page.text


def test_a_scan_added_where_a_narrow_diary_was_does_not_receive_it_for_its_adder(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    form = narrowed(world, session)
    removal.remove_document(document=Document.objects.get(), user=world.cast.rasa, reason="Zfile it again")
    document = added(world, session)
    handed_in(form, world.cast.milda, {**DIARY, "done": "Zmore for Rasa"})
    make_pdfs()
    document.refresh_from_db()
    assert document.audience == "mentor"
    assert reads(as_user(world.cast.egle), document) == 404


def test_who_corrects_it_reads_why_it_is_gone(world: World, as_user: SignIn, session: PlannedSession) -> None:
    narrowed(world, session)
    removal.remove_document(document=Document.objects.get(), user=world.cast.rasa, reason="Zfile it again")
    document = added(world, held_session(world, "e2"))
    sent = {"session_key": session.session_key, "subject": world.cast.milda.pk, "reason": "Zthe other session"}
    answer = as_user(world.cast.egle).post(reverse("responses:document-about", args=[document.pk]), sent, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == reverse("documents:folder-detail", args=[document.folder_id])
    assert "kept for fewer people" in answer.text


def test_what_comes_to_a_narrow_diary_is_its_writers(world: World, as_user: SignIn, session: PlannedSession) -> None:
    narrowed(world, session)
    removal.remove_document(document=Document.objects.get(), user=world.cast.rasa, reason="Zfile it again")
    document = added(world, held_session(world, "e2"))
    forms.correct_document(
        document=document, user=world.cast.egle, subject=world.cast.milda, session_key=session.session_key,
        reason="Zthe other session",
    )  # fmt: skip
    document.refresh_from_db()
    assert document.author == world.cast.milda
    assert reads(as_user(world.cast.egle), document) == 404


def test_nobody_adds_a_file_to_a_diary_that_is_kept_from_them(
    world: World, as_user: SignIn, session: PlannedSession
) -> None:
    narrowed(world, session)
    removal.remove_document(document=Document.objects.get(), user=world.cast.rasa, reason="Zfile it again")
    for person, status in ((world.cast.egle, 422), (world.cast.rasa, 302)):
        batch = begun_upload(
            world.group, person, "diary", sent_files.pdf(1), subject=world.cast.milda,
            session_key=session.session_key, session_title={"en": "A session"}, signed_by=[],
        )  # fmt: skip
        sent = {
            "tool_version": batch.tool_version_id,
            "subject": world.cast.milda.pk,
            "session_key": session.session_key,
        }
        page = as_user(person).post(reverse("uploads:upload-file", args=[batch.pk]), sent)
        assert page.status_code == status, page.text
        assert ("is kept for fewer people" in page.text) == (status == 422)
