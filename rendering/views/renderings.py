"""The live state of PDFs in the making."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.policy.guard import access
from core.policy.roles import Action
from core.web.http import SignedInRequest
from rendering.models import Rendering
from rendering.pages.state import words_of
from rendering.services import renderings


@require_safe
@access(Rendering, Action.VIEW)
def rendering_status(request: SignedInRequest, rendering: Rendering) -> HttpResponse:
    """Tell where the making of a PDF stands; a page with it asks again by itself."""
    rendering = Rendering.objects.for_state().get(pk=rendering.pk)
    if request.htmx:
        return _state(request, rendering)
    context = {"rendering": rendering, "words": words_of(rendering, request.standing)}
    return render(request, "rendering/rendering_status.html", context)


@require_POST
@access(Rendering, Action.RETRY)
def rendering_retry(request: SignedInRequest, rendering: Rendering) -> HttpResponse:
    """Give a PDF that could not be made three new tries."""
    renderings.retry(rendering=rendering, user=request.user)
    if request.htmx:
        return _state(request, Rendering.objects.for_state().get(pk=rendering.pk))
    return redirect("rendering:rendering-status", rendering.pk)


def _state(request: SignedInRequest, rendering: Rendering) -> HttpResponse:
    """Answer with the part of a page that tells the state; `?page=1` is the page of this PDF, whose title follows."""
    is_page = "page" in request.GET
    context = {"words": words_of(rendering, request.standing), "is_page": is_page, "is_part": is_page}
    return render(request, "rendering/_rendering_state.html", context)
