"""The fields of a tool, read from its version: what is asked, who answers, who reads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.policy.roles import AUDIENCE_ROLES, Audience, Role
from core.texts import ShownText, shown
from tools.models import ToolVersion
from tools.subjects import writer_roles

DEFAULT_LENGTH = {"short_text": 300, "long_text": 5000}
NOT_ASKED = frozenset({"heading", "signatures"})


@dataclass(frozen=True)
class Question:
    """One entry of a tool's `fields`, or one column of repeated rows."""

    key: str
    type: str
    content: Mapping[str, Any] = field(repr=False)
    filled_by: frozenset[str] = frozenset()

    @property
    def is_asked(self) -> bool:
        """Whether there is something to answer."""
        return self.type not in NOT_ASKED

    @property
    def label(self) -> ShownText:
        """The question in the active language."""
        return shown(self.content.get("label"))

    @property
    def help(self) -> ShownText:
        """The sentence under it; of a heading its text."""
        return shown(self.content.get("help"))

    @property
    def is_required(self) -> bool:
        """Whether it must be answered before the form is handed in."""
        return bool(self.content.get("required"))

    @property
    def audience(self) -> str:
        """Who reads the answer, when fewer than those who read the form; else empty."""
        return str(self.content.get("audience", ""))

    @property
    def asks(self) -> str:
        """The role that the answer asks something; else empty."""
        return str(self.content.get("asks", ""))

    @property
    def max_length(self) -> int:
        """The longest answer, in characters."""
        return int(self.content.get("max_length") or DEFAULT_LENGTH.get(self.type, 300))

    @property
    def options(self) -> list[tuple[str, ShownText]]:
        """The options of a choice, or the lines of a rating grid."""
        entries = self.content.get("items") or self.content.get("options") or []
        return [(entry["key"], shown(entry["label"])) for entry in entries]

    @property
    def steps(self) -> list[tuple[int, ShownText]]:
        """The steps of a scale with their words; a step without words has an empty text."""
        scale = self.content.get("scale") or {"min": 1, "max": 5, "labels": {}}
        words = {str(key): value for key, value in scale.get("labels", {}).items()}
        return [(step, shown(words.get(str(step)))) for step in range(int(scale["min"]), int(scale["max"]) + 1)]

    @property
    def columns(self) -> list["Question"]:
        """The columns of repeated rows."""
        return [Question(entry["key"], entry["type"], entry) for entry in self.content.get("columns", [])]

    @property
    def min_rows(self) -> int:
        """How many rows are needed at least."""
        return int(self.content.get("min_rows") or 0)

    @property
    def max_rows(self) -> int:
        """How many rows there may be."""
        return int(self.content.get("max_rows") or 50)

    @property
    def row_label(self) -> ShownText:
        """What one row is called: Goal."""
        return shown(self.content.get("row_label"))

    @property
    def unit(self) -> ShownText:
        """What a number counts."""
        return shown(self.content.get("unit"))

    @property
    def not_before(self) -> str:
        """The key of the question whose day or time this answer may not lie before; else empty."""
        return str(self.content.get("not_before", ""))

    @property
    def at_most(self) -> str:
        """The key of the question whose number this answer may not be above; else empty."""
        return str(self.content.get("at_most", ""))

    @property
    def takes_several(self) -> bool:
        """Whether the answer is a list of choices."""
        return self.type == "choices" or (self.type == "person" and bool(self.content.get("multiple")))

    @property
    def texts(self) -> Iterator[ShownText]:
        """Every text of the question that a page shows."""
        yield self.label
        yield self.help
        for _key, words in self.options:
            yield words
        if "scale" in self.content:
            for _step, words in self.steps:
                yield words
        for column in self.columns:
            yield from column.texts


def questions_of(version: ToolVersion) -> list[Question]:
    """Return all fields of a version in their order, headings too."""
    everybody = frozenset(version.filled_by)
    return [
        Question(entry["key"], entry["type"], entry, frozenset(entry.get("filled_by") or everybody))
        for entry in version.fields
    ]


def is_readable(question: Question, *, role: str | None, is_writer: bool) -> bool:
    """Return whether a person in `role` reads the answer, given that the form itself is open to that person.

    Args:
        is_writer: the form is the person's own; then also what that role fills in is readable.
    """
    if not question.audience or role in AUDIENCE_ROLES[question.audience]:
        return True
    return is_writer and role in question.filled_by


def readable_by(version: ToolVersion, *, role: str | None, is_writer: bool) -> list[Question]:
    """Return what such a person may see of a form, without headings over nothing."""
    seen = [each for each in questions_of(version) if is_readable(each, role=role, is_writer=is_writer)]
    return _without_empty_parts(questions_of(version), seen)


def for_paper(version: ToolVersion, audience: str, *, writer_role: str | None = None) -> list[Question]:
    """Return what is printed in a document that `audience` and its writer read: nothing that one of them may not read.

    Args:
        writer_role: role of the writer and subject; what others say about that person only to fewer is left out.
    """
    readers = AUDIENCE_ROLES[audience]

    def fits(question: Question) -> bool:
        if not question.audience:
            return True
        is_open = readers <= AUDIENCE_ROLES[question.audience]
        return is_open and (writer_role is None or is_readable(question, role=writer_role, is_writer=True))

    return _without_empty_parts(questions_of(version), [each for each in questions_of(version) if fits(each)])


def _without_empty_parts(everything: Iterable[Question], seen: list[Question]) -> list[Question]:
    """Drop an unnumbered heading that stood over questions of which none is left."""
    left = {each.key for each in seen}
    bare: set[str] = set()
    heading, asked, kept = "", 0, 0
    for each in [*everything, Question("", "heading", {})]:
        if each.type == "heading":
            if heading and asked and not kept:
                bare.add(heading)
            heading, asked, kept = ("" if each.content.get("numbered") else each.key), 0, 0
        else:
            asked += 1
            kept += each.key in left
    return [each for each in seen if each.key not in bare]


def is_narrower(audience: str, than: str) -> bool:
    """Return whether `audience` has no reader whom `than` has not, and is not the same."""
    return audience != than and AUDIENCE_ROLES[audience] <= AUDIENCE_ROLES[than]


def narrowest(audiences: Iterable[str]) -> str:
    """Return the audience of those who are in all of these; of nobody but the writer where they share nobody."""
    shared = frozenset.intersection(*(AUDIENCE_ROLES[audience] for audience in audiences))
    return next((audience for audience, roles in AUDIENCE_ROLES.items() if roles == shared), Audience.AUTHOR)


def writes(question: Question, role: Role | str | None) -> bool:
    """Return whether a person in `role` answers it."""
    return question.is_asked and role is not None and str(role) in question.filled_by


def is_later_part(version: ToolVersion, question: Question) -> bool:
    """Return whether the question belongs to those who read what was handed in (the Manager’s part of a profile)."""
    return not question.filled_by & writer_roles(version)


def roles_with_own_part(version: ToolVersion) -> set[Role]:
    """Return the roles that answer and read such questions, whoever the form belongs to."""
    later = [each for each in questions_of(version) if is_later_part(version, each)]
    return {
        role for role in Role for each in later if writes(each, role) and is_readable(each, role=role, is_writer=False)
    }
