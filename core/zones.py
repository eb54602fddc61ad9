"""Time zones that people choose from: today's names, and what older names mean today."""

import contextlib
import zoneinfo
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from core.days import programme_zone


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return the names in use, Europe first; source: `zone.tab` of the tz database."""
    lines = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines()
    names = sorted({line.split("\t")[2] for line in lines if line and not line.startswith("#")})
    return (*(name for name in names if name.startswith("Europe/")), *(n for n in names if not n.startswith("Europe/")))


@lru_cache(maxsize=1)
def older_names() -> dict[str, tuple[str, ...]]:
    """Return the other names of each zone, as some browsers still say them: Asia/Kolkata was Asia/Calcutta."""
    known = set(zone_names())
    lines = resources.files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text("utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for kind, *words in (line.split() for line in lines if line.startswith("L ")):
        assert kind == "L"  # noqa: S101 -- a link: target, other name
        target, other = words[:2]
        if target in known and other not in known:
            found[target] = (*found.get(target, ()), other)
    return found


@lru_cache(maxsize=256)
def zone_words(name: str, language: str) -> str:
    """Return the city that a zone is named after, in a language: “Europe/Vilnius” is Vilnius, Вилнюс.

    The names are those of the Unicode CLDR, which keeps some cities under the older name of the zone. It names no city
    that is written as the zone is; an older name of such a zone is that of another city (Nairobi was Asmera's too).
    """
    cities: Mapping[str, Any] = {}
    with contextlib.suppress(UnknownLocaleError, ValueError):
        cities = Locale.parse(language, sep="-").time_zones
    older = () if name in Locale("bg").time_zones else older_names().get(name, ())
    for known_as in (name, *older):
        if city := cities.get(known_as, {}).get("city"):
            return str(city)
    return name.rpartition("/")[2].replace("_", " ")


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone of a stored name; None when it is no name in use (empty, gone, an older one)."""
    return zoneinfo.ZoneInfo(name) if name in _known() else None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(zone_names())


REGIONS: Final = {
    "Europe": gettext_lazy("Europe"),
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("The Americas"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Arctic": gettext_lazy("The Arctic"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic Ocean"),
    "Australia": gettext_lazy("Australia"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific Ocean"),
}
"""What the first part of a zone's name means; in this order a list of zones is read."""


def zones_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the zones in use under their regions, each as "Sofia (UTC+2)", by city: what one types finds it."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    return _zones_by_region(get_language() or settings.LANGUAGE_CODE, hour)


@lru_cache(maxsize=32)
def _zones_by_region(language: str, hour: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return them as they are in that hour; they change with summer time alone, and reading them all takes a while."""
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in zone_names():
        city = zone_words(name, language)
        found[name.partition("/")[0]].append(
            (name, f"{city} ({offset_words(hour.astimezone(zoneinfo.ZoneInfo(name)))})")
        )
    return [
        (str(REGIONS[region]), sorted(zones, key=lambda each: (each[1].casefold(), each[0])))
        for region, zones in found.items()
    ]


def offset_words(moment: datetime) -> str:
    """Return how far a local moment is from universal time: UTC, UTC+2, UTC+5:30, UTC−3."""
    minutes = int((moment.utcoffset() or timedelta(0)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    said = f"{hours}:{rest:02}" if rest else str(hours)
    return f"UTC{'+' if minutes > 0 else '−'}{said}" if minutes else "UTC"


def zone_in_words(name: str) -> str:
    """Return a zone as the reader of the page calls it."""
    return zone_words(name, get_language() or settings.LANGUAGE_CODE)


def programme_zone_name() -> str:
    """Return the zone that holds for who has chosen none."""
    return str(settings.TIME_ZONE)


def zone_where_it_differs(moment: datetime) -> str:
    """Return the city of the reader's zone where its clock differs from the programme's at a moment; else nothing.

    A meeting in person is at the programme's time: who reads another hour must see whose it is.
    """
    if timezone.get_current_timezone() is programme_zone():
        return ""
    if timezone.localtime(moment).utcoffset() == timezone.localtime(moment, programme_zone()).utcoffset():
        return ""
    return zone_in_words(str(timezone.get_current_timezone()))
