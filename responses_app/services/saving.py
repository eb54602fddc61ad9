"""Answers are saved: only one's own, never over somebody else's, and never lost because they are not in order yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotPossibleError, NotYoursError
from core.held import read_held
from responses_app.conclusion import checks_of
from responses_app.models import FormResponse
from responses_app.services.creation import form_language
from responses_app.services.errors import Conflict, EditConflictError, RefusedAnswersError
from responses_app.services.rights import ResponseRights, response_rights, to_hand_in
from tools.fields.answers import as_typed
from tools.fields.forms import AnswerForm, CleanedAnswers, Problem, data_from_raw
from tools.fields.questions import Question, is_later_part, writes

if TYPE_CHECKING:
    from accounts.models import User

MAX_CHARACTERS = 400_000
"""All texts of one form together: more than any tool asks for, less than what stops a worker."""


def stored_of(form: FormResponse, key: str) -> Any:
    """Return a question's answer, or what was typed instead of one; None when there is neither."""
    return form.typed.get(key, form.answers.get(key))


def answer_form(
    form: FormResponse,
    rights: ResponseRights,
    questions: Iterable[Question] | None = None,
    *,
    enforce: bool = False,
    more: Mapping[str, int] | None = None,
    helps: Mapping[str, str] | None = None,
) -> AnswerForm:
    """Return the Django form of what is stored, for what the person may answer (or only `questions` of it)."""
    chosen = list(rights.fillable if questions is None else questions)
    raw = {question.key: stored_of(form, question.key) for question in chosen}
    data = data_from_raw(chosen, raw, people=rights.members.choices)
    checks = checks_of(form.group, form.tool_version) if enforce else {}
    return AnswerForm(
        chosen, data, people=rights.members.choices, enforce=enforce, more=more, helps=helps,
        checks={key: check for key, check in checks.items() if key in {question.key for question in chosen}},
    )  # fmt: skip


def problems_before_handing_in(form: FormResponse, rights: ResponseRights) -> list[Problem]:
    """Return what must be put right before the form can be handed in, in the order of the page."""
    return answer_form(form, rights, to_hand_in(form, rights), enforce=True).problems()


def count_answered(form: FormResponse, rights: ResponseRights) -> tuple[int, int]:
    """Return how many of the person's questions are answered, and how many there are."""
    keys = [question.key for question in rights.fillable]
    return sum(1 for key in keys if key in form.answers), len(keys)


def lock_form(form: FormResponse) -> FormResponse:
    """Return the form as it is now, held for this transaction."""
    held: FormResponse = read_held(FormResponse.objects.for_page(), form.pk)
    return held


@transaction.atomic
def save_answers(
    *,
    form: FormResponse,
    user: "User",
    lock: int,
    answers: Mapping[str, Any],
    writer: str = "",
    at: datetime | None = None,
) -> FormResponse:
    """Save what the person wrote in the questions of `answers`; others stay as they are.

    An answer that cannot be understood is kept as typed. Saving the same again changes nothing.

    Args:
        lock: the form's count of saves when the person's page was made.
        answers: by question, as stored or as typed; empty for "no answer".
        writer: names the open page, so that it never conflicts with itself when an answer to it got lost.

    Raises:
        NotYoursError: the person writes nothing in this form.
        NotPossibleError: the form or the group is closed.
        RefusedAnswersError: a key is not a question of this person, or a value cannot be an answer, or all is too long.
        EditConflictError: somebody else has changed the same answer since.
    """
    current = lock_form(form)
    rights = response_rights(current, user)
    if not rights.fillable:
        if rights.stop:
            raise NotPossibleError(rights.stop)
        raise NotYoursError
    cleaned, questions = _understood(rights.fillable, rights, answers)
    changed = [question for question in questions if _new(cleaned, question.key) != stored_of(current, question.key)]
    conflicts = [
        Conflict(question, answers.get(question.key), stored_of(current, question.key))
        for question in changed
        if _changed_by_another(current, question.key, lock, writer)
    ]
    if conflicts:
        raise EditConflictError(current, conflicts)
    if changed:
        _write(current, user, cleaned, changed, writer, at)
    return current


