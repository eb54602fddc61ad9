"""Where Back, Cancel and Save lead: to the place the person came from, if it is one of ours, else to the usual one.

A page is reached from several places: a diary from the first screen, the plan, the list of diaries. A browser says on
which page a link was followed (`Referer`); a form carries that on in the field `back`, and a redirect in its query.
Only places that an app has registered count, so neither can lead anywhere else.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme

FIELD: Final = "back"
LONGEST: Final = 500

_places: dict[str, "str | Promise"] = {}


class Way(NamedTuple):
    """An address and what the place is called."""

    url: str
    label: str


def register_places(places: "Mapping[str, str | Promise]") -> None:
    """Let people come back to these routes; each with the name of the place."""
    _places.update(places)


def came_from(request: HttpRequest) -> Way | None:
    """Return the registered place that the person came from, None when it is unknown or a page of this very kind."""
    said = request.POST.get(FIELD) or request.GET.get(FIELD)
    candidate = said or (_referring_page(request) if request.method in {"GET", "HEAD"} else "")
    if not candidate or len(candidate) > LONGEST or not candidate.startswith("/"):
        return None
    if not url_has_allowed_host_and_scheme(candidate, allowed_hosts=None):
        return None
    path = urlsplit(candidate).path
    if path == request.path:
        return None
    try:
        route = resolve(path).view_name
    except Resolver404:
        return None
    here = request.resolver_match
    if here is not None and here.view_name == route:
        return None  # from one page to the next of its kind: back leads to where they are listed
    return Way(candidate, str(_places[route])) if route in _places else None


def way_back(request: HttpRequest, url: str, label: str = "") -> Way:
    """Return where the person came from; else `url`, which is called `label`."""
    way = came_from(request)
    if way is None or urlsplit(way.url).path == urlsplit(url).path:
        return Way(way.url if way else url, label)
    return way


def carried(request: HttpRequest, url: str) -> str:
    """Return `url` with where the person came from, for a step that follows by a redirect."""
    way = came_from(request)
    if way is None:
        return url
    address, hash_sign, part = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{FIELD}={quote(way.url, safe='')}{hash_sign}{part}"


def _referring_page(request: HttpRequest) -> str:
    """Return path and query of the page of ours on which a link was followed; empty when it was none."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # an address that no page has
        return ""
    if parts.netloc != request.get_host():
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
