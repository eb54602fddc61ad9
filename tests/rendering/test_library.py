"""The template library: every member downloads, nobody puts anything in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.policy.roles import Stage
from rendering.models import Rendering
from rendering.services import renderings
from tests.cast import World
from tests.documents.making import words_of
from tests.pack_tools import version_of

pytestmark = [
    *[pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")],
    pytest.mark.usefixtures("local_files"),
]
SignIn = Callable[[User], Client]


def page(client: Client, world: World, **query: str) -> str:
    """Return the page's text."""
    answer = client.get(reverse("rendering:library-detail", args=[world.group.pk]), query)
    assert answer.status_code == 200
    return answer.text


def test_lists_guide_mandatory_and_optional_forms(world: World, as_user: SignIn) -> None:
    said = page(as_user(world.cast.milda), world)
    assert said.index("Guide: management and monitoring tools") < said.index("8 forms every group needs")
    assert said.index("8 forms every group needs") < said.index("6 forms to use when they help")
    assert "nothing can be added here" in said
    assert "Signed by: All of the group" in said
    assert "Only the person’s own documents" in said
    assert said.count("Download “") == 14


def test_fill_in_appears_only_on_own_forms(world: World, as_user: SignIn) -> None:
    goals = reverse("responses:form-start", args=[world.group.pk, "personal_goals"])
    check = reverse("responses:form-start", args=[world.group.pk, "mentor_self_check"])
    mentee, mentor = page(as_user(world.cast.milda), world), page(as_user(world.cast.rasa), world)
    assert (goals in mentee, check in mentee) == (True, False)
    assert check in mentor


def test_nothing_to_fill_in_in_a_closed_group(world: World, as_user: SignIn) -> None:
    world.group.stage = Stage.CLOSED
    world.group.save()
    assert "Fill in<span" not in page(as_user(world.cast.milda), world)


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ({"q": "diary"}, "Diary of mentoring", "Mentoring contract"),
        ({"q": "дневник"}, "Diary of mentoring", "Mentoring contract"),
        ({"for": "manager"}, "Mentoring contract", "Diary of mentoring"),
        ({"for": "me"}, "Diary of mentoring", "Mentoring contract"),
        ({"q": "zebra"}, "No forms found", "Mandatory"),
    ],
)
def test_search_and_filter_by_address(
    world: World, as_user: SignIn, query: dict[str, str], there: str, not_there: str
) -> None:
    said = page(as_user(world.cast.milda), world, **query)
    assert there in said
    assert not_there not in said


def test_language_of_the_blanks_is_chosen(world: World, as_user: SignIn) -> None:
    assert "?lang=bg" in page(as_user(world.cast.milda), world, lang="bg")
    assert "?lang=en" in page(as_user(world.cast.milda), world, lang="xx")


def test_queries_do_not_grow(world: World, as_user: SignIn, django_assert_max_num_queries: Any) -> None:
    client = as_user(world.cast.rasa)
    page(client, world)
    with django_assert_max_num_queries(12):
        page(client, world)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_put_here(world: World, as_user: SignIn, method: str) -> None:
    url = reverse("rendering:library-detail", args=[world.group.pk])
    assert getattr(as_user(world.cast.egle), method)(url).status_code == 405


def test_blank_is_made_on_first_ask_and_then_handed_out(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.milda)
    version = version_of(world.group, "diary")
    url = reverse("rendering:blank-download", args=[version.tool_id])
    answer = client.get(url, {"lang": "bg"})
    assert answer.status_code == 202
    assert "Making the PDF" in answer.text
    rendering = Rendering.objects.get(kind="blank", language="bg", tool_version=version)
    renderings.run(rendering.pk)
    answer = client.get(url, {"lang": "bg"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename=\"diary-bg.pdf\"; filename*=UTF-8''")
    assert "Дневник на менторинга" in words_of(answer.content)
    assert Rendering.objects.filter(kind="blank").count() == 1


def test_guide_is_handed_out(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.egle)
    url = reverse("rendering:guide-download", args=[world.programme.pack_id])
    assert client.get(url).status_code == 202
    renderings.run(Rendering.objects.get(kind="guide").pk)
    assert client.get(url).status_code == 200
    assert "pages, PDF, English" in page(client, world)


def test_strangers_find_nothing(world: World, as_user: SignIn) -> None:
    for person in (world.cast.olga,):
        client = as_user(person)
        assert client.get(reverse("rendering:library-detail", args=[world.group.pk])).status_code == 404
        assert client.get(reverse("rendering:guide-download", args=[world.programme.pack_id])).status_code == 404
        tool_pk = version_of(world.group, "diary").tool_id
        assert client.get(reverse("rendering:blank-download", args=[tool_pk])).status_code == 404
