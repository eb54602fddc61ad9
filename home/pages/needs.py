"""What needs a Manager today, over all groups: each thing with its reason and the one act that settles it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policy.roles import ROAD, Stage
from core.templatetags.ui import late_by, since
from home.failed_renderings import first_failed
from home.managed import managed
from home.pages.matrix import FIRST_OF_A_KIND, Column, Late, LateKind, Matrix, ToDecide
from home.pages.readiness import NeedyGroup, needy_groups
from mentoring.models import MembershipProposal
from mentoring.standing import Standing


@dataclass(slots=True)
class Need:
    """One thing that needs the Manager: its shape, what it is, why, and the one act."""

    state: str
    title: str
    text: str
    url: str
    label: str


LONG_LATE_DAYS = 14
"""From so many days on, what others owe is as urgent as a contract without signatures."""

Order = tuple[int, int]
"""What needs are sorted by: the lower, the more urgent."""

Found = tuple[Order, Callable[[], Need]]
"""A need that is put into words only when it is among those that are shown."""


def needs_of(
    standing: Standing, matrix: Matrix, *, limit: int = FIRST_OF_A_KIND, detailed: int = 3
) -> tuple[list[Need], int]:
    """Return what needs this Manager, the most urgent first, and how much there is in all.

    Args:
        limit: so many are put into words, at most `FIRST_OF_A_KIND`.
        detailed: of how many unsigned documents, at most, the missing names are read.
    """
    needy = needy_groups(matrix.asker, matrix.tools.contracts, limit)
    failed = first_failed(standing, managed(standing).values("pk"), limit) if matrix.overview.has_failed else []
    proposed = list(MembershipProposal.objects.to_decide(standing)) if matrix.overview.has_proposals else []
    found = [
        *_proposed(proposed),
        *_without_mentor(needy.alone),
        *_unsigned(matrix, detailed),
        *_failed(failed),
        *_to_decide(matrix.to_decide),
        *_late(matrix),
        *_ready(needy.ready),
    ]
    found.sort(key=lambda each: each[0])
    count = (
        matrix.overview.alone
        + sum(matrix.late_counts.values())
        + len(failed)
        + len(matrix.to_decide)
        + needy.ready_count
        + len(proposed)
    )
    return [say() for _order, say in found[:limit]], count


def _proposed(found: Iterable[MembershipProposal]) -> Iterator[Found]:
    """Who is proposed from outside for a group: nobody comes in before somebody of the group agrees."""
    for each in found:
        yield (0, -1000), partial(_proposal_need, each)


def _proposal_need(proposal: MembershipProposal) -> Need:
    return Need(
        "waiting",
        _("%(name)s is proposed for “%(group)s”") % {"name": proposal.user.full_name, "group": proposal.group.name},
        _("Decide whether this person joins; until then nothing of the group opens to them."),
        reverse("mentoring:proposal-decide", args=[proposal.pk]),
        _("Decide"),
    )


def _without_mentor(groups: Iterable[NeedyGroup]) -> Iterator[Found]:
    for group in sorted(groups, key=lambda each: -each.mentees):
        order = (7, 0) if group.stage == Stage.FORMING else (0, -group.mentees)
        yield order, partial(_mentor_need, group)


def _mentor_need(row: NeedyGroup) -> Need:
    is_forming = row.stage == Stage.FORMING
    return Need(
        "planned" if is_forming else "late",
        _("Group “%(name)s” has no Mentor") % {"name": row.name},
        _("It is still forming.") if is_forming else _without_mentor_words(row.mentees),
        reverse("mentoring:mentor-choose", args=[row.pk]),
        _("Choose a Mentor"),
    )


def _without_mentor_words(mentees: int) -> str:
    words = ngettext("%(count)d Mentee is without a Mentor.", "%(count)d Mentees are without a Mentor.", mentees)
    return words % {"count": mentees}


def _unsigned(matrix: Matrix, detailed: int) -> Iterator[Found]:
    """Papers that wait for signatures longer than they should: the contract above all."""
    titles = {column.key: column.title for column in matrix.columns}
    late = matrix.late.get(LateKind.UNSIGNED, [])
    contracts = {matrix.tools.keys.get(tool) for tool in matrix.tools.contracts}
    missing, unwritten = _missing_signers(matrix, [each.group for each in late[:detailed]])
    for each in late:
        place = (each.group, each.key)
        words = _unwritten_words() if place in unwritten else _signers_words(missing.get(place, []))
        words = f"{words} {_stage_words(each)}" if each.key in contracts else words
        yield (1, _days_to(each, matrix)), partial(_unsigned_need, each, titles[each.key], words.strip())


def _days_to(late: Late, matrix: Matrix) -> int:
    """Return the days until something is due; late by so many when below zero."""
    return ((late.since or matrix.today) - matrix.today).days


def _stage_words(late: Late) -> str:
    """Say that a group has gone past its contract; empty while it has not."""
    if late.stage not in ROAD or ROAD.index(Stage(late.stage)) < ROAD.index(Stage.CONTRACTED):
        return ""
    return _("The group’s stage is “%(stage)s” all the same.") % {"stage": Stage(late.stage).label}


def _unsigned_need(late: Late, title: str, words: str) -> Need:
    values = {"tool": title, "late": late_by(late.since), "name": late.name}
    return Need(
        "late",
        (_("%(tool)s not signed, %(late)s: “%(name)s”") if values["late"] else _("%(tool)s not signed: “%(name)s”"))
        % values,
        words,
        reverse("checklist:checklist-cell", args=[late.group, late.key]),
        _("See who is missing"),
    )


Place = tuple[int, str]
"""A group and the key of a tool."""


def _missing_signers(matrix: Matrix, groups: list[int]) -> tuple[dict[Place, list[tuple[str, bool]]], set[Place]]:
    """Return who has not signed a document of the whole group that is late, and whether it names them.

    The second are those that nobody has written yet: nobody signs them before that.
    """
    found: dict[Place, list[tuple[str, bool]]] = defaultdict(list)
    unwritten: set[Place] = set()
    rows = matrix.asker.signers(groups, matrix.tools.signed()) if groups else ()
    for group, key, roles, role, name, is_named, is_unwritten in rows:
        if is_unwritten:
            unwritten.add((group, key))
        elif role in roles:
            found[group, key].append((name, is_named))
    return found, unwritten


def _unwritten_words() -> str:
    return _("Nobody has written it yet: it is written first, then signed by all.")


def _signers_words(missing: list[tuple[str, bool]]) -> str:
    names = [name for name, _is_named in missing]
    if unnamed := [name for name, is_named in missing if not is_named]:
        words = _("It does not name %(names)s: it is written again first, then signed by all.")
        return words % {"names": ", ".join(unnamed)}
    if not names:
        return _("It counts once the document with everyone’s signature is filed.")
    words = ngettext("Missing the signature of %(names)s.", "Missing the signatures of %(names)s.", len(names))
    return words % {"names": ", ".join(names)}


def _failed(found: Iterable[tuple[int, int, str]]) -> Iterator[Found]:
    """PDFs that were given up after three tries."""
    for form, _group, name in found:
        yield (2, 0), partial(_failed_need, name, form)


def _failed_need(name: str, form: int) -> Need:
    return Need(
        "late",
        _("A PDF could not be made: “%(name)s”") % {"name": name},
        _("The answers are safe. Read the reason, then try again."),
        reverse("responses:form-detail", args=[form]),
        _("Read the reason"),
    )


def _to_decide(found: Iterable[ToDecide]) -> Iterator[Found]:
    """Forms to accept or return, gathered by tool."""
    now = timezone.now()
    for each in found:
        yield (3, (each.since - now).days), partial(_decide_need, each)


def _decide_need(each: ToDecide) -> Need:
    words = ngettext(
        "%(tool)s: %(count)d waits for your decision", "%(tool)s: %(count)d wait for your decision", each.waiting
    )
    text = (
        _("The oldest is from %(name)s, handed in %(when)s.")
        if each.waiting > 1
        else _("From %(name)s, handed in %(when)s.")
    )
    return Need(
        "waiting",
        words % {"tool": each.title, "count": each.waiting},
        text % {"name": each.author, "when": since(each.since)},
        reverse("responses:form-detail", args=[each.form]),
        _("Read the oldest") if each.waiting > 1 else _("Read it"),
    )


def _late(matrix: Matrix) -> Iterator[Found]:
    """What people owe and is late, without what waits for signatures; while it is fresh, below what waits for her."""
    columns = {column.key: column for column in matrix.columns}
    for each in matrix.late.get(LateKind.OWED, []):
        days = _days_to(each, matrix)
        yield (1 if days <= -LONG_LATE_DAYS else 4, days), partial(_late_need, each, columns[each.key])


def _late_need(late: Late, column: Column) -> Need:
    words = ngettext("%(count)d is missing, %(late)s.", "%(count)d are missing, the first %(late)s.", late.missing)
    return Need(
        "late",
        _("%(tool)s: “%(name)s”") % {"tool": column.title, "name": late.name},
        words % {"count": late.missing, "late": late_by(late.since)},
        reverse("checklist:checklist-cell", args=[late.group, late.key]),
        _("See who is missing"),
    )


def _ready(groups: Iterable[NeedyGroup]) -> Iterator[Found]:
    """Groups whose next gate misses nothing."""
    for group in groups:
        yield (5, 0), partial(_ready_need, group)


def _ready_need(group: NeedyGroup) -> Need:
    upcoming = ROAD[ROAD.index(Stage(group.stage)) + 1]
    return Need(
        "done",
        _("Group “%(name)s” is ready for its next stage") % {"name": group.name},
        _("Nothing is missing for its next stage: %(stage)s.") % {"stage": upcoming.label},
        reverse("mentoring:stage-change", args=[group.pk]),
        _("Go to the next stage"),
    )
