"""Pages that gather from many apps, and the answers when something is not there or goes wrong."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from core.days import programme_today
from core.policy.guard import anywhere, signed_in
from core.policy.roles import Action, Area, Role
from core.web import kept_forms
from core.web.http import SignedInRequest
from core.web.limits import SECONDS, is_too_often
from core.web.overload import come_back_soon, is_overloaded
from home import exports
from home.filters import Filters
from home.pages import matrix
from home.pages.drafts import drafts_context
from home.pages.manager import manager_context
from home.pages.mentee import mentee_context
from home.pages.mentor import mentor_context
from home.pages.search import search_context
from home.pages.start import admin_context, newcomer_context
from home.screens import ADMIN, choose_screen, screen_of, switch_of


@require_safe
@signed_in
def first_screen(request: SignedInRequest) -> HttpResponse:
    """Show the first screen of one's role; with several roles the one chosen last."""
    choose_screen(request, request.GET.get("as", ""))
    screen, standing = screen_of(request), request.standing
    context: dict[str, Any] = {"switch": switch_of(request), "today": programme_today()}
    if screen == Role.MANAGER:
        return render(request, "home/manager.html", context | manager_context(standing, Filters.read(request.GET)))
    if screen == Role.MENTOR:
        return render(request, "home/mentor.html", context | mentor_context(standing))
    if screen == Role.MENTEE:
        return render(request, "home/mentee.html", context | mentee_context(standing))
    if screen == ADMIN:
        return render(request, "home/admin.html", context | admin_context(request))
    return render(request, "home/newcomer.html", context | newcomer_context(standing))


@require_safe
@signed_in
def draft_list(request: SignedInRequest) -> HttpResponse:
    """List what one has started and not finished."""
    return render(request, "home/draft_list.html", drafts_context(request.standing))


@require_safe
@signed_in
def search_results(request: SignedInRequest) -> HttpResponse:
    """Find people, documents, sessions and posts among what one may read."""
    most = settings.SEARCHES_PER_MINUTE
    often = "q" in request.GET and is_too_often("search", str(request.user.pk), most, uncounted=False)
    context = search_context(request, is_too_often=often)
    response = render(request, "home/search_results.html", context, status=429 if often else 200)
    if often:
        response.headers["Retry-After"] = str(SECONDS)
    return response


@require_safe
@anywhere(Area.CHECKLIST, Action.EXPORT)
def matrix_export(request: SignedInRequest) -> HttpResponse:
    """Hand out the matrix of the groups one manages, with the filters of the page, as CSV or XLSX."""
    kind = request.GET.get("format", "csv")
    if kind not in exports.FORMATS:
        raise Http404
    table = matrix.read(request.standing, Filters.read(request.GET), whole=True)
    ending, content_type = exports.FORMATS[kind]
    response = HttpResponse(exports.exported(table, kind), content_type=content_type)
    name = f"groups-{programme_today():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer 404: one text for what is not there and what is not yours."""
    return render(request, "404.html", status=404)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer 403."""
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400; 413 when more was sent than a page can hold (`DATA_UPLOAD_MAX_MEMORY_SIZE`)."""
    if not isinstance(exception, RequestDataTooBig):
        return render(request, "400.html", status=400)
    # Found out while the security token is read: nobody is known yet, so the cookie or the browser names the language.
    with translation.override(translation.get_language_from_request(request)):
        return render(request, "400.html", {"is_too_large": True}, status=413)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose security token is missing or old: it is kept, and sent again by the one who sent it."""
    if kept_forms.came_from_a_page_of_ours(request, reason):
        door = reverse("account_login")
        if request.path == door:  # signed in meanwhile in another tab, or the page is as old as its cookie
            return redirect("home:first-screen" if request.user.is_authenticated else door)
        if request.user.is_authenticated and kept_forms.keep(request, request.user.pk):
            return redirect("accounts:kept-form")
    return render(request, "403.html", {"token_expired": True}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer 500 from a page that needs nothing; 503 when only too many people came at once."""
    if is_overloaded():
        return come_back_soon()
    return HttpResponse(loader.render_to_string("500.html"), status=500)
