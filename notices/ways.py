"""Which way somebody is told: what they chose, else what fits their role; not in their quiet hours."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from core.days import programme_zone
from core.zones import zone_of
from mentoring.standing import Standing
from notices.kinds import NoticeKind
from notices.models import GATHERED_AT, Hours, Way

if TYPE_CHECKING:
    from accounts.models import User

Choices = Mapping[tuple[str, int | None], str]


def role_for(standing: Standing, group_id: int | None) -> str:
    """Return the role by which somebody is told of something in a group; outside groups that in the programme."""
    if group_id is not None and (role := standing.role_in(group_id)):
        return role.value
    return next((seat.role for seat in standing.seats if not seat.in_groups), "")


def way_of(kind: NoticeKind, group_id: int | None, choices: Choices, role: str) -> Way:
    """Return the way: the narrowest choice counts, of the topic before that of the group."""
    for key in ((kind.topic.value, group_id), ("", group_id), (kind.topic.value, None)):
        if (chosen := choices.get(key)) is not None:
            return Way(chosen)
    return kind.way_for(role)


def zone_for(person: "User") -> tzinfo:
    """Return the time zone of a person; the programme's where they chose none."""
    return zone_of(person.time_zone) or programme_zone()


def quiet_until(person: "User", hours: Hours | None, now: datetime) -> datetime:
    """Return when an e-mail may leave: now, or where these are quiet hours of the person, when they end."""
    if hours is None or hours.quiet_from is None or hours.quiet_until is None:
        return now
    zone = zone_for(person)
    local = now.astimezone(zone)
    if not _within(local.time(), hours.quiet_from, hours.quiet_until):
        return now
    end = datetime.combine(local.date(), hours.quiet_until, tzinfo=zone)
    if end <= local:
        end = datetime.combine(local.date() + timedelta(days=1), hours.quiet_until, tzinfo=zone)
    return end


def _within(now: time, begins: time, ends: time) -> bool:
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def period_of(way: Way, person: "User", hours: Hours | None, now: datetime) -> date | None:
    """Return the day for which what was gathered leaves now (of a week its Monday); None while it is too early."""
    local = now.astimezone(zone_for(person))
    day = local.date() if way == Way.DAILY else local.date() - timedelta(days=local.weekday())
    begins = datetime.combine(day, hours.gathered_at if hours else GATHERED_AT, tzinfo=local.tzinfo)
    return day if local >= begins else None
