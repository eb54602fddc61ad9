"""What a form is about besides a person: a session of the plan. Apps above tell it through this registry.

A provider is registered for the beginning of an session key ("session-"). Apps whose tools are edited elsewhere
(the session plan) name that place with `register_editor`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from mentoring.models import MentoringGroup
from tools.models import Tool

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class RelatedSession:
    """One session in words.

    Attributes:
        key: kept on the form: `session-12`.
        title: by language.
        line: its facts in one line: "Session 4, Thursday 19 November 2026, 17:30–18:30, online".
        back_url, back_label: where diaries are listed.
        page_url: its own page.
        helps: further help sentences by question: "Rasa’s plan was: read two CVs."
        facts: gives label and value, printed under the title of a document: ("Date", "Thursday 19 November 2026").
        values: placeholders session.title, session.date, session.place; session.from and session.to as 17:30.
        people: gives name and role (`guest` for others) of those who were there, or who are expected.
        is_recorded: whether it is known who was there.
        not_yet: why no form can be started now; empty when it can.
        too_early: why no diary can be started yet, though other forms can (the list of participants is printed before).
    """

    key: str
    title: Mapping[str, str]
    line: str = ""
    back_url: str = ""
    back_label: str = ""
    page_url: str = ""
    helps: Mapping[str, str] = field(default_factory=dict)
    facts: Callable[[], Sequence[tuple[str, str]]] = tuple
    values: Mapping[str, str | date] = field(default_factory=dict)
    people: Callable[[], Sequence[tuple[str, str]]] = tuple
    is_recorded: bool = False
    not_yet: str = ""
    too_early: str = ""


@dataclass(frozen=True, slots=True)
class Attending:
    """Who signs a paper about a session: those recorded present, or everybody of its day while nothing is recorded.

    Attributes:
        expected: people with their role.
        absent: people who are recorded as absent.
        guests: names of those present who have no account; they sign on paper only.
    """

    expected: Sequence[tuple["User", str]] = ()
    absent: Sequence["User"] = ()
    guests: Sequence[str] = ()


class Provider(Protocol):
    """Knows the sessions of one kind."""

    def find(self, group: MentoringGroup, session_key: str) -> RelatedSession | None:
        """Return the session of this group; None when there is none. An empty key: the group's initial session."""

    def choices(self, group: MentoringGroup, tool: Tool, user: "User") -> list[tuple[str, str]]:
        """Return the sessions for which the person can start this form, with their words."""

    def titles(self, group: MentoringGroup) -> list[dict[str, Any]]:
        """Return the titles of all sessions of the group, each by language."""

    def attending(self, group: MentoringGroup, session_keys: Iterable[str]) -> Mapping[str, Attending]:
        """Return who signs papers about these sessions, by session key."""


EditorUrl = Callable[[MentoringGroup], str]
Used = Callable[[MentoringGroup, Tool], Iterable[tuple[str, dict[str, Any]]]]
_providers: dict[str, Provider] = {}
_used: list[Used] = []
_editors: dict[str, EditorUrl] = {}


def register(prefix: str, provider: Provider) -> None:
    """Let `provider` answer for sessions whose key begins with `prefix`; for `apps.ready()`."""
    _providers[prefix] = provider


def register_used(provider: Used) -> None:
    """Let `provider` name the sessions, with their titles by language, that something of a tool is about already."""
    _used.append(provider)


def used(group: MentoringGroup, tool: Tool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the sessions that forms and documents of a tool are about."""
    for provider in _used:
        yield from provider(group, tool)


def register_editor(editor: str, url: EditorUrl) -> None:
    """Say where tools with this `editor` are filled in."""
    _editors[editor] = url


def find(group: MentoringGroup, session_key: str) -> RelatedSession | None:
    """Return the session in words; for a form without one the initial session, if a provider knows it."""
    for prefix, provider in _providers.items():
        if not session_key or session_key.startswith(prefix):
            found = provider.find(group, session_key)
            if found is not None or session_key:
                return found
    return None


def choices(group: MentoringGroup, tool: Tool, user: "User") -> list[tuple[str, str]]:
    """Return every session for which the person can start this form."""
    return [choice for provider in _providers.values() for choice in provider.choices(group, tool, user)]


def titles(group: MentoringGroup) -> list[dict[str, Any]]:
    """Return the titles of all sessions of the group, each by language."""
    return [title for provider in _providers.values() for title in provider.titles(group)]


def attending(group: MentoringGroup, session_keys: Iterable[str]) -> dict[str, Attending]:
    """Return who signs papers about these sessions, by session key; asks nothing of the database without a key."""
    wanted = sorted({key for key in session_keys if key})
    found: dict[str, Attending] = {}
    for prefix, provider in _providers.items():
        if keys := [key for key in wanted if key.startswith(prefix)]:
            found.update(provider.attending(group, keys))
    return found


def editor_url(editor: str, group: MentoringGroup) -> str:
    """Return where the tool is filled in; empty when with the ordinary form."""
    url = _editors.get(editor)
    return url(group) if url else ""
