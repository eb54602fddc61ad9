"""The group space: overview, the pages of the pack, the words it uses."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.policy.guard import access
from core.policy.roles import Action
from core.web.http import SignedInRequest
from mentoring.models import MentoringGroup
from mentoring.navigation import rail_for
from mentoring.pages.space import HOW_TO, glossary_context, group_context, page_context


@require_safe
@access(MentoringGroup, Action.VIEW, for_page=True)
def group_detail(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Show who is in the room, where the group is on its way, and all its places."""
    return render(request, "mentoring/group_detail.html", group_context(request, group))


@require_safe
@access(MentoringGroup, Action.VIEW, for_page=True)
def page_detail(request: SignedInRequest, group: MentoringGroup, key: str) -> HttpResponse:
    """Show a page of the programme's pack: how to use the space."""
    context = page_context(request.standing, group, key)
    if context is None:
        raise Http404
    context["rail"] = rail_for(request, group, current=key)
    return render(request, "mentoring/page_detail.html", context)


@require_safe
@access(MentoringGroup, Action.VIEW, for_page=True)
def glossary_detail(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Explain the words of the programme."""
    context = {**glossary_context(group), "rail": rail_for(request, group, current=HOW_TO)}
    return render(request, "mentoring/glossary_detail.html", context)
