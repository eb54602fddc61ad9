"""The four sections of the catalogue, and what a session of it contains."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.policy.guard import access
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest
from core.web.once import new_key
from mentoring.models import MentoringGroup
from mentoring.navigation import rail_for
from sessions_app.models import CatalogueSession, SectionKind
from sessions_app.pages.outline import may_change_plan
from sessions_app.pages.sections import FOLDERS, content_context, section_context, used_by_plan


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.PLAN, for_page=True)
def section_detail(request: SignedInRequest, group: MentoringGroup, kind: str) -> HttpResponse:
    """Show what a section is for and the sessions one can choose from it."""
    section = SectionKind(kind)
    context = section_context(group, section)
    rail = rail_for(request, group, current=f"section-{kind}")
    folder = FOLDERS.get(section)
    context |= {
        "rail": rail,
        "folder": next((place for place in rail["places"] if folder and place.get("key") == folder), None),
        "may_change": may_change_plan(request.standing, group),
        "once": new_key(),
    }
    return render(request, "sessions_app/section_detail.html", context)


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.PLAN, for_page=True)
def catalogue_detail(request: SignedInRequest, group: MentoringGroup, session_pk: int) -> HttpResponse:
    """Show a session of the catalogue."""
    session = get_object_or_404(CatalogueSession.objects.shown_to(group), pk=session_pk)
    context = {
        **content_context(session),
        "group": group,
        "section_label": SectionKind(session.kind).label,
        "used": used_by_plan(group, session),
        "may_change": may_change_plan(request.standing, group),
        "once": new_key(),
        "rail": rail_for(request, group, current=f"section-{session.kind}"),
    }
    return render(request, "sessions_app/catalogue_detail.html", context)
