"""What the Manager's first screen asks the database, written in SQL; pure reads.

Each question looks at all groups of one Manager, ranks or counts them, and brings back a page of them. Building such
questions from expressions took four times as long as answering them, on the screen that is opened most, so they are
written down; they are plain enough for PostgreSQL and SQLite alike. Names of tables come from the models.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from accounts.models import User
from checklist.gates import CONTRACT
from checklist.models import ChecklistItem, ChecklistSummary
from core.days import programme_clock
from core.policy.roles import READ_ONLY_STAGES
from core.templatetags.ui import DUE_SOON_DAYS
from documents.models import Document, Folder, Signature
from home.filters import NO_MENTOR, Filters
from home.managed import managed_keys
from mentoring.models import Membership, MembershipProposal, MentoringGroup, Message, Programme, StageChange
from mentoring.standing import Standing
from rendering.models import Rendering
from responses_app.models import FormResponse, FormSubmission
from sessions_app.models import CatalogueSession, PlannedSession, SessionPlan
from tools.models import Tool, ToolVersion
from tools.parties import PREFILL, is_named
from uploads.models import UploadBatch, UploadPage

if TYPE_CHECKING:
    from core.policy.roles import Stage

Rows = list[tuple[Any, ...]]

TABLES: Final = {
    "catalogue": CatalogueSession,
    "documents": Document,
    "folders": Folder,
    "forms": FormResponse,
    "groups": MentoringGroup,
    "items": ChecklistItem,
    "members": Membership,
    "messages": Message,
    "people": User,
    "changes": StageChange,
    "plans": SessionPlan,
    "programmes": Programme,
    "proposals": MembershipProposal,
    "renderings": Rendering,
    "sessions": PlannedSession,
    "signatures": Signature,
    "submissions": FormSubmission,
    "summaries": ChecklistSummary,
    "pages": UploadPage,
    "tools": Tool,
    "uploads": UploadBatch,
    "versions": ToolVersion,
}
OVER: Final = ", ".join(f"'{stage.value}'" for stage in sorted(READ_ONLY_STAGES))

WAIVED: Final = f'%"{CONTRACT}"%'
"""How a change of stage looks that went on without the contract."""

LIVE = "m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)"
"""A membership `m` that holds today."""

MINE = """
mine AS (SELECT id, name, stage, programme_id FROM {groups} WHERE id IN (<keys>) AND stage NOT IN ({over}))"""

MENTORED = """,
mentored AS (
    SELECT DISTINCT m.group_id FROM {members} m
    WHERE m.role = 'mentor' AND {live} AND m.group_id IN (SELECT id FROM mine)
)"""

MENTORED_BY = """
id IN (SELECT m.group_id FROM {members} m WHERE m.role = 'mentor' AND {live} AND m.user_id = %(mentor)s)"""

FACTS = """,
urgent AS (
    SELECT s.group_id,
        MIN(s.first_due) FILTER (WHERE s.first_due < %(today)s) AS late_since,
        MIN(s.first_due) FILTER (
            WHERE s.first_due BETWEEN %(today)s AND %(soon)s AND (s.first_opens IS NULL OR s.first_opens < %(today)s
                OR s.first_opens = %(today)s AND (s.first_opens_at IS NULL OR s.first_opens_at <= %(clock)s))
        ) AS due,
        MIN(s.to_decide_since) AS waiting_since
    FROM {summaries} s JOIN mine g ON g.id = s.group_id
    WHERE (s.first_due <= %(soon)s OR s.to_decide > 0) AND g.stage <> 'paused'
    GROUP BY s.group_id
),
facts AS (
    SELECT g.id, g.name, g.stage, g.programme_id, m.group_id IS NOT NULL AS has_mentor,
        u.late_since, u.due, u.waiting_since
    FROM mine g LEFT JOIN mentored m ON m.group_id = g.id LEFT JOIN urgent u ON u.group_id = g.id
)"""
"""Every group with what makes it urgent; a paused group owes nothing."""

SHOWN: Final = {
    "all": "1 = 1",
    "late": "late_since IS NOT NULL",
    "due": "due IS NOT NULL",
    "waiting": "waiting_since IS NOT NULL",
}
"""What the filters All, Late, Due this week, Waiting for me ask of a group."""

URGENCY = """
CASE WHEN NOT has_mentor AND stage NOT IN ('forming', 'paused') THEN 0
    WHEN late_since IS NOT NULL THEN 1 WHEN waiting_since IS NOT NULL THEN 2 WHEN due IS NOT NULL THEN 3 ELSE 4 END"""
"""No Mentor, late, waiting for the Manager, due within the week, quiet."""

OVERVIEW = """
SELECT
    (SELECT COUNT(*) FROM facts),
    (SELECT COUNT(DISTINCT m.user_id) FROM {members} m
        WHERE m.role = 'mentee' AND {live} AND m.group_id IN (SELECT id FROM mine)),
    (SELECT COUNT(DISTINCT m.user_id) FROM {members} m
        WHERE m.role = 'mentor' AND {live} AND m.group_id IN (SELECT id FROM mine)),
    (SELECT COUNT(*) FROM facts WHERE NOT has_mentor AND stage <> 'paused'),
    EXISTS (
        SELECT 1 FROM {renderings} r WHERE r.state = 'failed' AND r.group_id IN (SELECT id FROM mine)
    ),
    (SELECT COUNT(*) FROM {forms} f WHERE f.author_id = %(person)s AND f.group_id IN (SELECT id FROM mine)
        AND (f.state = 'returned' OR f.state = 'draft' AND (f.lock > 0 OR f.latest_id IS NOT NULL)))
    + (SELECT COUNT(*) FROM {uploads} b WHERE b.created_by_id = %(person)s AND b.state = 'open'
        AND b.group_id IN (SELECT id FROM mine)
        AND EXISTS (SELECT 1 FROM {pages} c WHERE c.batch_id = b.id AND c.removed_at IS NULL)),
    (SELECT COUNT(*) FROM {messages} x WHERE x.recipient_id = %(person)s AND x.read_at IS NULL),
    EXISTS (
        SELECT 1 FROM {proposals} o WHERE o.decided_at IS NULL AND o.group_id IN (SELECT id FROM mine)
            AND o.user_id <> %(person)s AND (o.proposed_by_id IS NULL OR o.proposed_by_id <> %(person)s)
    ),
    <counts>
