"""The page of a folder."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.policy.roles import Stage
from documents.models import Document
from documents.services import removal as services
from rendering.models import Rendering
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun, filed
from tests.pack_tools import folder
from uploads.services import uploads

SignIn = Callable[..., Client]


def page(client: Client, world: World, query: str = "", kind: str = "managing") -> str:
    """Return the text of the folder's page."""
    response = client.get(reverse("documents:folder-detail", args=[folder(world.group, kind).pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_filed_contract_is_a_row_with_type_state_and_version(world: World, as_user: SignIn, commit: Any) -> None:
    batch = filed(world.group, world.cast.rasa, commit)
    text = page(as_user(world.cast.milda), world)
    assert "Mentoring contract" in text
    assert "Signed document, 2 pages. By Rasa" in text
    assert "Signed by all 5" in text
    assert "Version 1" in text
    assert reverse("documents:version-download", args=[batch.version.pk]) in text
    assert "By you" in page(as_user(world.cast.rasa), world)


def test_mentor_and_manager_can_add_and_a_mentee_is_told_how_documents_arrive(
    world: World, as_user: SignIn, commit: Any
) -> None:
    filed(world.group, world.cast.rasa, commit)
    add = reverse("uploads:upload-create", args=[world.group.pk])
    for person in (world.cast.rasa, world.cast.egle):
        text = page(as_user(person), world)
        assert add in text
        assert "data-drop-zone" in text
    text = page(as_user(world.cast.milda), world)
    assert add not in text
    assert "data-drop-zone" not in text
    assert "your own forms are filed automatically" in text


@pytest.mark.parametrize("kind", ["managing", "monitoring"])
@pytest.mark.parametrize("name", ["rasa", "milda"])
def test_an_empty_folder_says_what_belongs_there(world: World, as_user: SignIn, kind: str, name: str) -> None:
    text = page(as_user(getattr(world.cast, name)), world, kind=kind)
    assert "Nothing is filed here yet" in text
    assert ("Add a signed document or a file" in text) == (name == "rasa")


def test_search_type_and_order_work_by_the_address(world: World, as_user: SignIn, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.tomas)
    client = as_user(world.cast.egle)
    assert "Mentoring contract" in page(client, world, "?q=contract")
    assert "Tomas Jankauskas</a>" not in page(client, world, "?q=contract")
    assert "Tomas Jankauskas</a>" in page(client, world, "?q=jankausk&type=personal_goals&sort=type")
    found = page(client, world, "?q=sutartys")
    assert "No document matches “sutartys”" in found
    assert "Show all 2 documents" in found
    assert "No document of this type" in page(client, world, "?type=session_plan")
    oldest = page(client, world, "?sort=oldest")
    assert oldest.index("Mentoring contract</a>") < oldest.index("Tomas Jankauskas</a>")


def test_papers_stand_under_their_type_session_and_person_first(world: World, as_user: SignIn, commit: Any) -> None:
    for person in (world.cast.tomas, world.cast.milda):
        filed(world.group, world.cast.rasa, commit, "personal_goals", subject=person)
    filed(world.group, world.cast.rasa, commit)
    client = as_user(world.cast.egle)
    text = page(client, world)
    assert text.count("docs-kind") == 2
    assert text.count(">Personal goals and objectives</h2>") == 1
    assert text.index("Personal goals and objectives</h2>") < text.index(">Milda Kazlauskaitė</a>")
    assert text.index(">Milda Kazlauskaitė</a>") < text.index(">Tomas Jankauskas</a>")
    newest = page(client, world, "?sort=newest")
    assert "docs-kind" not in newest
    assert ">Milda Kazlauskaitė</a>" in newest


def test_more_documents_than_fit_are_on_the_next_page(world: World, as_user: SignIn, commit: Any) -> None:
    first = filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.milda).version.document
    for number in range(26):
        copy = Document.objects.get(pk=first.pk)
        copy.pk, copy.session_key = None, f"x-{number}"
        copy.number, copy.check_code = f"STW-X-{number}", f"code{number}"
        copy.save()
    client = as_user(world.cast.rasa)
    assert "Page 1 of 2" in page(client, world)
    assert "Page 2 of 2" in page(client, world, "?page=2")


def test_photos_on_their_way_are_a_row_for_whoever_sent_them(world: World, as_user: SignIn) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.photo())
    uploads.file_batch(batch=batch, user=world.cast.rasa)
    assert Rendering.objects.get().state == "queued"
    assert reverse("uploads:upload-detail", args=[batch.pk]) in page(as_user(world.cast.rasa), world)
    assert "Nothing is filed here yet" in page(as_user(world.cast.milda), world)


def test_removed_documents_are_listed_for_those_who_can_bring_them_back(
    world: World, as_user: SignIn, commit: Any
) -> None:
    document = filed(world.group, world.cast.rasa, commit).version.document
    services.remove_document(document=document, user=world.cast.egle, reason="The wrong scan")
    text = page(as_user(world.cast.rasa), world)
    assert "The wrong scan" in text
    assert reverse("documents:document-restore", args=[document.pk]) in text
    assert "The wrong scan" not in page(as_user(world.cast.milda), world)


def test_a_closed_group_says_why_nothing_can_be_added(world: World, as_user: SignIn, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    world.group.stage = Stage.CLOSED
    world.group.save()
    text = page(as_user(world.cast.rasa), world)
    assert "nothing can be added" in text
    assert reverse("uploads:upload-create", args=[world.group.pk]) not in text


def test_the_page_speaks_bulgarian_titles(world: World, as_user: SignIn, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    world.cast.rasa.language = "bg"
    world.cast.rasa.save()
    with translation.override("bg"):
        assert "Договор между трите страни" in page(as_user(world.cast.rasa), world)


@pytest.mark.parametrize("name", ["aino", "boris", "jonas", "dana", "olga", "sofia"])
def test_others_find_nothing(world: World, as_user: SignIn, name: str) -> None:
    url = reverse("documents:folder-detail", args=[folder(world.group).pk])
    assert as_user(getattr(world.cast, name)).get(url).status_code == 404


def test_wrong_method_and_unknown_folder(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.rasa)
    assert client.post(reverse("documents:folder-detail", args=[folder(world.group).pk])).status_code == 405
    assert client.get(reverse("documents:folder-detail", args=[999_999])).status_code == 404


def test_queries_do_not_grow(world: World, as_user: SignIn, commit: Any, django_assert_num_queries: Any) -> None:
    client, url = as_user(world.cast.rasa), reverse("documents:folder-detail", args=[folder(world.group).pk])
    filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.milda)
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)
    filed(world.group, world.cast.rasa, commit)
    filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.tomas)
    with django_assert_num_queries(9):
        client.get(url)


def test_ones_own_documents_are_not_said_to_be_read_by_the_group(world: World, as_user: SignIn) -> None:
    text = page(as_user(world.cast.milda), world, kind="personal")
    assert "Everyone finds only their own documents here" in text
    assert "Here comes what is yours alone" in text
    assert "can read what is here" not in text
