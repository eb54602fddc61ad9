"""Per-request settings: the person's language and time zone; nothing personal is kept by caches."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from redis.exceptions import RedisError

from core.days import programme_zone
from core.web.overload import NOT_TAKEN, TOO_LARGE
from core.zones import zone_of

logger = logging.getLogger(__name__)
BACK_IN = 20
NUL = "\x00"
BARE_PAGE = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""Headers of a page that is answered before the middleware that sets them."""

Handler = Callable[[HttpRequest], HttpResponse]


def _language(request: HttpRequest) -> str:
    """Return the language: the person's, else the cookie's, else the browser's."""
    known = dict(settings.LANGUAGES)
    if request.user.is_authenticated and request.user.language in known:
        return request.user.language
    return translation.get_language_from_request(request)


class HostMiddleware:
    """Refuse a request that names a host which is not ours before anything else builds an address from it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost as error:
            logger.warning("%s", error)
            with translation.override(translation.get_language_from_request(request)):
                page = render_to_string("wrong_host.html")
            return HttpResponse(page, status=HTTPStatus.BAD_REQUEST, headers=BARE_PAGE)
        return self.get_response(request)


class PersonalSettingsMiddleware:
    """Activate the language and the time zone of the signed-in person for this request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            zone = zone_of(getattr(request.user, "time_zone", ""))
            with timezone.override(zone or programme_zone()):
                response = self.get_response(request)
                render = getattr(response, "render", None)
                if callable(render) and not getattr(response, "is_rendered", True):
                    response = render()
        response.headers.setdefault("Content-Language", language)
        if not request.user.is_authenticated:
            patch_vary_headers(response, ("Accept-Language",))
        return response


class StrayInputMiddleware:
    """Refuse what is too large, and addresses with a NUL, which no database looks for; leave it out of what forms send.

    Answer 503 while the cache that counts is down.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what the web process did not take in, before the missing security token is noticed.

        Raises:
            RequestDataTooBig: it was larger than any request of ours.
        """
        if request.META.get("asgi.scope", {}).get(NOT_TAKEN) == TOO_LARGE:
            raise RequestDataTooBig
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Refuse within all other middleware, so that this answer has their headers too.

        Raises:
            BadRequest: there is a NUL in the address.
        """
        if "%00" in request.META.get("QUERY_STRING", "") or NUL in request.path_info:
            raise BadRequest("The address contains a NUL.")
        # Once for all: not every value is that of a field of a form, which cleans its own.
        if request.method == "POST" and any(NUL in value for _name, values in request.POST.lists() for value in values):
            sent = request.POST.copy()
            for name, values in request.POST.lists():
                sent.setlist(name, [value.replace(NUL, "") for value in values])
            sent._mutable = False
            request.POST = sent  # type: ignore[assignment]  # of the same kind by now

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # noqa: ARG002 -- Django's
        """Say when to come back, where the cache does not answer and the view cannot do without (rate limits)."""
        if not isinstance(exception, RedisError):
            return None
        logger.error("The cache does not answer: %s", type(exception).__name__)
        return HttpResponse(render_to_string("500.html"), status=503, headers={"Retry-After": str(BACK_IN)})


class OnlyForFormsMiddleware:
    """Show a page where somebody opens an address that only takes what a form sends: after an error it stands there."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET" or response.content:
            return response
        page = request.path_info.rstrip("/").rpartition("/")[0] + "/"
        context = {"url": page if is_valid_path(page) else "/"}
        shown = render(request, "405.html", context, status=response.status_code)
        shown.headers["Allow"] = response.headers["Allow"]
        return shown


class NoStoreMiddleware:
    """Mark every answer to a signed-in person `no-store`: a shared computer keeps no diary in its cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store, private"
        return response
