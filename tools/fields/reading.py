"""What was answered, as a page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.texts import ShownText
from tools.fields.placeholders import Values, substitute
from tools.fields.questions import Question
from tools.fields.wording import SCREEN, Names, is_answered, say, say_each, say_step_of_grid


@dataclass
class Part:
    """One piece of a form that was filled in.

    `kind`: heading, answer (`text`, with its line breaks), list (`items`), rows (`rows` of parts), grid (`rows` of
    label and text), signatures. `is_answered` is False where nothing was said. `added` is the name and the moment of
    who filled in the answers from here on, where that was not whoever handed the form in.
    """

    kind: str
    question: Question
    label: ShownText
    help: ShownText
    text: str = ""
    items: list[str] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    is_answered: bool = False
    added: tuple[str, datetime] | None = None

    @property
    def key(self) -> str:
        """The question's key."""
        return self.question.key

    @property
    def is_headline(self) -> bool:
        """Whether what follows stands under it."""
        return self.kind == "signatures" or (self.kind == "heading" and bool(self.label.text))


def shown_parts(
    questions: Iterable[Question], answers: Mapping[str, Any], *, people: Names, values: Values
) -> list[Part]:
    """Return the parts of a form, in their order.

    Args:
        questions: what the reader may see.
        people: names by number of everybody who was ever in the group.
        values: placeholders, filled into headings.
    """
    return [part_of(question, answers.get(question.key), people=people, values=values) for question in questions]


def part_of(question: Question, answer: Any, *, people: Names, values: Values) -> Part:
    """Return one question with its answer."""
    label, help_text = question.label, question.help
    if not question.is_asked:
        filled = [ShownText(substitute(t.text, values), t.language, t.is_fallback) for t in (label, help_text)]
        return Part(question.type, question, filled[0], filled[1])
    part = Part("answer", question, label, help_text, is_answered=is_answered(answer))
    if question.type == "rows":
        part.kind = "rows"
        columns = question.columns
        part.rows = [
            [part_of(column, row.get(column.key), people=people, values=values) for column in columns]
            for row in answer or []
        ]
    elif question.type == "rating_grid":
        part.kind = "grid"
        steps = dict(question.steps)
        part.rows = [(text, say_step_of_grid((answer or {}).get(key), steps)) for key, text in question.options]
    elif question.takes_several:
        part.kind = "list"
        part.items = say_each(question, answer or [], people=people, medium=SCREEN)
    elif part.is_answered:
        part.text = say(question, answer, people=people, medium=SCREEN)
    return part
