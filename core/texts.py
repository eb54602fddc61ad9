"""Texts in several languages, kept as data: {"en": "...", "bg": "..."}; shown with a fallback that says so."""

from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, get_language_info


@dataclass(frozen=True)
class ShownText:
    """A text with the language it is really in.

    Attributes:
        text: what is shown; empty when no language has one.
        language: ISO code of that text.
        is_fallback: whether the reader asked for another language.
    """

    text: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.text


def shown(value: dict[str, str] | str | None, language: str | None = None) -> ShownText:
    """Return the text in `language` (the active one when None), else in English, else in any language it has."""
    wanted = (language or get_language() or settings.LANGUAGE_CODE).split("-")[0]
    if not value:
        return ShownText("", wanted, is_fallback=False)
    if isinstance(value, str):
        return ShownText(value, wanted, is_fallback=False)
    for code in (wanted, settings.LANGUAGE_CODE, "en", *value):
        if value.get(code):
            return ShownText(value[code], code, is_fallback=code != wanted)
    return ShownText("", wanted, is_fallback=False)


def text(value: dict[str, Any] | str | None, language: str | None = None) -> str:
    """Return only the words of `shown`."""
    return shown(value, language).text


SMALL_NAMES = frozenset({"bg"})
"""Languages that write roles and languages with a small letter within a sentence."""


def within(name: Any) -> str:
    """Return the name of a role or a language as it stands within a sentence of the active language.

    “Ръководител” becomes “ръководител”, “Manager” stays; so does a word with further capitals, “HR-партньор”.
    """
    words = str(name)
    is_small = (get_language() or settings.LANGUAGE_CODE).split("-")[0] in SMALL_NAMES
    return words[:1].lower() + words[1:] if is_small and not words[1:2].isupper() else words


def language_name(code: str) -> str:
    """Return what a language is called within a sentence of the active one; its code where Django does not know it."""
    try:
        return within(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def country_name(code: str) -> str:
    """Return what a country of two letters is called in the active language; the letters where nobody knows it."""
    try:
        known = Locale.parse(get_language() or settings.LANGUAGE_CODE, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return code
    return str(known.get(code, code))
