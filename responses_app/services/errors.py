"""Why something was not done to a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.fields.forms import Problem
from tools.fields.questions import Question

if TYPE_CHECKING:
    from responses_app.models import FormResponse


class RefusedAnswersError(Exception):
    """Something was sent that is no answer here; `reasons` says what, by name."""

    def __init__(self, reasons: dict[str, str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in reasons.items()))


@dataclass(frozen=True)
class Conflict:
    """One question that two people (or two windows) answered at the same time; both answers as typed or stored."""

    question: Question
    mine: Any
    theirs: Any


class EditConflictError(Exception):
    """Somebody else saved first; nothing was overwritten. `form` is as stored now."""

    def __init__(self, form: "FormResponse", conflicts: Sequence[Conflict]) -> None:
        self.form = form
        self.conflicts = list(conflicts)
        super().__init__(", ".join(conflict.question.key for conflict in conflicts))


class IncompleteError(Exception):
    """Something needs a look before the form can be handed in; what was written is saved."""

    def __init__(self, form: "FormResponse", problems: Sequence[Problem]) -> None:
        self.form = form
        self.problems = list(problems)
        super().__init__(", ".join(problem.anchor for problem in problems))
