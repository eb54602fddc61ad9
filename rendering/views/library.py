"""The template library: download only, for everybody."""

from django.http import Http404, HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from core.policy.guard import access
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest, render_page
from mentoring.models import MentoringGroup, Pack
from rendering.pages.library import language_of, library_context
from rendering.services import library as library_kind
from rendering.serving import hand_out
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
    name = f"{slugify(version.title, allow_unicode=True)}-{language}.pdf"
    return hand_out(request, rendering, names=(name, f"{tool.key}-{language}.pdf"))


@require_safe
@access(Pack, Action.VIEW)
def guide_download(request: SignedInRequest, pack: Pack) -> HttpResponseBase:
    """Hand out the guide to all tools in the language asked for, made first if it must be."""
    language = language_of(request, pack)
    rendering = library_kind.request_guide(pack=pack, programme=None, language=language)
    name = f"guide-{language}.pdf"
    return hand_out(request, rendering, names=(name, name))
