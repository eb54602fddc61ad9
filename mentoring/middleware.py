"""Who asks: the person's standing, read when a request first needs it; and what roles are called there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from core.role_names import RoleNames, called
from mentoring.role_names import where
from mentoring.standing import Standing


class StandingMiddleware:
    """Put the person's `Standing` on the request; pages without rights cost no statement."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = SimpleLazyObject(lambda: Standing.of(request.user))  # type: ignore[attr-defined]
        with called(lambda: _role_names(request)):
            return self.get_response(request)


def _role_names(request: HttpRequest) -> RoleNames | None:
    """Return what the roles are called on the page that is shown."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return standing.role_names(*where(getattr(request, "place", None)))
