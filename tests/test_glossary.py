"""One word for one thing, in the interface and in the packs, in each language."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
TERMS: list[dict[str, dict[str, Any]]] = yaml.safe_load((ROOT / "locale" / "glossary.yaml").read_text("utf-8"))
PLACES = re.compile(r"%\(\w+\)[sd]|\{\{? ?\w+ ?\}?\}|<[^>]+>|https?://\S+|\S+@\S+")


def of_the_catalogue(language: str) -> list[str]:
    """Return what the interface says in a language, without the names of what is filled in."""
    with (ROOT / "locale" / "bg" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="bg")
    found: list[str] = []
    for message in catalogue:
        text = message.id if language == "en" else message.string
        found += [text] if isinstance(text, str) else text
    return [PLACES.sub(" ", text) for text in found]


def of_the_packs(language: str) -> list[str]:
    """Return what the packs say in a language: every text under its code."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == language and isinstance(value, str):
                    found.append(value)
                else:
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    for path in (ROOT / "packs").rglob("*.yaml"):
        walk(yaml.safe_load(path.read_text("utf-8")))
    return found


def strays(texts: list[str], words: list[str]) -> list[tuple[str, str]]:
    """Return which of the words stand in which of the texts, as whole words."""
    patterns = {word: re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE) for word in words}
    return [(word, text) for text in texts for word, pattern in patterns.items() if pattern.search(text)]


def test_each_term_is_named_once() -> None:
    for language in ("en", "bg"):
        terms = [entry[language]["term"].casefold() for entry in TERMS]
        assert len(terms) == len(set(terms))


@pytest.mark.parametrize("language", ["en", "bg"])
def test_no_other_word_is_used_for_a_term(language: str) -> None:
    texts = of_the_catalogue(language) + of_the_packs(language)
    assert len(texts) > 2000
    never = [word for entry in TERMS for word in entry[language].get("never", [])]
    assert strays(texts, never) == []


def test_a_stray_would_be_found() -> None:
    assert strays(["Всички ментита са тук."], ["ментита"]) == [("ментита", "Всички ментита са тук.")]
    assert strays(["Ментитаж"], ["ментита"]) == []


@pytest.mark.parametrize("language", ["en", "bg"])
def test_the_terms_are_really_used(language: str) -> None:
    texts = "\n".join(of_the_catalogue(language) + of_the_packs(language)).casefold()
    assert [entry[language]["term"] for entry in TERMS if entry[language]["term"].casefold() not in texts] == []
