"""What the shell of every page needs: places, programme, chosen colours."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core.days import programme_zone
from core.web.navigation import Area, NavigationItem, brand_for, current_of, items_for
from core.zones import programme_zone_name, zone_in_words, zone_of

THEMES = ("light", "dark")
MANY = 100
"""From here on a count beside a place is "99+"."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return `nav`, `menu_places`, `footer_places` (lists of entries), `brand` and `theme` for `base.html`.

    Places and programme are looked up only when a template shows them, so a fragment or a mail costs nothing.
    """
    theme = request.COOKIES.get("theme", "")
    places = SimpleLazyObject(lambda: items_for(request))
    return {
        "nav": _lazy_entries(request, places, "main"),
        "menu_places": _lazy_entries(request, places, "menu"),
        "footer_places": _lazy_entries(request, places, "footer"),
        "brand": SimpleLazyObject(lambda: brand_for(request)),
        "theme": theme if theme in THEMES else "",
        "zone_hint": _zone_hint(request),
        "own_zone": _own_zone(request),
    }


def _zone_hint(request: HttpRequest) -> str:
    """Return what to say to a person whose stored time zone is no name in use; times are the programme's then."""
    stored = getattr(getattr(request, "user", None), "time_zone", "")
    if not stored or zone_of(stored):
        return ""
    return _("Your time zone is not known here. Dates and times are shown as in %(zone)s.") % {
        "zone": zone_in_words(programme_zone_name())
    }


def _own_zone(request: HttpRequest) -> str:
    """Return the zone in which a person sees times, if its clock differs from that of the programme; else empty."""
    name = getattr(getattr(request, "user", None), "time_zone", "")
    now, own = timezone.now(), zone_of(name) if name else None
    if own is None or now.astimezone(own).utcoffset() == now.astimezone(programme_zone()).utcoffset():
        return ""
    return zone_in_words(name)


def _lazy_entries(request: HttpRequest, places: Any, area: Area) -> Any:
    def entries() -> list[dict[str, Any]]:
        match = getattr(request, "resolver_match", None)
        current = current_of(places, match.view_name if match else "")
        return [_entry(place, is_current=place is current) for place in places if place.area == area]

    return SimpleLazyObject(entries)


def _entry(place: NavigationItem, *, is_current: bool) -> dict[str, Any]:
    return {
        "label": place.label,
        "short_label": place.short_label or place.label,
        "icon": place.icon,
        "filled_icon": place.filled_icon or place.icon,
        "url": place.url,
        "current": is_current,
        "count": str(place.count) if place.count < MANY else f"{MANY - 1}+",
        "count_words": place.count_words,
    }
