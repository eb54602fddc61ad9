"""A request of a signed-in person, and rendering of pages with their named partials."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

if TYPE_CHECKING:
    from accounts.models import User
    from mentoring.standing import Standing


class SignedInRequest(HttpRequest):
    """A request whose `user` is a person, as the guards of `core.policy.guard` promise.

    `standing` is read from the database when it is first asked for.
    """

    user: "User"
    standing: "Standing"
    htmx: Any


def addresses(view: str) -> Callable[[int], str]:
    """Return a function that gives the address of a view by an object's key: a list resolves its pattern once."""
    head, zero, tail = reverse(view, args=[0]).rpartition("0")
    assert zero, view  # noqa: S101 -- a route with a key in it
    return lambda key: f"{head}{key}{tail}"


def client_address(request: HttpRequest) -> str:
    """Return where the request comes from, as far as trusted proxies say; what anybody may write there counts not."""
    trusted = int(settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if trusted and len(hops) >= trusted:
        return str(hops[-trusted])
    return str(request.META.get("REMOTE_ADDR", ""))


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page, or only its named partial when the request comes from htmx.

    Args:
        partial: name of a `{% partialdef %}` in the template; None always gives the whole page.
    """
    if partial and getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        template = f"{template}#{partial}"
    return render(request, template, context, status=status)
