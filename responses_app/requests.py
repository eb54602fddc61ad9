"""What a browser sends when somebody writes in a form, read into plain answers."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.keys import key_from
from core.web.http import SignedInRequest
from core.web.way_back import FIELD
from responses_app.models import FormResponse
from responses_app.services import RefusedAnswersError, ResponseRights
from responses_app.services.saving import stored_of
from tools.fields.forms import Data, RawAnswers, names_of, raw_from_data, row_numbers
from tools.fields.questions import Question, writes

META = frozenset({"csrfmiddlewaretoken", "lock", "writer", "person", "keys", "then", "row", FIELD})
RESOLVE = "resolve-"
"""Begins the name of a choice between one's own and somebody else's answer."""


@dataclass
class Sent:
    """A request to save or hand in.

    Attributes:
        lock: the form's count of saves when the page was made.
        writer: names the open page.
        person: number of the person for whom the page was made; 0 when not said.
        answers: by question, as typed.
        then: "leave" or "stay", after saving.
        row_act, row_key, row_index: "add", "remove" or "restore" a repeated row.
        removed: the row that this request takes out.
    """

    lock: int = 0
    writer: str = ""
    person: int = 0
    answers: RawAnswers = field(default_factory=dict)
    then: str = ""
    row_act: str = ""
    row_key: str = ""
    row_index: int = 0
    removed: dict[str, Any] = field(default_factory=dict)


def new_writer() -> str:
    """Return a name for a page that is being made."""
    return secrets.token_hex(8)


def wants_json(request: SignedInRequest) -> bool:
    """Return whether a script asks."""
    accepts = request.headers.get("Accept", "").startswith("application/json")
    return accepts or request.content_type == "application/json"


def read_sent(request: SignedInRequest, form: FormResponse, rights: ResponseRights) -> Sent:
    """Return what was sent.

    Raises:
        RefusedAnswersError: a name that is no question of this person, or JSON of another shape.
    """
    mine = [question for question in rights.readable if writes(question, rights.role)]
    if request.content_type == "application/json":
        return _from_json(request)
    data = request.POST
    known = {question.key: question for question in mine}
    names = {name: key for key, question in known.items() for name in names_of(question, data)}
    strange = [name for name in data if name not in META and name not in names and not name.startswith(RESOLVE)]
    if strange:
        raise RefusedAnswersError({name[:60]: _("This form has no such question for you.") for name in strange})
    sent = Sent(
        lock=_number(data.get("lock", "")),
        writer=data.get("writer", "")[:40],
        person=_number(data.get("person", "")),
        then=data.get("then", ""),
    )
    keys = set(data.getlist("keys")) or rights.keys | {names[name] for name in data if name in names}
    sent.answers = {key: raw_from_data(known[key], data) for key in known if key in keys}
    _resolve(sent, form, data, known)
    _row_act(sent, data, known)
    return sent


def _number(text: str) -> int:
    return key_from(text) or 0


def _from_json(request: SignedInRequest) -> Sent:
    try:
        body = json.loads(request.body)
        lock, answers = body.get("lock", 0), body["answers"]
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise RefusedAnswersError({"": _("Send an object with “lock” and “answers”.")}) from error
    if not isinstance(lock, int) or isinstance(lock, bool) or not isinstance(answers, dict) or not _is_flat(answers):
        raise RefusedAnswersError({"": _("Send an object with “lock” and “answers”.")})
    person = body.get("person")
    return Sent(
        lock=lock,
        writer=str(body.get("writer", ""))[:40],
        person=person if isinstance(person, int) else 0,
        answers={key: "" if value is None else value for key, value in answers.items()},
    )


def _is_flat(value: Any, levels: int = 5) -> bool:
    """Return whether a value is nested no deeper than answers are: questions, rows, columns, several choices."""
    if not isinstance(value, (dict, list)):
        return True
    parts = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_flat(part, levels - 1) for part in parts)


def _resolve(sent: Sent, form: FormResponse, data: Data, known: dict[str, Question]) -> None:
    """Apply what the person chose between two answers: theirs is left alone, both become one text."""
    for key in list(sent.answers):
        choice = data.get(f"{RESOLVE}{key}", "")
        if choice == "theirs":
            del sent.answers[key]
        elif choice == "both" and known[key].type == "long_text":
            sent.answers[key] = f"{stored_of(form, key) or ''}\n\n{sent.answers[key]}"


def _row_act(sent: Sent, data: Data, known: dict[str, Question]) -> None:
    act, _colon, rest = data.get("row", "").partition(":")
    key, _colon, number = rest.partition(":")
    if act not in {"add", "remove", "restore"} or key not in known or known[key].type != "rows":
        return
    sent.row_act, sent.row_key = act, key
    if act == "remove":
        numbers = row_numbers(known[key], data)
        rows = sent.answers.get(key, [])
        index = next((at for at, each in enumerate(numbers) if str(each) == number), -1)
        if index >= 0:
            sent.row_index, sent.removed = index, rows.pop(index)


def page_data(questions: list[Question], sent: Sent) -> list[tuple[str, str]]:
    """Return answers as names and values for hidden fields, so that a page can send them on."""
    pairs: list[tuple[str, str]] = []
    for question in questions:
        if question.key in sent.answers:
            pairs += _pairs(question.key, sent.answers[question.key])
    return pairs


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for key, part in value.items() for pair in _pairs(f"{name}-{key}", part)]
    if isinstance(value, list):
        rows = any(isinstance(part, dict) for part in value)
        return [pair for index, part in enumerate(value) for pair in _pairs(f"{name}-{index}" if rows else name, part)]
    return [(name, str(value))]
