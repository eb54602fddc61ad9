"""A filed form in another language: for whoever reads the version; a copy that says that it is one."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.days import programme_day
from core.policy.roles import Action
from documents.models import Document, DocumentVersion, Download, Source
from documents.services import filing, removal
from mentoring.models import Membership
from mentoring.standing import Standing
from rendering.models import Rendering, RenderingKind
from rendering.services import renderings
from responses_app import rendering as form_kind
from responses_app.models import FormCopy
from tests.cast import World
from tests.documents.making import DIARY, hand_in, words_of

pytestmark = [
    *[pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")],
    pytest.mark.usefixtures("local_files"),
]
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _not_sent() -> Any:
    """Let the broker take nothing: the tests are the worker."""
    with patch.object(renderings, "send", return_value=False):
        yield


def filed(world: World, key: str = "diary", **more: Any) -> DocumentVersion:
    """Hand in a form of Milda in English and file its PDF."""
    answers = DIARY if key == "diary" else {}
    author = world.cast.milda if key == "diary" else world.cast.rasa
    more |= {"subject": world.cast.milda, "session_key": "session-1"} if key == "diary" else {}
    submission = hand_in(world.group, key, author, answers, **more)
    rendering = form_kind.request_form(submission=submission, requested_by=author)
    renderings.run(rendering.pk)
    return DocumentVersion.objects.get(rendering=rendering)


def address(version: DocumentVersion, language: str = "bg") -> str:
    return reverse("responses:copy-download", args=[version.pk]) + f"?lang={language}"


def made(client: Client, version: DocumentVersion, language: str = "bg") -> bytes:
    """Ask for a copy, make it as the worker does, and return its bytes."""
    assert client.get(address(version, language)).status_code == 202
    renderings.run(Rendering.objects.get(kind=RenderingKind.COPY, language=language).pk)
    answer = client.get(address(version, language))
    assert answer.status_code == 200
    assert f"-v1-{language}.pdf" in answer["Content-Disposition"]
    return answer.content


def test_a_reader_gets_it_in_another_language_with_the_same_answers(world: World, as_user: SignIn) -> None:
    version = filed(world)
    content = made(as_user(world.cast.tomas), version)
    words = words_of(content)
    assert "Копие. Език на копието: български. Език на самия документ: английски." in words
    assert f"№ {version.document.number}, версия 1" in words
    assert "Дневник" in words
    assert "Žydrūnė read two CVs." in words
    assert list(DocumentVersion.objects.all()) == [version]
    assert Document.objects.count() == 1


def test_it_is_asked_for_once_and_written_down_when_it_was_opened(world: World, as_user: SignIn) -> None:
    version, client = filed(world), as_user(world.cast.tomas)
    made(client, version)
    assert FormCopy.objects.count() == Rendering.objects.filter(kind=RenderingKind.COPY).count() == 1
    assert Download.objects.filter(version=version, user=world.cast.tomas).count() == 1
    client.head(address(version))
    assert Download.objects.filter(version=version, user=world.cast.tomas).count() == 1


def test_the_page_of_the_document_offers_the_other_languages_of_a_form_and_none_of_a_scan(
    world: World, as_user: SignIn
) -> None:
    version, client = filed(world), as_user(world.cast.milda)
    page = reverse("documents:document-detail", args=[version.document_id])
    said = client.get(page).text
    assert address(version) in said
    assert address(version, "en") not in said
    DocumentVersion.objects.update(source="uploaded")
    assert "copy/" not in client.get(page).text


def test_the_form_under_a_signed_scan_can_still_be_read_in_another_language(world: World, as_user: SignIn) -> None:
    version = filed(world, "contract")
    scan = filing.file_version(
        group=world.group, tool_version=version.document.tool_version, subject=None, session_key="", session_title={},
        author=world.cast.rasa, audience="group", content=b"%PDF-1.7", pages=1, language="en", source=Source.UPLOADED,
        created_by=world.cast.rasa,
    )  # fmt: skip
    said = as_user(world.cast.milda).get(reverse("documents:document-detail", args=[version.document_id])).text
    assert scan.document_id == version.document_id
    assert address(version) in said
    assert address(scan) not in said


@pytest.mark.parametrize("language", ["", "en", "xx", "bg&lang=xx", "b" * 500])
def test_its_own_language_and_others_that_the_pack_has_not(world: World, as_user: SignIn, language: str) -> None:
    version = filed(world)
    assert as_user(world.cast.milda).get(address(version, language)).status_code == 404
    assert FormCopy.objects.count() == 0


def test_a_narrow_diary_is_copied_for_nobody_else(world: World, as_user: SignIn) -> None:
    version = filed(world, audience="staff")
    made(as_user(world.cast.rasa), version)
    copy = Rendering.objects.get(kind=RenderingKind.COPY)
    for stranger in (world.cast.tomas, world.cast.aino, world.cast.jonas, world.cast.dana):
        assert as_user(stranger).get(address(version)).status_code == 404
        assert as_user(stranger).get(reverse("rendering:rendering-status", args=[copy.pk])).status_code == 404
        assert not Rendering.objects.allowing(Standing.of(stranger), Action.VIEW).exists()


def test_a_removed_document_has_no_copies_either(world: World, as_user: SignIn) -> None:
    version, client = filed(world), as_user(world.cast.milda)
    made(client, version)
    removal.remove_document(document=version.document, user=world.cast.egle, reason="Another session")
    assert client.get(address(version)).status_code == 404


def test_a_contract_is_not_signed_on_its_copy(world: World, as_user: SignIn) -> None:
    version = filed(world, "contract")
    client = as_user(world.cast.rasa)
    with version.file.open() as file:
        original = words_of(file.read())
    copy = words_of(made(client, version))
    assert "Sign on paper" in original
    assert "Подпишете" not in copy
    assert "Managing folder" in original
    assert "Управленска папка" not in copy


def test_it_names_who_was_in_the_group_when_it_was_handed_in(world: World, as_user: SignIn) -> None:
    version = filed(world)
    left = Membership.objects.get(group=world.group, user=world.cast.rasa)
    submission = version.rendering.submission
    Membership.objects.filter(pk=left.pk).update(ends_on=programme_day(submission.submitted_at))
    assert "Rasa" in words_of(made(as_user(world.cast.milda), version))
