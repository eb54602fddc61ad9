"""The live state of PDFs in the making."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.access import access
from core.http import SignedInRequest
from core.roles import Action
from documents.models import Rendering
from documents.rendering_state import words_of
from documents.services import renderings


@require_safe
@access(Rendering, Action.VIEW)
def rendering_status(request: SignedInRequest, rendering: Rendering) -> HttpResponse:
    """Tell where the making of a PDF stands; a page with it asks again by itself."""
    rendering = Rendering.objects.for_state().get(pk=rendering.pk)
    words = words_of(rendering, request.standing)
    name = "documents/_rendering_state.html" if request.htmx else "documents/rendering_status.html"
    return render(request, name, {"rendering": rendering, "words": words})


@require_POST
@access(Rendering, Action.RETRY)
def rendering_retry(request: SignedInRequest, rendering: Rendering) -> HttpResponse:
    """Give a PDF that could not be made three new tries."""
    renderings.retry(rendering=rendering, user=request.user)
    if request.htmx:
        rendering = Rendering.objects.for_state().get(pk=rendering.pk)
        return render(request, "documents/_rendering_state.html", {"words": words_of(rendering, request.standing)})
    return redirect("documents:rendering-status", rendering.pk)
