"""The page of a document, taking it out, bringing it back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from documents.models import Document, Download
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun, filed, pages
from tests.pack_tools import version_of
from tests.routes import HIDDEN
from uploads.services import uploads

SignIn = Callable[..., Client]


@pytest.fixture
def document(world: World, commit: Any) -> Document:
    """A contract of two versions; Tomas has not signed the first, nobody is missing on the second."""
    first = begun(world.group, world.cast.rasa, "contract", sent_files.photo(), sent_files.photo(3))
    first.signed_by.remove(world.cast.tomas)
    second = begun(world.group, world.cast.egle, "contract", sent_files.pdf(2))
    with commit():
        uploads.file_batch(batch=first, user=world.cast.rasa)
    with commit():
        everybody = list(second.signed_by.all())
        contract = version_of(world.group, "contract")
        uploads.describe_batch(batch=second, tool_version=contract, signed_by=everybody, note="Tomas signed too")
        uploads.file_batch(batch=second, user=world.cast.egle)
    return Document.objects.get()


def page(client: Client, document: Document) -> str:
    """Return the text of the page."""
    response = client.get(reverse("documents:document-detail", args=[document.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_all_members_see_versions_reasons_and_signatures(world: World, as_user: SignIn, document: Document) -> None:
    for person in (world.cast.milda, world.cast.rasa):
        text = page(as_user(person), document)
        for words in ("Version 2", "Version 1", "Tomas signed too", "Signed by all 5", document.number):
            assert words in text
    assert "Still to sign" not in page(as_user(world.cast.milda), document)


def test_keepers_alone_see_originals_and_who_opened_it(world: World, as_user: SignIn, document: Document) -> None:
    Download.objects.create(version=document.current, user=world.cast.elena)
    original = reverse("uploads:original-download", args=[pages(document.versions.get(number=1).batch)[0].pk])
    for person in (world.cast.egle, world.cast.rasa):
        text = page(as_user(person), document)
        assert original in text
        assert "Who opened it" in text
        assert "Елена Георгиева" in text
    text = page(as_user(world.cast.milda), document)
    assert original not in text
    assert "Who opened it" not in text
    assert "/upload/" not in text


@pytest.mark.parametrize("name", ["rasa", "milda"])
def test_the_menu_of_a_row_fetches_what_only_keepers_do(
    world: World, as_user: SignIn, document: Document, name: str
) -> None:
    url = reverse("documents:document-detail", args=[document.pk])
    removal = reverse("documents:document-remove", args=[document.pk])
    client = as_user(getattr(world.cast, name))
    folder = client.get(reverse("documents:folder-detail", args=[document.folder_id])).content.decode()
    rest = client.get(url, headers={"HX-Request": "true"}).content.decode()
    is_keeper = name == "rasa"
    assert (f'hx-get="{url}"' in folder) == is_keeper
    assert f"{url}#versions" in folder  # the way to the same acts without scripts
    assert removal not in folder
    for act in (f"?replaces={document.pk}", f"{url}#opened", removal):
        assert (act in rest) == is_keeper
    assert "<html" not in rest
    assert (removal in page(client, document)) == is_keeper


def test_taking_out_asks_why_and_can_be_undone(world: World, as_user: SignIn, document: Document) -> None:
    client = as_user(world.cast.rasa)
    url = reverse("documents:document-remove", args=[document.pk])
    assert "Cancel" in client.get(url).content.decode()
    assert client.post(url, {"reason": " "}).status_code == 422
    response = client.post(url, {"reason": "The wrong scan"}, follow=True)
    restore = reverse("documents:document-restore", args=[document.pk])
    assert response.status_code == 200
    assert restore in response.content.decode()
    assert client.get(reverse("documents:document-detail", args=[document.pk])).status_code == 410
    assert client.post(restore).status_code == 302
    assert "Version 2" in page(client, document)


@pytest.mark.parametrize("name", ["aino", "petar", "boris", "jonas", "dana", "olga", "sofia"])
def test_others_find_nothing(world: World, as_user: SignIn, document: Document, name: str) -> None:
    client = as_user(getattr(world.cast, name))
    for route in ("detail", "remove", "restore"):
        url = reverse(f"documents:document-{route}", args=[document.pk])
        assert client.get(url).status_code in HIDDEN
        assert client.post(url, {"reason": "x"}).status_code in HIDDEN


def test_a_mentee_takes_nothing_out(world: World, as_user: SignIn, document: Document) -> None:
    client = as_user(world.cast.milda)
    for route in ("remove", "restore"):
        url = reverse(f"documents:document-{route}", args=[document.pk])
        assert client.get(url).status_code in HIDDEN
        assert client.post(url, {"reason": "x"}).status_code in HIDDEN
    assert Document.objects.get().removed_at is None


def test_wrong_method_and_unknown_document(world: World, as_user: SignIn, document: Document) -> None:
    client = as_user(world.cast.rasa)
    assert client.post(reverse("documents:document-detail", args=[document.pk])).status_code == 405
    assert client.get(reverse("documents:document-restore", args=[document.pk])).status_code == 405
    assert client.get(reverse("documents:document-detail", args=[999_999])).status_code == 404


def test_queries_do_not_grow(world: World, as_user: SignIn, commit: Any, django_assert_num_queries: Any) -> None:
    client = as_user(world.cast.rasa)
    single = filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.milda).version.document
    page(client, single)
    with django_assert_num_queries(10):
        page(client, single)
    for note in ("Second", "Third"):
        batch = begun(world.group, world.cast.rasa, "personal_goals", sent_files.pdf(1), subject=world.cast.milda)
        uploads.describe_batch(batch=batch, tool_version=batch.tool_version, subject=world.cast.milda, note=note)
        with commit():
            uploads.file_batch(batch=batch, user=world.cast.rasa)
    with django_assert_num_queries(10):
        page(client, single)
