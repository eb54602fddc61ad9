"""A kind of notice without words, or with a reason nobody can read, would fail in the worker."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils import translation

from notices import kinds
from notices.kinds import Said


@register()
def every_kind_has_words(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 -- Django's signature
    """Say which kind has no words for its own example."""
    return [
        Error(f"The kind of notice “{kind.code}” has no words.", id="notices.E001")
        for kind in kinds.all_kinds()
        if not says_something(kind)
    ]


def says_something(kind: kinds.NoticeKind) -> bool:
    """Return whether a kind has a label and makes a sentence of its example."""
    example = Said(kind.example, "Ada", "Group", {1: "Ada"})
    with translation.override("en"):
        try:
            return bool(str(kind.label) and kind.title(example))
        except Exception:  # noqa: BLE001 -- whatever its words stumble over, it has none
            return False
