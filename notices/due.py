"""What falls due without an event: diaries, sessions, the end of a group; for the reminder rules of programmes.

Apps above register their kinds from their `falling_due.py`, imported in `apps.ready()`:

    register(find, DueKind(code="diary", topic=Topic.ASKED, label=_("The diary of a session"), title=_title, …))

`find(asked)` returns what is open and falls due within the days asked for, of all programmes and groups at once, in
statements whose number does not depend on how many there are. It leaves out what is done or waived, groups that are
paused or over, and people who left. Whether it is still open is asked again when a notice is made, shown and sent.

Each kind makes two kinds of notices: `due_<code>` for those it waits for, `late_<code>` for those to whom a rule
escalates.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property, partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import programme_today
from core.models import DomainEvent
from core.policy.roles import READ_ONLY_STAGES, Action, Area, ProgrammeRole, Role, Stage
from core.templatetags.ui import day
from mentoring.models import Enrolment, Membership, MentoringGroup
from mentoring.standing import Standing
from notices import kinds
from notices.kinds import NoticeKind, Said, Told, by_role
from notices.models import Notice, Reminder, Side, Topic, Way

REMINDED, ESCALATED = "reminder.due", "reminder.escalated"
NOT_WORKING = (*READ_ONLY_STAGES, Stage.PAUSED)
Key = tuple[int, str]
"""A person and the role in the group."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is open and falls due.

    Attributes:
        day: on which it is due.
        target: key of what the kind is about.
        people: for whom it waits.
        facts: for the words of notices; with `url`, where it is done, and `late_url` for who hears that it is late.
    """

    kind: str
    programme: int
    group: int | None
    target: int
    day: date
    people: tuple[int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """A group that works."""

    pk: int
    name: str
    programme: int
    pack: int
    stage: str
    starts_on: date
    ends_on: date
    created_at: datetime


class Asked:
    """What is asked of those who find what falls due.

    Attributes:
        programmes: their keys.
        names: of the groups whose people were asked for.
        days: by kind the first and the last day on which something may be due to be of interest; no other kinds.
    """

    def __init__(self, programmes: Collection[int], days: Mapping[str, tuple[date, date]]) -> None:
        self.programmes, self.days = tuple(sorted(programmes)), days
        self.names: dict[int, str] = {}

    def span(self, codes: Iterable[str]) -> tuple[date, date] | None:
        """Return the days over all of these kinds; None when none of them is asked for."""
        found = [self.days[code] for code in codes if code in self.days]
        return (min(first for first, _last in found), max(last for _first, last in found)) if found else None

    def within(self, code: str, on: date) -> bool:
        """Return whether something of a kind that is due on a day is asked for."""
        return code in self.days and self.days[code][0] <= on <= self.days[code][1]

    def working(self, path: str = "group") -> Q:
        """Return the condition for what belongs to groups of these programmes that work; `path` leads to the group."""
        return Q(**{f"{path}__programme__in": self.programmes}) & ~Q(**{f"{path}__stage__in": NOT_WORKING})

    @cached_property
    def groups(self) -> list[Group]:
        """The working groups of these programmes; one statement, once."""
        found = MentoringGroup.objects.filter(programme__in=self.programmes).exclude(stage__in=NOT_WORKING)
        columns = ("pk", "name", "programme", "programme__pack", "stage", "starts_on", "ends_on", "created_at")
        return [Group(*values) for values in found.order_by("pk").values_list(*columns)]

    @cached_property
    def members(self) -> Mapping[int, list[Key]]:
        """People and roles by group, of today and of working groups; one statement, once."""
        live = Membership.objects.live().filter(self.working(), user__is_active=True).order_by("group_id", "pk")
        found: dict[int, list[Key]] = defaultdict(list)
        for group, name, user, role in live.values_list("group_id", "group__name", "user_id", "role"):
            found[group].append((user, role))
            self.names[group] = name
        return found

    @cached_property
    def admins(self) -> Mapping[int, list[int]]:
        """The Admins of each programme; one statement, once."""
        live = Enrolment.objects.live().in_role(ProgrammeRole.ADMIN)
        live = live.filter(programme__in=self.programmes, user__is_active=True).order_by("programme_id", "pk")
        found: dict[int, list[int]] = defaultdict(list)
        for programme, user in live.values_list("programme_id", "user_id"):
            found[programme].append(user)
        return found

    def people(self, group: int, *roles: str) -> tuple[int, ...]:
        """Return the members of a group in these roles."""
        return tuple(user for user, role in self.members.get(group, ()) if role in roles)

    def is_member(self, group: int, person: int) -> bool:
        """Return whether a person is in a group today."""
        return any(user == person for user, _role in self.members.get(group, ()))


Find = Callable[[Asked], Iterable[Due]]
Condition = Callable[[Standing], Q]


@dataclass(frozen=True, slots=True)
class DueKind:
    """One kind of what falls due.

    Attributes:
        label: what it is, for choosing a rule: “The diary of a session”.
        day_label: which day its rules count from: “the day on which it is due”.
        what: what a notice is about, in words; the title of both notices is made of it.
        still_open: the condition on notices that it is not done, whoever asks.
        is_theirs: the condition that the person is still asked for it.
        sides: the sides of the day on which a reminder makes sense.
        ways: the way by role unless somebody chose another.
        reads_it: the condition that somebody reads what it is about, where that is not everybody who leads the group;
            others are not told that it is late, and see nothing of it in the log.
        place: where it stands among the others, as a group comes to it: less is earlier.
        replaces: a newer notice about the same target takes the place of an earlier one; not where targets are tools.
    """

    code: str
    topic: Topic
    label: Any
    day_label: Any
    what: Callable[[Said], str]
    still_open: Condition
    is_theirs: Condition
    example: Mapping[str, Any]
    title: Callable[[Said], str]
    line: Callable[[Said], str] | None = None
    sides: tuple[Side, ...] = (Side.BEFORE, Side.AFTER)
    ways: Mapping[str, Way] = field(default_factory=lambda: by_role(Way.DAILY))
    reads_it: Condition | None = None
    replaces: bool = True
    place: int = 50


_kinds: dict[str, DueKind] = {}
_finders: list[Find] = []


def register(find: Find, *due_kinds: DueKind) -> None:
    """Let rules be made for these kinds, of which `find` finds what falls due; for `apps.ready()`."""
    if find not in _finders:
        _finders.append(find)
    for kind in due_kinds:
        _kinds[kind.code] = kind
        kinds.register(_notice_of(kind), _late_notice_of(kind))


def due_kinds() -> Mapping[str, DueKind]:
    """Return all kinds by code, in their order."""
    return dict(sorted(_kinds.items(), key=lambda each: each[1].place))


def find_all(asked: Asked) -> list[Due]:
    """Return everything that falls due in the days asked for."""
    return [due for find in _finders for due in find(asked) if asked.within(due.kind, due.day)]


# --- the notices of a kind --------------------------------------------------------------------------------------------


def when(said: Said) -> str:
    """Return when it is due, as of today."""
    written = said.facts.get("due_on")
    if not written:
        return ""
    on = date.fromisoformat(str(written))
    words = _("Was due %(day)s.") if on < programme_today() else _("Due %(day)s.")
    return words % {"day": day(on)}


def _gather(event: DomainEvent, *, code: str, reason: str) -> Told | None:
    """Tell those for whom the reminders of an event were made."""
    if event.data.get("due") != code:
        return None
    rows = list(Reminder.objects.of_event(event))
    if not rows:
        return None
    return Told({row.person_id: reason for row in rows}, rows[0].target, rows[0].facts)


def _url(notice: Notice) -> str:
    return str(notice.facts.get("url") or reverse("home:first-screen"))


def manages_its_group(standing: Standing) -> Q:
    """Return the condition for groups whose checklist the person manages: who asks others for what is missing."""
    return Q(group__in=standing.groups(Area.CHECKLIST, Action.MANAGE))


def _notice_of(kind: DueKind) -> NoticeKind:
    return NoticeKind(
        code=f"due_{kind.code}", topic=kind.topic, label=kind.label, events=(REMINDED,),
        gather=partial(_gather, code=kind.code, reason="due"), title=kind.title, line=kind.line or when, url=_url,
        logged=partial(_reminded, kind=kind), reached_by=kind.is_theirs, logged_for=_logged(kind.reads_it),
        ways=kind.ways, example=kind.example, replaces=kind.replaces,
    )  # fmt: skip


def _reminded(said: Said, *, kind: DueKind) -> str:
    """Return the title under somebody else's name, where the person's own may say "you"."""
    return _("Reminder: %(what)s") % {"what": kind.what(said)}


@cache
def _logged(reads_it: Condition | None) -> Condition:
    """Return the condition for the log; one object for kinds with the same, which are asked about together."""
    if reads_it is None:
        return manages_its_group
    return lambda standing: manages_its_group(standing) & reads_it(standing)


def _late_notice_of(kind: DueKind) -> NoticeKind:
    return NoticeKind(
        code=f"late_{kind.code}", topic=Topic.ASKED,
        label=gettext_lazy("Something is late in a group of yours"), events=(ESCALATED,),
        gather=partial(_gather, code=kind.code, reason="late"), title=partial(_late_title, kind=kind), line=_late_line,
        url=_url, reached_by=_known_to_be_late(kind.still_open, kind.reads_it), logged_for=_logged(kind.reads_it),
        ways={role: Way.DAILY for role in (Role.MANAGER, Role.MENTOR, ProgrammeRole.ADMIN)},
        example={**kind.example, "due_on": "2026-11-26", "person_id": 1}, replaces=kind.replaces,
    )  # fmt: skip


def _late_title(said: Said, *, kind: DueKind) -> str:
    what = kind.what(said)
    return _("Late: %(what)s") % {"what": what} if not said.group else _("Late in “%(group)s”: %(what)s") % {
        "group": said.group, "what": what,
    }  # fmt: skip


def _late_line(said: Said) -> str:
    return " ".join(filter(None, [said.person("person_id") and f"{said.person('person_id')}.", when(said)]))


@cache
def _known_to_be_late(still_open: Condition, reads_it: Condition | None) -> Condition:
    """Return the condition: not done yet, in a group that the person leads, or of a programme that they administer.

    One object for kinds with the same, which are asked about together.
    """

    def condition(standing: Standing) -> Q:
        leads = Q(group__in=standing.groups_as(Role.MANAGER, Role.MENTOR))
        leads &= reads_it(standing) if reads_it else Q()
        return still_open(standing) & (leads | Q(group__programme__in=standing.programmes(Action.CHANGE)))

    return condition
