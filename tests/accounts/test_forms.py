"""The form of one's profile and the form of a newcomer."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.forms import PHOTO_REASONS, NewcomerForm, ProfileForm, time_zones
from tests.cast import World
from tests.documents import sent_files

PROFILE = {"full_name": "Milda K.", "call_name": "Mildutė", "about": "I read.", "language": "bg",
           "time_zone": "Europe/Helsinki"}  # fmt: skip
NEWCOMER = {"full_name": "Hanna Lehtonen", "password": "three quiet words", "language": "bg",
            "time_zone": "Europe/Helsinki"}  # fmt: skip


def test_time_zones_begin_in_europe_and_name_no_countries() -> None:
    (no_name, programme), *regions = time_zones()
    zones = [zone for _region, those in regions for zone in those]
    assert (no_name, programme) == ("", "Like the programme (Sofia)")
    names = [name for name, _label in zones]
    europe = [name.startswith("Europe/") for name in names]
    assert {"Europe/Sofia", "Europe/Vilnius", "America/New_York"} <= set(names)
    assert europe == sorted(europe, reverse=True)
    assert not any(name.startswith(("Etc/", "US/", "SystemV/")) for name in names)
    assert len(names) == len(set(names))
    assert dict(zones)["America/New_York"].startswith("New York (UTC−")


def profile(world: World, photo: bytes | None = None, **changes: Any) -> ProfileForm:
    files = {} if photo is None else {"photo": SimpleUploadedFile("me.jpg", photo, "image/jpeg")}
    return ProfileForm(PROFILE | changes, files, instance=world.cast.milda)


def test_a_profile_needs_no_photo_and_offers_to_take_one_away_only_where_there_is_one(world: World) -> None:
    form = profile(world)
    assert form.is_valid()
    assert form.cleaned_data["photo"] is None
    assert "remove_photo" not in form.fields
    world.cast.milda.photo.name = "portraits/x.jpg"
    assert "remove_photo" in profile(world).fields


def test_a_sent_photo_comes_out_as_a_portrait(world: World) -> None:
    form = profile(world, sent_files.photo())
    assert form.is_valid()
    assert form.cleaned_data["photo"].startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (sent_files.saved(Image.new("1", (7000, 6000)), "PNG"), "too_many_pixels"),
        (b"no photo", "not_a_photo"),
        (sent_files.pdf(), "not_a_photo"),
    ],
)
def test_a_wrong_photo_is_refused_beside_its_field(world: World, data: bytes, reason: str) -> None:
    form = profile(world, data)
    assert form.errors == {"photo": [str(PHOTO_REASONS[reason])]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""),
        ("full_name", "<b>"),
        ("call_name", "x" * 61),
        ("about", "x" * 201),
        ("language", "xx"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_a_wrong_answer_is_refused_beside_its_field(world: World, field: str, value: str) -> None:
    assert set(profile(world, **{field: value}).errors) == {field}


def test_a_newcomer_who_answers_everything_may_come_in() -> None:
    assert NewcomerForm(NEWCOMER, email="hanna@example.org").is_valid()


@pytest.mark.parametrize(
    "password", ["short", "password123", "hanna@example.org", "Hanna Lehtonen", "1234567890", ""],
)  # fmt: skip
def test_a_weak_password_is_refused_beside_its_field(password: str) -> None:
    form = NewcomerForm(NEWCOMER | {"password": password}, email="hanna@example.org")
    assert set(form.errors) == {"password"}


def test_spaces_around_a_password_are_part_of_it() -> None:
    form = NewcomerForm(NEWCOMER | {"password": "  three quiet words "}, email="hanna@example.org")
    assert form.is_valid()
    assert form.cleaned_data["password"] == "  three quiet words "


@pytest.mark.parametrize(
    ("field", "value"), [("full_name", "<b>"), ("full_name", ""), ("language", "xx"), ("time_zone", "Mars/Olympus")]
)
def test_a_newcomers_wrong_answer_is_refused_beside_its_field(field: str, value: str) -> None:
    assert set(NewcomerForm(NEWCOMER | {field: value}, email="hanna@example.org").errors) == {field}
