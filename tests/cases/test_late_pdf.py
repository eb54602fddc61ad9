"""The PDF of what was handed in earlier comes late: it must not bring back what was narrowed or written anew since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.models import Document, DocumentVersion
from documents.services import filing, removal
from rendering.models import Rendering, RenderingState
from rendering.pdf import engine
from rendering.pdf.engine import RenderedPdf
from rendering.pdf.errors import TooSlowError
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormSubmission
from tests.cast import World
from tests.documents.batches import filed
from tests.documents.filled import DIARY, diary_of, handed_in

pytestmark = pytest.mark.django_db
PDF = RenderedPdf(b"%PDF-1.7 a diary", 1)
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def quick() -> Any:
    """Let the layout take no time."""
    with patch.object(engine, "render_form", return_value=PDF) as render:
        yield render


def rewritten(form: FormResponse, world: World, learned: str, audience: str = "group") -> FormSubmission:
    """Milda takes her diary back, writes something else, chooses who reads it, and hands it in again."""
    milda = world.cast.milda
    if not form.is_open and form.latest is not None:
        forms.reopen_form(form=form, user=milda)
    if form.audience_to_be != audience:
        forms.choose_audience(form=form, user=milda, audience=audience)
    handed_in(form, milda, {**DIARY, "learned": learned})
    form.refresh_from_db()
    assert form.latest is not None
    return form.latest


@pytest.fixture
def diary(world: World) -> FormResponse:
    """Milda's diary, filed for the whole group."""
    form = diary_of(world, world.cast.milda)
    first = rewritten(form, world, "Everybody may read this.")
    renderings.run(first.rendering.pk)
    return form


def failed(submission: FormSubmission) -> None:
    with patch.object(engine, "render_form", side_effect=TooSlowError):
        renderings.run(submission.rendering.pk)
    Rendering.objects.filter(pk=submission.rendering.pk).update(state=RenderingState.FAILED)


def test_it_does_not_open_a_diary_that_was_narrowed_since(diary: FormResponse, world: World, as_user: SignIn) -> None:
    second = rewritten(diary, world, "Everybody may read this too.")
    failed(second)
    third = rewritten(diary, world, "Only Rasa may read this.", audience="mentor")
    renderings.run(third.rendering.pk)
    retry = reverse("rendering:rendering-retry", args=[second.rendering.pk])
    as_user(world.cast.rasa).post(retry)
    renderings.run(second.rendering.pk)
    document = Document.objects.get()
    assert (document.audience, document.current.rendering) == ("mentor", third.rendering)
    assert document.versions.count() == 2
    for person, status in ((world.cast.rasa, 200), (world.cast.tomas, 404), (world.cast.egle, 404)):
        page = as_user(person).get(reverse("documents:document-detail", args=[document.pk]))
        assert page.status_code == status
    second.rendering.refresh_from_db()
    assert second.rendering.state == RenderingState.DROPPED


def test_nor_one_that_a_worker_was_at_when_it_was_narrowed(diary: FormResponse, world: World, quick: Any) -> None:
    second = rewritten(diary, world, "Everybody may read this too.")

    def narrow_meanwhile(*_args: Any, **_kwargs: Any) -> RenderedPdf:
        quick.side_effect = None
        third = rewritten(FormResponse.objects.get(pk=diary.pk), world, "Only Rasa.", audience="mentor")
        renderings.run(third.rendering.pk)
        return PDF

    quick.side_effect = narrow_meanwhile
    renderings.run(second.rendering.pk)
    document = Document.objects.get()
    assert document.audience == "mentor"
    assert document.current.rendering.submission.answers["learned"] == "Only Rasa."
    assert document.versions.count() == 2