FROM facts WHERE <fits>"""

PAGE = """
SELECT id, name, stage, programme_id, has_mentor, late_since, due, waiting_since, <mentees>
FROM facts WHERE <fits>
ORDER BY {urgency},
    CASE {urgency} WHEN 1 THEN late_since WHEN 3 THEN due END,
    CASE {urgency} WHEN 2 THEN waiting_since END,
    LOWER(name), id
<limit>"""

MENTEES = "(SELECT COUNT(*) FROM {members} m WHERE m.role = 'mentee' AND {live} AND m.group_id = facts.id)"

TOOLS = """
SELECT p.id, p.title, v.tool_id, v.id = t.current_id, t.key, v.content -> 'title', v.one_per,
    v.content -> 'signed_by', v.content ->> 'editor'
FROM {programmes} p
    LEFT JOIN {tools} t ON t.pack_id = p.pack_id
    LEFT JOIN {versions} v ON v.tool_id = t.id AND v.mandatory
WHERE p.id IN (SELECT programme_id FROM mine)
ORDER BY t.number, t.pack_id, v.version, p.id"""

MENTORS = """
SELECT m.group_id, m.user_id, u.full_name FROM {members} m JOIN {people} u ON u.id = m.user_id
WHERE m.role = 'mentor' AND {live} AND m.group_id IN <scope>"""

EVERY_MENTOR = """
UNION ALL SELECT DISTINCT 0, m.user_id, u.full_name FROM {members} m JOIN {people} u ON u.id = m.user_id
WHERE m.role = 'mentor' AND {live} AND m.group_id IN (SELECT id FROM mine)"""

COUNTED = """
SELECT s.group_id, s.tool_id, s.done, s.waived, s.handed_in, s.open_days, s.to_decide
FROM {summaries} s WHERE s.group_id IN (SELECT id FROM mine)"""

LACKS = """
(s.owed > 0 AND s.tool_id IN <contracts> AND g.stage IN ('contracted', 'running', 'closing') AND NOT EXISTS (
    SELECT 1 FROM {changes} x WHERE x.group_id = g.id AND CAST(x.waived_gates AS text) LIKE %(waived)s))"""
"""A summary of a contract that the group's stage promises and that is not there (any more), before its day too."""

