"""A form that came too late: it is kept for its person, and can be sent again after signing in.

The session had ended, or somebody signed in again in another tab and made the form's security token old. What was
typed lies in the session of this browser, for this person alone, until it is sent or thrown away, even while somebody
else signs in here and out again. Passwords and files are not kept.
"""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from core.keys import key_from

KEY = "kept_forms"
"""Where it lies in the session, by the key of its person."""
LONGEST = 200_000
"""Characters that are kept: more than any form of ours takes, less than a session must not hold."""
KEPT_FOR = 12 * 60 * 60
"""Seconds; who comes back the next day begins anew."""
NEVER = re.compile(r"password|csrfmiddlewaretoken", re.IGNORECASE)
_MADE_BY_PAGES = frozenset(
    {"once", "lock", "made_from", "back", "writer", "person", "keys", "then", "row", "next", "number", "stage"}
)

Handler = Callable[[HttpRequest], HttpResponse]


def _sign(person: int) -> str:
    return Signer(salt="person").sign(str(person))


def _last_person(request: HttpRequest) -> int | None:
    """Return who was signed in last in this browser, and has not signed out."""
    name, _colon, _signature = request.COOKIES.get(settings.PERSON_COOKIE_NAME, "").partition(":")
    person = key_from(name)
    known = person is not None and request.COOKIES[settings.PERSON_COOKIE_NAME] == _sign(person)
    return person if known else None


def keep(request: HttpRequest, person: int) -> bool:
    """Keep what the form sent.

    Returns:
        Whether there was something that can be kept.
    """
    pairs = [(name, value) for name, values in request.POST.lists() if not NEVER.search(name) for value in values]
    if request.path.startswith(_OF_NOBODY) or sum(len(name) + len(value) for name, value in pairs) > LONGEST:
        return False
    form = {
        "url": request.get_full_path(), "pairs": pairs, "had_files": bool(request.FILES), "at": time.time(),
    }  # fmt: skip
    request.session[KEY] = {**_all(request), str(person): form}
    return True


_OF_NOBODY = ("/sign-", "/password/", "/language/", "/invited/")
"""Forms that one sends without being signed in, or that hold nothing but a password."""


def _all(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Return what is kept in this browser for anybody; what was written long ago is left out."""
    found: dict[str, dict[str, Any]] = request.session.get(KEY, {})
    return {person: form for person, form in found.items() if time.time() - form["at"] <= KEPT_FOR}


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """Return what is kept for the signed-in person; what another person wrote stays for that one, unseen."""
    return _all(request).get(str(request.user.pk))


def forget(request: HttpRequest) -> None:
    """Throw away what is kept for the signed-in person."""
    left = _all(request)
    left.pop(str(request.user.pk), None)
    if left:
        request.session[KEY] = left
    else:
        request.session.pop(KEY, None)


def said(form: dict[str, Any]) -> list[str]:
    """Return what a person wrote in it, without what pages put into forms themselves."""
    return [value for name, value in form["pairs"] if name not in _MADE_BY_PAGES and _is_words(value)]


def _is_words(value: str) -> bool:
    if not value.strip() or value.isdecimal():
        return False
    try:
        uuid.UUID(value)
    except ValueError:
        return True
    return False


def came_from_a_page_of_ours(request: HttpRequest, reason: str) -> bool:
    """Return whether a refused form was sent by a page of this site whose token is only old.

    Args:
        reason: why Django refused it; another origin is refused before tokens are compared.
    """
    return "Origin" in request.headers and reason.startswith("CSRF ")


class KeptFormMiddleware:
    """Keep a form that asks to sign in first, and remember by a signed cookie whose browser this is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_post, door = request.method == "POST", reverse("account_login")
        form = kept(request) if is_post and request.user.is_authenticated else None
        was_out, others = is_post and not request.user.is_authenticated, self._of_others(request)
        if request.path == door and KEY in request.session and not _all(request):
            del request.session[KEY]  # its page says that something is kept
        response = self.get_response(request)
        if request.user.is_authenticated:
            if form is not None and form["url"] == request.get_full_path():
                forget(request)  # what may be wrong with it now, its own page says
            self._remember(request, response)
            if was_out and isinstance(response, HttpResponseRedirect) and kept(request) is not None:
                return self._back_to_it(response)
        elif request.method == "POST" and request.path == reverse("account_logout"):
            response.delete_cookie(settings.PERSON_COOKIE_NAME)
            if others:
                request.session[KEY] = others  # signing out has emptied the session
        elif request.method == "POST" and isinstance(response, HttpResponseRedirect):
            response = self._keep(request, response)
        return response

    def _of_others(self, request: HttpRequest) -> dict[str, dict[str, Any]]:
        """Return what is kept for others than the one who signs out here."""
        if request.method != "POST" or request.path != reverse("account_logout"):
            return {}
        return {person: form for person, form in _all(request).items() if person != str(request.user.pk)}

    def _back_to_it(self, response: HttpResponseRedirect) -> HttpResponse:
        """Lead who has just signed in to what is kept; the way elsewhere is on that page and in the navigation."""
        response["Location"] = reverse(settings.KEPT_FORM_URL)
        return response

    def _remember(self, request: HttpRequest, response: HttpResponse) -> None:
        signed = _sign(int(request.user.pk or 0))
        if request.COOKIES.get(settings.PERSON_COOKIE_NAME) != signed:
            response.set_cookie(
                settings.PERSON_COOKIE_NAME, signed, max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
            )  # fmt: skip

    def _keep(self, request: HttpRequest, response: HttpResponseRedirect) -> HttpResponse:
        """Let a form that asks to sign in first come back afterwards; its own address may take nothing but forms."""
        door = reverse("account_login")
        if not response.url.startswith(f"{door}?"):
            return response
        person = _last_person(request)
        if person is not None and keep(request, person):
            return HttpResponseRedirect(f"{door}?next={reverse(settings.KEPT_FORM_URL)}")
        is_page = "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers
        return _not_kept(request, door) if is_page else HttpResponseRedirect(door)


def _not_kept(request: HttpRequest, door: str) -> HttpResponse:
    """Show the sender, in this answer alone, what was sent after signing out: no page of before can be gone back to."""
    pairs = [(name, value) for name, values in request.POST.lists() if not NEVER.search(name) for value in values]
    context = {"said": said({"pairs": pairs}), "door": door}
    response = render(request, "accounts/form_not_kept.html", context, status=403)
    response.headers["Cache-Control"] = "no-store, private"
    return response
