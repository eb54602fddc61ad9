"""Texts in several languages, kept as data: {"en": "...", "bg": "..."}; shown with a fallback that says so."""

from dataclasses import dataclass
from typing import Any

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


def language_name(code: str) -> str:
    """Return what a language is called in the active one where Django knows it, else its code."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
