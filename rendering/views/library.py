"""The template library: download only, for everybody."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from core.policy.guard import access
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest, render_page
from documents.serving import serve
from mentoring.models import MentoringGroup, Pack
from rendering.models import Rendering, RenderingState
from rendering.pages.library import language_of, library_context
from rendering.pages.state import words_of
from rendering.services import library as library_kind
from tools.models import Tool


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.LIBRARY)
def library_detail(request: SignedInRequest, group: MentoringGroup) -> HttpResponseBase:
    """List all tools with their rules; nothing can be put here."""
    group = MentoringGroup.objects.for_page().get(pk=group.pk)
    return render_page(request, "rendering/library_detail.html", library_context(request, group), partial="tools")


@require_safe
@access(Tool, Action.VIEW)
def blank_download(request: SignedInRequest, tool: Tool) -> HttpResponseBase:
    """Hand out a tool as a blank form in the language asked for, made first if it must be."""
    tool = Tool.objects.for_library().get(pk=tool.pk)
    version, language = tool.current, language_of(request, tool.pack)
    if version is None:
        raise Http404
    rendering = library_kind.request_blank(tool_version=version, programme=None, language=language)
    return _hand_out(request, rendering, f"{slugify(version.title, allow_unicode=True)}-{language}", tool.key)


@require_safe
@access(Pack, Action.VIEW)
def guide_download(request: SignedInRequest, pack: Pack) -> HttpResponseBase:
    """Hand out the guide to all tools in the language asked for, made first if it must be."""
    language = language_of(request, pack)
    rendering = library_kind.request_guide(pack=pack, programme=None, language=language)
    return _hand_out(request, rendering, f"guide-{language}", "guide")


def _hand_out(request: SignedInRequest, rendering: Rendering, name: str, plain: str) -> HttpResponseBase:
    """Hand out a finished blank or guide, or say that it is being made."""
    rendering = Rendering.objects.for_state().get(pk=rendering.pk)
    if rendering.state == RenderingState.READY:
        is_inline = request.GET.get("inline") == "1"
        names = (f"{name}.pdf", f"{plain}-{rendering.language}.pdf")
        return serve(request, rendering.file, names=names, content_type="application/pdf", is_inline=is_inline)
    context = {"rendering": rendering, "words": words_of(rendering, request.standing)}
    response = render(request, "rendering/rendering_status.html", context, status=202)
    response["Retry-After"] = "2"
    return response
