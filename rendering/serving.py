"""Handing out what is kept on a rendering itself: a blank, the guide, a copy."""

from django.http import HttpResponseBase
from django.shortcuts import render

from core.web.http import SignedInRequest
from documents.serving import serve
from rendering.models import Rendering, RenderingState
from rendering.pages.state import words_of


def hand_out(request: SignedInRequest, rendering: Rendering, *, names: tuple[str, str]) -> HttpResponseBase:
    """Hand out a finished PDF, or say that it is being made.

    Args:
        names: the file name and its ASCII form.
    """
    rendering = Rendering.objects.for_state().get(pk=rendering.pk)
    if rendering.state == RenderingState.READY:
        is_inline = request.GET.get("inline") == "1"
        return serve(request, rendering.file, names=names, content_type="application/pdf", is_inline=is_inline)
    context = {"rendering": rendering, "words": words_of(rendering, request.standing)}
    response = render(request, "rendering/rendering_status.html", context, status=202)
    response["Retry-After"] = "2"
    return response
