"""What a group owes: all of it, and one tool; reminding, waiving with a reason, taking a waiver back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist.models import ChecklistItem
from checklist.pages.cells import cell_context
from checklist.pages.overview import overview_context
from checklist.pages.reminding import why_nobody
from checklist.services import items as checklist
from checklist.services import reminders
from core.keys import key_from
from core.policy.guard import access
from core.policy.roles import Action, Area
from core.texts import text
from core.web.http import SignedInRequest
from core.web.toasts import refuse, tell
from core.web.way_back import way_back
from mentoring.forms import ReasonForm
from mentoring.models import MentoringGroup
from mentoring.navigation import rail_for
from tools.models import Tool


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.CHECKLIST, for_page=True)
def checklist_list(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Show what the group still owes, tool by tool, and whom to ask."""
    context = overview_context(request.standing, group)
    context["rail"] = rail_for(request, group, current="checklist")
    return render(request, "checklist/checklist_list.html", context)


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.CHECKLIST, for_page=True)
def checklist_cell(request: SignedInRequest, group: MentoringGroup, key: str) -> HttpResponse:
    """Show who has done it, who has not, and who was excused."""
    context = cell_context(request.standing, group, key)
    if context is None:
        raise Http404
    return render(request, "checklist/checklist_cell.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.MANAGE, area=Area.CHECKLIST, for_page=True)
def checklist_waive(request: SignedInRequest, group: MentoringGroup, key: str) -> HttpResponse:
    """Ask for the reason, then waive the open rows of a tool, or only one of them."""
    tool, rows = _managed(request, group, key)
    rows = [row for row in rows if row.state not in ChecklistItem.SETTLED]
    back = redirect(way_back(request, reverse("checklist:checklist-cell", args=[group.pk, key])).url)
    if not rows:
        messages.error(request, _("There is nothing left to do here."))
        return back
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        numbers = [row.pk for row in rows]
        try:
            checklist.waive(group=group, tool=tool, by=request.user, reason=form.cleaned_data["reason"], items=numbers)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            undo = reverse("checklist:checklist-unwaive", args=[group.pk, key])
            tell(request, _("Waived."), undo_url=f"{undo}?{urlencode({'item': numbers}, doseq=True)}")
            return back
    context = {"group": group, "version": rows[0].tool_version, "rows": rows, "form": form, "tool": tool}
    context["session"] = text(rows[0].session_title) if len(rows) == 1 else ""
    return render(request, "checklist/checklist_waive.html", context, status=422 if form.errors else 200)


@require_POST
@access(MentoringGroup, Action.MANAGE, area=Area.CHECKLIST)
def checklist_unwaive(request: SignedInRequest, group: MentoringGroup, key: str) -> HttpResponse:
    """Take a waiver back: the rows ask again."""
    tool, rows = _managed(request, group, key)
    try:
        count = checklist.unwaive(group=group, tool=tool, by=request.user, items=[row.pk for row in rows])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if count:
            tell(request, _("It is required again."))
    return redirect("checklist:checklist-cell", group.pk, key)


@require_POST
@access(MentoringGroup, Action.MANAGE, area=Area.CHECKLIST)
def checklist_remind(request: SignedInRequest, group: MentoringGroup, key: str) -> HttpResponse:
    """Remind those who owe it."""
    tool, rows = _managed(request, group, key)
    try:
        people = reminders.remind(group=group, tool=tool, by=request.user, items=[row.pk for row in rows])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("checklist:checklist-cell", group.pk, key)
    if len(people) == 1:
        tell(request, _("%(name)s is reminded.") % {"name": people[0].full_name})
    elif people:
        words = ngettext("%(count)d person is reminded.", "%(count)d people are reminded.", len(people))
        tell(request, words % {"count": len(people)})
    else:
        reason = why_nobody(request.standing, group, tool, rows)
        refuse(request, reason.text, link_url=reason.url, link_label=reason.label)
    return redirect("checklist:checklist-cell", group.pk, key)


def _managed(request: SignedInRequest, group: MentoringGroup, key: str) -> tuple[Tool, list[Any]]:
    """Return the tool and its rows named in `item` (all when none is), for those who manage the checklist.

    Raises:
        Http404: not theirs, no such tool, or a row of another group or tool.
    """
    sent = request.GET.getlist("item") + request.POST.getlist("item")
    numbers = {number for each in sent if (number := key_from(each)) is not None}
    tool = get_object_or_404(Tool.objects.of_pack(group.programme.pack_id), key=key)
    rows = list(ChecklistItem.objects.allowing(request.standing, Action.MANAGE).of_cell(group, tool))
    known = {row.pk for row in rows}
    if not rows or len(numbers) != len(set(sent)) or not numbers <= known:
        raise Http404
    return tool, [row for row in rows if not sent or row.pk in numbers]
