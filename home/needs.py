"""What needs a Manager today, over all groups: each thing with its reason and the one act that settles it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.roles import ROAD, Stage
from core.templatetags.ui import late_by, since
from documents.models import ChecklistItem, Signature
from home.matrix import Column, Matrix, Row, Waiting, managed_keys
from home.parked import parked_forms
from home.readiness import ready_groups
from mentoring.querysets import live_on
from mentoring.standing import Standing

if TYPE_CHECKING:
    pass

LONG_LATE_DAYS = 14


@dataclass(slots=True)
class Need:
    """One thing that needs the Manager: its shape, what it is, why, and the one act."""

    state: str
    title: str
    text: str
    url: str
    label: str


Order = tuple[int, int]
"""What needs are sorted by: the lower, the more urgent."""

Found = tuple[Order, Callable[[], Need]]
"""A need that is put into words only when it is shown: a large programme has thousands."""


def needs_of(standing: Standing, matrix: Matrix, *, limit: int = 20, detailed: int = 3) -> tuple[list[Need], int]:
    """Return what needs this Manager, the most urgent first, and how much there is in all.

    Args:
        limit: so many are put into words.
        detailed: of how many unsigned papers, at most, the missing names are read.
    """
    rows = {row.pk: row for row in matrix.every}
    found = [
        *_without_mentor(matrix.every),
        *_unsigned(matrix, rows, detailed),
        *_parked(standing, rows),
        *_to_decide(matrix),
        *_long_late(matrix, rows),
        *_ready(standing),
    ]
    found.sort(key=lambda each: each[0])
    return [say() for _order, say in found[:limit]], len(found)


def _without_mentor(rows: Iterable[Row]) -> Iterator[Found]:
    for row in rows:
        if not row.mentors and row.stage != Stage.PAUSED:
            order = (7, 0) if row.stage == Stage.FORMING else (0, -row.mentees)
            yield order, partial(_mentor_need, row)


def _mentor_need(row: Row) -> Need:
    is_forming = row.stage == Stage.FORMING
    return Need(
        "planned" if is_forming else "late",
        _("Group “%(name)s” has no Mentor") % {"name": row.name},
        _("It is still forming.") if is_forming else _without_mentor_words(row.mentees),
        f"{reverse('mentoring:member-create', args=[row.pk])}?role=mentor",
        _("Choose a Mentor"),
    )


def _without_mentor_words(mentees: int) -> str:
    words = ngettext("%(count)d Mentee is without a Mentor.", "%(count)d Mentees are without a Mentor.", mentees)
    return words % {"count": mentees}


def _unsigned(matrix: Matrix, rows: dict[int, Row], detailed: int) -> Iterator[Found]:
    """Papers that wait for signatures longer than they should: the contract above all."""
    titles = {column.key: column.title for column in matrix.columns if column.is_signed}
    late = sorted(
        (counts.late_since, group, key)
        for (group, key), counts in matrix.urgent.items()
        if key in titles and counts.late_since and _is_active(rows.get(group))
    )
    missing = _missing_signers([group for _since, group, _key in late[:detailed]])
    for day, group, key in late:
        names = missing.get((group, key), [])
        yield (1, (day - matrix.today).days), partial(_unsigned_need, rows[group], key, titles[key], day, names)


def _unsigned_need(row: Row, key: str, title: str, day: date, names: list[str]) -> Need:
    values = {"tool": title, "late": late_by(day), "name": row.name}
    return Need(
        "late",
        _("%(tool)s not signed, %(late)s: “%(name)s”") % values,
        _signers_words(names),
        reverse("documents:checklist-cell", args=[row.pk, key]),
        _("See who is missing"),
    )


def _missing_signers(groups: list[int]) -> dict[tuple[int, str], list[str]]:
    """Return who has not signed a paper of the whole group that is late, by group and tool."""
    if not groups:
        return {}
    signed = Signature.objects.filter(
        person=OuterRef("group__memberships__user"),
        version=F("version__document__current"),
        version__document__folder__group=OuterRef("group"),
        version__document__template_version__template=OuterRef("template_version__template"),
        version__document__removed_at__isnull=True,
    )
    open_rows = ChecklistItem.objects.filter(
        live_on(prefix="group__memberships__"), group__in=groups, subject__isnull=True
    ).exclude(state__in=ChecklistItem.SETTLED)
    members = open_rows.annotate(has_signed=Exists(signed)).order_by("group__memberships__user__full_name")
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    facts = members.values_list(
        "group_id", "template_version__template__key", "template_version__content__signed_by",
        "group__memberships__role", "group__memberships__user__full_name", "has_signed",
    )  # fmt: skip
    for group, key, roles, role, name, has_signed in facts:
        if role in (roles or []) and not has_signed:
            found[group, key].append(name)
    return found


def _signers_words(names: list[str]) -> str:
    if not names:
        return _("It counts once the paper with everybody’s signature is filed.")
    words = ngettext("Missing the signature of %(names)s.", "Missing the signatures of %(names)s.", len(names))
    return words % {"names": ", ".join(names)}


def _parked(standing: Standing, rows: dict[int, Row]) -> Iterator[Found]:
    """PDFs that were given up after three tries."""
    for form, group in parked_forms(standing, managed_keys(standing)):
        if group in rows:
            yield (2, 0), partial(_parked_need, rows[group], form)


def _parked_need(row: Row, form: int) -> Need:
    return Need(
        "late",
        _("A PDF could not be made: “%(name)s”") % {"name": row.name},
        _("The answers are safe. Read the reason, then let it try again."),
        reverse("documents:form-detail", args=[form]),
        _("Read the reason"),
    )


def _to_decide(matrix: Matrix) -> Iterator[Found]:
    """Forms to accept or return, gathered by tool."""
    titles = {column.key: column.title for column in matrix.columns}
    by_tool: dict[str, list[Waiting]] = defaultdict(list)
    for each in matrix.waiting:
        by_tool[each.key].append(each)
    now = timezone.now()
    for key, waiting in by_tool.items():
        yield (3, (waiting[0].since - now).days), partial(_decide_need, titles.get(key, key), waiting[0], len(waiting))


def _decide_need(title: str, oldest: Waiting, count: int) -> Need:
    words = ngettext("%(tool)s: %(count)d waits for your decision", "%(tool)s: %(count)d wait for your decision", count)
    text = (
        _("The oldest is from %(name)s, handed in %(when)s.") if count > 1 else _("From %(name)s, handed in %(when)s.")
    )
    return Need(
        "waiting",
        words % {"tool": title, "count": count},
        text % {"name": oldest.name, "when": since(oldest.since)},
        reverse("documents:form-detail", args=[oldest.form]),
        _("Read the oldest") if count > 1 else _("Read it"),
    )


def _long_late(matrix: Matrix, rows: dict[int, Row]) -> Iterator[Found]:
    """What people owe for two weeks and more, without what waits for signatures."""
    columns = {column.key: column for column in matrix.columns if not column.is_signed}
    border = matrix.today - timedelta(days=LONG_LATE_DAYS)
    for (group, key), counts in matrix.urgent.items():
        if counts.late_since is None or counts.late_since > border or key not in columns:
            continue
        if _is_active(rows.get(group)):
            order = (4, (counts.late_since - matrix.today).days)
            yield order, partial(_late_need, rows[group], columns[key], counts.late, counts.late_since)


def _late_need(row: Row, column: Column, count: int, day: date) -> Need:
    words = ngettext("%(count)d is missing, %(late)s.", "%(count)d are missing, the first %(late)s.", count)
    return Need(
        "late",
        _("%(tool)s: “%(name)s”") % {"tool": column.title, "name": row.name},
        words % {"count": count, "late": late_by(day)},
        reverse("documents:checklist-cell", args=[row.pk, column.key]),
        _("See who is missing"),
    )


def _ready(standing: Standing) -> Iterator[Found]:
    """Groups whose next gate misses nothing."""
    for group, name, stage in ready_groups(standing):
        yield (5, 0), partial(_ready_need, group, name, stage)


def _ready_need(group: int, name: str, stage: str) -> Need:
    upcoming = ROAD[ROAD.index(Stage(stage)) + 1]
    return Need(
        "done",
        _("Group “%(name)s” can go on") % {"name": name},
        _("Nothing is missing for its next stage: %(stage)s.") % {"stage": upcoming.label},
        reverse("mentoring:stage-change", args=[group]),
        _("Take it further"),
    )


def _is_active(row: Row | None) -> bool:
    return row is not None and row.stage != Stage.PAUSED
