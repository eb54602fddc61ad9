"""What no browser sends and someone will: never an error of ours, never minutes of work."""

import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from core.typed_text import clean_text
from core.web.routes import all_routes
from mentoring import people_choice
from tests.cast import World
from tests.documents.filled import begun
from tests.furniture import furnish
from tests.waiting import PATIENCE
from tools.fields.forms import AnswerForm, Data
from tools.fields.questions import Question
from tools.models import Tool

AsUser = Callable[[User], Client]
DIGITS = "9" * 5000  # more than Python turns into a number


@pytest.fixture
def strict_database() -> Iterator[None]:
    """Refuse NUL in parameters, as PostgreSQL does and SQLite does not."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 -- Django's
        if any(isinstance(value, str) and "\x00" in value for value in params or ()):
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.usefixtures("local_files")  # elsewhere the file store answers for ranges
@pytest.mark.parametrize("header", [f"bytes={DIGITS}-", f"bytes=0-{DIGITS}", f"bytes=-{DIGITS}", "bytes=-0"])
def test_a_range_beyond_all_numbers_is_answered(world: World, as_user: AsUser, header: str) -> None:
    version = furnish(world).things["contract_version"]["pk"]
    url = reverse("documents:version-download", args=[version])
    assert as_user(world.cast.rasa).get(url, headers={"Range": header}).status_code in {200, 206, 416}


@pytest.mark.parametrize(
    "target", ["nowhere", "admin:index", "a" * 3000, "//evil.example", "https:///evil.example", "\x00"]
)
def test_the_way_back_after_choosing_a_language_stays_here(client: Client, target: str) -> None:
    answer = client.post(reverse("accounts:language-set"), {"language": "bg", "next": target})
    assert answer.status_code in {302, 400}
    assert "evil.example" not in answer.get("Location", "").split("?")[0]


@pytest.mark.parametrize("name", ["mentoring:group-list", "mentoring:people-list", "home:first-screen"])
@pytest.mark.parametrize("words", ["a\x00b", "%_" * 30_000])
@pytest.mark.usefixtures("strict_database")
def test_any_words_can_be_looked_for(world: World, as_user: AsUser, name: str, words: str) -> None:
    assert as_user(world.cast.egle).get(reverse(name), {"q": words}).status_code in {200, 400}


@pytest.mark.usefixtures("strict_database")
def test_any_words_can_be_looked_for_among_people(
    world: World, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_choice, "FEW_PEOPLE", 0)
    egle, words = as_user(world.cast.egle), "Mil\x00da"
    create = reverse("mentoring:group-create", args=[world.programme.pk])
    for more in ({"find": "mentees"}, {"name": words}):
        page = egle.post(create, {"mentees-words": words, "mentors-words": words, **more})
        assert (page.status_code < 500, "Milda" in page.text) == (True, True)
    add = reverse("mentoring:member-create", args=[world.group.pk])
    for more in ({"find": "person"}, {"person": words, "role": words}):
        assert egle.post(add, {"person-words": words, **more}).status_code < 500


@pytest.mark.usefixtures("strict_database")
@pytest.mark.parametrize("field", ["q", "type", "sort", "page"])
def test_any_words_can_be_looked_for_in_a_folder(world: World, as_user: AsUser, field: str) -> None:
    folder = furnish(world).things["folder"]["pk"]
    url = reverse("documents:folder-detail", args=[folder])
    for words in ("a\x00b", "a " * 40_000):
        assert as_user(world.cast.egle).get(url, {field: words}).status_code in {200, 400}


@pytest.mark.usefixtures("strict_database")
def test_any_session_can_be_named(world: World, as_user: AsUser) -> None:
    url = reverse("responses:form-start", args=[world.group.pk, "diary"])
    for session_key in ("session-\x00", f"session-{DIGITS}", "session-²", "\x00"):
        assert as_user(world.cast.milda).post(url, {"session_key": session_key}).status_code in {400, 404, 409}


def test_a_row_beyond_all_numbers_is_answered(world: World, as_user: AsUser) -> None:
    form = begun(world, "personal_goals", world.cast.milda)
    url = reverse("responses:form-save", args=[form.pk])
    client = as_user(world.cast.milda)
    for row in (f"remove:goals:{DIGITS}", "remove:goals:²", "remove:goals:٣", "add:goals:" + DIGITS):
        assert client.post(url, {"lock": form.lock, "goals-0-goal": "x", "row": row}).status_code < 500


def test_a_person_beyond_all_numbers_is_answered(world: World, as_user: AsUser) -> None:
    """In every question about a person, whoever fills it in."""
    writer = {"mentee": world.cast.milda, "mentor": world.cast.rasa, "manager": world.cast.egle}
    for tool in Tool.objects.select_related("current"):
        version = tool.current
        if version is None or version.one_per != "group" or version.content.get("editor"):
            continue
        for question in version.fields:
            if question["type"] == "person":
                user = writer[(question.get("filled_by") or version.filled_by)[0]]
                form = begun(world, tool.key, user)
                url = reverse("responses:form-save", args=[form.pk])
                sent = {"lock": form.lock, question["key"]: [DIGITS, "²"]}
                assert as_user(user).post(url, sent).status_code < 500
    data: Data = MultiValueDict({"person": [DIGITS, "²", "7"]})
    question = Question("person", "person", {"roles": ["mentee"], "multiple": True})
    form_of_one = AnswerForm([question], data, people={"former": [(7, "Jonas")]})
    assert form_of_one.cleaned_answers().typed


@pytest.mark.parametrize(
    "body",
    [
        '{"lock": 0, "answers": {"goals": ' + "[" * 700 + "]" * 700 + "}}",
        '{"lock": 0, "answers": {"goals": ' + '{"a":' * 450 + "1" + "}" * 450 + "}}",
        '{"lock": 0, "answers": ' + "[" * 100_000,
        '{"lock": ' + DIGITS + ', "answers": {}}',
        '{"lock": 0, "answers": {"starting_point": "\\ud800 \\u0000 \\u202e"}, "writer": "\\ud800"}',
        '{"lock": 0, "answers": {"\\ud800": "x"}}',
        '{"lock": 0, "answers": {"starting_point": NaN, "goals": [{"goal": Infinity}]}}',
        '{"lock": 1e999, "answers": {}}',
        "[]", "null", "\\", "\xff",
    ],
)  # fmt: skip
def test_any_json_is_answered(world: World, as_user: AsUser, body: str) -> None:
    form = begun(world, "personal_goals", world.cast.milda)
    url = reverse("responses:form-save", args=[form.pk])
    answer = as_user(world.cast.milda).post(url, body.encode("latin-1", "replace"), content_type="application/json")
    assert answer.status_code in {200, 409, 422}
    assert json.loads(answer.content)


def test_text_heaped_with_marks_costs_no_minutes(world: World, as_user: AsUser) -> None:
    """Bringing marks into order takes the square of their number."""
    heap = "a" + "\u0301\u0323" * 150_000
    start = time.perf_counter()
    clean_text(heap, lines=True)
    assert time.perf_counter() - start < PATIENCE  # it was minutes
    form = begun(world, "personal_goals", world.cast.milda)
    url = reverse("responses:form-save", args=[form.pk])
    answer = as_user(world.cast.milda).post(url, {"lock": form.lock, "starting_point": heap})
    assert answer.status_code in {302, 422}
    assert time.perf_counter() - start < PATIENCE  # it was minutes


def test_marks_as_people_write_them_stay() -> None:
    for words in ("Žingsnis", "Щърев", "नमस्ते", "ẹ̀kọ́", "שָׁלוֹם", "l\u0302\u0301\u0323a"):
        assert clean_text(words, lines=False) == unicodedata.normalize("NFC", words)


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "²", "٣", "-1", ""])
def test_a_number_that_no_row_has_breaks_nothing_where_it_is_no_address(
    world: World, client: Client, as_user: AsUser, number: str
) -> None:
    client.cookies[settings.PERSON_COOKIE_NAME] = number if number.isascii() else "%D9%A3"
    assert client.post(reverse("accounts:profile-edit"), {"full_name": "Nobody"}).status_code == 302
    superuser = User.objects.create_superuser("root@example.org", full_name="Root")
    for route in ("admin:mentoring_invitation_add", "admin:mentoring_programme_add"):
        page = as_user(superuser).get(reverse(route), {"programme": number, "group": number, "pack": number})
        assert page.status_code == 200
    for route in ("home:first-screen", "mentoring:people-list", "mentoring:group-list"):
        query = {"programme": number, "mentor": number, "page": number}
        assert as_user(world.cast.egle).get(reverse(route), query).status_code in {200, 404}
    form = begun(world, "personal_goals", world.cast.milda)
    sent = {"lock": number, "person": number, "number": number, "keys": number}
    assert as_user(world.cast.milda).post(reverse("responses:form-save", args=[form.pk]), sent).status_code < 500


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 19, "9" * 5000])
def test_a_key_beyond_all_numbers_names_nothing_on_any_route(world: World, as_user: AsUser, number: str) -> None:
    superuser = User.objects.create_superuser("root@example.org", full_name="Root")
    client = as_user(superuser)
    asked = 0
    for route in all_routes():
        numbered = re.sub(r"<int:[^>]+>|\(\?P<\w+>\[0-9\][^)]*\)", number, route.pattern)
        if numbered == route.pattern:
            continue
        url = re.sub(r"\(\?P<\w+>(\w+)[^)]*\)", r"\1", numbered)  # one of several words
        url = re.sub(r"<[^>]+>", "x", url).replace("\\Z", "").replace("^", "").replace("$", "")
        assert "(" not in url, route.pattern
        for method in (client.get, client.post):
            assert method(url).status_code == 404, (route.name, method)
        asked += 1
    assert asked > 60
