"""What was answered, as a page or a paper shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.template.defaultfilters import date as format_date
from django.template.defaultfilters import time as format_time
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.texts import ShownText
from documents.form_fields.placeholders import Values, substitute
from documents.form_fields.questions import Question

Names = Mapping[int, str]


@dataclass
class Part:
    """One piece of a form that was filled in.

    `kind`: heading, answer (`text`, with its line breaks), list (`items`), rows (`rows` of parts), grid (`rows` of
    label and text), signatures. `is_answered` is False where nothing was said.
    """

    kind: str
    question: Question
    label: ShownText
    help: ShownText
    text: str = ""
    items: list[str] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    is_answered: bool = False

    @property
    def key(self) -> str:
        """The question's key."""
        return self.question.key


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
    part = Part("answer", question, label, help_text, is_answered=answer not in (None, "", [], {}))
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
        part.rows = [(text, _step((answer or {}).get(key), steps)) for key, text in question.options]
    elif question.takes_several:
        part.kind = "list"
        part.items = [_one(question, each, people) for each in answer or []]
    elif part.is_answered:
        part.text = _one(question, answer, people)
    return part


def _step(answer: Any, steps: Mapping[int, ShownText]) -> str:
    if answer is None:
        return ""
    said = steps.get(answer)
    return f"{answer}: {said.text}" if said and said.text else str(answer)


def _one(question: Question, answer: Any, people: Names) -> str:
    """Return one stored value in words; what is not understood is shown as it is."""
    match question.type:
        case "choice" | "choices":
            return next((text.text for key, text in question.options if key == answer), str(answer))
        case "yes_no":
            return _("Yes") if answer is True else _("No")
        case "scale":
            return _scale(question, answer)
        case "person":
            return people.get(answer, _("somebody who is no longer here"))
        case "date":
            return _day(answer)
        case "time":
            return _time(answer)
        case "number":
            unit = question.unit.text
            return f"{localize(answer)} {unit}" if unit else str(localize(answer))
    return str(answer)


def _scale(question: Question, answer: Any) -> str:
    steps = question.steps
    said = dict(steps).get(answer)
    if said and said.text and all(text.text for _step_, text in steps):
        return said.text
    of = _("%(step)s of %(highest)s") % {"step": answer, "highest": steps[-1][0]}
    return f"{of}: {said.text}" if said and said.text else of


def _day(answer: Any) -> str:
    try:
        return format_date(date.fromisoformat(str(answer)), "DATE_FORMAT")
    except ValueError:
        return str(answer)


def _time(answer: Any) -> str:
    try:
        return format_time(time.fromisoformat(str(answer)), pgettext("time format", "H:i"))
    except ValueError:
        return str(answer)
