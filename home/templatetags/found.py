"""Texts with the found words marked."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from core.full_text import Piece

register = template.Library()


@register.filter
def in_pieces(pieces: Iterable[Piece]) -> SafeString:
    """Draw a text, the found words marked; whatever it says is shown as it was typed."""
    return SafeString(
        "".join(f"<mark>{escape(each.text)}</mark>" if each.is_found else escape(each.text) for each in pieces)
    )
