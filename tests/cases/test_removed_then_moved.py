"""A diary that was removed from its folder, moved to another session and narrowed stays what its writer made of it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import Document
from documents.services import removal
from responses_app import services as forms
from responses_app.models import FormResponse, FormState
from sessions_app.models import PlannedSession
from tests.cases.conftest import make_pdfs, reads
from tests.cast import World
from tests.documents.filled import DIARY, begun, handed_in, held_session, stored

SignIn = Callable[[User], Client]
pytestmark = [
    *[pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")],
    pytest.mark.usefixtures("local_files", "not_sent"),
]


@pytest.fixture
def right(world: World) -> PlannedSession:
    return held_session(world, "e2")


@pytest.fixture
def diary(world: World, right: PlannedSession) -> FormResponse:
    """Milda's diary, filed about the wrong session, removed by Eglė, and moved to the right one by Milda."""
    milda = world.cast.milda
    form = begun(world, "diary", milda, session_key=held_session(world, "e1").session_key)
    handed_in(form, milda, DIARY)
    make_pdfs()
    removal.remove_document(document=Document.objects.get(), user=world.cast.egle, reason="Zanother session")
    forms.move_form(form=stored(form), user=milda, subject=milda, session_key=right.session_key, reason="Zmine of e2")
    make_pdfs()
    return stored(form)


def test_moving_files_nothing_again(world: World, as_user: SignIn, diary: FormResponse) -> None:
    assert diary.state == FormState.RETURNED
    assert diary.is_taken_out
    assert Document.objects.filter(removed_at__isnull=True).count() == 0
    said = as_user(world.cast.milda).get(reverse("responses:form-edit", args=[diary.pk])).text
    assert "Zanother session" in said


def test_what_is_brought_back_is_about_the_right_session_and_is_made_anew(
    world: World, diary: FormResponse, right: PlannedSession
) -> None:
    removal.restore_document(document=Document.objects.get(), user=world.cast.egle)
    assert stored(diary).state == FormState.SUBMITTED
    make_pdfs()
    document = Document.objects.get()
    assert document.session_key == right.session_key
    assert document.versions.count() == 2
    assert (stored(diary).state, stored(diary).is_taken_out) == (FormState.FILED, False)


def test_narrowed_on_the_way_it_opens_for_nobody_when_it_is_brought_back(
    world: World, as_user: SignIn, diary: FormResponse
) -> None:
    milda, tomas, old = world.cast.milda, as_user(world.cast.tomas), Document.objects.get()
    forms.choose_audience(form=diary, user=milda, audience="mentor")
    handed_in(diary, milda, DIARY)
    make_pdfs()
    assert Document.objects.count() == 2
    with pytest.raises(ValidationError):
        removal.restore_document(document=old, user=world.cast.egle)
    removal.remove_document(document=Document.objects.latest("pk"), user=world.cast.egle, reason="Zwhich one?")
    with pytest.raises(ValidationError, match="handed in again after this one"):
        removal.restore_document(document=old, user=world.cast.egle)
    newest = removal.restore_document(document=Document.objects.latest("pk"), user=world.cast.egle)
    assert (newest.audience, reads(tomas, newest), reads(as_user(milda), newest)) == ("mentor", 404, 200)
