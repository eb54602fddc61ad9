"""Handing out documents, and the public page that checks them."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import Document, DocumentVersion, Download
from documents.pages.checks import MANY, normal_code
from tests.cast import World
from tests.documents.test_files import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_files")]
SignIn = Callable[[User], Client]
BODY = b"%PDF-1.7 " + bytes(range(200))


@pytest.fixture
def version(world: World) -> DocumentVersion:
    """A contract of «Žingsnis»."""
    return file(world, BODY)


def url_of(version: DocumentVersion) -> str:
    return reverse("documents:version-download", args=[version.pk])


def test_member_gets_the_bytes_and_it_is_written_down(world: World, as_user: SignIn, version: DocumentVersion) -> None:
    answer = as_user(world.cast.milda).get(url_of(version))
    assert answer.content == BODY
    number = version.document.number
    assert answer["Content-Disposition"] == (
        f"attachment; filename=\"{number}-v1.pdf\"; filename*=UTF-8''mentoring-contract-{number}-v1.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Download.objects.get().user == world.cast.milda


@pytest.mark.parametrize(
    ("language", "name"), [("en", "diary-of-mentoring-"), ("bg", "%D0%B4%D0%BD%D0%B5%D0%B2%D0%BD%D0%B8%D0%BA")]
)
def test_name_is_in_the_papers_language_whoever_fetches_it_and_names_nobody(
    world: World, as_user: SignIn, language: str, name: str
) -> None:
    diary = file(world, key="diary", subject=world.cast.milda, session_key="session-1", author=world.cast.milda)
    DocumentVersion.objects.filter(pk=diary.pk).update(language=language)
    for reader in ("en", "bg"):
        world.cast.egle.language = reader
        world.cast.egle.save()
        header = as_user(world.cast.egle).get(url_of(diary))["Content-Disposition"]
        assert f"filename*=UTF-8''{name}" in header
        assert "ilda" not in header
        assert header.isascii()


def test_inline_only_when_asked(world: World, as_user: SignIn, version: DocumentVersion) -> None:
    answer = as_user(world.cast.rasa).get(url_of(version), {"inline": "1"})
    assert answer["Content-Disposition"].startswith("inline;")
    policy = answer["Content-Security-Policy"]
    assert "sandbox" not in policy  # browsers show no PDF in one
    assert policy.startswith("default-src 'none'; object-src 'self';")


@pytest.mark.parametrize("person", ["boris", "aino", "dana", "olga", "jonas", "sofia"])
def test_others_find_nothing(world: World, as_user: SignIn, version: DocumentVersion, person: str) -> None:
    client = as_user(getattr(world.cast, person))
    there, nowhere = client.get(url_of(version)), client.get(reverse("documents:version-download", args=[999_999]))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert not Download.objects.exists()


def test_head_and_ranges(world: World, as_user: SignIn, version: DocumentVersion) -> None:
    client = as_user(world.cast.milda)
    head = client.head(url_of(version))
    assert (head.status_code, head.content) == (200, b"")
    assert not Download.objects.exists()
    part = client.get(url_of(version), headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, BODY[4:8])
    assert part["Content-Range"] == f"bytes 4-7/{len(BODY)}"
    assert client.get(url_of(version), headers={"Range": "bytes=-5"}).content == BODY[-5:]
    assert client.get(url_of(version), headers={"Range": "bytes=9999-"}).status_code == 416
    assert client.get(url_of(version), headers={"Range": "lines=1-2"}).status_code == 200


def test_web_server_hands_it_out(world: World, as_user: SignIn, version: DocumentVersion, settings: Any) -> None:
    settings.X_ACCEL_PREFIX = "/protected"
    answer = as_user(world.cast.milda).get(url_of(version))
    assert answer["X-Accel-Redirect"] == f"/protected/{version.file.name}"
    assert answer.content == b""
    assert Download.objects.count() == 1


def test_remote_store_hands_it_out_by_a_signed_address(world: World, as_user: SignIn, version: DocumentVersion) -> None:
    with (
        patch("documents.serving._is_remote", return_value=True),
        patch(
            "django.core.files.storage.FileSystemStorage.url", create=True, return_value="https://store/x?sig"
        ) as url,
    ):
        answer = as_user(world.cast.milda).get(url_of(version))
    assert answer.status_code == 302
    assert answer["Location"] == "https://store/x?sig"
    assert url.call_args.kwargs["parameters"]["ResponseContentDisposition"].startswith("attachment;")


def test_an_old_version_for_fewer_readers_stays_with_them(world: World, as_user: SignIn) -> None:
    narrow = file(
        world,
        key="diary",
        subject=world.cast.milda,
        session_key="session-2",
        author=world.cast.milda,
        audience="mentor",
    )
    assert as_user(world.cast.tomas).get(url_of(narrow)).status_code == 404
    assert as_user(world.cast.egle).get(url_of(narrow)).status_code == 404
    assert as_user(world.cast.rasa).get(url_of(narrow)).status_code == 200


# --- the public check ---------------------------------------------------------------------------------------------


def check(client: Client, code: str) -> Any:
    return client.get(reverse("documents:document-check"), {"code": code})


def test_document_is_confirmed_without_names(world: World, client: Client) -> None:
    version = file(world, key="diary", subject=world.cast.milda, session_key="session-1", author=world.cast.milda)
    document = version.document
    code = document.check_code
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:8]} {code[8:]}"):
        said = check(client, typed).text
        assert "This document was made here" in said
        assert document.number in said
        assert "Diary of mentoring" in said
        assert "Steps to Work 2026–2027" in said
        assert version.sha256[:16] in said
        assert version.sha256[:17] not in said
        for name in ("Milda", "Rasa", "Kazlauskaitė", "Žingsnis"):
            assert name not in said


def test_unknown_removed_and_unfiled_answer_the_same(world: World, client: Client) -> None:
    removed = file(world).document
    Document.objects.filter(pk=removed.pk).update(removed_at=removed.created_at)
    unfiled = Document.objects.create(
        folder=removed.folder, tool_version=removed.tool_version, author=world.cast.rasa, number="X-1",
        check_code="ABCDEFGHJKMN", session_key="other",
    )  # fmt: skip
    answers = []
    for code in ("222222222222", removed.check_code, unfiled.check_code):
        answer = check(client, code)
        assert answer.status_code == 200
        answers.append(re.sub(r'(value="|nonce="|csrf)[^"]*', "", answer.text))
    assert "No document with this code" in answers[0]
    assert answers[0] == answers[1] == answers[2]


def test_trying_codes_is_slowed_down(client: Client, db: None) -> None:  # noqa: ARG001
    cache.clear()
    for _attempt in range(MANY):
        assert check(client, "222222222222").status_code == 200
    answer = check(client, "222222222222")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert client.get(reverse("documents:document-check")).status_code == 200, "the page itself stays open"
    cache.clear()


def test_without_a_counter_no_code_is_checked(client: Client, db: None) -> None:  # noqa: ARG001
    with patch("core.web.limits.cache.incr", side_effect=ConnectionError):
        assert check(client, "222222222222").status_code == 429


@pytest.mark.parametrize("typed", ["", "   ", "🙂", "a" * 5000, "%00", "<script>alert(1)</script>"])
def test_odd_codes_are_harmless(client: Client, db: None, typed: str) -> None:  # noqa: ARG001
    answer = check(client, typed)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_code_is_read_as_people_type_it() -> None:
    assert normal_code(" 7kq4-m2xd 93tb ") == "7KQ4M2XD93TB"
