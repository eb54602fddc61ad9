"""Finding names however they are typed: without diacritics, in another script, in any case."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from anyascii import anyascii
from django.db import models
from django.db.models import Q


def folded(text: str) -> str:
    """Return `text` in small plain Latin letters: "Žingsnis" → "zingsnis", "Георгиева" → "georgieva"."""
    return " ".join(anyascii(unicodedata.normalize("NFC", text)).casefold().split())


LONGEST = 100
"""So many characters are looked for; a field to search in takes no more."""

_CONSONANT = "'?"
"""What may follow a consonant: where a soft sign stands, another spelling has nothing."""
_SPELLINGS: tuple[tuple[str, str], ...] = (
    (r"shch|sht", "sh(?:ch|t)" + _CONSONANT),
    (r"s[hz]?", "s[hz]?" + _CONSONANT),
    (r"zh?", "zh?" + _CONSONANT),
    (r"c[hz]", "(?:c[hz]?|ts|kh)" + _CONSONANT),
    (r"c", "(?:c[hz]?|ts|k)" + _CONSONANT),
    (r"ts", "(?:ts|c[hz]?)" + _CONSONANT),
    (r"k?h", "[kc]?h" + _CONSONANT),
    (r"ks|x", "(?:ks|x)" + _CONSONANT),
    (r"k", "[kc]" + _CONSONANT),
    (r"[vw]", "[vw]" + _CONSONANT),
    (r"ph|f", "(?:ph|f)" + _CONSONANT),
    (r"[bdglmnpqrt]", r"\g<0>" + _CONSONANT),
    (r"[ijy]+", "[ijy]+"),
    # One piece for a run of them: optional pieces in a row would try every way to share a long run among them.
    (r"'*a[a']*", "[a']+"),
    (r"'+", "[a']*"),
)
"""How one sound is written in plain Latin letters: where the name is of another script, and in one language or another.

Ханна is folded to "khanna", Hanna to "hanna"; Жукаускиене to "zhukauskiene", Žukauskienė to "zukauskiene".
"""
_SOUNDS = re.compile("|".join(f"(?P<s{number}>{written})" for number, (written, _all) in enumerate(_SPELLINGS)))


def _as_spelled(sound: re.Match[str]) -> str:
    pattern = _SPELLINGS[int(str(sound.lastgroup)[1:])][1]
    return pattern.replace(r"\g<0>", sound[0])


def any_spelling(word: str) -> str:
    """Return the regular expression of a folded word in any of its spellings."""
    pattern, at = "", 0
    for sound in _SOUNDS.finditer(word):
        pattern += re.escape(word[at : sound.start()]) + _as_spelled(sound)
        at = sound.end()
    return pattern + re.escape(word[at:])


def patterns_of(words: str) -> tuple[str, ...]:
    """Return for each of `words` the regular expression of it in any spelling; none where no name can contain them."""
    return tuple(dict.fromkeys(any_spelling(word) for word in folded(words[:LONGEST]).split()))


def matches(patterns: Iterable[str], *fields: str) -> Q:
    """Return the condition that each of these patterns is in one of `fields`, which are kept folded."""
    found = Q()
    for pattern in patterns:
        found &= Q.create([(f"{field}__regex", pattern) for field in fields], connector=Q.OR)
    return found


def contains_all(words: str, *fields: str) -> Q:
    """Return the condition that each of `words` is in one of `fields`, which are kept folded, in any spelling."""
    patterns = patterns_of(words)
    return matches(patterns, *fields) if patterns else Q(pk__in=[])  # something was typed that no name can contain


class FoldedField(models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """Other fields of the row, folded, for searching in; written with the row, `update()` leaves it alone."""

    def __init__(self, *args: Any, sources: Iterable[str] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001 -- Django's signature
        """Fold what the sources say now."""
        said = folded(" ".join(str(getattr(model_instance, source)) for source in self.sources))
        setattr(model_instance, self.attname, said)
        return said


class FoldsOnSave(models.Model):
    """Base of rows with a `FoldedField`: a save of some fields writes it too where it follows from them."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; `search_text` goes with what it is made of."""
        if kwargs.get("update_fields") is not None:
            sources = set(self._meta.get_field("search_text").sources)  # type: ignore[union-attr]
            if sources & set(kwargs["update_fields"]):
                kwargs["update_fields"] = [*kwargs["update_fields"], "search_text"]
        super().save(*args, **kwargs)
