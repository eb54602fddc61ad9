"""Blank forms and the guide: asked for, made, and kept on the rendering itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from core.policy.roles import Action
from mentoring.models import Pack, Programme
from mentoring.standing import Standing
from rendering import kinds
from rendering.kinds import InTheMaking
from rendering.models import Rendering, RenderingKind
from rendering.pdf import engine, library_documents
from rendering.pdf.errors import BrokenError
from rendering.services import renderings
from tools.models import Tool, ToolVersion

if TYPE_CHECKING:
    from accounts.models import User


def request_blank(
    *, tool_version: ToolVersion, programme: Programme | None, language: str, requested_by: "User | None" = None
) -> Rendering:
    """Ask for a tool as a blank form in `language`. Idempotent."""
    return renderings.request(
        RenderingKind.BLANK,
        [tool_version.pk, tool_version.digest, _letterhead(programme), language],
        language=language,
        requested_by=requested_by,
        tool_version=tool_version,
        programme=programme,
    )


def request_guide(
    *, pack: Pack, programme: Programme | None, language: str, requested_by: "User | None" = None
) -> Rendering:
    """Ask for the guide to a pack's tools in `language`. Idempotent."""
    return renderings.request(
        RenderingKind.GUIDE,
        _guide_parts(pack, programme, language),
        language=language,
        requested_by=requested_by,
        pack=pack,
        programme=programme,
    )


def guide_digest(*, pack: Pack, programme: Programme | None, language: str) -> str:
    """Return the digest under which the guide is kept."""
    return renderings.digest_of(RenderingKind.GUIDE, _guide_parts(pack, programme, language))


def request_library(*, pack: Pack) -> int:
    """Ask for the guide and all blanks of a pack in all its languages; for `load_pack`.

    Returns:
        How many there are, old and new.
    """
    tools = pack.tools.select_related("current").filter(is_offered=True, current__isnull=False)
    asked = 0
    for language in pack.languages:
        request_guide(pack=pack, programme=None, language=language)
        for tool in tools:
            request_blank(tool_version=tool.current, programme=None, language=language)
        asked += 1 + len(tools)
    return asked


def _letterhead(programme: Programme | None) -> list[Any]:
    """Return what a letterhead shows: a changed one makes a new blank."""
    if programme is None:
        return []
    organisation = programme.organisation
    return [programme.pk, str(programme), organisation.name, organisation.logo.name or "", programme.group_size_max]


def _guide_parts(pack: Pack, programme: Programme | None, language: str) -> list[Any]:
    return [pack.pk, pack.digest, _letterhead(programme), language]


class LibraryKind:
    """A blank, or the guide; its file hangs on the rendering itself."""

    def make(self, rendering: Rendering) -> int:
        """Make it and keep its file."""
        if rendering.kind == RenderingKind.BLANK and rendering.tool_version:
            made = library_documents.blank_document(rendering.tool_version, rendering.language, rendering.programme)
        elif rendering.pack:
            made = library_documents.guide_document(rendering.pack, rendering.language, rendering.programme)
        else:
            raise BrokenError("a rendering of the library without its subject")
        return renderings.keep(rendering, engine.render_form(made))

    def reached_by(self, standing: Standing, action: Action) -> Q:
        """Let those see it who may read its tool; nobody tries again by hand: the next download asks anew."""
        if action != Action.VIEW:
            return Q(pk__in=())
        tools = Tool.objects.allowing(standing, action)
        return Q(tool_version__tool__in=tools.values("pk")) | Q(pack__in=tools.values("pack"))

    def describe(self, renderings: Sequence[Rendering], standing: Standing) -> dict[int, InTheMaking]:  # noqa: ARG002 -- the protocol
        """Return nothing: it goes into no folder."""
        return {}

    def result_url(self, rendering: Rendering) -> str:
        """Return the download of the blank or the guide."""
        if rendering.kind == RenderingKind.BLANK and rendering.tool_version:
            url = reverse("rendering:blank-download", args=[rendering.tool_version.tool_id])
        else:
            url = reverse("rendering:guide-download", args=[rendering.pack_id])
        return f"{url}?lang={rendering.language}&inline=1"


for kind in (RenderingKind.BLANK, RenderingKind.GUIDE):
    kinds.register(kind, LibraryKind())
