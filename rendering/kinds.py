"""What is rendered: for each kind how it is made, who may see it, and how it reads while it is made.

Apps above register their kinds in `apps.ready()`; a system check says which is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q
from django.urls import reverse

from core.policy.roles import Action
from mentoring.standing import Standing

if TYPE_CHECKING:
    from rendering.models import Rendering


class NoLongerNeededError(Exception):
    """A newer one is made, or filed already; this PDF would only stand in its way."""


@dataclass(frozen=True, slots=True)
class InTheMaking:
    """How a document reads in its folder while its PDF is made: `url` leads to what it is made from."""

    title: str
    url: str
    line: str


class Kind(Protocol):
    """Everything that rendering must know of one kind."""

    def make(self, rendering: "Rendering") -> int:
        """Make the PDF, file or keep it, and return how many pages it has; idempotent.

        Raises:
            PdfError: it cannot be made.
        """

    def reached_by(self, standing: Standing, action: Action) -> Q:
        """Return the condition under which the person may do `action` on renderings of this kind."""

    def describe(self, renderings: "Sequence[Rendering]", standing: Standing) -> dict[int, InTheMaking]:
        """Return by key how renderings of this kind read in the folder they go to."""

    def result_url(self, rendering: "Rendering") -> str:
        """Return where the finished PDF opens in the browser; empty when it is nowhere."""


def filed_url(rendering: "Rendering") -> str:
    """Return where the version opens that a rendering was filed as; empty when it was not."""
    version = rendering.version
    return f"{reverse('documents:version-download', args=[version.pk])}?inline=1" if version else ""


_kinds: dict[str, Kind] = {}


def register(kind: str, handler: Kind) -> None:
    """Let `handler` answer for renderings of this kind."""
    _kinds[str(kind)] = handler


def kind_of(rendering: "Rendering") -> Kind:
    """Return who answers for a rendering."""
    return _kinds[rendering.kind]


def missing(kinds: Sequence[str]) -> list[str]:
    """Return those that nobody answers for."""
    return [kind for kind in kinds if kind not in _kinds]


def reached_by(standing: Standing, action: Action) -> Q:
    """Return the condition under which the person may do `action`, over all kinds."""
    found = Q(pk__in=())
    for kind, handler in _kinds.items():
        found |= Q(kind=kind) & handler.reached_by(standing, action)
    return found


def describe(renderings: "Sequence[Rendering]", standing: Standing) -> dict[int, InTheMaking]:
    """Return by key how renderings of whatever kind read."""
    found: dict[int, InTheMaking] = {}
    for kind, handler in _kinds.items():
        if own := [each for each in renderings if each.kind == kind]:
            found |= handler.describe(own, standing)
    return found
