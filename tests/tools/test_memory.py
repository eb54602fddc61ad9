"""The tools of a pack are read once, and anew after the pack was loaded."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from home.services.packs import load_pack
from mentoring.standing import Standing
from tests.cast import World
from tests.conftest import PACK_DIR
from tests.pack_tools import folder, say_that_tools_changed, tool
from tools.memory import give_versions, own_tools, tools_of
from tools.models import ToolVersion

NEW_TITLE = {"en": "Goals of mine", "bg": "Мои цели"}


def rename(key: str) -> None:
    """Give a tool another title, as loading a pack does for a version that nobody uses."""
    version = tool(key).current
    assert version is not None
    ToolVersion.objects.filter(pk=version.pk).update(content=version.content | {"title": NEW_TITLE})


def test_they_are_read_once_and_shared(world: World, django_assert_num_queries: Any) -> None:
    pack, standing = world.programme.pack_id, Standing.of(world.cast.egle)
    first = tools_of(pack, standing)
    with django_assert_num_queries(1):  # the other person's standing
        second = tools_of(pack, Standing.of(world.cast.milda))
    assert first is second
    assert [each.key for each in first.offered] == [each.key for each in sorted(first.offered, key=lambda t: t.number)]
    assert {each.pk for each in first.current} <= first.versions.keys()
    assert first.named("diary") == tool("diary")
    assert first.named("nothing") is None


def test_a_pack_that_was_loaded_since_is_read_anew(world: World) -> None:
    pack = world.programme.pack_id
    before = tools_of(pack, Standing.of(world.cast.egle))
    old = world.programme.pack.loaded_at
    load_pack(path=PACK_DIR)
    world.programme.pack.refresh_from_db()
    assert world.programme.pack.loaded_at > old
    assert tools_of(pack, Standing.of(world.cast.egle)) is not before


def test_a_changed_title_is_shown_from_the_next_request_on(world: World, as_user: Any) -> None:
    client: Client = as_user(world.cast.rasa)
    url = reverse("documents:folder-detail", args=[folder(world.group).pk])
    assert NEW_TITLE["en"] not in client.get(url).content.decode()
    rename("personal_goals")
    say_that_tools_changed(world.programme.pack_id)
    version = own_tools(Standing.of(world.cast.rasa)).named("personal_goals")
    assert version is not None
    assert version.current is not None
    assert version.current.title == NEW_TITLE["en"]


@pytest.mark.parametrize(("is_member", "statements"), [(True, 0), (False, 1)])
def test_rows_get_their_version_from_there(
    world: World, is_member: bool, statements: int, django_assert_num_queries: Any
) -> None:
    """Someone who has no part in the pack asks for the versions."""
    person = world.cast.egle if is_member else User.objects.create_user("nobody@example.org", full_name="Nobody")
    standing, key = Standing.of(person), tool("diary").current_id
    rows = [SimpleNamespace(tool_version_id=key) for _ in range(3)]
    with django_assert_num_queries(statements):
        give_versions(standing, rows)
    assert {row.tool_version.tool.key for row in rows} == {"diary"}
