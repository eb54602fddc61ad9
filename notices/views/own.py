"""What one was told, what one chose, and the way out of e-mails."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.policy.guard import access, public, signed_in
from core.policy.roles import Action
from core.web.http import SignedInRequest
from core.web.toasts import tell
from notices import unsubscribing
from notices.forms import ChoicesForm
from notices.kinds import kind_of
from notices.models import Notice
from notices.pages.choices import chosen_by, topic_words
from notices.pages.notices import UNSEEN, notices_context
from notices.services import choices, seen


@require_safe
@signed_in
def notice_list(request: SignedInRequest) -> HttpResponse:
    """List what one was told, the newest first."""
    context = notices_context(request.standing, show=request.GET.get("show", ""), page=request.GET.get("page", ""))
    template = "notices/notice_list.html"
    return render(request, f"{template}#notices" if request.htmx else template, context)


@require_safe
@access(Notice, Action.VIEW)
def notice_open(request: SignedInRequest, notice: Notice) -> HttpResponse:
    """Lead to what a notice is about; it is seen then."""
    seen.mark_seen(person=request.user, notices=[notice.pk])
    return redirect(kind_of(notice).url(notice))


def _back_to_list(request: SignedInRequest) -> HttpResponse:
    """Go back to the list as it was filtered."""
    query = f"?show={UNSEEN}" if request.POST.get("show") == UNSEEN else ""
    return redirect(f"{reverse('notices:notice-list')}{query}")


@require_POST
@signed_in
def notices_seen(request: SignedInRequest) -> HttpResponse:
    """Mark all notices as seen."""
    seen.mark_seen(person=request.user)
    return _back_to_list(request)


@require_POST
@access(Notice, Action.VIEW)
def notice_seen(request: SignedInRequest, notice: Notice) -> HttpResponse:
    """Mark one notice as seen."""
    seen.mark_seen(person=request.user, notices=[notice.pk])
    return _back_to_list(request)


@require_POST
@access(Notice, Action.VIEW)
def notice_unseen(request: SignedInRequest, notice: Notice) -> HttpResponse:
    """Keep one notice for later: it counts as new again."""
    seen.mark_unseen(person=request.user, notice=notice.pk)
    return _back_to_list(request)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choices_edit(request: SignedInRequest) -> HttpResponse:
    """Choose what reaches one, by which way, and when not."""
    chosen = chosen_by(request.standing)
    form = ChoicesForm(request.POST if request.method == "POST" else None, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        choices.choose(person=request.user, **form.chosen_ways())
        tell(request, _("Your choices are saved."))
        return redirect("notices:choices-edit")
    return render(request, "notices/choices_edit.html", {"form": form, "chosen": chosen}, status=form.refused)


@require_http_methods(["GET", "HEAD", "POST"])
@public
@csrf_exempt  # the key in the address is the proof; a mail provider sends no cookie and no token (RFC 8058)
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before e-mails of a kind end; looking at the page changes nothing, only its button does."""
    found = unsubscribing.read(token)
    if found is None:
        raise Http404
    person, topics = found
    if request.method == "POST":
        choices.end_mails(person_id=person, topics=topics)
    context = {"sentence": topic_words(topics), "is_done": request.method == "POST"}
    return render(request, "notices/unsubscribe.html", context)
