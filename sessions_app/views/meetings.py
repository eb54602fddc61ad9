"""One session of a plan: reading, changing, holding, cancelling, taking out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.policy.guard import access
from core.policy.roles import Action
from core.web.http import SignedInRequest
from core.web.toasts import tell
from core.web.way_back import way_back
from mentoring.navigation import rail_for
from sessions_app.forms import AttendanceForm, CancelForm, SessionForm, with_lock
from sessions_app.models import MeetingState, PlannedSession
from sessions_app.pages.meetings import attendance_conflict_lines, conflict_lines, session_context
from sessions_app.services import plans
from sessions_app.services.attendance import said_of, version_of

GET_OR_POST = ["GET", "HEAD", "POST"]


def _sent(request: SignedInRequest) -> QueryDict | None:
    """Return what was sent, also when it is empty; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def _page(request: SignedInRequest, name: str, session: PlannedSession, status: int = 200, **more: Any) -> HttpResponse:
    """Render a step or a form about a session; a form stands inside the group, with its rail."""
    group = session.plan.group
    rail = rail_for(request, group, current="plan") if name == "session_edit" else None
    context = {"session": session, "group": group, "rail": rail, **more}
    return render(request, f"sessions_app/{name}.html", context, status=status)


def _refused(request: SignedInRequest, session: PlannedSession, error: ValidationError) -> HttpResponse:
    """Say on the page of the session why nothing was done."""
    messages.error(request, " ".join(error.messages))
    return redirect("sessions:session-detail", session.pk)


def _done(request: SignedInRequest, group_id: int) -> HttpResponse:
    """Go back to where the person came from: the plan, the session, the first screen."""
    return redirect(way_back(request, reverse("sessions:plan-detail", args=[group_id])).url)


def _turned_back(
    request: SignedInRequest, session: PlannedSession, turn_back: Callable[..., PlannedSession], words: str
) -> HttpResponse:
    """Take something back that was said of a session, and say so; `words` name it by `title`."""
    try:
        turn_back(session=session, by=request.user)
    except ValidationError as error:
        return _refused(request, session, error)
    tell(request, words % {"title": session.title})
    return _done(request, session.plan.group_id)


@require_safe
@access(PlannedSession, Action.VIEW, for_page=True)
def session_detail(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Show what the session is about, when and where, and what is written about it."""
    group = session.plan.group
    context = session_context(request.standing, group, session)
    context["rail"] = rail_for(request, group, current="plan")
    return render(request, "sessions_app/session_detail.html", context)


@require_http_methods(GET_OR_POST)
@access(PlannedSession, Action.CHANGE, for_page=True)
def session_edit(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Change date, form, place and contents; who saves second sees both texts."""
    form = SessionForm(_sent(request), session=session)
    conflict: list[dict[str, Any]] = []
    status = form.refused
    if request.method == "POST" and form.is_valid():
        lock = session.lock if form.was_compared else form.cleaned_data["lock"]
        try:
            plans.change_session(session=session, by=request.user, lock=lock, **form.changes())
        except plans.PlanConflictError as error:
            conflict, status = conflict_lines(form, error.current), 409
            form = SessionForm(with_lock(request.POST, error.current.lock), session=session)
        else:
            tell(request, _("“%(title)s” is changed.") % {"title": session.title})
            return _done(request, session.plan.group_id)
    return _page(request, "session_edit", session, status, form=form, conflict=conflict)


@require_http_methods(GET_OR_POST)
@access(PlannedSession, Action.CHANGE, for_page=True)
def session_hold(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Record that the session took place and who was there."""
    if request.method != "POST" and (stop := plans.why_not_held(session)):
        return _refused(request, session, ValidationError(stop))
    form, was_held = AttendanceForm(_sent(request), session=session), session.state == MeetingState.HELD
    if request.method == "POST" and form.is_valid():
        try:
            plans.hold_session(session=session, by=request.user, **form.changes())
        except plans.PlanConflictError as error:
            conflict = attendance_conflict_lines(form, error.current)
            form = AttendanceForm(with_lock(request.POST, version_of(said_of(error.current))), session=error.current)
            took_place = plans.has_handed_in(session)
            return _page(
                request, "session_hold", error.current, 409, form=form, took_place=took_place, conflict=conflict
            )
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                return _refused(request, session, error)
            form.add_error(None, error)
            return _page(request, "session_hold", session, 422, form=form, took_place=plans.has_handed_in(session))
        undo = "" if was_held else reverse("sessions:session-unhold", args=[session.pk])
        tell(request, _("The attendance is saved."), undo_url=undo)
        return _done(request, session.plan.group_id)
    took_place = was_held and plans.has_handed_in(session)
    return _page(request, "session_hold", session, 422 if form.errors else 200, form=form, took_place=took_place)


@require_POST
@access(PlannedSession, Action.CHANGE)
def session_unhold(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Take back that the session took place."""
    return _turned_back(request, session, plans.unhold_session, _("“%(title)s” is planned again."))


@require_http_methods(GET_OR_POST)
@access(PlannedSession, Action.CHANGE, for_page=True)
def session_cancel(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Ask why, and cancel the session."""
    form = CancelForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            plans.cancel_session(session=session, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            return _refused(request, session, error)
        undo = reverse("sessions:session-restore", args=[session.pk])
        tell(request, _("“%(title)s” is cancelled.") % {"title": session.title}, undo_url=undo)
        return _done(request, session.plan.group_id)
    return _page(request, "session_cancel", session, 422 if form.errors else 200, form=form)


@require_POST
@access(PlannedSession, Action.CHANGE)
def session_restore(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Bring a cancelled session back."""
    return _turned_back(request, session, plans.restore_session, _("“%(title)s” is in the plan again."))


@require_POST
@access(PlannedSession, Action.CHANGE)
def session_move(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Put a session without a date one place earlier or later."""
    try:
        plans.move_session(session=session, by=request.user, earlier=request.POST.get("to") == "earlier")
    except ValidationError as error:
        return _refused(request, session, error)
    return redirect("sessions:plan-detail", session.plan.group_id)


@require_http_methods(GET_OR_POST)
@access(PlannedSession, Action.CHANGE, for_page=True)
def session_remove(request: SignedInRequest, session: PlannedSession) -> HttpResponse:
    """Ask, and take a session out that was never agreed."""
    if not plans.may_be_removed(session):
        return _refused(
            request,
            session,
            ValidationError(_("This session was agreed or held, or has documents already. Cancel it instead.")),
        )
    if request.method == "POST":
        title, group_id = session.title, session.plan.group_id
        plans.remove_session(session=session, by=request.user)
        tell(request, _("“%(title)s” is no longer in the plan.") % {"title": title})
        return _done(request, group_id)
    return _page(request, "session_remove", session)