COUNTED_AND_NEEDED = """,
weighed AS (
    SELECT s.*, g.name, g.stage,
        CASE WHEN g.stage = 'paused' THEN 0
            WHEN s.tool_id IN <signed> AND (s.first_due < %(today)s OR {lacks}) THEN 1
            WHEN s.first_due < %(today)s AND s.tool_id IN <mandatory> THEN 2
            ELSE 0 END AS kind,
        CASE WHEN g.stage = 'paused' THEN 0 ELSE s.to_decide END AS decidable
    FROM {summaries} s JOIN mine g ON g.id = s.group_id
    WHERE s.group_id IN <shown> OR s.first_due < %(today)s OR s.to_decide > 0 OR {lacks}
),
placed AS (
    SELECT w.*,
        ROW_NUMBER() OVER (PARTITION BY kind ORDER BY first_due, group_id, tool_id) AS place_late,
        COUNT(*) OVER (PARTITION BY kind) AS of_kind,
        ROW_NUMBER() OVER (PARTITION BY tool_id ORDER BY decidable = 0, to_decide_since, id) AS place,
        SUM(decidable) OVER (PARTITION BY tool_id) AS of_tool
    FROM weighed w
)
SELECT p.group_id, p.tool_id, p.done, p.waived, p.handed_in, p.open_days, p.to_decide, p.kind, p.place_late,
    p.of_kind, p.first_due, p.name, CASE WHEN p.decidable > 0 THEN p.place ELSE 0 END, p.of_tool,
    p.to_decide_since, p.oldest_id, u.full_name, t.key, v.content -> 'title',
    p.stage
FROM placed p
    LEFT JOIN {forms} f ON f.id = p.oldest_id AND p.place = 1
    LEFT JOIN {people} u ON u.id = f.author_id
    LEFT JOIN {tools} t ON t.id = p.tool_id AND p.place = 1
    LEFT JOIN {versions} v ON v.id = t.current_id
WHERE p.group_id IN <shown> OR (p.kind > 0 AND p.place_late <= %(limit)s) OR (p.decidable > 0 AND p.place = 1)
ORDER BY p.first_due, p.group_id, p.tool_id"""

