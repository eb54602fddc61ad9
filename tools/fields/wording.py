"""How an answer is worded, for the page that shows it and for the document it is printed in: one home for both.

`say` knows every type of field. What a page and a document say differently is in their `Medium` and nowhere else:
`SCREEN` here, `PAPER` in `rendering.pdf.fields`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from django.template.defaultfilters import date as format_date
from django.template.defaultfilters import time as format_time
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.texts import ShownText
from tools.fields.questions import Question

Names = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Medium:
    """What a page and a document say differently.

    Attributes:
        day: words a day.
        clock: words a time.
        step: words a step of a scale, given all steps.
        stranger: what stands for a person who is not known any more; empty to leave the person out.
        tidy: makes what people typed fit to be shown.
    """

    day: Callable[[date], str]
    clock: Callable[[time], str]
    step: Callable[[Any, Mapping[str, str]], str]
    stranger: Callable[[], str]
    tidy: Callable[[str], str]


def is_answered(answer: Any) -> bool:
    """Return whether something was said; no and 0 are answers."""
    return answer is not None and answer not in ("", [], {})


def say(question: Question, answer: Any, *, people: Names, medium: Medium) -> str:
    """Return an answer in words; several choices or people in one line, empty when there is none."""
    if not is_answered(answer):
        return ""
    return ", ".join(say_each(question, answer, people=people, medium=medium))


def say_each(question: Question, answer: Any, *, people: Names, medium: Medium) -> list[str]:
    """Return each part of an answer in words: the choices or people of a list, else the one there is.

    What is not understood is shown as it is.
    """
    parts = answer if isinstance(answer, list) and question.type in _LISTED else [answer]
    said = (_say_one(question, part, people, medium) for part in parts)
    return [words for words in said if words]


def _say_one(question: Question, answer: Any, people: Names, medium: Medium) -> str:
    match question.type:
        case "choice" | "choices":
            return next((text.text for key, text in question.options if key == answer), medium.tidy(str(answer)))
        case "yes_no":
            return _("Yes") if answer in (True, "yes", "true") else _("No")
        case "scale":
            return medium.step(answer, {str(step): text.text for step, text in question.steps})
        case "person":
            return _person(answer, people, medium)
        case "date":
            return _read(date.fromisoformat, medium.day, answer, medium)
        case "time":
            return _read(time.fromisoformat, medium.clock, answer, medium)
        case "number":
            return _number(answer, question.unit.text, medium)
    return medium.tidy(str(answer))


def _read(read: Callable[[str], Any], tell: Callable[[Any], str], answer: Any, medium: Medium) -> str:
    try:
        return tell(read(str(answer)))
    except ValueError:
        return medium.tidy(str(answer))


def _number(answer: Any, unit: str, medium: Medium) -> str:
    number = answer
    if isinstance(answer, str):
        try:
            number = float(answer) if "." in answer else int(answer)
        except ValueError:
            return medium.tidy(answer)
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return f"{localize(number)} {unit}".strip()


def _person(answer: Any, people: Names, medium: Medium) -> str:
    if not str(answer).isdecimal():
        return medium.tidy(str(answer))
    name = people.get(int(answer))
    return medium.stranger() if name is None else medium.tidy(name)


def say_step_of_grid(answer: Any, steps: Mapping[int, ShownText]) -> str:
    """Return what was chosen in one line of a rating grid: “4: Often”; a document draws it instead."""
    if answer is None:
        return ""
    said = steps.get(answer)
    return f"{answer}: {said.text}" if said and said.text else str(answer)


def _step_on_screen(answer: Any, steps: Mapping[str, str]) -> str:
    """Return the words alone where all steps have words; else which step of how many."""
    said = steps.get(str(answer), "")
    if said and all(steps.values()):
        return said
    of = _("%(step)s of %(highest)s") % {"step": answer, "highest": list(steps)[-1]}
    return f"{of}: {said}" if said else of


_LISTED: Final = frozenset({"choice", "choices", "person"})

SCREEN: Final = Medium(
    day=lambda day: str(format_date(day, "DATE_FORMAT")),
    clock=lambda clock: str(format_time(clock, pgettext("time format", "H:i"))),
    step=_step_on_screen,
    stranger=lambda: _("someone who is no longer here"),
    tidy=str,
)
