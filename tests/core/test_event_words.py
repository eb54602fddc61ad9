"""Every kind of event that the source records is a sentence in the audit log, in each language."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts.models import User
from core import events
from core.event_words import WORDS, about_in_words, in_words
from core.models import DomainEvent
from tests.cast import World

ROOT = Path(__file__).resolve().parents[2]
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
RECORDERS = {"record", "record_event"}
RECORD_MANY = {"notices/due.py"}
"""Modules that name what another one writes as rows, many at a time."""
NO_EVENTS = {"rendering.render", "rendering.sweep_renderings", "preview.jpg"}
"""Names of tasks and files that stand in modules which record events."""
SignIn = Callable[[User], Client]


def _records(tree: ast.Module) -> bool:
    """Return whether a module records events, itself or by a helper of its app."""
    calls = (each.func for each in ast.walk(tree) if isinstance(each, ast.Call))
    names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    return bool(names & RECORDERS)


def recorded() -> dict[str, str]:
    """Return every kind that stands in a module that records events, with the module."""
    found: dict[str, str] = {}
    apps_of_ours = {Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    for path in sorted(
        path for folder in apps_of_ours for path in folder.rglob("*.py") if "migrations" not in path.parts
    ):
        tree = ast.parse(path.read_text())
        if not _records(tree) and str(path.relative_to(ROOT)) not in RECORD_MANY:
            continue
        for each in ast.walk(tree):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and KIND.fullmatch(each.value):
                found[each.value] = str(path.relative_to(ROOT))
    return {kind: path for kind, path in found.items() if kind not in NO_EVENTS}


def test_every_kind_that_is_recorded_has_its_words() -> None:
    found = recorded()
    assert len(found) > 50
    assert {kind: path for kind, path in found.items() if kind not in WORDS} == {}
    assert [kind for kind in WORDS if kind not in found] == []


def test_no_kind_is_put_together_where_the_walk_cannot_see_it() -> None:
    for path in (
        path for app in {kind.split("/")[0] for kind in recorded().values()} for path in (ROOT / app).rglob("*.py")
    ):
        for each in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(each, "func", None), "attr", "") if isinstance(each, ast.Call) else ""
            if isinstance(each, ast.Call) and name == "record" and each.args:
                assert not isinstance(each.args[0], ast.JoinedStr), path


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_it_is_said_in_each_language(kind: str) -> None:
    said = {}
    for language in ("en", "bg"):
        with translation.override(language):
            said[language] = in_words(kind)
    assert said["en"] != said["bg"]
    assert not any(KIND.fullmatch(words) for words in said.values())


@pytest.mark.django_db
def test_what_they_are_about_has_a_name_in_each_language(world: World) -> None:
    for target in set(DomainEvent.objects.values_list("target", flat=True)) - {""}:
        model = apps.get_model(target.partition(":")[0])
        assert isinstance(model._meta.verbose_name, Promise), target
        assert about_in_words(target) != target


def test_what_is_not_known_any_more_stays_a_code() -> None:
    assert in_words("form.sung") == "form.sung"
    assert about_in_words("choir.song:3") == "choir.song:3"


@pytest.mark.parametrize(
    ("language", "words", "about"),
    [("en", "A group was opened", "Mentoring group no. 7"), ("bg", "Открита е група", "№ 7")],
)
def test_the_audit_log_speaks_and_keeps_the_code_small(
    world: World, as_user: SignIn, language: str, words: str, about: str
) -> None:
    world.cast.sofia.language = language
    world.cast.sofia.save()
    DomainEvent.objects.all().delete()
    event = events.record("message.sent", actor=world.cast.sofia)
    DomainEvent.objects.filter(pk=event.pk).update(kind="group.opened", target="mentoring.mentoringgroup:7")
    client, url = as_user(world.cast.sofia), reverse("admin:core_domainevent_changelist")
    page = client.get(url, {"q": words[:8]}).text
    for said in (words, about, '<div class="quiet small">group.opened</div>', "mentoring.mentoringgroup:7"):
        assert said in page
    assert words not in client.get(url, {"q": "Zebra"}).text
    page = client.get(reverse("admin:core_domainevent_change", args=[event.pk])).text
    assert f"<h1>{words}" in page or words in page
