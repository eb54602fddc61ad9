"""Diaries: one's own, those of the group, and the way to write one."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.policy.guard import access
from core.policy.roles import Action, Area, Role
from core.web.http import SignedInRequest
from mentoring.models import MentoringGroup
from mentoring.navigation import rail_for
from sessions_app.models import PlannedSession
from sessions_app.pages.diaries import diary_context
from sessions_app.related_sessions import diary_not_yet
from sessions_app.services import diaries


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.FORM, for_page=True)
def diary_list(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Show a Mentee what to write first, and everybody the diaries they may read."""
    context = diary_context(request.standing, group)
    context["rail"] = rail_for(request, group, current="diaries")
    return render(request, "sessions_app/diary_list.html", context)


@require_safe
@access(PlannedSession, Action.VIEW, for_page=True)
def diary_write(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Open one's own diary of this session, starting it the first time; safe to repeat."""
    group = session.plan.group
    if request.standing.role_in(group.pk) != Role.MENTEE:
        raise Http404
    form = diaries.own_diary(session=session, user=request.user)
    not_yet = diary_not_yet(session)
    if form is None and not not_yet and group.accepts_work:
        form = diaries.start_diary(session=session, user=request.user)
    if form is None:
        rail = rail_for(request, group, current="diaries")
        context = {"session": session, "group": group, "not_yet": not_yet, "rail": rail}
        return render(request, "sessions_app/diary_write.html", context)
    may_write = form.is_open and group.accepts_work
    return redirect("responses:form-edit" if may_write else "responses:form-detail", form.pk)
