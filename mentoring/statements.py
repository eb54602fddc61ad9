"""What every signed-in request asks first, written in SQL: who the person is today.

Building it from expressions takes several times as long as answering it (decision 0015). Plain enough for PostgreSQL
and SQLite alike; names of tables come from the models.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from mentoring.models import Enrolment, Membership, MentoringGroup, Organisation, Pack, Programme, RoleGroup

HELD = """
SELECT m.group_id, m.role, r.auth_group_id, g.stage, p.id, p.pack_id, k.loaded_at, k.role_names,
    p.title, p.season, o.name
FROM (
    SELECT group_id, role FROM {memberships}
    WHERE user_id = %(user)s AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
    ORDER BY group_id DESC LIMIT %(limit)s
) m
JOIN {groups} g ON g.id = m.group_id
JOIN {programmes} p ON p.id = g.programme_id
JOIN {organisations} o ON o.id = p.organisation_id
JOIN {packs} k ON k.id = p.pack_id
LEFT JOIN {role_groups} r ON r.group_id = m.group_id AND r.role = m.role
UNION ALL
SELECT 0, e.role, 0, '', p.id, p.pack_id, k.loaded_at, k.role_names,
    p.title, p.season, o.name
FROM {enrolments} e
JOIN {programmes} p ON p.id = e.programme_id
JOIN {organisations} o ON o.id = p.organisation_id
JOIN {packs} k ON k.id = p.pack_id
WHERE e.user_id = %(user)s AND (e.ended_at IS NULL OR e.ended_at > %(now)s)
"""

RIDER = -1
"""The group of a row that is neither a membership nor an enrolment: what a higher app adds to the statement."""
RECENT = timedelta(days=60)
"""Riders look no further back than this: what every request asks stays small however much there is."""

_riders: list[Callable[[], str]] = []


def register_rider(sql: Callable[[], str]) -> None:
    """Let an app add rows to what every signed-in request asks, instead of asking once more; for `apps.ready()`.

    What every page shows of a person (how much is new to them) rides along. `sql()` gives a SELECT of the same eleven
    columns: `RIDER`, a name, a key, an empty text, a number, the group it belongs to or 0, then two NULLs and three
    empty texts. It may use the values `user`, `today`, `now` and `recent`. `Standing.noted` gives the rows.
    """
    if sql not in _riders:
        _riders.append(sql)


@lru_cache(maxsize=1)
def _held() -> str:
    tables = {
        "enrolments": Enrolment,
        "groups": MentoringGroup,
        "memberships": Membership,
        "organisations": Organisation,
        "packs": Pack,
        "programmes": Programme,
        "role_groups": RoleGroup,
    }
    own = HELD.format(**{name: model._meta.db_table for name, model in tables.items()})
    return "UNION ALL\n".join([own, *(sql() for sql in _riders)])


def read_held(user_id: int, *, today: date, now: datetime, limit: int) -> list[tuple[Any, ...]]:
    """Return the memberships of a person that hold today and the enrolments that have not ended.

    Args:
        limit: no more memberships than these, those of the newest groups.

    Returns:
        Group (0 for an enrolment), role, auth group, stage, and the programme's key, pack, when the pack was loaded,
        its names of roles as JSON text, title, season and organisation; and the rows of the riders.
    """
    values = {
        "user": user_id,
        "today": connection.ops.adapt_datefield_value(today),
        "now": connection.ops.adapt_datetimefield_value(now),
        "recent": connection.ops.adapt_datetimefield_value(now - RECENT),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_held(), values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
