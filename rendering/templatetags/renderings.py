"""Tags about documents."""

from typing import Any

from django import template

from rendering.models import Rendering
from rendering.pages.state import words_of

register = template.Library()


@register.inclusion_tag("rendering/_rendering_state.html", takes_context=True)
def rendering_state(context: dict[str, Any], rendering: Rendering) -> dict[str, Any]:
    """Show where the making of a PDF stands; asks again by itself while it is under way."""
    request = context["request"]
    return {"words": words_of(rendering, request.user), "csrf_token": context.get("csrf_token"), "request": request}