NEEDY = """,
marked AS MATERIALIZED (
    SELECT g.id, g.name, g.stage,
        m.group_id IS NULL AND g.stage <> 'paused' AS alone,
        CASE
            WHEN g.stage = 'forming' THEN m.group_id IS NOT NULL AND EXISTS (
                SELECT 1 FROM {members} m WHERE m.group_id = g.id AND m.role = 'mentee' AND {live})
            WHEN g.stage = 'closing' THEN NOT EXISTS (
                SELECT 1 FROM {summaries} s WHERE s.group_id = g.id AND s.owed + s.handed_in > 0)
            WHEN g.stage IN ('matched', 'contracted', 'running') THEN (
                NOT EXISTS (
                    SELECT 1 FROM {summaries} s
                    WHERE s.group_id = g.id AND s.owed + s.handed_in > 0 AND s.tool_id IN <contracts>)
                OR g.stage <> 'matched' AND EXISTS (
                    SELECT 1 FROM {changes} x
                    WHERE x.group_id = g.id AND CAST(x.waived_gates AS text) LIKE %(waived)s))
                AND CASE g.stage
                    WHEN 'contracted' THEN EXISTS (
                        SELECT 1 FROM {plans} p WHERE p.group_id = g.id AND p.agreed_version > 0)
                    WHEN 'running' THEN g.id IN (
                        SELECT p.group_id FROM {sessions} s
                            JOIN {catalogue} c ON c.id = s.catalogue_id JOIN {plans} p ON p.id = s.plan_id
                            JOIN mine h ON h.id = p.group_id JOIN {programmes} q ON q.id = h.programme_id
                        WHERE s.state = 'held' AND c.kind = 'monitoring' AND c.key = (
                            SELECT l.key FROM {catalogue} l
                            WHERE l.pack_id = q.pack_id AND l.kind = 'monitoring' AND l.is_current
                            ORDER BY l.number DESC LIMIT 1))
                    ELSE 1 = 1 END
            ELSE 1 = 0 END AS ready
    FROM mine g LEFT JOIN mentored m ON m.group_id = g.id
),
sized AS (
    SELECT marked.*, CASE WHEN stage = 'forming' THEN 1 ELSE 0 END AS is_forming, CASE WHEN alone THEN (
        SELECT COUNT(*) FROM {members} m WHERE m.role = 'mentee' AND {live} AND m.group_id = marked.id
    ) ELSE 0 END AS mentees
    FROM marked WHERE alone OR ready
),
placed AS (
    SELECT sized.*,
        ROW_NUMBER() OVER (PARTITION BY alone ORDER BY is_forming, mentees DESC, name, id) AS place_alone,
        ROW_NUMBER() OVER (PARTITION BY ready ORDER BY LOWER(name), id) AS place_ready,
        COUNT(*) OVER (PARTITION BY ready) AS of_ready
    FROM sized
)
SELECT id, name, stage, mentees, alone AND place_alone <= %(limit)s, ready AND place_ready <= %(limit)s,
    CASE WHEN ready THEN of_ready ELSE 0 END
FROM placed WHERE (alone AND place_alone <= %(limit)s) OR (ready AND place_ready <= %(limit)s)
ORDER BY is_forming, mentees DESC, LOWER(name), id"""
"""Groups without Mentor, and those whose next gate misses nothing. The gates themselves decide when it goes on.

`marked` is materialized: otherwise PostgreSQL puts its questions wherever `ready` is named, and plans each again.
"""

SIGNERS = """
SELECT i.group_id, t.key, v.content -> 'signed_by', m.role, u.full_name,
    CASE WHEN CAST(v.content AS text) LIKE %(named)s THEN (
        SELECT CAST(x.answers AS text)
        FROM {forms} f JOIN {submissions} x ON x.id = f.latest_id JOIN {versions} w ON w.id = f.tool_version_id
        WHERE f.group_id = i.group_id AND w.tool_id = v.tool_id AND f.subject_id IS NULL AND f.session_key = ''
        ORDER BY f.id DESC LIMIT 1
    ) END, i.state = 'todo' AND (v.by_manager OR v.by_mentor OR v.by_mentee)
FROM {items} i
    JOIN {versions} v ON v.id = i.tool_version_id
    JOIN {tools} t ON t.id = v.tool_id
    JOIN {members} m ON m.group_id = i.group_id AND {live}
    JOIN {people} u ON u.id = m.user_id
WHERE i.group_id IN <shown> AND v.tool_id IN <signed> AND i.subject_id IS NULL
    AND i.state NOT IN ('done', 'waived')
    AND (i.group_id, v.tool_id, m.user_id) NOT IN (
        SELECT f.group_id, w.tool_id, s.person_id
        FROM {folders} f
            JOIN {documents} d ON d.folder_id = f.id AND d.removed_at IS NULL
            JOIN {versions} w ON w.id = d.tool_version_id
            JOIN {signatures} s ON s.version_id = d.current_id
        WHERE f.group_id IN <shown>)
ORDER BY u.full_name"""
"""Whose signature is missing, with the answers of what they sign where it says who the people of the group are, and
whether it has to be written first."""


