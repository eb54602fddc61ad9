"""The address of a removed document tells who could read it that it was removed, and who may bring it back why."""

from typing import Any

import pytest
from django.urls import reverse

from documents.models import Document
from documents.services import removal
from mentoring.models import MentoringGroup
from tests.cast import World
from tests.documents.batches import filed
from tests.routes import open_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_files")]


@pytest.fixture
def removed(world: World, commit: Any) -> Document:
    filed(world.group, world.cast.rasa, commit)
    document = Document.objects.get()
    removal.remove_document(document=document, user=world.cast.egle, reason="The wrong scan")
    return document


def test_it_says_who_removed_it_and_restores_it(world: World, as_user: Any, removed: Document) -> None:
    rasa, url = as_user(world.cast.rasa), reverse("documents:document-detail", args=[removed.pk])
    page = rasa.get(url)
    assert page.status_code == 410
    assert "This document was removed from its folder" in page.text
    assert "By Eglė," in page.text
    assert "The wrong scan" in page.text
    restore = reverse("documents:document-restore", args=[removed.pk])
    assert restore in page.text
    rasa.post(restore)
    assert rasa.get(url).status_code == 200


def test_it_offers_no_way_back_where_there_is_none(world: World, as_user: Any, removed: Document, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    page = as_user(world.cast.egle).get(reverse("documents:document-detail", args=[removed.pk])).text
    assert "has taken its place. Remove that one first." in page
    assert reverse("documents:document-restore", args=[removed.pk]) not in page


MEMBERS = {"egle", "rasa", "milda", "tomas", "elena"}


def test_who_could_read_it_learns_that_it_was_removed_and_nobody_else(
    world: World, as_user: Any, removed: Document
) -> None:
    url = reverse("documents:document-detail", args=[removed.pk])
    assert open_to(as_user, world.cast, url, status=(410,)) == MEMBERS
    said = as_user(world.cast.milda).get(url).text
    assert "This document was removed from its folder" in said
    assert "The wrong scan" not in said
    assert reverse("documents:document-restore", args=[removed.pk]) not in said
    MentoringGroup.objects.filter(pk=world.group.pk).update(stage="closed")
    assert open_to(as_user, world.cast, url, status=(410,)) == MEMBERS
    assert reverse("documents:document-restore", args=[removed.pk]) not in as_user(world.cast.rasa).get(url).text


def test_of_what_was_for_the_mentor_alone_others_learn_nothing(world: World, as_user: Any, removed: Document) -> None:
    Document.objects.filter(pk=removed.pk).update(audience="mentor")
    url = reverse("documents:document-detail", args=[removed.pk])
    assert "tomas" not in open_to(as_user, world.cast, url, status=(410,))
