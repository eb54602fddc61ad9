"""Tags about PDFs: their state on a page, and the texts in them."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from rendering.models import Rendering
from rendering.pages.state import words_of

register = template.Library()


@register.inclusion_tag("rendering/_rendering_state.html", takes_context=True)
def rendering_state(context: dict[str, Any], rendering: Rendering) -> dict[str, Any]:
    """Show where the making of a PDF stands; asks again by itself while it is under way."""
    request = context["request"]
    return {"words": words_of(rendering, request.standing), "csrf_token": context.get("csrf_token"), "request": request}


@register.filter
def lines(paragraphs: Iterable[Iterable[str]]) -> SafeString:
    """Draw paragraphs as lines, without a blank that a narrow cell would be made wider for."""
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in chain.from_iterable(paragraphs)))  # noqa: S308 -- ours


@register.filter
def quiet_lines(paragraphs: Iterable[Iterable[str]]) -> SafeString:
    """Draw paragraphs as lines of small print under what stands before them."""
    return format_html_join("", '<br><span class="quiet">{}</span>', ((" ".join(each),) for each in paragraphs))
