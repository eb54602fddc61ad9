"""Portraits: re-encoded, upright, without the place; shown to one's own people only."""

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageFile

from accounts import services
from accounts.models import User
from accounts.services import PORTRAIT_SIDE, PhotoError, portrait, store_photo
from core.files import images
from core.files.kinds import JPEG
from rendering.pdf import typesetter
from tests.cast import World
from tests.documents import sent_files
from tests.routes import MEMBERS, asks_to_sign_in, open_to

SignIn = Callable[[User], Client]


def opened(data: bytes) -> Image.Image:
    """Open a picture."""
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_becomes_a_small_upright_square_without_the_place(orientation: int) -> None:
    sent = sent_files.photo(orientation, size=(600, 600))
    assert opened(sent).getexif().get_ifd(0x8825), "the phone wrote down where it was"
    made = portrait(sent)
    image = opened(made)
    assert (image.format, image.size) == ("JPEG", (PORTRAIT_SIDE, PORTRAIT_SIDE))
    assert dict(image.getexif()) == {}
    assert b"SecretPhone" not in made
    red, green, blue = image.convert("RGB").getpixel((8, 8))  # type: ignore[misc]
    assert red > 150 > green
    assert red > blue


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "L")])
def test_other_kinds_become_jpegs_too(kind: str, mode: str) -> None:
    assert opened(portrait(sent_files.saved(Image.new(mode, (400, 500)), kind))).format == "JPEG"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: b"\0" * (services.PORTRAIT_MAX_BYTES + 1), "too_large"),
        (lambda: sent_files.saved(Image.new("1", (7000, 6000)), "PNG"), "too_many_pixels"),
        (sent_files.bomb, "too_many_pixels"),
        (lambda: b"no photo at all", "not_a_photo"),
        (lambda: b"", "not_a_photo"),
        (lambda: sent_files.photo()[:2000], "not_a_photo"),
        (sent_files.pdf, "not_a_photo"),
        (sent_files.tiff, "not_a_photo"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(data: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(PhotoError) as refused:
        portrait(data())
    assert refused.value.reason == reason


def test_others_who_read_pictures_leave_pillow_as_it_was(tmp_path: Path) -> None:
    """Its settings hold for the whole process, and WeasyPrint changes one when it is imported."""
    limit, filters = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    (tmp_path / "photo").write_bytes(sent_files.photo())
    images.look(str(tmp_path / "photo"), JPEG, max_pixels=10**9, max_pages=1)
    assert typesetter.FONTS is not None
    assert limit == Image.MAX_IMAGE_PIXELS
    assert list(warnings.filters) == filters
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_new_photo_takes_the_place_of_the_old_one_after_the_commit(world: World, commit: Any) -> None:
    milda = world.cast.milda
    store_photo(user=milda, jpeg=portrait(sent_files.photo()))
    first, storage = str(milda.photo.name), milda.photo.storage
    assert first.startswith("portraits/")
    assert "milda" not in first
    with commit():
        store_photo(user=milda, jpeg=portrait(sent_files.photo(3)))
        assert storage.exists(first)
    assert not storage.exists(first)
    assert storage.exists(str(User.objects.get(pk=milda.pk).photo.name))


def test_a_photo_that_is_taken_away_is_gone(world: World, commit: Any) -> None:
    milda = world.cast.milda
    store_photo(user=milda, jpeg=portrait(sent_files.photo()))
    name, storage = str(milda.photo.name), milda.photo.storage
    with commit():
        store_photo(user=milda, jpeg=None)
    assert not storage.exists(name)
    assert User.objects.get(pk=milda.pk).portrait_url == ""


def test_the_address_of_a_portrait_changes_with_the_photo(world: World) -> None:
    milda = world.cast.milda
    assert milda.portrait_url == ""
    addresses = set()
    for orientation in (1, 3):
        store_photo(user=milda, jpeg=portrait(sent_files.photo(orientation)))
        addresses.add(milda.portrait_url)
    assert len(addresses) == 2
    assert {address.split("?")[0] for address in addresses} == {
        reverse("mentoring:portrait-detail", kwargs={"pk": milda.pk})
    }


def test_ones_own_people_see_a_portrait_and_others_find_nothing(world: World, as_user: SignIn) -> None:
    milda = world.cast.milda
    url = reverse("mentoring:portrait-detail", args=[milda.pk])
    assert as_user(world.cast.rasa).get(url).status_code == 404, "there is none yet"
    jpeg = portrait(sent_files.photo())
    milda.photo.save("portrait.jpg", ContentFile(jpeg))
    assert open_to(as_user, world.cast, url) == {*MEMBERS, "boris", "dana"}
    assert asks_to_sign_in(url)
    answer = as_user(world.cast.rasa).get(url)
    assert b"".join(answer.streaming_content) == jpeg  # type: ignore[arg-type]
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]
