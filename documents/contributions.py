"""What other apps add to the pages of folders and documents: the state of a document, rows in the making, sections.

A document knows nothing of the form or upload it was made from; whoever does registers here in `apps.ready()`. Every
provider is asked once for a page, for all its documents together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mentoring.standing import Standing

if TYPE_CHECKING:
    from documents.models import Document, DocumentVersion, Folder


@dataclass(frozen=True, slots=True)
class DocumentState:
    """How a document made from something else stands: chip, words, and where that something is."""

    state: str
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a removed document cannot be restored: an expression, and what it says then.

    `number` gives the number of the document that is restored instead, for the document `OuterRef("pk")`, else nothing.
    """

    number: Callable[[], Any]
    words: Callable[[str], str]


StateProvider = Callable[["Sequence[Document]", Standing], Mapping[int, DocumentState]]
RowProvider = Callable[["Folder", Standing], Sequence[Any]]
SectionProvider = Callable[["Document", "Sequence[DocumentVersion]"], Mapping[str, Any]]

_states: list[StateProvider] = []
_rows: list[RowProvider] = []
_started: list[RowProvider] = []
_sections: list[SectionProvider] = []
_hindrances: list[Hindrance] = []


def register_states(provider: StateProvider) -> None:
    """Let `provider` say how documents stand whose current version it knows; by the document's key."""
    if provider not in _states:
        _states.append(provider)


def register_rows(provider: RowProvider) -> None:
    """Let `provider` add rows above those of a folder: what is on its way into it."""
    if provider not in _rows:
        _rows.append(provider)


def register_sections(provider: SectionProvider) -> None:
    """Let `provider` add to the context of a document's page, for those who keep its folder."""
    if provider not in _sections:
        _sections.append(provider)


def register_hindrance(hindrance: Hindrance) -> None:
    """Let it keep removed documents from being restored; in the words of the refusal."""
    if hindrance not in _hindrances:
        _hindrances.append(hindrance)


def register_started(provider: RowProvider) -> None:
    """Let `provider` name what a person has started to add to a folder and not finished: title, line, address."""
    if provider not in _started:
        _started.append(provider)


def states_of(documents: "Sequence[Document]", standing: Standing) -> dict[int, DocumentState]:
    """Return how documents stand, by key, as far as anybody knows."""
    found: dict[int, DocumentState] = {}
    for provider in _states if documents else ():
        found |= provider(documents, standing)
    return found


def hindrances() -> dict[str, Hindrance]:
    """Return what can keep a removed document from being restored, by the name of its annotation."""
    return {f"instead_{number}": each for number, each in enumerate(_hindrances)}


def rows_for(folder: "Folder", standing: Standing) -> list[Any]:
    """Return the rows of what is on its way into a folder."""
    return [row for provider in _rows for row in provider(folder, standing)]


def started_in(folder: "Folder", standing: Standing) -> list[Any]:
    """Return what this person has started to add to a folder and not finished."""
    return [row for provider in _started for row in provider(folder, standing)]


def sections_of(document: "Document", versions: "Sequence[DocumentVersion]") -> dict[str, Any]:
    """Return what is added to a document's page, which shows these versions to somebody who keeps the folder."""
    return {name: value for provider in _sections for name, value in provider(document, versions).items()}
