"""The cells of the matrix as HTML: a page of groups has some 400, so they are joined here and not drawn one by one."""

from functools import lru_cache

import pyphen
from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.templatetags.ui import CHIP_ICONS, icon
from home.pages.matrix import Cell, Column, Row

register = template.Library()

TINTED = frozenset({"late", "due", "waiting"})
COLOURS = {"late": "text-late", "due": "text-due", "waiting": "text-accent", "done": "text-done"}
LONG_WORD, LEAST_LETTERS = 11, 4
"""Words of fewer letters fit a column whole; a part of fewer letters reads badly."""
_ANY, _TOOL = 987654321, "any-tool"


@lru_cache(maxsize=1)
def _address() -> tuple[str, str]:
    """Return the parts of a cell's address before the group and between group and tool."""
    start, rest = reverse("checklist:checklist-cell", args=[_ANY, _TOOL]).split(str(_ANY))
    return start, rest.split(_TOOL)[0]


@lru_cache(maxsize=8)
def _hyphens(language: str) -> pyphen.Pyphen | None:
    """Return where words of a language can be broken; None for a language without rules."""
    found = pyphen.language_fallback(language)
    return pyphen.Pyphen(lang=found) if found else None


@register.filter
def hyphenated(words: str) -> str:
    """Return the words with soft hyphens: column heads are narrow, and browsers lack rules for many languages."""
    rules = _hyphens(get_language() or "en")
    return " ".join(_broken(word, rules) for word in words.split()) if rules else words


def _broken(word: str, rules: pyphen.Pyphen) -> str:
    """Return a long word with soft hyphens that leave some letters on both sides."""
    if len(word) < LONG_WORD:
        return word
    places = [place for place in rules.positions(word) if LEAST_LETTERS <= place <= len(word) - LEAST_LETTERS]
    for place in reversed(places):
        word = f"{word[:place]}\u00ad{word[place:]}"
    return word


@lru_cache(maxsize=4096)
def _drawn(key: str, title: str, cell: Cell) -> str:
    """Return the end of a cell, from the tool in its address on: a few dozen different ones make up any matrix.

    The shape comes from the style sheet. What is tinted carries the tool's name for narrow screens, which show no
    column heads; on wide ones the head of the column says it.
    """
    tool = f' data-tool="{escape(title)}"' if cell.state in TINTED else ""
    return f'{escape(key)}/" class="cell cell-{cell.state}"{tool}>{escape(cell.text)}</a></td>'


@register.simple_tag
def matrix_cells(row: Row, columns: list[Column]) -> SafeString:
    """Draw all cells of a row; each is one link in words."""
    start, middle = _address()
    begin = f'<td><a href="{start}{row.pk}{middle}'
    parts = [begin + _drawn(column.key, column.title, cell) for column, cell in zip(columns, row.cells, strict=True)]
    return mark_safe("".join(parts))  # noqa: S308 -- every part is escaped in `_drawn`


@register.simple_tag
def options(choices: list[tuple[int, str]], chosen: int | str | None) -> SafeString:
    """Draw the options of a list to choose from, by key and name."""
    drawn = [
        f'<option value="{pk}"{" selected" if str(pk) == str(chosen) else ""}>{escape(name)}</option>'
        for pk, name in choices
    ]
    return mark_safe("".join(drawn))  # noqa: S308 -- keys are numbers, names are escaped


@lru_cache(maxsize=1)
def _group_address() -> list[str]:
    return reverse("mentoring:group-detail", args=[_ANY]).split(str(_ANY))


@register.filter
def group_address(pk: int) -> str:
    """Return where a group's space is: what `url` gives, without working it out for every row."""
    return str(pk).join(_group_address())


@register.simple_tag
def need_icon(state: str) -> SafeString:
    """Draw the shape of what needs somebody, in its colour."""
    return icon(CHIP_ICONS[state], css=COLOURS.get(state, ""))
