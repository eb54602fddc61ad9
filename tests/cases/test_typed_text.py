"""What is typed is one text, however a keyboard or a browser spells it: in every form, in every search."""

import unicodedata
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from core.search import contains_all, folded
from core.web.forms import TidyForm, TidyText
from tests.cast import World


class Note(TidyForm):
    title = forms.CharField(max_length=20)
    text = forms.CharField(max_length=1000, widget=forms.Textarea)
    password = forms.CharField(strip=False, widget=forms.PasswordInput, required=False)


def test_a_line_break_counts_one_character_as_in_the_browser() -> None:
    text = ("х" * 9 + "\n") * 99 + "х" * 10
    assert len(text) == 1000
    form = Note({"title": "a", "text": text.replace("\n", "\r\n")})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("и\u0306", "й"),
        ("two\r\nlines", "two lines"),
        ("a\u2028b\u2029c", "a b c"),
        ("bell\x07 and null\x00", "bell and null"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("\u2067isolated\u2069", "isolated"),
        ("  much   space ", "much space"),
    ],
)
def test_a_line_keeps_what_means_something(typed: str, kept: str) -> None:
    form = Note({"title": typed, "text": "x"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == kept


def test_a_password_is_composed_and_otherwise_as_typed() -> None:
    form = Note({"title": "a", "text": "b", "password": "  и\u0306 пет  "})
    assert form.is_valid()
    assert form.cleaned_data["password"] == "  й пет  "


def _all_forms(kind: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    found = set()
    for each in kind.__subclasses__():
        found |= {each} | _all_forms(each)
    return found


def test_every_form_of_the_product_cleans_its_texts() -> None:
    """Those that read answers of tools clean them by the kind of each question; one is only mixed into others."""
    ours = {config.name for config in apps.get_app_configs() if "site-packages" not in config.path}
    found = {each for each in _all_forms(forms.BaseForm) if each.__module__.split(".")[0] in ours}
    assert len(found) > 20
    untidy = {each.__qualname__ for each in found if not issubclass(each, TidyText)}
    assert untidy == {"RowForm", "AnswerForm", "MadeFrom", "NoticesChanges", "KeepsChanges"}


def test_every_form_of_the_administration_cleans_its_texts() -> None:
    untidy = []
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in {"guardian", "auth"}:
            continue
        if not issubclass(model_admin.form, TidyText):
            untidy.append(model._meta.label)
    assert not untidy


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_a_name_is_found_however_its_letters_are_composed(world: World, as_user: Any, typed: str, asked: str) -> None:
    milda = as_user(world.cast.milda)
    url = reverse("accounts:profile-edit")
    name = "Йорданка Ѝлиева"
    sent = {"full_name": unicodedata.normalize(typed, name), "language": "en", "time_zone": "Europe/Vilnius"}
    assert milda.post(url, sent).status_code == 302
    assert User.objects.get(pk=world.cast.milda.pk).full_name == unicodedata.normalize("NFC", name)
    words = unicodedata.normalize(asked, "йорданка")
    page = as_user(world.cast.egle).get(reverse("mentoring:people-list"), {"q": words}).content.decode()
    assert world.cast.milda.email in page


@pytest.mark.parametrize("asked", ["zukauskiene", "ŽUKAUSKIENĖ", "Žukauskienė rasa"])
def test_a_person_is_found_without_diacritics(world: World, as_user: Any, asked: str) -> None:
    page = as_user(world.cast.egle).get(reverse("mentoring:people-list"), {"q": asked}).content.decode()
    assert world.cast.rasa.email in page
    assert world.cast.milda.email not in page


def test_a_group_is_found_without_diacritics(world: World, as_user: Any) -> None:
    page = as_user(world.cast.egle).get(reverse("mentoring:group-list"), {"q": "zingsnis"}).content.decode()
    assert world.group.name in page
    nothing = as_user(world.cast.egle).get(reverse("mentoring:group-list"), {"q": "\u200b"}).content.decode()
    assert world.group.name not in nothing


def test_names_are_folded_across_scripts() -> None:
    assert folded("Георгиева") == "georgieva"
    assert folded("Žingsnis Ė") == "zingsnis e"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Milda Kazlauskaitė", ["Милда", "милда казлаускайте", "Kazlausk"]),
        ("Hanna Lehtonen", ["Ханна", "Лехтонен", "лех"]),
        ("Rasa Žukauskienė", ["Жукаускиене", "zukauskiene", "Žukausk"]),
        ("Julija Šimkus", ["Юлия", "Шимкус", "julija"]),
        ("Łukasz Czarnecki", ["Лукаш", "Чарнецки"]),
        ("Alex Weber", ["Алекс", "Вебер"]),
        ("Елена Христова", ["Hristova", "Khristova", "Elena"]),
        ("Щъркел Александър", ["Shtarkel", "Aleksandar", "щъркел"]),
        ("Ольга Цветкова", ["Olga", "Tsvetkova", "Cvetkova"]),
    ],
)
def test_a_name_is_found_in_its_other_spellings(world: World, as_user: Any, name: str, asked: list[str]) -> None:
    world.cast.milda.full_name = name
    world.cast.milda.save()
    egle = as_user(world.cast.egle)
    for words in asked:
        page = egle.get(reverse("mentoring:people-list"), {"q": words}).content.decode()
        assert name in page, words
    for words in ("Ромен", "Zxq", "(", "\\", "[a"):
        assert name not in egle.get(reverse("mentoring:people-list"), {"q": words}).content.decode(), words


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(world: World) -> None:
    person = world.cast.milda
    person.full_name = "Ieva Ąžuolienė"
    person.save(update_fields=["full_name"])
    assert User.objects.filter(search_text__contains="azuoliene").get() == person
    assert not User.objects.filter(search_text__contains="milda").exists()


def test_no_search_takes_long_whatever_is_typed_and_stored(world: World) -> None:
    """Pieces that may be left out, in a row, would be tried in every way against a name of many such letters."""
    User.objects.filter(pk=world.cast.olga.pk).update(search_text="a" * 150 + "'" * 100)
    for typed in ("'" * 60 + "qq", "'a" * 45 + "qq", "iy" * 45 + "qq", "ь" * 60 + "qq", "x" * 30_000, "(" * 500, "\\"):
        assert not User.objects.filter(contains_all(typed, "search_text")).exists()
