"""The day it is for the programme: facts and rights go by it, whatever zone a person has chosen.

A person's time zone decides only how moments are shown. Who is a member, what is late and what "today" means are the
same for everybody, and go by the zone of the installation (`TIME_ZONE`), which is that of its programmes.
"""

from datetime import date, datetime, tzinfo

from django.utils import timezone


def programme_zone() -> tzinfo:
    """Return the zone of the programmes."""
    return timezone.get_default_timezone()


def shown_twice(local: datetime) -> str:
    """Return what tells a time apart from the other one that clocks show alike (" EET"); nothing on other days."""
    first, second = local.replace(fold=0), local.replace(fold=1)
    return f" {local.tzname()}" if first.utcoffset() != second.utcoffset() else ""


def programme_today() -> date:
    """Return the programme's day now."""
    return timezone.localdate(timezone=programme_zone())


def programme_clock(moment: datetime | None = None) -> str:
    """Return a moment as the programme's clocks show it: "2026-11-26T17:30"; now when None.

    Such moments and days ("2026-11-26": from its beginning) come in their order as text.
    """
    return timezone.localtime(moment, programme_zone()).strftime("%Y-%m-%dT%H:%M")


def programme_day(moment: datetime | None) -> date:
    """Return the programme's day of a moment; of now when None."""
    return timezone.localdate(moment, programme_zone())
