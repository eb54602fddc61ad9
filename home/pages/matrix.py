"""The matrix of groups × mandatory tools: one page of groups, with counts over all of them; pure reads.

Order and counts come from the database (`home.statements`); here they become what the page shows. The number of
queries, and what they bring here, is the same for one group and for ten thousand.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.gates import CONTRACT
from checklist.models import is_asked
from core.days import programme_clock, programme_today
from core.policy.roles import Stage
from core.templatetags.ui import due_state, late_by
from core.texts import text
from home.filters import SHOWS, Filters
from home.statements import Asker
from mentoring.standing import Standing
from tools.models import OnePer

if TYPE_CHECKING:
    pass

PAGE_SIZE = 50

MENTORS_TO_CHOOSE = 200
"""With more Mentors than this a list to choose from is no help; the search finds them all."""

FIRST_OF_A_KIND = 20
"""So many of what is late are read for the things that need the Manager, whatever the page shows."""

STAGES = (Stage.FORMING, Stage.MATCHED, Stage.CONTRACTED, Stage.RUNNING, Stage.CLOSING, Stage.PAUSED)
"""The stages of groups that are not over, in the order of the road."""

Day = tuple[str | None, str | None, int]
"""First day or moment and due day, as in `ChecklistSummary.open_days`, and how many rows share them."""


class LateKind:
    """What the table shows as late, which needs the Manager: a document without signatures; anything else.

    Without signatures is also a contract that the group's stage promises, before it is late.
    """

    NONE, UNSIGNED, OWED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Overview:
    """What is said of all groups: how many there are, and how many by stage and filter among those that fit.

    `alone`: groups without Mentor that are not paused; `has_failed`: a PDF of theirs could not be made;
    `drafts`: what the Manager started and has not finished; `messages`: unread ones;
    `has_proposals`: somebody from outside is proposed for one of the groups.
    """

    groups: int
    mentees: int
    mentors: int
    alone: int
    has_failed: bool
    drafts: int
    messages: int
    has_proposals: bool
    by_stage: dict[str, int]
    by_show: dict[str, int]


@dataclass(frozen=True, slots=True)
class Column:
    """A mandatory tool. `is_single`: a group has only one of it, so that a cell speaks of days, not of documents."""

    key: str
    title: str
    is_single: bool
    is_signed: bool


@dataclass(slots=True)
class Tools:
    """The mandatory tools of the packs of one's groups: the columns, and the keys of the tools behind them."""

    programmes: list[tuple[int, str]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)
    contracts: set[int] = field(default_factory=set)

    def signed(self) -> list[int]:
        """Return the tools that are signed."""
        signed = {column.key for column in self.columns if column.is_signed}
        return [pk for pk, key in self.keys.items() if key in signed]


class Counts(NamedTuple):
    """The checklist rows of one group and tool, counted; `late` and the days look at what somebody still owes."""

    done: int = 0
    waived: int = 0
    handed_in: int = 0
    begun: int = 0
    late: int = 0
    late_since: date | None = None
    due: date | None = None
    to_read: int = 0


class Late(NamedTuple):
    """A tool that is late in a group, in a way that needs the Manager."""

    group: int
    name: str
    key: str
    missing: int
    since: date | None
    stage: str


class ToDecide(NamedTuple):
    """A tool of which forms wait for this Manager, with the oldest of them."""

    key: str
    title: str
    waiting: int
    form: int
    author: str
    since: datetime


class Cell(NamedTuple):
    """What a cell says: `state` is one of the look's states."""

    state: str
    text: str


