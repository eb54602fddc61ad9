"""What was narrowed stays narrow when a paper about the same is added: removed, not made yet, or only handed in."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import Document
from documents.services import removal
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse
from tests.cast import World
from tests.documents.batches import begun, filed
from tests.documents.filled import DIARY, diary_of, handed_in
from uploads import choices as upload_choices
from uploads.services import uploads

SignIn = Callable[[User], Client]
pytestmark = [
    *[pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")],
    pytest.mark.usefixtures("local_files"),
]


@pytest.fixture
def diary(world: World) -> FormResponse:
    """Milda's diary for her Mentor, handed in; no PDF was made of it yet."""
    form = diary_of(world, world.cast.milda)
    forms.choose_audience(form=form, user=world.cast.milda, audience="mentor")
    with patch.object(renderings, "send", return_value=False):
        handed_in(form, world.cast.milda, DIARY)
    return form


def about(form: FormResponse) -> dict[str, Any]:
    return {
        "signed_by": [],
        "subject": form.subject,
        "session_key": form.session_key,
        "session_title": form.session_title,
    }


def readers(as_user: SignIn, world: World, document: Document) -> list[int]:
    page = reverse("documents:document-detail", args=[document.pk])
    return [as_user(each).get(page).status_code for each in (world.cast.milda, world.cast.rasa, world.cast.tomas)]


def test_a_scan_of_a_narrowed_diary_without_a_pdf_is_narrow(
    world: World, as_user: SignIn, commit: Any, diary: FormResponse
) -> None:
    batch = filed(world.group, world.cast.rasa, commit, "diary", **about(diary))
    document = Document.objects.get(versions=batch.version)
    assert (document.audience, readers(as_user, world, document)) == ("mentor", [200, 200, 404])


def test_a_scan_in_the_place_of_a_removed_narrow_document_is_narrow_and_its_page_says_so(
    world: World, as_user: SignIn, commit: Any, diary: FormResponse
) -> None:
    first = filed(world.group, world.cast.rasa, commit, "diary", **about(diary))
    removed = Document.objects.get(versions=first.version)
    removal.remove_document(document=removed, user=world.cast.rasa, reason="Zblurred")
    FormResponse.objects.all().update(audience="group")  # the removed document alone keeps them out
    batch = begun(world.group, world.cast.rasa, "diary", **about(diary))
    page = as_user(world.cast.rasa).get(reverse("uploads:upload-edit", args=[batch.pk])).text
    assert "The Mentor only will be able to read it." in page
    again = filed(world.group, world.cast.rasa, commit, "diary", **about(diary))
    document = Document.objects.get(versions=again.version)
    assert document != removed
    assert (document.audience, readers(as_user, world, document)) == ("mentor", [200, 200, 404])


def test_a_diary_handed_in_for_fewer_in_the_same_moment_keeps_the_others_out(
    world: World, as_user: SignIn, commit: Any, diary: FormResponse
) -> None:
    with patch.object(uploads.upload_choices, "audience_of", return_value="group"):
        batch = filed(world.group, world.cast.rasa, commit, "diary", **about(diary))
    assert Document.objects.get(versions=batch.version).audience == "mentor"


def test_who_shares_no_reader_leaves_the_writer_alone(world: World, commit: Any, diary: FormResponse) -> None:
    batch = filed(world.group, world.cast.rasa, commit, "diary", **about(diary))
    assert upload_choices.audience_of(batch) == "mentor"
    FormResponse.objects.all().update(audience="manager")
    assert upload_choices.audience_of(batch) == "author"


def test_what_was_opened_wider_than_its_tool_stays_so(world: World, commit: Any, diary: FormResponse) -> None:
    FormResponse.objects.all().update(audience="group")
    batch = begun(world.group, world.cast.rasa, "diary", **about(diary))
    with patch.object(type(batch.tool_version), "audience", "mentor"):
        assert upload_choices.audience_of(batch) == "group"
