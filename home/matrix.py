"""The matrix of groups × mandatory tools: pure reads, the same few queries however many groups there are.

One aggregated query over the checklist gives all cells. From `PAGE_SIZE` groups on, a second one that touches only
what is late or due soon ranks all groups first, so that cells are read for one page alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.roles import Action, Area, Role, Stage
from core.templatetags.ui import DUE_SOON_DAYS, day_month_short, late_by
from core.texts import text
from documents.models import ChecklistItem, FilledForm, TemplateVersion
from documents.models.checklist import ItemState
from documents.models.forms import FormState
from documents.models.templates import Filing, OnePer
from home.filters import NO_MENTOR, Filters
from mentoring.models import Membership, MentoringGroup
from mentoring.standing import Standing

if TYPE_CHECKING:
    pass

PAGE_SIZE = 200
PAGE_OF_MANY = 50
STAGES = (Stage.FORMING, Stage.MATCHED, Stage.CONTRACTED, Stage.RUNNING, Stage.CLOSING, Stage.PAUSED)
"""The stages of groups that are not over, in the order of the road."""


@dataclass(frozen=True, slots=True)
class Column:
    """A mandatory tool. `is_single`: a group has only one of it, so that a cell speaks of days, not of papers."""

    key: str
    title: str
    is_single: bool
    is_signed: bool


class Counts(NamedTuple):
    """The checklist rows of one group and tool, counted; `late` and the days look at what somebody still owes."""

    done: int = 0
    waived: int = 0
    handed_in: int = 0
    begun: int = 0
    late: int = 0
    late_since: date | None = None
    due: date | None = None


class Waiting(NamedTuple):
    """A form that this Manager accepts or returns."""

    group: int
    key: str
    form: int
    name: str
    since: datetime


class Cell(NamedTuple):
    """What a cell says: `state` is one of the look's states."""

    state: str
    text: str