@dataclass(slots=True)
class Row:
    """One group that is shown, with its most urgent facts and its cells by column."""

    pk: int
    name: str
    stage: str
    programme: int
    has_mentor: bool
    late_since: date | None
    due: date | None
    waiting_since: datetime | None
    mentees: int = 0
    title: str = ""
    mentors: list[tuple[int, str]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def lacks_mentor(self) -> bool:
        """Whether nobody is Mentor although the group is past its forming."""
        return not self.has_mentor and self.stage not in {Stage.FORMING, Stage.PAUSED}

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is late, due soon, waiting or lacking."""
        return not (self.late_since or self.due or self.waiting_since or self.lacks_mentor)

    @property
    def mentor_names(self) -> str:
        """Return the Mentors in words."""
        return ", ".join(name for _pk, name in self.mentors) or _("no Mentor yet")

    @property
    def stage_words(self) -> str:
        """Return the stage in words."""
        return str(Stage(self.stage).label)


@dataclass(slots=True)
class Matrix:
    """What was read. `shown`: the page of the groups that fit the filters, the most urgent first.

    `mentors`: those to choose from, None when there are too many. `late`: the first unsigned and the longest late
    tools of all groups, `late_counts` how many there are of each kind; `to_decide`: the tools of which forms wait.
    `counts`: what is behind each cell, by group and tool.
    """

    asker: Asker
    filters: Filters
    today: date
    overview: Overview
    tools: Tools
    shown: list[Row]
    pages: int
    page: int
    mentors: list[tuple[int, str]] = field(default_factory=list)
    late: dict[int, list[Late]] = field(default_factory=dict)
    late_counts: dict[int, int] = field(default_factory=dict)
    to_decide: list[ToDecide] = field(default_factory=list)
    counts: dict[tuple[int, str], Counts] = field(default_factory=dict)

    @property
    def columns(self) -> list[Column]:
        """Return the mandatory tools in their order."""
        return self.tools.columns


def read(standing: Standing, filters: Filters, *, whole: bool = False) -> Matrix:
    """Read the matrix of the groups that the person manages.

    Args:
        whole: read all rows that fit the filters, for the export, and nothing of what needs the Manager.
    """
    today = programme_today()
    asker = Asker(standing, filters, today)
    overview = _overview(asker)
    if not overview.groups:
        return Matrix(asker, filters, today, overview, Tools(), [], 1, 1)
    pages = max(1, -(-overview.by_show[filters.show] // PAGE_SIZE))
    page = min(filters.page, pages)
    rows = [Row(*facts) for facts in asker.page(page, None if whole else PAGE_SIZE)]
    matrix = Matrix(asker, filters, today, overview, _tools(asker), rows, pages, page)
    _add_people(matrix, whole=whole)
    matrix.counts = _all_counts(matrix) if whole else _counts_and_needs(matrix)
    _add_cells(matrix, with_year=whole)
    return matrix


def _overview(asker: Asker) -> Overview:
    groups, mentees, mentors, alone, has_failed, drafts, messages, proposed, *counts = asker.overview(STAGES)
    by_stage, by_show = counts[: len(STAGES)], counts[len(STAGES) :]
    return Overview(
        groups, mentees, mentors, alone, bool(has_failed), drafts, messages, bool(proposed),
        dict(zip((stage.value for stage in STAGES), by_stage, strict=True)), dict(zip(SHOWS, by_show, strict=True)),
    )  # fmt: skip


def _tools(asker: Asker) -> Tools:
    """Return the programmes of the groups and the mandatory tools of their packs in their order."""
    tools = Tools()
    programmes: dict[int, str] = {}
    columns: dict[str, Column] = {}
    for programme, name, tool, is_current, key, title, one_per, signed_by, editor in asker.tools():
        programmes[programme] = name
        if tool is None:
            continue
        tools.keys[tool] = key
        if editor == CONTRACT:
            tools.contracts.add(tool)
        if is_current or key not in columns:
            columns[key] = Column(key, text(title), one_per == OnePer.GROUP, bool(signed_by))
    tools.programmes = sorted(programmes.items(), key=lambda each: each[1])
    tools.columns = list(columns.values())
    return tools


def _add_people(matrix: Matrix, *, whole: bool) -> None:
    """Give each row its Mentors of today, and the matrix those to filter by, where there are not too many."""
    rows = {row.pk: row for row in matrix.shown}
    chooses = 1 < matrix.overview.mentors <= MENTORS_TO_CHOOSE and not whole
    found = matrix.asker.mentors(None if whole else list(rows), every=chooses)
    for group, person, name in sorted(found, key=lambda each: (each[2].casefold(), each[1])):
        if group == 0:
            matrix.mentors.append((person, name))
        elif group in rows:
            rows[group].mentors.append((person, name))
    titles = dict(matrix.tools.programmes)
    for row in matrix.shown:
        row.title = titles.get(row.programme, "")


def _all_counts(matrix: Matrix) -> dict[tuple[int, str], Counts]:
    """Return what is counted, by group and tool, of all groups."""
    now, keys = programme_clock(), matrix.tools.keys
    return {
        (group, keys[tool]): _counts(*numbers, now=now)
        for group, tool, *numbers in matrix.asker.summaries()
        if tool in keys
    }


def _counts_and_needs(matrix: Matrix) -> dict[tuple[int, str], Counts]:
    """Return what is counted of the groups shown; from the same query the matrix learns what needs the Manager."""
    now, tools = programme_clock(), matrix.tools
    counts: dict[tuple[int, str], Counts] = {}
    shown = [row.pk for row in matrix.shown]
    kinds = {"signed": tools.signed(), "contracts": sorted(tools.contracts), "mandatory": list(tools.keys)}
    found = matrix.asker.summaries_and_needs(shown, kinds, FIRST_OF_A_KIND)
    for group, tool, done, waived, handed_in, days, to_decide, *need in found:
        fresh = _counts(done, waived, handed_in, days, to_decide, now=now)
        if (key := tools.keys.get(tool)) is not None:
            counts[group, key] = fresh
        _add_need(matrix, group, key, fresh, Need(*need))
    matrix.to_decide = _by_key(matrix.to_decide)
    return counts


class Need(NamedTuple):
    """The place of a summary among those that are late, and among the forms of its tool that wait for the Manager.

    `place` is 0 where nothing can be decided: nothing waits, or the group is paused.
    """

    kind: int
    place_late: int
    of_kind: int
    first_due: date | None
    name: str
    place: int
    of_tool: int
    since: datetime
    form: int | None
    author: str
    key: str
    title: Any
    stage: str


def _add_need(matrix: Matrix, group: int, key: str | None, counts: Counts, need: Need) -> None:
    """Keep what one summary says of what needs the Manager."""
    if need.kind != LateKind.NONE and key is not None:
        matrix.late_counts[need.kind] = need.of_kind
        if need.place_late <= FIRST_OF_A_KIND:
            late = Late(group, need.name, key, counts.late, need.first_due, need.stage)
            matrix.late.setdefault(need.kind, []).append(late)
    if counts.to_read and need.place == 1 and need.form is not None:
        title = text(need.title)
        matrix.to_decide.append(ToDecide(need.key, title, need.of_tool, need.form, need.author, need.since))


def _by_key(found: list[ToDecide]) -> list[ToDecide]:
    """Gather the tools of several packs that share a key; the oldest form stands for them."""
    gathered: dict[str, ToDecide] = {}
    for each in sorted(found, key=lambda each: (each.since, each.form)):
        known = gathered.get(each.key)
        gathered[each.key] = known._replace(waiting=known.waiting + each.waiting) if known else each
    return list(gathered.values())


@lru_cache(maxsize=4096)
def _counts(done: int, waived: int, handed_in: int, open_days: str, to_read: int, *, now: str) -> Counts:
    """Return what a summary says now; a few dozen different ones make up any matrix.

    Days are compared as they are written (in `open_days`, as JSON), and read only where they are shown.
    """
    days: list[Day] = json.loads(open_days)
    today = now[:10]
    late = [(due, count) for _opens, due, count in days if due and due < today]
    begun = [(due, count) for opens, due, count in days if is_asked(opens, due, now)]
    dues = [due for due, _count in begun if due and due >= today]
    return Counts(
        done=done,
        waived=waived,
        handed_in=handed_in,
        begun=sum(count for _due, count in begun),
        late=sum(count for _due, count in late),
        late_since=date.fromisoformat(min(due for due, _count in late)) if late else None,
        due=date.fromisoformat(min(dues)) if dues else None,
        to_read=to_read,
    )


def _add_cells(matrix: Matrix, *, with_year: bool) -> None:
    """Give each row its cells; a few dozen different cells make up any matrix, so each is worded once.

    Args:
        with_year: also of a day of this year, for a table that is kept.
    """
    nothing = Counts()
    worded: dict[tuple[Any, ...], Cell] = {}
    for row in matrix.shown:
        is_paused = row.stage == Stage.PAUSED
        for column in matrix.columns:
            case = (column.is_single, is_paused, matrix.counts.get((row.pk, column.key), nothing))
            cell = worded.get(case)
            if cell is None:
                show = matrix.filters.show
                cell = worded[case] = _asked_for(show, *case, today=matrix.today, with_year=with_year)
            row.cells.append(cell)


def _asked_for(
    show: str,
    is_single: bool,  # noqa: FBT001
    is_paused: bool,  # noqa: FBT001
    counts: Counts,
    *,
    today: date,
    with_year: bool,
) -> Cell:
    """Say first what the groups are shown for: what waits for the Manager, or is due, is not hidden by what is late."""
    if show == "waiting" and counts.to_read and not is_paused:
        return _to_read(counts, is_single=is_single)
    if show == "due" and counts.due and not is_paused:
        due = Cell(*due_state(counts.due, today=today, is_short=True, with_year=with_year))
        if due.state == "due":
            return due
    return _cell(is_single, is_paused, counts, today=today, with_year=with_year)


def _to_read(counts: Counts, *, is_single: bool) -> Cell:
    return Cell("waiting", _("To read") if is_single else _("%(count)d to read") % {"count": counts.to_read})


def _cell(is_single: bool, is_paused: bool, counts: Counts, *, today: date, with_year: bool) -> Cell:  # noqa: FBT001
    """Say in shape and words how one tool stands in one group: the most urgent first."""
    if is_paused and (counts.begun or counts.handed_in):
        return Cell("paused", str(Stage.PAUSED.label))
    if counts.late:
        words = ngettext("%(count)d late", "%(count)d late", counts.late) % {"count": counts.late}
        return Cell("late", late_by(counts.late_since) if is_single else words)
    if counts.to_read:
        return _to_read(counts, is_single=is_single)
    if counts.due:
        return Cell(*due_state(counts.due, today=today, is_short=True, with_year=with_year))
    if counts.begun:
        return Cell("planned", _("To do"))
    if counts.handed_in:
        return Cell("planned", _("Handed in"))
    return _settled(counts, is_single=is_single)


def _settled(counts: Counts, *, is_single: bool) -> Cell:
    """Say that nothing of it is open now: done, waived, or not asked for yet."""
    if counts.done:
        words = _("%(done)d of %(count)d") % {"done": counts.done, "count": counts.done}
        return Cell("done", _("Done") if is_single else words)
    if counts.waived:
        return Cell("waived", _("Waived"))
    return Cell("planned", _("Later"))
