"""What the shell of every page needs: places, programme, chosen colours."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.web.navigation import Area, NavigationItem, brand_for, current_of, items_for

THEMES = ("light", "dark")


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
    }


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
    }