def differs(form: FormResponse, rights: ResponseRights, answers: Mapping[str, Any]) -> bool:
    """Return whether `answers` say something else than what is stored, in a form that is closed by now.

    Raises:
        RefusedAnswersError: see `save_answers`.
    """
    mine = [question for question in rights.readable if writes(question, rights.role)]
    cleaned, questions = _understood(mine, rights, answers)
    return any(_new(cleaned, question.key) != stored_of(form, question.key) for question in questions)


def _understood(
    possible: Iterable[Question], rights: ResponseRights, answers: Mapping[str, Any]
) -> tuple[CleanedAnswers, list[Question]]:
    """Return the cleaned answers, and the questions they answer.

    Raises:
        RefusedAnswersError: see `save_answers`.
    """
    known = {question.key: question for question in possible}
    strange = {str(key)[:60]: _("This form has no such question for you.") for key in answers if key not in known}
    if strange:
        raise RefusedAnswersError(strange)
    if _characters(answers) > MAX_CHARACTERS:
        raise RefusedAnswersError(
            {"": _("This is more text than a form can hold. Put long texts into a document of their own.")}
        )
    questions = [known[key] for key in answers]
    try:
        data = data_from_raw(questions, answers, people=rights.members.choices)
    except ValidationError as error:
        raise RefusedAnswersError({key: sentences[0] for key, sentences in error.message_dict.items()}) from error
    return AnswerForm(questions, data, people=rights.members.choices).cleaned_answers(), questions


def _characters(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(len(str(key)) + _characters(part) for key, part in value.items())
    if isinstance(value, list):
        return sum(_characters(part) for part in value)
    return len(str(value))


def _new(cleaned: CleanedAnswers, key: str) -> Any:
    return cleaned.typed.get(key, cleaned.answers.get(key))


def _changed_by_another(form: FormResponse, key: str, lock: int, writer: str) -> bool:
    """Return whether another open page has changed this answer since `lock`."""
    count, page = form.answer_locks.get(key, [0, ""])
    return bool(count > lock and not (writer and page == writer))


def changed_elsewhere(form: FormResponse, lock: int, writer: str) -> bool:
    """Return whether another open page has changed anything since `lock`: then a page keeps its old count."""
    return any(_changed_by_another(form, key, lock, writer) for key in form.answer_locks)


def _added_by(
    form: FormResponse, user: "User", changed: list[Question], answers: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """Return who answered what of the parts that others fill in later, with what was changed now."""
    later = {question.key for question in changed if is_later_part(form.tool_version, question)}
    kept = {key: value for key, value in form.added_by.items() if key not in later}
    return kept | {key: {"by": user.pk, "at": at.isoformat()} for key in sorted(later) if key in answers}


def _write(
    form: FormResponse, user: "User", cleaned: CleanedAnswers, changed: list[Question], writer: str, at: datetime | None
) -> None:
    """Store the changed answers, if the count of saves is still the one that was read.

    Raises:
        NotPossibleError: on a database without row locks somebody saved in this very moment; the next try will see it.
    """
    answers, typed = dict(form.answers), dict(form.typed)
    keys = [question.key for question in changed]
    moment = at or timezone.now()
    for key in keys:
        answers.pop(key, None)
        typed.pop(key, None)
        if key in cleaned.typed:
            typed[key] = cleaned.typed[key]
        elif key in cleaned.answers:
            answers[key] = cleaned.answers[key]
    locks = form.answer_locks | {key: [form.lock + 1, as_typed(writer, 40)] for key in keys}
    values: dict[str, Any] = {
        "answers": answers,
        "typed": typed,
        "answer_locks": locks,
        "lock": form.lock + 1,
        "added_by": _added_by(form, user, changed, answers, moment),
        "saved_at": moment,
        "saved_by": user,
        "language": form_language(form.group),
    }
    if not FormResponse.objects.unchanged_since(form).update(**values):
        raise NotPossibleError(_("Someone else saved at the same moment. Save again."))
    for name, value in values.items():
        setattr(form, name, value)