@lru_cache
def _filled(sql: str) -> str:
    """Return a statement with the names of its tables."""
    tables = {name: model._meta.db_table for name, model in TABLES.items()}
    return sql.format(**tables, over=OVER, urgency=URGENCY, live=LIVE, lacks=LACKS.format(**tables))


class Asker:
    """Asks for one Manager: knows whose groups they are, the day and the filters."""

    def __init__(self, standing: Standing, filters: Filters, today: date) -> None:
        self.filters = filters
        self.values: dict[str, Any] = {
            "person": standing.user_id,
            "today": today,
            "clock": f"{programme_clock()[11:]}:00",  # as SQLite keeps a time
            "soon": today + timedelta(days=DUE_SOON_DAYS),
        }
        keys = managed_keys(standing)
        listed = _keys(sorted(keys))[1:-1] if isinstance(keys, frozenset) else self._embedded(keys, "key")
        self.mine = "WITH" + _filled(MINE).replace("<keys>", listed)
        self.fits = self._fits()

    def overview(self, stages: "Sequence[Stage]") -> tuple[Any, ...]:
        """Return the numbers over all groups: `matrix.Overview` in its order, stages and filters one by one."""
        staged = "stage = %(stage)s" if self.filters.stage else "1 = 1"
        counts = [f"COUNT(*) FILTER (WHERE stage = '{stage.value}')" for stage in stages]
        counts += [f"COUNT(*) FILTER (WHERE {staged} AND {condition})" for condition in SHOWN.values()]
        sql = (MENTORED, FACTS, OVERVIEW)
        return self._ask(*sql, stage=self.filters.stage, counts=", ".join(counts), fits=self.fits)[0]

    def page(self, number: int, size: int | None) -> Rows:
        """Return a page of groups, the most urgent first, with their days; without a size all, with their Mentees."""
        fits = f"{self.fits} AND {SHOWN[self.filters.show]}"
        if self.filters.stage:
            fits += " AND stage = %(stage)s"
        limit = "LIMIT %(size)s OFFSET %(before)s" if size else ""
        rows = self._ask(
            MENTORED, FACTS, PAGE, fits=fits, stage=self.filters.stage, limit=limit, size=size,
            before=(number - 1) * (size or 0), mentees="0" if size else _filled(MENTEES),
        )  # fmt: skip
        return [
            (*facts, bool(has_mentor), as_day(late), as_day(due), as_moment(since), mentees)
            for *facts, has_mentor, late, due, since, mentees in rows
        ]

    def tools(self) -> Rows:
        """Return programmes of the groups with the mandatory tools of their packs, in order, in all versions."""
        return [
            (*facts, is_current, key, _json(title), one_per, _json(signers), editor)
            for *facts, is_current, key, title, one_per, signers, editor in self._ask(TOOLS)
        ]

    def mentors(self, groups: Sequence[int] | None, *, every: bool) -> Rows:
        """Return group, person and name of the Mentors of some groups, of all when None; `every`: also all by name."""
        sql = (MENTORS, EVERY_MENTOR) if every else (MENTORS,)
        return self._ask(*sql, scope="(SELECT id FROM mine)" if groups is None else _keys(groups))

    def summaries(self) -> Rows:
        """Return the summaries of all groups: group, tool, and what is counted."""
        return self._ask(COUNTED)

    def summaries_and_needs(self, groups: Sequence[int], tools: Mapping[str, Sequence[int]], limit: int) -> Rows:
        """Return the summaries of the groups shown, the first late ones of all groups, and the oldest that waits.

        Args:
            tools: those that are `signed`, those that are `contracts`, and all that are `mandatory`.
            limit: so many of each kind of lateness.
        """
        rows = self._ask(
            COUNTED_AND_NEEDED, shown=_keys(groups), limit=limit, waived=WAIVED,
            **{name: _keys(keys) for name, keys in tools.items()},
        )  # fmt: skip
        return [
            (*row[:10], as_day(row[10]), *row[11:14], as_moment(row[14]), *row[15:18], _json(row[18]), row[19])
            for row in rows
        ]

    def needy(self, contracts: Sequence[int], limit: int) -> Rows:
        """Return groups without Mentor or ready to go on: key, name, stage, Mentees, alone, ready, how many are ready.

        Args:
            contracts: the tools that are contracts.
            limit: so many of each.
        """
        return self._ask(MENTORED, NEEDY, contracts=_keys(contracts), limit=limit, waived=WAIVED)

    def signers(self, groups: Sequence[int], signed: Sequence[int]) -> Rows:
        """Return who could still sign a document of the whole group.

        Each is group, tool, who signs it, role, name, whether it names them (True where that cannot be known), and
        whether nobody has written it yet.
        """
        found = self._ask(SIGNERS, shown=_keys(groups), signed=_keys(signed), named=f"%{PREFILL}%")
        return [
            (group, key, _json(roles) or [], role, name, said is None or is_named(_json(said), name), bool(unwritten))
            for group, key, roles, role, name, said, unwritten in found
        ]

    def _fits(self) -> str:
        """Return the condition that a group fits programme, Mentor and search."""
        filters, parts = self.filters, ["1 = 1"]
        if filters.programme is not None:
            parts.append("programme_id = %(programme)s")
            self.values["programme"] = filters.programme
        if filters.mentor == NO_MENTOR:
            parts.append("NOT has_mentor")
        elif filters.mentor:
            parts.append(_filled(MENTORED_BY))
            self.values["mentor"] = int(filters.mentor)
        if filters.words:
            found = MentoringGroup.objects.matching(filters.words).order_by().values("pk")
            parts.append(f"id IN ({self._embedded(found, 'word')})")
        return " AND ".join(parts)

    def _embedded(self, query: Any, prefix: str) -> str:
        """Return a query as part of a statement; its values get names."""
        sql, values = query.query.sql_with_params()
        names = iter(range(len(values)))
        self.values |= {f"{prefix}{number}": value for number, value in enumerate(values)}
        return re.sub("%s", lambda _match: f"%({prefix}{next(names)})s", sql)

    def _ask(self, *parts: str, **values: Any) -> Rows:
        """Ask; `<name>` of a statement is replaced by a value that is SQL itself, `%(name)s` is sent beside it."""
        sql = self.mine + "".join(_filled(part) for part in parts)
        sql = re.sub(r"<(\w+)>", lambda match: str(values[match[1]]), sql)
        known = self.values | values
        # PostgreSQL plans a prepared statement without its values after a while. Whether a person manages three groups
        # or ten thousand decides the plan, so numbers and days are part of the statement; words are sent beside it.
        sql = re.sub(r"%\((\w+)\)s", lambda match: _literal(known[match[1]]) or match[0], sql)
        used = {name: known[name] for name in re.findall(r"%\((\w+)\)s", sql)}
        with connection.cursor() as cursor:
            cursor.execute(sql, used)
            return list(cursor.fetchall())


def _literal(value: Any) -> str:
    """Return a number or a day as SQL; nothing for what must be sent beside the statement."""
    if isinstance(value, int):
        return str(int(value))
    return f"'{value.isoformat()}'" if type(value) is date else ""


def _keys(keys: Sequence[int]) -> str:
    """Return keys as a list in SQL; numbers, so nothing can be smuggled in."""
    return f"({', '.join(str(int(key)) for key in keys) or 'NULL'})"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def as_day(value: Any) -> date | None:
    """Return a day; SQLite hands out words."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: Any) -> datetime | None:
    """Return a moment; SQLite hands out words or moments without a zone, which is UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
