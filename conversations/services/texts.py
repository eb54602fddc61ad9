"""What a post may say: cleaned, bounded, and with the people it names."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conversations.models import LONGEST_POST, LONGEST_TITLE, Board
from conversations.querysets import MOST_NAMES, members_of
from core.markdown import DEEPEST, is_too_deep
from core.typed_text import clean_text

MOST_MENTIONS: Final = 50
MOST_LINES: Final = 500
"""Each paragraph and each item of a list costs everybody who reads it; no post that people write has so many."""
RAW: Final = 4
"""So many times the limit of a text may come in, with what is left out of it when it is cleaned."""
_NAME_BEGINS: Final = re.compile(r"(?<![\w@/.])@(?=\w)")


@dataclass(frozen=True, slots=True)
class Text:
    """A checked text: what is stored, the people it names, and their names as typed."""

    body: str
    people: frozenset[int] = frozenset()
    names: list[str] = field(default_factory=list)


def checked_title(title: str) -> str:
    """Return a title as it is stored.

    Raises:
        ValidationError: there is none, or it is too long.
    """
    check_length(title, LONGEST_TITLE, "title")
    words = clean_text(title, lines=False)
    if not words:
        raise ValidationError({"title": _("Give the topic a title.")})
    if len(words) > LONGEST_TITLE:
        raise ValidationError({"title": _too_long(LONGEST_TITLE, len(words))})
    return words


def checked_text(board: Board, body: str) -> Text:
    """Return a text as it is stored, with the members of the board that it names.

    Raises:
        ValidationError: there is none, or too much of something.
    """
    check_length(body, LONGEST_POST, "body")
    words = clean_text(body, lines=True)
    if not words:
        raise ValidationError({"body": _("Write something first.")})
    if len(words) > LONGEST_POST:
        raise ValidationError({"body": _too_long(LONGEST_POST, len(words))})
    if (count := words.count("\n") + 1) > MOST_LINES:
        long = _("Use at most %(limit)d lines. You have %(count)d. Write the rest in another post.")
        raise ValidationError({"body": long % {"limit": MOST_LINES, "count": count}})
    if is_too_deep(words):
        deep = _("Quotes and lists can stand %(limit)d deep in each other. Yours are deeper; take some levels away.")
        raise ValidationError({"body": deep % {"limit": DEEPEST}})
    if not _NAME_BEGINS.search(words):
        return Text(words)
    named = find_names(words, members_of(board).values_list("pk", "full_name")[:MOST_NAMES])
    if len(named) > MOST_MENTIONS:
        many = _("You name %(count)d people with @. Name at most %(limit)d; the others read the board anyway.")
        raise ValidationError({"body": many % {"count": len(named), "limit": MOST_MENTIONS}})
    return Text(words, frozenset(named), sorted({name for names in named.values() for name in names}))


def check_length(typed: str, limit: int, field: str = "") -> None:
    """Stop what is far too long before it is looked at character by character.

    Raises:
        ValidationError: it is; of `field` when one is named.
    """
    if len(typed) > RAW * limit:
        words = _too_long(limit, len(typed))
        raise ValidationError({field: words} if field else words)


def _too_long(limit: int, count: int) -> str:
    return _("Use at most %(limit)d characters. You have %(count)d.") % {"limit": limit, "count": count}


def find_names(text: str, people: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    """Return whom a text names after an `@`, each with the names as they stand there.

    A name counts where it is written in full, in any case, and belongs to one person only; of names that begin alike
    the longest counts.
    """
    by_name: dict[str, list[int]] = defaultdict(list)
    for key, name in people:
        by_name[clean_text(name, lines=False).casefold()].append(key)
    by_beginning: dict[str, list[str]] = defaultdict(list)
    for name in sorted(by_name, key=len, reverse=True):
        by_beginning[_first_word(name)].append(name)
    found: dict[int, set[str]] = defaultdict(set)
    for begin in _NAME_BEGINS.finditer(text):
        for name in by_beginning.get(_first_word(text[begin.end() : begin.end() + 200].casefold()), ()):
            end = begin.end() + len(name)
            typed = text[begin.end() : end]
            is_whole = not text[end : end + 1].isalnum()
            if typed.casefold() == name and is_whole and len(by_name[name]) == 1:
                found[by_name[name][0]].add(typed)
                break
    return found


def _first_word(name: str) -> str:
    match = re.match(r"\w+", name)
    return match[0] if match else ""