@dataclass(slots=True)
class Row:
    """One group, with its most urgent facts and, on the page that is shown, its cells by column."""

    pk: int
    name: str
    stage: str
    programme: int
    pack: int
    title: str
    mentees: int
    is_match: bool = True
    mentors: list[tuple[int, str]] = field(default_factory=list)
    late: int = 0
    late_since: date | None = None
    due: date | None = None
    waiting: int = 0
    waiting_since: datetime | None = None
    cells: list[Cell] = field(default_factory=list)

    @property
    def lacks_mentor(self) -> bool:
        """Whether nobody is Mentor although the group is past its forming."""
        return not self.mentors and self.stage not in {Stage.FORMING, Stage.PAUSED}

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is late, due soon, waiting or lacking."""
        return not (self.late or self.due or self.waiting or self.lacks_mentor)

    @property
    def mentor_names(self) -> str:
        """Return the Mentors in words."""
        return ", ".join(name for _pk, name in self.mentors) or _("no Mentor yet")

    @property
    def stage_words(self) -> str:
        """Return the stage in words."""
        return str(Stage(self.stage).label)

    def fits(self, show: str) -> bool:
        """Return whether the row belongs to one of the filters All, Late, Due this week, Waiting for me."""
        if show == "late":
            return self.late > 0
        if show == "due":
            return self.due is not None
        return show == "all" or self.waiting > 0

    def urgency(self) -> tuple[Any, ...]:
        """Return what rows are sorted by: no Mentor, the longest late, what waits longest, what is due first."""
        if self.lacks_mentor:
            return (0, self.name.casefold(), self.pk)
        if self.late_since:
            return (1, self.late_since.toordinal(), self.name.casefold(), self.pk)
        if self.waiting_since:
            return (2, self.waiting_since.timestamp(), self.name.casefold(), self.pk)
        if self.due:
            return (3, self.due.toordinal(), self.name.casefold(), self.pk)
        return (4, self.name.casefold(), self.pk)


@dataclass(slots=True)
class Matrix:
    """What was read. `every`: all groups one manages; `rows`: those that fit the filters, the most urgent first.

    `shown` is the page of `rows` whose cells were read; `urgent`: the counts of what is late or due, of all groups.
    """

    filters: Filters
    today: date
    columns: list[Column]
    every: list[Row]
    rows: list[Row]
    shown: list[Row]
    pages: int
    page: int
    by_stage: dict[str, int]
    by_show: dict[str, int]
    urgent: dict[tuple[int, str], Counts]
    waiting: list[Waiting]


def managed_keys(standing: Standing) -> Any:
    """Return the keys of the groups that the person may manage today, over or not."""
    return standing.groups(Area.GROUP, Action.MANAGE)


def managed(standing: Standing) -> QuerySet[MentoringGroup]:
    """Return the groups whose Manager the person is and that are not over."""
    groups: QuerySet[MentoringGroup] = MentoringGroup.objects.filter(pk__in=managed_keys(standing)).not_over()
    return groups


def read(standing: Standing, filters: Filters, *, whole: bool = False) -> Matrix:
    """Read the matrix of the groups that the person manages.

    Args:
        whole: read the cells of all rows that fit the filters, for the export.
    """
    today = timezone.localdate()
    every = _groups(standing, filters.words)
    _add_mentors(standing, every)
    columns, keys = _columns({row.pack for row in every.values()})
    waiting = [each for each in _waiting(standing) if each.group in every]
    is_many = len(every) > PAGE_SIZE
    urgent = _counts(managed_keys(standing) if is_many else list(every), keys, columns, today, all_rows=not is_many)
    _add_facts(every, urgent, waiting, today)
    base = [row for row in every.values() if _belongs(row, filters)]
    staged = [row for row in base if not filters.stage or row.stage == filters.stage]
    rows = sorted((row for row in staged if row.fits(filters.show)), key=Row.urgency)
    size = PAGE_OF_MANY if is_many else PAGE_SIZE
    pages = max(1, -(-len(rows) // size))
    page = min(filters.page, pages)
    shown = rows if whole else rows[(page - 1) * size : page * size]
    counts = urgent
    if is_many:
        scope = managed_keys(standing) if whole else [row.pk for row in shown]
        counts = _counts(scope, keys, columns, today, all_rows=True)
    _add_cells(shown, columns, counts, waiting, today)
    return Matrix(
        filters=filters, today=today, columns=columns, every=list(every.values()), rows=rows, shown=shown, pages=pages,
        page=page,
        by_stage=dict.fromkeys(STAGES, 0) | Counter(row.stage for row in base),
        by_show={show: sum(row.fits(show) for row in staged) for show in ("all", "late", "due", "waiting")},
        urgent=urgent, waiting=waiting,
    )  # fmt: skip


def _belongs(row: Row, filters: Filters) -> bool:
    """Return whether the row fits programme, Mentor and search."""
    if filters.programme is not None and row.programme != filters.programme:
        return False
    if filters.mentor == NO_MENTOR and row.mentors:
        return False
    if filters.mentor not in {"", NO_MENTOR} and all(str(pk) != filters.mentor for pk, _name in row.mentors):
        return False
    return row.is_match


def _groups(standing: Standing, words: str) -> dict[int, Row]:
    """Return the groups by key, each with the number of its Mentees and whether it fits the search."""
    mentees = Membership.objects.live().in_role(Role.MENTEE).filter(group=OuterRef("pk")).order_by()
    rows: Any = managed(standing).annotate(
        mentees=Coalesce(Subquery(mentees.values("group").annotate(n=Count("pk")).values("n")), 0)
    )
    columns = ["pk", "name", "stage", "programme_id", "programme__pack_id", "programme__title", "mentees"]
    if words:
        rows = rows.annotate(is_match=Q(pk__in=managed(standing).matching(words).values("pk")))  # type: ignore[attr-defined]
        columns.append("is_match")
    return {facts[0]: Row(*facts) for facts in rows.order_by("name", "pk").values_list(*columns)}


def _add_mentors(standing: Standing, every: dict[int, Row]) -> None:
    """Give each group its Mentors of today."""
    mentors = Membership.objects.live().in_role(Role.MENTOR).filter(group__in=managed_keys(standing))
    for group, person, name in mentors.order_by("user__full_name", "pk").values_list(
        "group_id", "user_id", "user__full_name"
    ):
        if group in every:
            every[group].mentors.append((person, name))


def _columns(packs: set[int]) -> tuple[list[Column], dict[int, str]]:
    """Return the mandatory tools of these packs in their order, and the tool's key of each of their versions."""
    versions = TemplateVersion.objects.filter(template__pack__in=packs, mandatory=True).order_by(
        "template__number", "template__pack", "version"
    )
    columns: dict[str, Column] = {}
    keys = {}
    for pk, current, key, title, one_per, signed_by in versions.values_list(
        "pk", "template__current_id", "template__key", "content__title", "one_per", "content__signed_by"
    ):
        keys[pk] = key
        if pk == current or key not in columns:
            columns[key] = Column(key, text(title), one_per == OnePer.GROUP, bool(signed_by))
    return list(columns.values()), keys


