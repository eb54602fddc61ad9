"""The session plan of a group: reading, choosing sessions, its texts, agreeing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.keys import key_from
from core.policy.guard import access
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest
from core.web.once import create_once, new_key
from core.web.toasts import tell
from core.web.way_back import carried, way_back
from mentoring.models import MentoringGroup
from mentoring.navigation import rail_for
from sessions_app.forms import LockForm, OwnSessionForm, PlanTextsForm, with_lock
from sessions_app.models import CatalogueSession, PlannedSession, SectionKind, SessionPlan
from sessions_app.pages.agreeing import agree_context
from sessions_app.pages.plan import plan_context
from sessions_app.pages.sections import offered_for_choice
from sessions_app.services import agreement, plans

MOST_TICKED = 100


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.PLAN, for_page=True)
def plan_detail(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Show the plan: held, to come, and what is still to settle."""
    context = plan_context(request.standing, group)
    context["rail"] = rail_for(request, group, current="plan")
    return render(request, "sessions_app/plan_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access(SessionPlan, Action.CHANGE, lookup="group", for_page=True)
def plan_edit(request: SignedInRequest, plan: SessionPlan) -> HttpResponse:
    """Change what the plan says besides its sessions."""
    form = PlanTextsForm(request.POST or None, instance=plan)
    conflict, status = None, form.refused
    if request.method == "POST" and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in plans.TEXTS}
        lock = plan.lock if form.was_compared else form.cleaned_data["lock"]
        try:
            plans.change_texts(plan=plan, by=request.user, lock=lock, **texts)
        except plans.PlanConflictError as error:
            conflict, status = error.current, 409
            form = PlanTextsForm(with_lock(request.POST, conflict.lock), instance=plan)
        else:
            tell(request, _("The plan is saved."))
            return redirect(way_back(request, reverse("sessions:plan-detail", args=[plan.group_id])).url)
    group = plan.group
    rail = rail_for(request, group, current="plan")
    context = {"form": form, "conflict": conflict, "group": group, "rail": rail}
    return render(request, "sessions_app/plan_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access(SessionPlan, Action.CHANGE, lookup="group", for_page=True)
def plan_agree(request: SignedInRequest, plan: SessionPlan) -> HttpResponse:
    """Ask once more, say what happens, and put the plan into force."""
    form = LockForm(request.POST or None, initial={"lock": plan.lock})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            agreed = agreement.agree_plan(plan=plan, by=request.user, lock=form.cleaned_data["lock"])
        except plans.PlanConflictError:
            messages.error(request, _("The plan has changed since you opened this page. Look at it once more."))
            status, form = 409, LockForm(initial={"lock": plan.lock})
        except ValidationError as error:
            form.add_error(None, error)
            status = 422
        else:
            tell(request, _("Version %(number)d of the plan is in force.") % {"number": agreed.agreed_version})
            return redirect("sessions:plan-detail", plan.group_id)
    context = {**agree_context(plan.group, plan), "form": form}
    return render(request, "sessions_app/plan_agree.html", context, status=status)


def _ticked(sent: QueryDict) -> list[int]:
    """Return the keys of the sessions that are ticked; what is no key is nothing."""
    return [key for each in sent.getlist("session")[:MOST_TICKED] if (key := key_from(each)) is not None]


def _looked_for(sent: QueryDict) -> tuple[str, str]:
    """Return the words and the section that somebody looks for."""
    kind = sent.get("kind", "")
    return sent.get("q", "").strip()[:100], kind if kind in SectionKind.values else ""


def _choosing(request: SignedInRequest, plan: SessionPlan) -> HttpResponse:
    """Lead to the page of choosing, with what is looked for and what is ticked, also what is not shown any more."""
    words, kind = _looked_for(request.POST)
    ticked = [("session", key) for key in _ticked(request.POST)]
    query = urlencode([("q", words), ("kind", kind), *ticked])
    return redirect(carried(request, f"{reverse('sessions:session-create', args=[plan.group_id])}?{query}"))


@require_http_methods(["GET", "HEAD", "POST"])
@access(SessionPlan, Action.CHANGE, lookup="group", for_page=True)
def session_create(request: SignedInRequest, plan: SessionPlan) -> HttpResponse:
    """Offer the catalogue, section by section, to choose one session or several.

    Finding is sent as a form of the same page, so that what is ticked stays ticked.
    """
    if request.method == "POST":
        return _choosing(request, plan)
    group = plan.group
    (words, kind), ticked = _looked_for(request.GET), _ticked(request.GET)
    context = {
        "group": group,
        **offered_for_choice(group, words, kind, ticked),
        "kinds": SectionKind.choices,
        "kind": kind,
        "words": words,
        "everything_url": f"?{urlencode({'session': ticked}, doseq=True)}",
        "once": new_key(),
        "rail": rail_for(request, group, current="plan"),
    }
    return render(request, "sessions_app/session_create.html", context)


@require_POST
@access(SessionPlan, Action.CHANGE, lookup="group")
def session_add(request: SignedInRequest, plan: SessionPlan) -> HttpResponse:
    """Put the chosen sessions into the plan."""
    chosen = list(CatalogueSession.objects.offered(plan.group.programme.pack_id).chosen(_ticked(request.POST)))
    if not chosen:
        messages.error(request, _("Choose at least one session."))
        return _choosing(request, plan)

    def add() -> SessionPlan:
        plans.add_sessions(plan=plan, by=request.user, catalogue=chosen)
        return plan

    try:
        create_once(request, SessionPlan, add)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _choosing(request, plan)
    count = len(chosen)
    words = ngettext(
        "%(count)d session added. Now set its date.", "%(count)d sessions added. Now set their dates.", count
    )
    tell(request, words % {"count": count})
    return redirect("sessions:plan-detail", plan.group_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access(SessionPlan, Action.CHANGE, lookup="group", for_page=True)
def session_own(request: SignedInRequest, plan: SessionPlan) -> HttpResponse:
    """Put a session into the plan that the catalogue does not have."""
    group = plan.group
    form = OwnSessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_once(
                request, PlannedSession, lambda: plans.add_own_session(plan=plan, by=request.user, **form.cleaned_data)
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("“%(title)s” is in the plan. Now set its date.") % {"title": form.cleaned_data["title"]})
            return redirect("sessions:plan-detail", group.pk)
    rail = rail_for(request, group, current="plan")
    context = {"form": form, "group": group, "once": request.POST.get("once") or new_key(), "rail": rail}
    return render(request, "sessions_app/session_own.html", context, status=422 if form.errors else 200)
