"""The places a person can go to from every page.

An app names its places in its `apps.py`: `navigation.register(places_of)` in `ready()`, where `places_of(request)`
returns the `NavigationItem`s this person has. One that does not work yet is not named. No app above is imported here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest

Area = Literal["main", "menu", "footer"]


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the navigation.

    `covers` are the beginnings of view names (`"documents:"`, `"mentoring:group-"`) that belong to the place: the
    longest that fits makes it the current one. `filled_icon` is shown in the tab bar while the place is current.
    `count` is a small number beside it, of what is new there; `count_words` says it in words.
    """

    label: str
    url: str
    icon: str
    short_label: str = ""
    filled_icon: str = ""
    covers: tuple[str, ...] = ()
    order: int = 50
    area: Area = "main"
    count: int = 0
    count_words: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """What stands at the upper left: the programme, and under it its year; in the footer the organisation."""

    name: str
    note: str = ""
    organisation: str = ""


ItemProvider = Callable[[HttpRequest], Iterable[NavigationItem]]
BrandProvider = Callable[[HttpRequest], Brand | None]

_item_providers: list[ItemProvider] = []
_brand_providers: list[BrandProvider] = []


def register(provider: ItemProvider) -> None:
    """Let `provider` add places to every page; it must not cost more than a query or two."""
    if provider not in _item_providers:
        _item_providers.append(provider)


def register_brand(provider: BrandProvider) -> None:
    """Let `provider` name the programme of a request; of those that answer, the last one registered wins."""
    if provider not in _brand_providers:
        _brand_providers.append(provider)


def items_for(request: HttpRequest) -> list[NavigationItem]:
    """Return every place of this person, in order."""
    places = [place for provider in _item_providers for place in provider(request)]
    return sorted(places, key=lambda place: place.order)


def brand_for(request: HttpRequest) -> Brand:
    """Return the programme shown to this person; the product's name when no app knows one."""
    for provider in reversed(_brand_providers):
        if brand := provider(request):
            return brand
    return Brand(name="Open e-Mentoring")


def current_of(places: Iterable[NavigationItem], view_name: str) -> NavigationItem | None:
    """Return the place whose `covers` fits `view_name` most closely."""
    fits = [
        (len(beginning), place) for place in places for beginning in place.covers if view_name.startswith(beginning)
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None
