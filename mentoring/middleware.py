"""Who asks: the person's standing, read when a request first needs it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from mentoring.standing import Standing


class StandingMiddleware:
    """Put the person's `Standing` on the request; pages without rights cost no statement."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = SimpleLazyObject(lambda: Standing.of(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)
