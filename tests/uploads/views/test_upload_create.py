"""Beginning a document."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.policy.roles import Stage
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import filed, pages
from tests.routes import address_of
from uploads.models import UploadBatch

SignIn = Callable[..., Client]


@pytest.fixture
def url(world: World) -> str:
    """Return the address."""
    return address_of("uploads:upload-create")(world)


def test_the_link_of_a_tool_chooses_the_type(world: World, as_user: SignIn, url: str) -> None:
    text = as_user(world.cast.rasa).get(url + "?tool=contract").content.decode()
    assert 'value="contract" selected' in text
    assert "It goes to: Managing folder" in text
    assert 'type="file"' in text


def test_a_mentor_sees_only_types_a_mentor_may_add(world: World, as_user: SignIn, url: str) -> None:
    text = as_user(world.cast.rasa).get(url).content.decode()
    for key in ("mentor_self_check", "final_questionnaire", "midterm_interview"):
        assert f'value="{key}"' not in text
    assert 'value="final_questionnaire"' in as_user(world.cast.egle).get(url).content.decode()


def test_photos_and_a_refused_file_together(world: World, as_user: SignIn, url: str) -> None:
    files = [
        sent_files.sent("1.jpg", sent_files.photo()),
        sent_files.sent("2.exe", b"MZ\0"),
        sent_files.sent("3.jpg", sent_files.photo(6)),
    ]
    response = as_user(world.cast.rasa).post(url, {"tool": "contract", "group": world.group.pk, "files": files})
    assert response.status_code == 415
    assert "“2.exe” was not added" in response.content.decode()
    batch = UploadBatch.objects.get()
    assert [page.name for page in pages(batch)] == ["1.jpg", "3.jpg"]
    assert not batch.signed_by.exists(), "nobody has signed until someone says so"


def test_a_double_click_begins_one_document(world: World, as_user: SignIn, url: str) -> None:
    client, once = as_user(world.cast.rasa), str(uuid.uuid4())
    for _again in range(2):
        response = client.post(
            url, {"tool": "contract", "once": once, "files": sent_files.sent("1.jpg", sent_files.photo())}
        )
        assert response.status_code == 302
    assert len(pages(UploadBatch.objects.get())) == 1


def test_without_a_file_the_step_page_follows(world: World, as_user: SignIn, url: str) -> None:
    response = as_user(world.cast.rasa).post(url, {"tool": ""})
    assert response.url == reverse("uploads:upload-edit", args=[UploadBatch.objects.get().pk])


def test_a_new_version_of_a_document_takes_over_what_it_is_about(
    world: World, as_user: SignIn, url: str, commit: Any
) -> None:
    document = filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.milda).version.document
    client = as_user(world.cast.egle)
    assert "follows version 1" in client.get(f"{url}?replaces={document.pk}").content.decode()
    client.post(url, {"replaces": document.pk})
    batch = UploadBatch.objects.get(created_by=world.cast.egle)
    assert (batch.tool_version, batch.subject) == (document.tool_version, world.cast.milda)


@pytest.mark.parametrize("value", ["999999", "abc", "9" * 40, "-1"])
def test_a_document_that_is_not_there_cannot_be_replaced(world: World, as_user: SignIn, url: str, value: str) -> None:
    client = as_user(world.cast.rasa)
    assert client.get(url, {"replaces": value}).status_code == 404
    assert client.post(url, {"replaces": value}).status_code == 404


def test_a_document_of_another_group_cannot_be_replaced_here(
    world: World, as_user: SignIn, url: str, commit: Any
) -> None:
    foreign = filed(world.other_group, world.cast.petar, commit).version.document
    assert as_user(world.cast.rasa).post(url, {"replaces": foreign.pk}).status_code == 404


def test_another_group_in_the_body_is_refused(world: World, as_user: SignIn, url: str) -> None:
    response = as_user(world.cast.rasa).post(url, {"tool": "contract", "group": world.other_group.pk})
    assert response.status_code == 404
    assert not UploadBatch.objects.exists()


def test_a_closed_group_says_why(world: World, as_user: SignIn, url: str) -> None:
    world.group.stage = Stage.CLOSED
    world.group.save()
    client = as_user(world.cast.rasa)
    assert "nothing can be added" in client.get(url).content.decode()
    assert client.post(url, {"tool": "contract"}).status_code == 409
    assert not UploadBatch.objects.exists()


@pytest.mark.parametrize("name", ["milda", "tomas", "aino", "petar", "boris", "jonas", "dana", "olga", "sofia"])
def test_others_find_nothing(world: World, as_user: SignIn, url: str, name: str) -> None:
    client = as_user(getattr(world.cast, name))
    assert client.get(url).status_code == 404
    assert (
        client.post(url, {"tool": "contract", "files": sent_files.sent("1.jpg", sent_files.photo())}).status_code == 404
    )
    assert not UploadBatch.objects.exists()


def test_wrong_method_and_unknown_group(world: World, as_user: SignIn, url: str) -> None:
    client = as_user(world.cast.rasa)
    assert client.put(url).status_code == 405
    assert client.get(reverse("uploads:upload-create", args=[999_999])).status_code == 404


def test_a_document_has_one_name_on_its_page(world: World, as_user: SignIn) -> None:
    address = reverse("uploads:upload-create", args=[world.group.pk])
    page = as_user(world.cast.egle).get(f"{address}?tool=contract").text
    assert "because its type is “Mentoring contract”." in page
