"""A kind of rendering that nobody answers for would stay in the queue for ever."""

from typing import Any

from django.core.checks import Error, register

from rendering import kinds
from rendering.models import RenderingKind


@register()
def every_kind_is_answered_for(app_configs: Any, **_kwargs: Any) -> list[Error]:  # noqa: ARG001 -- Django's signature
    """Say which kind of rendering no app has registered."""
    return [
        Error(f"No app has registered how renderings of the kind “{kind}” are made.", id="rendering.E001")
        for kind in kinds.missing(RenderingKind.values)
    ]
