"""What a programme calls the three roles: its words take the place of ours in every sentence of the interface.

The sentences of the catalogue say “Manager”, “Mentor” and “Mentee”. A programme that says “Coach” names the forms of
its word in the glossary of its pack; they are put into the translated sentence before any name or text is filled in, so
that nothing a person wrote is ever touched (decision 0028).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import trans_real

STANDARD: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "en": {
        "manager": {"one": "Manager", "many": "Managers"},
        "mentor": {"one": "Mentor", "many": "Mentors"},
        "mentee": {"one": "Mentee", "many": "Mentees"},
    },
    "bg": {
        "manager": {
            "one": "ръководител",
            "definite": "ръководителя",
            "definite_subject": "ръководителят",
            "many": "ръководители",
            "definite_many": "ръководителите",
        },
        "mentor": {
            "one": "ментор",
            "definite": "ментора",
            "definite_subject": "менторът",
            "many": "ментори",
            "definite_many": "менторите",
        },
        "mentee": {
            "one": "участник",
            "definite": "участника",
            "definite_subject": "участникът",
            "many": "участници",
            "definite_many": "участниците",
        },
    },
}
"""Our words by language and role: each form that the sentences of the language use."""

_MOST_KNOWN: Final = 10_000
_PLACE = r"%\(\w+\)[sd]|\{\w*\}|<[^>]*>"
_NAMED = {
    role: re.compile(rf"{_PLACE}|\b({'|'.join(forms.values())})\b", re.IGNORECASE)
    for role, forms in STANDARD["en"].items()
}
_CHANGES_BEFORE: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "en": (("a", "aeiou", "n"),),
    "bg": (("с", "сз", "ъс"), ("в", "вф", "ъв")),
}
"""The little word before a role's, the first letters that change it, and what is added then."""


class RoleNames:
    """The forms of a programme's own words.

    Args:
        forms: role → language → form → word; roles and languages that keep our words are left out.
    """

    def __init__(self, forms: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        self._words = {
            (role, language): {standard.casefold(): words[form] for form, standard in STANDARD[language][role].items()}
            for role, languages in forms.items()
            for language, words in languages.items()
        }

    def __bool__(self) -> bool:
        return bool(self._words)

    def put_into(self, sentence: str, language: str, roles: frozenset[str]) -> str:
        """Return a sentence of the catalogue with the programme's words for `roles`."""
        words = {
            ours: theirs
            for role in sorted(roles)
            for ours, theirs in self._words.get((role, language), {}).items()
            if ours != theirs.casefold()
        }
        return _put(sentence, language, words) if words else sentence


def _put(sentence: str, language: str, words: Mapping[str, str]) -> str:
    """Return the sentence with `words` (ours in small letters → theirs) put in; filled-in places stay."""
    before = "|".join(each[0] for each in _CHANGES_BEFORE[language])
    ours = "|".join(sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"{_PLACE}|\b(?P<little>(?:{before}) )?(?P<prefix>съ)?(?P<word>{ours})\b", re.IGNORECASE)

    def theirs(found: re.Match[str]) -> str:
        word = found["word"]
        if word is None:
            return found[0]
        new = words[word.casefold()]
        new = new[0].upper() + new[1:] if word[0].isupper() else new[0].lower() + new[1:]
        little = found["little"] or ""
        for stem, letters, added in _CHANGES_BEFORE[language]:
            if little.strip().casefold() == stem and new[0].casefold() in letters:
                little = f"{little.strip()}{added} "
        return f"{little}{found['prefix'] or ''}{new}"

    return pattern.sub(theirs, sentence)


def names_in(terms: Iterable[Any]) -> dict[str, Any]:
    """Return the forms that a glossary gives of the roles' names: role → language → form → word."""
    return {each["key"]: each["forms"] for each in terms if each["key"] in STANDARD["en"] and "forms" in each}


# --- where sentences come from ---------------------------------------------------------------------------------------

_asked: ContextVar[Callable[[], RoleNames | None] | None] = ContextVar("role_names", default=None)


@contextmanager
def called(names: Callable[[], RoleNames | None]) -> Iterator[None]:
    """Let sentences use the words that `names` gives; it is asked only when a sentence names a role."""
    token = _asked.set(names)
    try:
        yield
    finally:
        _asked.reset(token)


@lru_cache(maxsize=4096)
def _roles_named(message: str) -> frozenset[str]:
    return frozenset(role for role, pattern in _NAMED.items() if any(found[1] for found in pattern.finditer(message)))


@lru_cache(maxsize=4096)
def _said(names: RoleNames, sentence: str, language: str, roles: frozenset[str]) -> str:
    return names.put_into(sentence, language, roles)


def _worded(message: str, sentence: str, language: str) -> str:
    if (asked := _asked.get()) is None or language not in STANDARD or not (roles := _roles_named(message)):
        return sentence
    names = asked()
    return _said(names, sentence, language, roles) if names else sentence


class Translation(trans_real.DjangoTranslation):
    """Django's translation, with the programme's names of roles in what it says."""

    def gettext(self, message: str) -> str:
        known: dict[str, str] = self.__dict__.setdefault("_known", {})
        if (sentence := known.get(message)) is None:
            sentence = super().gettext(message)
            if len(known) < _MOST_KNOWN:  # what is translated is the text of our sources, but nothing enforces that
                known[message] = sentence
        return _worded(message, sentence, self.language())

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _worded(msgid1, super().ngettext(msgid1, msgid2, n), self.language())


def install() -> None:
    """Let Django make translations of this kind: it has no setting for it, and makes them when first asked."""
    real: Any = trans_real
    real.DjangoTranslation = Translation
    real._translations.clear()
    real._default = None
