"""A paper whose photos were sent, and then the tab was closed: it is found again, and only by the one who sent them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cases import files
from tests.cast import World
from uploads.models import UploadBatch

pytestmark = pytest.mark.usefixtures("local_files")
AsUser = Callable[[User], Client]


def test_a_photo_that_was_sent_is_offered_on_the_first_screen_and_where_papers_are_added(
    world: World, as_user: AsUser
) -> None:
    create = reverse("uploads:upload-create", args=[world.group.pk])
    rasa = as_user(world.cast.rasa)
    sent = rasa.post(create, {"tool": "contract", "files": files.sent("portrait-16-bit-grey.png")})
    for url in (create, "/"):
        page = as_user(world.cast.rasa).get(url).content.decode()
        assert sent.url in page, url  # type: ignore[attr-defined]
        assert "1 page, started" in page
    assert sent.url not in as_user(world.cast.egle).get(create).content.decode()  # type: ignore[attr-defined]


def test_it_can_be_discarded_and_is_not_offered_any_more(world: World, as_user: AsUser) -> None:
    create = reverse("uploads:upload-create", args=[world.group.pk])
    rasa = as_user(world.cast.rasa)
    sent = rasa.post(create, {"tool": "contract", "files": files.sent("portrait-16-bit-grey.png")})
    batch = UploadBatch.objects.get()
    assert rasa.post(reverse("uploads:upload-cancel", args=[batch.pk])).status_code == 302
    assert f'"{sent.url}"' not in rasa.get("/").content.decode()  # type: ignore[attr-defined]


def test_one_without_pages_holds_nothing_and_is_not_offered(world: World, as_user: AsUser) -> None:
    UploadBatch.objects.create(group=world.group, created_by=world.cast.rasa)
    assert (
        "Begun and not filed"
        not in as_user(world.cast.rasa).get(reverse("uploads:upload-create", args=[world.group.pk])).content.decode()
    )
