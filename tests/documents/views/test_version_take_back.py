"""A version that was added by mistake is taken back, and brought back again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import DomainEvent
from documents.models import Document, DocumentVersion
from documents.services.removal import remove_document
from mentoring.models import MentoringGroup
from rendering.services import renderings
from responses_app.models import FormResponse
from tests.cast import World
from tests.documents.batches import filed
from tests.documents.filled import DIARY, diary_of, handed_in
from tests.routes import KEEPERS, asks_to_sign_in, open_to, refuses
from uploads.models import UploadPage

SignIn = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("local_files")
WHY = {"reason": "It is the diary of somebody else"}


@pytest.fixture
def diary(world: World, commit: Any) -> FormResponse:
    """Milda's diary, over which Rasa has put a photo of another one."""
    form = diary_of(world, world.cast.milda)
    submission = handed_in(form, world.cast.milda, DIARY)
    renderings.run(submission.rendering.pk)
    about = {"subject": world.cast.milda, "session_key": form.session_key, "session_title": form.session_title}
    filed(world.group, world.cast.rasa, commit, "diary", note="On paper", signed_by=[], **about)
    assert Document.objects.get().versions.count() == 2
    return form


def url(document: Document, number: int = 0) -> str:
    if number:
        return reverse("documents:version-bring-back", args=[document.pk, number])
    return reverse("documents:version-take-back", args=[document.pk])


def test_both_are_in_the_history_of_the_document(world: World, as_user: SignIn, diary: FormResponse) -> None:
    document, rasa, egle = Document.objects.get(), as_user(world.cast.rasa), as_user(world.cast.egle)
    page = reverse("documents:document-detail", args=[document.pk])
    assert "Corrections" not in rasa.get(page).text
    rasa.post(url(document), WHY)
    egle.post(url(document, 2))
    rasa.post(reverse("documents:document-remove", args=[document.pk]), {"reason": "Zby mistake"})
    egle.post(reverse("documents:document-restore", args=[document.pk]))
    said = rasa.get(page).text
    for words in ("Version 2 was taken back and brought back", WHY["reason"], "Removed from the folder and restored"):
        assert words in said
    assert said.count("Brought back by Eglė Petrauskaitė") == 2
    assert "Zby mistake" in said
    said = as_user(world.cast.milda).get(page).text
    assert WHY["reason"] not in said
    assert "brought back" not in said


def test_the_version_before_is_the_current_again(world: World, as_user: SignIn, diary: FormResponse) -> None:
    document, rasa = Document.objects.get(), as_user(world.cast.rasa)
    wrong = document.current
    page = reverse("documents:document-detail", args=[document.pk])
    assert url(document) in rasa.get(page).text
    assert rasa.post(url(document), {"reason": " "}).status_code == 422
    said = rasa.post(url(document), WHY, follow=True).text
    assert "Version 2 was taken back." in said
    document.refresh_from_db()
    assert document.current.number == 1
    assert document.removed_at is None
    download = reverse("documents:version-download", args=[wrong.pk])
    for person in (world.cast.rasa, world.cast.milda, world.cast.egle):
        assert as_user(person).get(download).status_code == 404
    assert WHY["reason"] in rasa.get(page).text
    assert WHY["reason"] not in as_user(world.cast.milda).get(page).text
    kinds = set(DomainEvent.objects.values_list("kind", flat=True))
    assert "document.version_taken_back" in kinds


def test_it_is_brought_back(world: World, as_user: SignIn, diary: FormResponse) -> None:
    document, rasa = Document.objects.get(), as_user(world.cast.rasa)
    rasa.post(url(document), WHY)
    assert rasa.post(url(document, 2)).status_code == 302
    document.refresh_from_db()
    assert (document.current.number, document.current.taken_back_at) == (2, None)
    rasa.post(url(document, 2))  # a second press changes nothing
    assert DomainEvent.objects.filter(kind="document.version_brought_back").count() == 1


def test_a_new_version_gets_a_number_of_its_own(
    world: World, as_user: SignIn, diary: FormResponse, commit: Any
) -> None:
    document = Document.objects.get()
    as_user(world.cast.rasa).post(url(document), WHY)
    about = {"subject": world.cast.milda, "session_key": diary.session_key, "session_title": diary.session_title}
    filed(world.group, world.cast.rasa, commit, "diary", note="Now hers", signed_by=[], **about)
    document.refresh_from_db()
    assert document.current.number == 3
    rasa = as_user(world.cast.rasa)
    rasa.post(url(document, 2))
    document.refresh_from_db()
    assert document.current.number == 3  # the newest


def test_what_was_made_from_a_form_and_an_only_version_are_not_taken_back(
    world: World, as_user: SignIn, diary: FormResponse, commit: Any
) -> None:
    document, rasa = Document.objects.get(), as_user(world.cast.rasa)
    rasa.post(url(document), WHY)
    for answer in (rasa.get(url(document), follow=True), rasa.post(url(document), WHY, follow=True)):
        assert "There is no version that could be taken back." in answer.text
    document.refresh_from_db()
    assert document.current.number == 1
    filed(world.group, world.cast.rasa, commit)
    contract = Document.objects.get(tool_version__tool__key="contract")
    assert "There is no version that could be taken back." in rasa.get(url(contract), follow=True).text
    assert url(contract) not in rasa.get(reverse("documents:document-detail", args=[contract.pk])).text


def test_nobody_checks_it_any_more(world: World, as_user: SignIn, diary: FormResponse) -> None:
    document = Document.objects.get()
    before = DocumentVersion.objects.get(document=document, number=2).sha256[:16]
    check = reverse("documents:document-check") + f"?code={document.check_code}"
    assert before in Client().get(check).text
    as_user(world.cast.rasa).post(url(document), WHY)
    said = Client().get(check)
    assert before not in said.text
    # Who holds a print of it is told, without why and by whom.
    assert [(each.number, each.is_current) for each in said.context["facts"].versions] == [(2, False), (1, True)]
    assert "taken back on" in said.text
    assert WHY["reason"] not in said.text
    assert world.cast.rasa.full_name not in said.text


def test_only_mentor_and_manager_and_not_in_an_archive(world: World, as_user: SignIn, diary: FormResponse) -> None:
    document = Document.objects.get()
    assert open_to(as_user, world.cast, url(document)) == set(KEEPERS)
    assert as_user(world.cast.milda).post(url(document), WHY).status_code == 404
    assert refuses(as_user(world.cast.rasa), url(document), ("put", "delete"))
    assert refuses(as_user(world.cast.rasa), url(document, 2), ("get", "put"))
    assert asks_to_sign_in(url(document))
    assert as_user(world.cast.milda).post(url(document, 2)).status_code == 404
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage="closed")
    assert as_user(world.cast.rasa).post(url(document), WHY).status_code == 404


def test_its_originals_are_read_no_more_either_and_one_that_was_taken_out_stays_as_it_is(
    world: World, as_user: SignIn, diary: FormResponse
) -> None:
    document, egle = Document.objects.get(), as_user(world.cast.egle)
    page = UploadPage.objects.get()
    original = reverse("uploads:original-download", args=[page.pk])
    assert egle.get(original).status_code == 200
    as_user(world.cast.rasa).post(url(document), WHY)
    assert egle.get(original).status_code == 404
    remove_document(document=document, user=world.cast.egle, reason="x")
    egle.post(url(document, 2))
    egle.post(url(document), WHY)
    document.refresh_from_db()
    assert document.current.number == 1
