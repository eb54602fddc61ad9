"""The PDF of what was handed in earlier comes late: it must not bring back what was narrowed or written anew since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.models import Document
from rendering.models import Rendering, RenderingState
from rendering.pdf import engine
from rendering.pdf.engine import RenderedPdf
from rendering.pdf.errors import TooSlowError
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormSubmission
from tests.cast import World
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
    if form.audience != audience:
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


def test_what_waits_for_its_next_try_is_not_made_any_more(diary: FormResponse, world: World) -> None:
    second = rewritten(diary, world, "A second text.")
    soon = timezone.now() + timedelta(seconds=10)
    Rendering.objects.filter(pk=second.rendering.pk).update(state=RenderingState.RETRYING, next_try_at=soon)
    third = rewritten(diary, world, "A third text.")
    renderings.run(third.rendering.pk)
    second.rendering.refresh_from_db()
    assert second.rendering.state == RenderingState.DROPPED
    assert not Rendering.objects.stuck().filter(pk=second.rendering.pk).exists()
    assert Document.objects.get().current.rendering == third.rendering


def test_its_page_says_so(diary: FormResponse, world: World, as_user: SignIn) -> None:
    second = rewritten(diary, world, "A second text.")
    failed(second)
    rewritten(diary, world, "A third text.")
    page = as_user(world.cast.rasa).get(reverse("rendering:rendering-status", args=[second.rendering.pk])).text
    assert "the newer one has the PDF" in page
    assert "Try again" not in page


def test_the_paper_is_read_by_whom_the_form_is_for_while_it_is_changed(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    milda, page = world.cast.milda, reverse("documents:document-detail", args=[Document.objects.get().pk])
    forms.reopen_form(form=diary, user=milda)
    forms.choose_audience(form=diary, user=milda, audience="mentor")
    assert as_user(world.cast.tomas).get(page).status_code == 404
    assert as_user(world.cast.rasa).get(page).status_code == 200
    kept = forms.discard_changes(form=diary, user=milda)
    assert as_user(world.cast.tomas).get(page).status_code == 200
    forms.bring_back_changes(form=diary, user=milda, kept=kept)
    assert as_user(world.cast.tomas).get(page).status_code == 404
    forms.choose_audience(form=diary, user=milda, audience="group")
    assert as_user(world.cast.tomas).get(page).status_code == 200


def test_changes_thrown_away_before_it_was_narrowed_do_not_open_it_again(
    diary: FormResponse, world: World, as_user: SignIn
) -> None:
    milda = world.cast.milda
    forms.reopen_form(form=diary, user=milda)
    kept = forms.discard_changes(form=diary, user=milda)
    assert kept["audience"] == "group"
    rewritten(diary, world, "Only Rasa may read this.", audience="mentor")
    forms.bring_back_changes(form=diary, user=milda, kept=kept)
    diary.refresh_from_db()
    assert (diary.audience, Document.objects.get().audience) == ("mentor", "mentor")
    assert as_user(world.cast.tomas).get(reverse("responses:form-detail", args=[diary.pk])).status_code == 404