def test_it_is_narrowed_at_once_also_where_its_own_pdf_never_comes(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    failed(rewritten(diary, world, "Only Rasa may read this.", audience="mentor"))
    document = Document.objects.get()
    assert document.audience == "mentor"
    assert as_user(world.cast.tomas).get(reverse("documents:document-detail", args=[document.pk])).status_code == 404


def test_what_still_waits_is_filed_first(diary: FormResponse, world: World) -> None:
    """Agreed twice while no worker was there: both versions are papers, in their order."""
    second = rewritten(diary, world, "A second text.")
    soon = timezone.now() + timedelta(seconds=60)
    Rendering.objects.filter(pk=second.rendering.pk).update(state=RenderingState.RETRYING, next_try_at=soon)
    third = rewritten(diary, world, "A third text.")
    renderings.run(third.rendering.pk)
    document = Document.objects.get()
    filed_as = [each.rendering.submission for each in document.versions.order_by("number")]
    assert filed_as[1:] == [second, third]
    assert document.current.rendering == third.rendering


def test_what_waits_and_is_for_more_people_is_filed_for_nobody_else(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    second = rewritten(diary, world, "Everybody may read this too.")
    third = rewritten(diary, world, "Only Rasa may read this.", audience="mentor")
    renderings.run(third.rendering.pk)
    assert Document.objects.get().versions.count() == 3
    assert sees(world, as_user, diary) == RASA
    for version in DocumentVersion.objects.all():
        page = reverse("documents:version-download", args=[version.pk])
        assert as_user(world.cast.tomas).get(page).status_code == 404
    second.rendering.refresh_from_db()
    assert second.rendering.state == RenderingState.READY


def test_its_page_says_so(diary: FormResponse, world: World, as_user: SignIn) -> None:
    second = rewritten(diary, world, "A second text.")
    failed(second)
    renderings.run(rewritten(diary, world, "A third text.").rendering.pk)
    page = as_user(world.cast.rasa).get(reverse("rendering:rendering-status", args=[second.rendering.pk])).text
    assert "the newer one has the PDF" in page
    assert "Try again" not in page


def sees(world: World, as_user: SignIn, form: FormResponse) -> dict[str, tuple[int, int]]:
    """Who gets the form and its document: status of both, by name."""
    pages = (
        reverse("responses:form-detail", args=[form.pk]),
        reverse("documents:document-detail", args=[Document.objects.get().pk]),
    )
    people = {"tomas": world.cast.tomas, "egle": world.cast.egle, "rasa": world.cast.rasa}
    return {name: tuple(as_user(person).get(page).status_code for page in pages) for name, person in people.items()}  # type: ignore[misc]


ALL = {"tomas": (200, 200), "egle": (200, 200), "rasa": (200, 200)}
RASA = {"tomas": (404, 404), "egle": (404, 404), "rasa": (200, 200)}


def test_form_and_paper_are_read_by_the_same_people_until_it_is_handed_in_again_and_after(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    milda = world.cast.milda
    forms.reopen_form(form=diary, user=milda)
    forms.choose_audience(form=diary, user=milda, audience="mentor")
    page = as_user(milda).get(reverse("responses:form-edit", args=[diary.pk])).text
    assert "Only the Mentor will be able to read this" in page
    assert "Everyone reads what you handed in before until you hand it in again." in page
    assert sees(world, as_user, diary) == ALL
    kept = forms.discard_changes(form=diary, user=milda)
    assert sees(world, as_user, diary) == ALL
    forms.bring_back_changes(form=diary, user=milda, kept=kept)
    handed_in(diary, milda, {**DIARY, "learned": "Only Rasa."})
    assert sees(world, as_user, diary) == RASA  # its own PDF is not made yet


def test_changes_thrown_away_before_it_was_narrowed_do_not_open_it_again(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    milda = world.cast.milda
    forms.reopen_form(form=diary, user=milda)
    kept = forms.discard_changes(form=diary, user=milda) | {"next_audience": "group"}
    renderings.run(rewritten(diary, world, "Only Rasa may read this.", audience="mentor").rendering.pk)
    forms.bring_back_changes(form=diary, user=milda, kept=kept)
    assert sees(world, as_user, diary) == RASA
    handed_in(diary, milda, {**DIARY, "learned": "Still only Rasa."})
    assert sees(world, as_user, diary) == RASA


def test_a_paper_brought_back_after_its_form_was_narrowed_stays_narrow(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    document = Document.objects.get()
    removal.remove_document(document=document, user=world.cast.rasa, reason="x")
    diary.refresh_from_db()
    rewritten(diary, world, "Only Rasa may read this.", audience="mentor")
    removal.restore_document(document=document, user=world.cast.rasa)
    assert sees(world, as_user, diary) == RASA


def test_the_first_pdf_of_a_diary_that_is_being_narrowed_is_for_those_it_was_handed_in_for(
    world: World, as_user: SignIn
) -> None:
    form = diary_of(world, world.cast.milda)
    first = rewritten(form, world, "Everybody may read this.")
    forms.reopen_form(form=form, user=world.cast.milda)
    forms.choose_audience(form=form, user=world.cast.milda, audience="mentor")
    renderings.run(first.rendering.pk)
    assert sees(world, as_user, form) == ALL
    handed_in(form, world.cast.milda, {**DIARY, "learned": "Only Rasa."})
    assert sees(world, as_user, form) == RASA


def test_a_scan_over_a_narrow_diary_is_opened_to_nobody_else(
    diary: FormResponse, world: World, as_user: SignIn, commit: Any, local_files: None
) -> None:
    renderings.run(rewritten(diary, world, "Only Rasa may read this.", audience="mentor").rendering.pk)
    about = {"subject": world.cast.milda, "session_key": diary.session_key, "session_title": diary.session_title}
    filed(world.group, world.cast.rasa, commit, "diary", note="On paper", signed_by=[], **about)
    forms.reopen_form(form=diary, user=world.cast.milda)
    forms.discard_changes(form=diary, user=world.cast.milda)
    assert sees(world, as_user, diary) == RASA


def test_its_writer_sees_on_the_paper_too_that_changes_are_not_handed_in(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    forms.reopen_form(form=diary, user=world.cast.milda)
    document = Document.objects.get()
    pages = (
        reverse("documents:document-detail", args=[document.pk]),
        reverse("documents:folder-detail", args=[document.folder_id]),
    )
    for page in pages:
        assert "Changes not handed in" in as_user(world.cast.milda).get(page).text
        assert "Changes not handed in" not in as_user(world.cast.rasa).get(page).text


def test_a_document_that_is_just_being_made_is_narrowed_too(world: World, as_user: SignIn) -> None:
    """Handed in anew for fewer people while a worker that knows only the older readers opens the document."""
    form = diary_of(world, world.cast.milda)
    first = rewritten(form, world, "Everybody may read this.")
    opening = filing.open_document

    def narrowed_first(**values: Any) -> Document:
        filing.open_document = opening
        failed(rewritten(FormResponse.objects.get(pk=form.pk), world, "Only Rasa.", audience="mentor"))
        return opening(**values)

    with patch.object(filing, "open_document", narrowed_first):
        renderings.run(first.rendering.pk)
    document = Document.objects.get()
    assert document.audience == "mentor"
    assert as_user(world.cast.tomas).get(reverse("documents:document-detail", args=[document.pk])).status_code == 404


def test_before_its_first_pdf_is_there_a_document_is_found_by_nobody(world: World, as_user: SignIn) -> None:
    form = diary_of(world, world.cast.milda)
    failed(rewritten(form, world, "Everybody may read this."))
    document = Document.objects.get()
    assert document.current is None
    for name in ("document-detail", "document-remove", "document-signatures"):
        assert as_user(world.cast.rasa).get(reverse(f"documents:{name}", args=[document.pk])).status_code == 404
