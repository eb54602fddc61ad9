"""A request of a signed-in person, and rendering of pages with their named partials."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse

if TYPE_CHECKING:
    from accounts.models import User
    from mentoring.standing import Standing


_MARK = 7_000_001
"""Keys from here on stand for others in an address; none of ours has such a number in its words."""


class SignedInRequest(HttpRequest):
    """A request whose `user` is a person, as the guards of `core.policy.guard` promise.

    `standing` is read from the database when it is first asked for.
    """

    user: "User"
    standing: "Standing"
    htmx: Any


@lru_cache(maxsize=1024)
def _pieces(_urls: str, _prefix: str, view: str, count: int) -> list[str]:
    """Return what stands before, between and behind the keys in the address of a view."""
    marks = [_MARK + number for number in range(count)]
    found, rest = [], reverse(view, args=marks)
    for mark in marks:
        piece, _mark, rest = rest.partition(str(mark))
        found.append(piece)
    return [*found, rest]


def address(view: str, *keys: Any) -> str:
    """Return the address of a view, as `reverse` does; its pattern is looked up once for all keys.

    Raises:
        NoReverseMatch: there is no such view, or it takes other arguments.
    """
    if any(type(key) is not int or key < 0 for key in keys):
        return reverse(view, args=keys)
    pieces = _pieces(settings.ROOT_URLCONF, get_script_prefix(), view, len(keys))
    return pieces[0] + "".join(f"{key}{piece}" for key, piece in zip(keys, pieces[1:], strict=True))


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
