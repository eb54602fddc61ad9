"""Time zones that people choose from: today's names, and what older names mean today."""

import zoneinfo
from functools import lru_cache
from importlib import resources

from django.conf import settings


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


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone of a stored name; None when it is no name in use (empty, gone, an older one)."""
    return zoneinfo.ZoneInfo(name) if name in _known() else None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(zone_names())


def programme_zone_name() -> str:
    """Return the zone that holds for who has chosen none."""
    return str(settings.TIME_ZONE)
