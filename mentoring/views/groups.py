"""A Manager's groups: list, open, change, stages."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import programme_today
from core.policy.guard import access, signed_in
from core.policy.roles import Action, Role, Stage
from core.web.http import SignedInRequest
from core.web.once import act_once, create_once, delete_once, done_before, made_before
from core.web.toasts import tell
from core.web.way_back import way_back
from mentoring import stops
from mentoring.forms import GroupForm, NewGroupForm, OptionalReasonForm, ReasonForm
from mentoring.models import MentoringGroup, Programme, StageChange
from mentoring.navigation import rail_for
from mentoring.services import groups as group_services
from mentoring.services import removal, stages

PAGE_SIZE = 50


@require_safe
@signed_in
def group_list(request: SignedInRequest) -> HttpResponse:
    """List one's groups: those one manages or mentors, those one takes part in."""
    words = request.GET.get("q", "")
    show_over = request.GET.get("over") == "1"
    groups: Any = MentoringGroup.objects.listed(request.standing, with_over=show_over)
    if words.strip():
        groups = MentoringGroup.objects.of_member(request.standing).matching(words).for_rows()
        groups = groups if show_over else groups.not_over()
    page = Paginator(groups, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(group, [each.user for each in group.mentors]) for group in page],
        "words": words,
        "show_over": show_over,
        "manages": Role.MANAGER in request.standing.roles,
        "programmes": Programme.objects.allowing(request.standing, Action.OPEN_GROUP).open(),
    }
    return render(request, "mentoring/group_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Programme, Action.OPEN_GROUP)
def group_create(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Open a group in a programme."""
    start = max(programme.starts_on, programme_today())
    initial = {
        "starts_on": start,
        "ends_on": min(programme.ends_on, start + timedelta(days=round(programme.duration_months * 30.4))),
        "kind": "group",
        "form": "blended",
    }
    form = NewGroupForm(request.POST or None, programme=programme, manager=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        group = create_once(
            request,
            MentoringGroup,
            lambda: group_services.open_group(programme=programme, opened_by=request.user, **form.cleaned_data),
        )
        return _opened(request, group)
    # A second press finds the name taken, by the group that the first one opened.
    if form.errors and (made := made_before(request, MentoringGroup)) is not None:
        return _opened(request, made)
    context = {"form": form, "programme": programme}
    return render(request, "mentoring/group_create.html", context, status=422 if form.errors else 200)


def _opened(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    tell(request, _("“%(name)s” is open. Its folders and checklist are ready.") % {"name": group.name})
    return redirect("mentoring:member-list", pk=group.pk)


def _done(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Go back to where the person came from: the group, or the first screen."""
    return redirect(way_back(request, reverse("mentoring:group-detail", args=[group.pk])).url)


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.MANAGE)
def group_edit(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Change what a group is called, when it runs and how it keeps in touch."""
    form = GroupForm(request.POST or None, instance=MentoringGroup.objects.get(pk=group.pk))
    if request.method == "POST" and form.is_valid():
        try:
            changes = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
            group_services.change_group(group=group, by=request.user, **changes)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("The group is saved."))
            return _done(request, group)
    elif request.method != "POST" and (stop := stops.changing(group)):
        tell(request, stop, icon="exclamation-triangle")
        return _done(request, group)
    context = {"form": form, "group": group, "rail": rail_for(request, group, current="edit")}
    return render(request, "mentoring/group_edit.html", context, status=form.refused)


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.MANAGE)
def stage_change(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Take the group one stage further; what is missing is said, and going on without it needs a reason."""
    upcoming = stages.next_stage(group)
    missing = stages.missing_for(group, upcoming) if upcoming else []
    form = (ReasonForm if missing else OptionalReasonForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = {"reason": form.cleaned_data["reason"], "expected": request.POST.get("stage", group.stage)}
            _once(request, lambda: stages.advance(group=group, by=request.user, **said))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _moved_on(request, group)
    # A second press meets the questions of the stage after.
    if form.errors and done_before(request, StageChange, stands=stages.is_last):
        return _moved_on(request, group)
    history = stages.history(group)
    context = {
        "form": form,
        "group": group,
        "upcoming": upcoming,
        "by_itself": group.programme.advances_groups and upcoming in stages.BY_ITSELF,
        "missing": missing,
        "before": stages.stage_to_go_back_to(group),
        "unfounded": stages.unfounded(group),
        "may_be_deleted": group.stage in {Stage.FORMING, Stage.MATCHED} and removal.is_empty(group),
        "can_pause": not group.is_read_only and group.stage != Stage.PAUSED,
        "history": history,
        "was_taken_back": stages.was_taken_back(history),
        "rail": rail_for(request, group, current="stage"),
    }
    return render(request, "mentoring/stage_change.html", context, status=422 if form.errors else 200)


def _once(request: SignedInRequest, act: Callable[[], StageChange]) -> StageChange:
    """Take a step; a second press is answered as the first while the group stands there."""
    return act_once(request, StageChange, act, stands=stages.is_last)


def _moved_on(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    tell(request, _("The group is now: %(stage)s.") % {"stage": group.get_stage_display()})
    return _done(request, group)


EXITS: dict[str, Callable[..., StageChange]] = {
    "pause": stages.pause,
    "end": stages.end_early,
    "reopen": stages.reopen,
    "back": stages.take_back,
}


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.MANAGE)
def group_exit(request: SignedInRequest, group: MentoringGroup, exit_kind: str) -> HttpResponse:
    """Pause a group, end it early, take its end or its last step back; each with a reason."""
    before = stages.stage_to_go_back_to(group) if exit_kind == "back" else None
    if exit_kind == "back" and before is None and request.method != "POST":
        return redirect("mentoring:stage-change", pk=group.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # Two presses on "one step back" are one step: the second comes from a stage that is no more.
        is_back = exit_kind == "back"
        seen = {"expected": request.POST.get("stage", group.stage), "to": before} if is_back else {}
        leave = partial(EXITS[exit_kind], group=group, by=request.user, reason=form.cleaned_data["reason"], **seen)
        try:
            _once(request, leave)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _moved_on(request, group)
    context = {"form": form, "group": group, "exit_kind": exit_kind, "before": before}
    return render(request, "mentoring/group_exit.html", context, status=422 if form.errors else 200)


@require_POST
@access(MentoringGroup, Action.MANAGE)
def group_resume(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Let a paused group go on."""
    try:
        _once(request, lambda: stages.resume(group=group, by=request.user))
        tell(request, _("The pause is over. The stage of the group: %(stage)s.") % {"stage": group.get_stage_display()})
    except ValidationError as error:
        tell(request, error.messages[0], icon="exclamation-triangle")
    return redirect("mentoring:group-detail", pk=group.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.MANAGE)
def group_remove(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Delete a group that was opened by mistake, while nothing was written or filed in it."""
    error = ""
    if request.method == "POST":
        try:
            remove = partial(removal.remove_group, group=group, by=request.user)
            delete_once(request, remove, reverse("mentoring:group-list"))
        except ValidationError as refusal:
            error = refusal.messages[0]
        else:
            tell(request, _("“%(name)s” is deleted.") % {"name": group.name})
            return redirect("mentoring:group-list")
    context = {"group": group, "is_empty": not error and removal.is_empty(group), "error": error}
    return render(request, "mentoring/group_remove.html", context, status=409 if error else 200)
