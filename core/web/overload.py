"""When more people come at once than can be served: a short, honest answer, not a failure."""

import sys
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation

RETRY_AFTER = 5  # seconds
WAITED_TOO_LONG = 10  # seconds without a free thread, after which nobody looks at the page any more
ARRIVED = "open_mentoring.arrived"
"""Where the web process notes in the ASGI scope when a request was complete, by the monotonic clock."""
NOT_TAKEN = "open_mentoring.not_taken"
"""Where the web process notes in the ASGI scope that it did not take in what was sent, and why."""
TOO_LARGE, FULL = "too_large", "full"


def is_overloaded(error: BaseException | None = None) -> bool:
    """Return whether an error, by default the one being handled now, says that no connection became free in time."""
    error = error or sys.exc_info()[1]
    while error is not None:
        # By name: without PostgreSQL the pool's package is never loaded.
        if type(error).__name__ in {"PoolTimeout", "TooManyRequests"}:
            return True
        error = error.__cause__
    return False


def come_back_soon() -> HttpResponse:
    """Answer 503 from a page that needs nothing."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    return HttpResponse(loader.render_to_string("503.html"), status=503, headers=headers)


class OverloadMiddleware:
    """Answer 503 at once to who has waited too long for a thread, so that a crowd does not make all wait for ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = request.META.get("asgi.scope", {})
        arrived = scope.get(ARRIVED)
        is_late = arrived is not None and time.monotonic() - arrived >= WAITED_TOO_LONG
        if not is_late and scope.get(NOT_TAKEN) != FULL:
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            return come_back_soon()
