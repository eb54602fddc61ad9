"""What people are told: for each kind of notice whom it concerns, who may know, its words and where it leads.

Apps above register their kinds from their `notices.py`, imported in `apps.ready()`:

    register(NoticeKind(
        code="form_returned", topic=Topic.FORMS, label=_("A form comes back to you"), events=("form.returned",),
        gather=of_the_writer, title=_returned, url=_form_url, reached_by=reads_the_form,
        ways=by_role(AT_ONCE), example={"what": {"en": "Diary"}},
    ))

`gather(event)` runs in the worker and says whom the event concerns, each with a reason of `REASONS`, and the facts that
the words are made of; None when there is nothing to tell. `reached_by(standing)` is the condition on notices under
which the person may know; it is asked when a notice is made, shown, counted and sent. `title` and `line` get a `Said`
and return a sentence in the active language; they query nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import events
from core.models import DomainEvent
from core.policy.roles import Role
from core.texts import text
from mentoring.standing import Standing
from notices.models import Notice, Topic, Way

if TYPE_CHECKING:
    from accounts.models import User

REASONS = {
    "role": _("You get this because of your role in the group."),
    "writer": _("You get this because you wrote it."),
    "about_you": _("You get this because it is about you."),
    "signer": _("You get this because your signature is missing."),
    "admin": _("You get this because you administer the programme."),
    "inviter": _("You get this because you sent the invitation."),
    "asked": _("You get this because somebody asks you for it."),
    "named": _("You get this because you are named in it."),
    "follows": _("You get this because you follow it."),
    "programme": _("You get this because you take part in the programme."),
    "due": _("You get this because your programme reminds everybody of what falls due."),
    "late": _("You get this because something in a group that you look after is late."),
}
"""Why somebody is told, by the code that stands on the notice."""

REASONS_OF_OTHERS = {
    "role": _("Role in the group."),
    "writer": _("Author."),
    "about_you": _("It is about this person."),
    "signer": _("Missing signature."),
    "admin": _("Administration of the programme."),
    "inviter": _("Sender of the invitation."),
    "asked": _("It is asked of this person."),
    "named": _("Mention in the text."),
    "follows": _("Reader of the board."),
    "programme": _("Participation in the programme."),
    "due": _("The programme reminds of what falls due."),
    "late": _("Something in a group that this person looks after is late."),
}
"""The same, as others read it."""


@dataclass(frozen=True, slots=True)
class Told:
    """Whom an event concerns.

    Attributes:
        receivers: keys of people with the code of the reason; whoever did it gets no notice of it.
        target: key of what the policy is asked about.
        facts: for the words; titles by language, moments as ISO text, keys of people under names that end in `_id`.
    """

    receivers: Mapping[int, str]
    target: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of one notice are made of."""

    facts: Mapping[str, Any]
    who: str = ""
    group: str = ""
    people: Mapping[int, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a title in the active language."""
        return text(self.facts.get(name))

    def moment(self, name: str) -> datetime | None:
        """Return a moment; None when it is not known."""
        written = self.facts.get(name)
        return datetime.fromisoformat(written) if written else None

    def person(self, name: str) -> str:
        """Return the name of the person whose key is a fact."""
        return self.people.get(self.facts.get(name) or 0, "")


Gather = Callable[[DomainEvent], Told | None]
Sentence = Callable[[Said], str]


def nothing(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    """Say nothing more than the title."""
    return ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice.

    Attributes:
        label: what it is about, for choosing and for the preview: “A form comes back to you”.
        ways: the way by role in the group (or the programme) unless the person chose another; under "" that of anybody
            else, who is told on the page otherwise.
        logged_for: the condition under which a Manager may know that others were told, where it is another one than
            `reached_by`, as of what is asked of one person.
        logged: the title as a Manager reads it under somebody's name, where the person's own says "you".
        replaces: an earlier notice of this kind about the same counts as seen once there is a new one.
        example: facts for the preview; never those of somebody.
    """

    code: str
    topic: Topic
    label: Any
    events: tuple[str, ...]
    gather: Gather
    title: Sentence
    url: Callable[[Notice], str]
    reached_by: Callable[[Standing], Q]
    ways: Mapping[str, Way]
    example: Mapping[str, Any]
    line: Sentence = nothing
    replaces: bool = False
    logged_for: Callable[[Standing], Q] | None = None
    logged: Sentence | None = None

    def way_for(self, role: str) -> Way:
        """Return the way for a role unless the person chose another."""
        return self.ways.get(role) or self.ways.get("", Way.IN_PAGE)


def by_role(mentee: Way, mentor: Way | None = None, manager: Way | None = None) -> dict[str, Way]:
    """Return ways by role; the Mentor's and the Manager's are the Mentee's when not given."""
    return {Role.MENTEE: mentee, Role.MENTOR: mentor or mentee, Role.MANAGER: manager or mentor or mentee}


_kinds: dict[str, NoticeKind] = {}
_listener: list[Callable[[DomainEvent], None]] = []


def register(*kinds: NoticeKind) -> None:
    """Let notices of these kinds be made; from then on their events are listened to."""
    for kind in kinds:
        _kinds[kind.code] = kind
        for listener in _listener:
            _listen(kind, listener)


Targets = Callable[[DomainEvent], Any]
_targets: dict[str, Targets] = {}


def tell_about(event: str, targets: Targets) -> None:
    """Say what else notices are about that an event closes or opens: it gives their keys, as a list or a queryset."""
    _targets[event] = targets


def targets_of(event: DomainEvent) -> Any:
    """Return the keys of what notices are about that an event closes or opens, besides its own."""
    found = _targets.get(event.kind)
    return found(event) if found is not None else ()


def listen(listener: Callable[[DomainEvent], None]) -> None:
    """Call `listener` for every event of a kind that is registered, now or later."""
    _listener.append(listener)
    for kind in _kinds.values():
        _listen(kind, listener)


def _listen(kind: NoticeKind, listener: Callable[[DomainEvent], None]) -> None:
    for name in kind.events:
        events.subscribe(name, listener)


def all_kinds() -> Sequence[NoticeKind]:
    """Return all kinds, by topic and in the order in which they were registered."""
    order = {topic: number for number, topic in enumerate(Topic)}
    return sorted(_kinds.values(), key=lambda kind: order[kind.topic])


def kind_of(notice: Notice) -> NoticeKind:
    """Return the kind of a notice."""
    return _kinds[notice.kind]


def kinds_for(event: str) -> list[NoticeKind]:
    """Return the kinds that tell of an event."""
    return [kind for kind in _kinds.values() if event in kind.events]


def reached_by(standing: Standing, *, of_others: bool = False, among: Collection[str] | None = None) -> Q:
    """Return the condition under which the person may know of notices, over all kinds.

    Kinds with the same condition are asked about together.

    Args:
        of_others: may know that others were told, instead of what.
        among: the kinds that there are, where that is known: with fewer of them the statement is a short one.
    """
    together: dict[Callable[[Standing], Q], list[str]] = {}
    for code, kind in _kinds.items():
        if among is not None and code not in among:
            continue
        condition = (kind.logged_for if of_others else None) or kind.reached_by
        together.setdefault(condition, []).append(code)
    found = Q(pk__in=())
    for reach, codes in together.items():
        found |= Q(kind__in=codes) & reach(standing)
    return found


def said_of(notice: Notice, people: Mapping[int, "User"]) -> Said:
    """Return what the words of a notice are made of.

    Args:
        notice: with its event's actor and its group.
        people: those that its facts name, by key.
    """
    actor = notice.event.actor
    names = {key: person.get_full_name() for key, person in people.items()}
    group = notice.group.name if notice.group else ""
    return Said(notice.facts, actor.get_full_name() if actor else "", group, names)


def named_in(notices: Iterable[Notice]) -> dict[int, "User"]:
    """Return the people that the facts of notices name, by key; one query at most."""
    keys = {value for notice in notices for name, value in notice.facts.items() if name.endswith("_id") and value}
    return people_by_key(keys)


def people_by_key(keys: Collection[int]) -> dict[int, "User"]:
    """Return people with what a row shows of them, by key; nothing is asked without keys."""
    return get_user_model().objects.only("full_name", "call_name", "email", "photo").in_bulk(keys) if keys else {}
