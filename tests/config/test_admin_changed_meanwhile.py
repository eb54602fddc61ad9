"""Two Admins, or one in two tabs, change the same thing: nothing is undone unseen, and the history says what it was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import MentoringGroup, Organisation, Programme
from tests.cast import World

SignIn = Callable[[User], Client]


def page_of(world: World, kind: str) -> str:
    keys = {
        "programme": world.programme.pk,
        "mentoringgroup": world.group.pk,
        "organisation": world.programme.organisation_id,
    }
    return reverse(f"admin:mentoring_{kind}_change", args=[keys[kind]])


def tab(client: Client, url: str) -> dict[str, Any]:
    """Open the page and return what its form would send unchanged."""
    form = client.get(url).context["adminform"].form
    values = {name: form[name].value() for name in form.fields} | {"made_from": form.made_from}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    return {name: "on" if value is True else value for name, value in sent.items()}


def test_a_tab_opened_before_undoes_nothing_unseen(world: World, as_user: SignIn) -> None:
    dana, url = as_user(world.cast.dana), page_of(world, "programme")
    first, second = tab(dana, url), tab(dana, url)
    audiences = ["mentor"]
    assert (
        dana.post(url, {**first, "diary_due_days": 9, "diary_audiences": audiences, "season": "one"}).status_code == 302
    )
    refused = dana.post(url, {**second, "season": "two", "title": "Ztitle"})
    form = refused.context["adminform"].form
    assert set(form.errors) == {"diary_due_days", "diary_audiences", "season"}
    assert "It says now: 9." in refused.text
    assert "It says now: The Mentor only." in refused.text
    assert "meanwhile, to: one." in refused.text
    # What was typed stands there, the rest follows; what was seen is saved.
    assert (form["title"].value(), form["season"].value(), form["diary_due_days"].value()) == ("Ztitle", "two", "9")
    assert form["diary_audiences"].value() == audiences
    again = {name: form[name].value() for name in form.fields} | {"made_from": form.made_from}
    again = {name: value for name, value in again.items() if value not in (None, False)}
    assert dana.post(url, again).status_code == 302
    programme = Programme.objects.get(pk=world.programme.pk)
    assert (programme.diary_due_days, programme.season, programme.title) == (9, "two", "Ztitle")
    assert programme.diary_audiences == audiences


def test_both_wrote_the_same_or_something_else(world: World, as_user: SignIn) -> None:
    dana, url = as_user(world.cast.dana), page_of(world, "programme")
    first, second = tab(dana, url), tab(dana, url)
    assert dana.post(url, {**first, "season": "one"}).status_code == 302
    assert dana.post(url, {**second, "season": "one", "title": "Ztitle"}).status_code == 302
    assert dana.post(url, tab(dana, url)).status_code == 302


@pytest.mark.parametrize(("kind", "model"), [("mentoringgroup", MentoringGroup), ("organisation", Organisation)])
def test_so_it_is_with_everything_that_is_changed_here(world: World, as_user: SignIn, kind: str, model: Any) -> None:
    sofia, url = as_user(world.cast.sofia), page_of(world, kind)
    before = tab(sofia, url)
    model.objects.update(name="Zmeanwhile")
    refused = sofia.post(url, before)
    assert set(refused.context["adminform"].form.errors) == {"name"}
    assert "It says now: Zmeanwhile." in refused.text
    assert 'name="made_from"' in refused.text


def test_an_account_too(world: World, as_user: SignIn) -> None:
    sofia, url = as_user(world.cast.sofia), reverse("admin:accounts_user_change", args=[world.cast.rasa.pk])
    before = tab(sofia, url)
    User.objects.filter(pk=world.cast.rasa.pk).update(is_active=False)
    refused = sofia.post(url, before)
    assert "It says now: No." in refused.text
    assert not refused.context["adminform"].form["is_active"].value()


@pytest.mark.parametrize("made_from", ["", ",", "season", "season:", "season:x,y:z", ":"])
def test_a_strange_digest_breaks_nothing(world: World, as_user: SignIn, made_from: str) -> None:
    dana, url = as_user(world.cast.dana), page_of(world, "programme")
    assert dana.post(url, {**tab(dana, url), "made_from": made_from}).status_code in {200, 302}


def test_the_history_says_what_it_was_and_is(world: World, as_user: SignIn) -> None:
    dana, url = as_user(world.cast.dana), page_of(world, "programme")
    was = world.programme.diary_due_days
    dana.post(url, {**tab(dana, url), "diary_due_days": was + 1, "is_open": "", "ends_on": "2031-02-03"})
    dana.post(url, {**tab(dana, url), "diary_audiences": ["mentor"], "default_language": "bg"})
    said = dana.get(reverse("admin:mentoring_programme_history", args=[world.programme.pk])).text
    for words in (f"{was} → {was + 1}", "Yes → No", "→ 3 February 2031", "→ The Mentor only", "English → "):
        assert words in said, words
    assert "Changed " not in said


def test_of_an_account_no_names_and_addresses_are_kept(world: World, as_user: SignIn) -> None:
    sofia, url = as_user(world.cast.sofia), reverse("admin:accounts_user_change", args=[world.cast.rasa.pk])
    assert sofia.post(url, {**tab(sofia, url), "full_name": "Zname", "language": "bg"}).status_code == 302
    said = sofia.get(reverse("admin:accounts_user_history", args=[world.cast.rasa.pk])).text
    assert "Zname →" not in said
    assert "→ Zname" not in said
    assert "Changed" in said
    assert "English → " in said
