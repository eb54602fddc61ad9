"""What can be said to a post without writing one: nearly every post of a page offers the same, so it is drawn once."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from conversations.pages.topics import ReactionRow
from core.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def react_buttons(rows: Iterable[ReactionRow]) -> SafeString:
    """Draw a button for each of these."""
    return _buttons(tuple((row.kind, row.icon, row.label) for row in rows))


@lru_cache(maxsize=256)
def _buttons(rows: tuple[tuple[str, str, str], ...]) -> SafeString:
    said = ((kind, icon(name), label) for kind, name, label in rows)
    return format_html_join("\n", '<button type="submit" name="say" value="{}:1">{} {}</button>', said)