def _counts(
    groups: Any, keys: dict[int, str], columns: Iterable[Column], today: date, *, all_rows: bool
) -> dict[tuple[int, str], Counts]:
    """Count the checklist of these groups by group and tool.

    Args:
        groups: keys, or a query of them.
        all_rows: False looks only at what is late or due within the week.
    """
    signed_keys = {column.key for column in columns if column.is_signed}
    signed = [pk for pk, key in keys.items() if key in signed_keys]
    owed = Q(state=ItemState.TODO) | Q(state=ItemState.WAITING, template_version__in=signed)
    begun = owed & (Q(opens_on__isnull=True) | Q(opens_on__lte=today))
    items = ChecklistItem.objects.filter(group__in=groups).order_by()
    if not all_rows:
        soon = today + timedelta(days=DUE_SOON_DAYS)
        items = items.filter(state__in=[ItemState.TODO, ItemState.WAITING], due_on__lte=soon)
    found = items.values_list("group_id", "template_version_id").annotate(
        done=Count("pk", filter=Q(state=ItemState.DONE)),
        waived=Count("pk", filter=Q(state=ItemState.WAIVED)),
        handed_in=Count("pk", filter=Q(state=ItemState.WAITING) & ~Q(template_version__in=signed)),
        begun=Count("pk", filter=begun),
        late=Count("pk", filter=owed & Q(due_on__lt=today)),
        late_since=Min("due_on", filter=owed & Q(due_on__lt=today)),
        due=Min("due_on", filter=begun & Q(due_on__gte=today)),
    )
    counts: dict[tuple[int, str], Counts] = {}
    for group, version, *numbers in found:
        if (key := keys.get(version)) is not None:
            fresh = Counts(*numbers)
            known = counts.get((group, key))
            counts[group, key] = _sum(known, fresh) if known else fresh
    return counts


def _sum(one: Counts, other: Counts) -> Counts:
    """Return the counts of two versions of a tool together."""
    return Counts(
        done=one.done + other.done,
        waived=one.waived + other.waived,
        handed_in=one.handed_in + other.handed_in,
        begun=one.begun + other.begun,
        late=one.late + other.late,
        late_since=min(filter(None, (one.late_since, other.late_since)), default=None),
        due=min(filter(None, (one.due, other.due)), default=None),
    )


def _waiting(standing: Standing) -> list[Waiting]:
    """Return the forms this Manager accepts or returns, the oldest first."""
    forms = FilledForm.objects.allowing(standing, Action.DECIDE).filter(
        state=FormState.SUBMITTED, template_version__filing=Filing.AFTER_ACCEPTANCE
    )
    found = forms.order_by("latest__submitted_at", "pk").values_list(
        "group_id", "template_version__template__key", "pk", "author__full_name", "latest__submitted_at",
        "template_version__content__accepted_by",
    )  # fmt: skip
    return [Waiting(*facts) for *facts, roles in found if not roles or Role.MANAGER.value in roles]


def _add_facts(
    every: dict[int, Row], urgent: dict[tuple[int, str], Counts], waiting: list[Waiting], today: date
) -> None:
    """Give each group what makes it urgent; a paused group owes nothing."""
    soon = today + timedelta(days=DUE_SOON_DAYS)
    for (group, _key), counts in urgent.items():
        row = every.get(group)
        if row is None or row.stage == Stage.PAUSED:
            continue
        row.late += counts.late
        if counts.late_since and (row.late_since is None or counts.late_since < row.late_since):
            row.late_since = counts.late_since
        if counts.due and counts.due <= soon and (row.due is None or counts.due < row.due):
            row.due = counts.due
    for each in waiting:
        row = every[each.group]
        if row.stage != Stage.PAUSED:
            row.waiting += 1
            row.waiting_since = row.waiting_since or each.since


def _add_cells(
    rows: Iterable[Row],
    columns: list[Column],
    counts: dict[tuple[int, str], Counts],
    waiting: list[Waiting],
    today: date,
) -> None:
    """Give each row its cells; a few dozen different cells make up any matrix, so each is worded once."""
    to_read: dict[tuple[int, str], int] = defaultdict(int)
    for each in waiting:
        to_read[each.group, each.key] += 1
    nothing = Counts()
    worded: dict[tuple[Any, ...], Cell] = {}
    for row in rows:
        is_paused = row.stage == Stage.PAUSED
        row.cells = []
        for column in columns:
            key = (row.pk, column.key)
            case = (column.is_single, is_paused, to_read.get(key, 0), counts.get(key, nothing))
            cell = worded.get(case)
            if cell is None:
                cell = worded[case] = _cell(*case, today=today)
            row.cells.append(cell)


def _cell(is_single: bool, is_paused: bool, to_read: int, counts: Counts, *, today: date) -> Cell:  # noqa: FBT001 -- a case
    """Say in shape and words how one tool stands in one group: the most urgent first."""
    if is_paused and (counts.begun or counts.handed_in):
        return Cell("paused", str(Stage.PAUSED.label))
    if counts.late:
        words = ngettext("%(count)d late", "%(count)d late", counts.late) % {"count": counts.late}
        return Cell("late", late_by(counts.late_since) if is_single else words)
    if to_read:
        return Cell("waiting", _("To read") if is_single else _("%(count)d to read") % {"count": to_read})
    if counts.due:
        is_soon = (counts.due - today).days <= DUE_SOON_DAYS
        return Cell("due" if is_soon else "later", _("Due %(day)s") % {"day": day_month_short(counts.due)})
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
