"""Time zones that people choose from: today's names, and what older names mean today."""

import contextlib
import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

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

    The names are those of the Unicode CLDR, which keeps some cities under the older name of the zone.
    """
    cities: Mapping[str, Any] = {}
    with contextlib.suppress(UnknownLocaleError, ValueError):
        cities = Locale.parse(language, sep="-").time_zones
    for known_as in (name, *older_names().get(name, ())):
        if city := cities.get(known_as, {}).get("city"):
            return str(city)
    return name.rpartition("/")[2].replace("_", " ")


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone of a stored name; None when it is no name in use (empty, gone, an older one)."""
    return zoneinfo.ZoneInfo(name) if name in _known() else None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(zone_names())


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
    if timezone.localtime(moment).utcoffset() == timezone.localtime(moment, programme_zone()).utcoffset():
        return ""
    return zone_in_words(str(timezone.get_current_timezone()))
