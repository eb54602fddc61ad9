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
    words = words_of(rendering, request.standing)
    name = "rendering/_rendering_state.html" if request.htmx else "rendering/rendering_status.html"
    return render(request, name, {"rendering": rendering, "words": words})


@require_POST
@access(Rendering, Action.RETRY)
def rendering_retry(request: SignedInRequest, rendering: Rendering) -> HttpResponse:
    """Give a PDF that could not be made three new tries."""
    renderings.retry(rendering=rendering, user=request.user)
    if request.htmx:
        rendering = Rendering.objects.for_state().get(pk=rendering.pk)
        return render(request, "rendering/_rendering_state.html", {"words": words_of(rendering, request.standing)})
    return redirect("rendering:rendering-status", rendering.pk)
