"""One's own profile and language; allauth's pages for signing in, behind our guards."""

from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import ProfileForm
from core.policy.guard import View, public, signed_in
from core.web import kept_forms
from core.web.http import SignedInRequest
from core.web.routes import methods_of
from core.web.toasts import tell


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile_edit(request: SignedInRequest) -> HttpResponse:
    """Show and change one's own name, photo, language and time zone."""
    form = ProfileForm(request.POST or None, request.FILES or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changed = [name for name in services.PROFILE if name in form.changed_data]
        services.change_profile(user=request.user, **{name: data[name] for name in changed})
        if data.get("photo") or data.get("remove_photo"):
            services.store_photo(user=request.user, jpeg=data.get("photo") or None)
        tell(request, _("Your profile is saved."))
        return redirect("accounts:profile-edit")
    return render(request, "accounts/profile_edit.html", {"form": form}, status=form.refused)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def kept_form(request: SignedInRequest) -> HttpResponse:
    """Show a form that came too late, to be sent again; POST throws it away."""
    form = kept_forms.kept(request)
    if form is None:
        return redirect("home:first-screen")
    page = readable(form["url"])
    if request.method == "POST":
        kept_forms.forget(request)
        return redirect(page)
    context = {"form": form, "said": kept_forms.said(form), "page": page}
    return render(request, "accounts/kept_form.html", context)


def own_next_only(view: View) -> View:
    """Drop a `next` that leads elsewhere before the page repeats it in its form."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        target = request.GET.get("next", "")
        if target and not url_has_allowed_host_and_scheme(target, None):
            if request.method in {"GET", "HEAD"}:
                return redirect("account_login")
            request.META["QUERY_STRING"], request.GET = "", QueryDict()
        return view(request, *args, **kwargs)

    return checked


def readable(target: str) -> str:
    """Return `target`, or the nearest page above it: the answer to a sent form has the address of an act."""
    parts = urlsplit(target)
    path = parts.path
    while path.count("/") > 1:
        try:
            if "GET" in methods_of(resolve(path).func):
                return urlunsplit(("", "", path, parts.query if path == parts.path else "", ""))
        except Resolver404:
            pass
        path = f"{path.rstrip('/').rsplit('/', 1)[0]}/"
    return reverse("home:first-screen")


@require_POST
@public
def language_set(request: HttpRequest) -> HttpResponse:
    """Set the language: of the person when signed in, else in a cookie; then back to where one was."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home:first-screen")
    response = redirect(readable(target))
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            services.set_language(user=request.user, language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response
