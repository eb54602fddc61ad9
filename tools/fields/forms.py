"""The Django form of a tool for one person: fields, lines of rating grids, repeated rows; and answers in and out."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tools.fields.answers import Answer, PersonChoices, ScaleAnswer, as_typed, field_for, words
from tools.fields.questions import Question

BLANK = "__n__"
"""Stands for the number of a row in the blank row that scripts copy."""

Data = MultiValueDict[str, str]
RawAnswers = dict[str, Any]
Check = Callable[[Any], str]
"""Says why an answer cannot be handed in; empty when it can."""


@dataclass
class CleanedAnswers:
    """What came of cleaning: answers understood, answers kept as typed."""

    answers: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """One thing to put right before handing in: where it is, and what."""

    label: str | SafeString
    anchor: str
    sentence: str


GIST: Final = 80
"""Characters of a folded row that are shown."""


class RowForm(forms.Form):
    """One repeated row."""

    use_required_attribute = False

    def __init__(self, question: Question, number: int | str, data: Data | None, **options: Any) -> None:
        super().__init__(data, prefix=f"{question.key}-{number}")
        self.question = question
        self.number = number
        self.fields = {
            column.key: field_for(column, in_row=True, former=_former(column, data, self.prefix, options), **options)
            for column in question.columns
        }

    @property
    def raw(self) -> dict[str, Any]:
        """Return what was sent, by column."""
        return {name: _sent(self.data, self.add_prefix(name), each) for name, each in self.fields.items()}

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written in it."""
        return not any(part.strip() if isinstance(part, str) else part for part in self.raw.values())

    @property
    def is_written(self) -> bool:
        """Whether all that must be said in it is said: such a row is folded on its page."""
        if not self.is_bound or self.is_blank or self.errors:
            return False
        raw, columns = self.raw, self.question.columns
        asked = [column for column in columns if column.is_required] or columns
        return all(raw[column.key] for column in asked)

    @property
    def gist(self) -> str:
        """What was written first in it, in short."""
        texts = (part.strip() for part in self.raw.values() if isinstance(part, str))
        return Truncator(next((text for text in texts if text), "")).chars(GIST)

    @property
    def shown_number(self) -> int | str:
        """The number people read: from 1."""
        return self.number + 1 if isinstance(self.number, int) else self.number


class RowSet:
    """The rows of one question."""

    def __init__(self, question: Question, data: Data, *, more: int = 0, enforce: bool = False, **options: Any) -> None:
        self.question = question
        self.errors: list[str] = []
        numbers = row_numbers(question, data)
        sent = [RowForm(question, number, data, enforce=enforce, **options) for number in numbers]
        self.rows = [row for row in sent if not row.is_blank]
        start = max(numbers, default=-1) + 1
        wanted = max(more, max(question.min_rows, 1) - len(self.rows))
        room = max(question.max_rows - len(self.rows), 0)
        self.blanks = [RowForm(question, start + step, None, **options) for step in range(min(wanted, room))]
        self.pattern = RowForm(question, BLANK, None, **options)
        self._check(enforce)

    def _check(self, enforce: bool) -> None:
        count = len(self.rows)
        if count > self.question.max_rows:
            limit = self.question.max_rows
            text = ngettext("Add at most %(limit)d row.", "Add at most %(limit)d rows.", limit)
            self.errors.append(text % {"limit": limit})
        if enforce and self.question.is_required and count < max(self.question.min_rows, 1):
            least = max(self.question.min_rows, 1)
            text = ngettext("Fill in at least %(least)d row.", "Fill in at least %(least)d rows.", least)
            self.errors.append(text % {"least": least})

    @property
    def all(self) -> list[RowForm]:
        """All rows that the page shows: the filled ones, then blank ones."""
        return [*self.rows, *self.blanks]

    @property
    def is_understood(self) -> bool:
        """Whether every row can be kept as an answer."""
        return not self.errors and all(row.is_valid() for row in self.rows)

    @property
    def raw(self) -> list[dict[str, Any]]:
        """Return what was sent, row by row."""
        return [row.raw for row in self.rows]

    @property
    def answer(self) -> list[dict[str, Any]] | None:
        """Return what is stored."""
        return [
            {name: value for name, value in row.cleaned_data.items() if value is not None} for row in self.rows
        ] or None

    @property
    def can_grow(self) -> bool:
        """Whether another row fits."""
        return len(self.all) < self.question.max_rows


class AnswerForm(forms.Form):
    """The questions that one person answers, bound to answers in the shape in which browsers send them.

    Args:
        questions: only those that the person answers.
        data: names and values; of a question that is not in it nothing was answered.
        people: members by role, for questions about persons.
        enforce: refuse empty answers where one is needed (handing in), instead of only what cannot be understood.
        more: how many further blank rows to show, by question.
        helps: further sentences under a question.
        checks: what an answer must hold against when it is handed in, by question.
    """

    use_required_attribute = False

    def __init__(
        self,
        questions: Iterable[Question],
        data: Data,
        *,
        people: PersonChoices,
        enforce: bool = False,
        more: Mapping[str, int] | None = None,
        helps: Mapping[str, str] | None = None,
        checks: Mapping[str, Check] | None = None,
    ) -> None:
        super().__init__(data)
        self.questions = list(questions)
        self.enforce = enforce
        self.checks = checks or {}
        self.row_sets: dict[str, RowSet] = {}
        self.grids: dict[str, list[str]] = {}
        options: dict[str, Any] = {"people": people}
        for question in self.questions:
            if question.type == "rows":
                self.row_sets[question.key] = RowSet(
                    question, data, more=(more or {}).get(question.key, 0), enforce=enforce, **options
                )
            elif question.type == "rating_grid":
                self._add_grid(question, enforce)
            else:
                former = _former(question, data, "", options)
                self.fields[question.key] = field_for(question, enforce=enforce, former=former, **options)
                if further := (helps or {}).get(question.key):
                    own = self.fields[question.key]
                    own.help_text = " ".join(part for part in (str(own.help_text), further) if part)

    def _add_grid(self, question: Question, enforce: bool) -> None:
        self.grids[question.key] = []
        for key, text in question.options:
            name = f"{question.key}-{key}"
            line = Question(key, "scale", {**question.content, "label": None, "help": None}, question.filled_by)
            answer = ScaleAnswer(line, enforce=enforce, numbers_only=True)
            answer.label = words(text)
            self.fields[name] = answer
            self.grids[question.key].append(name)

    def clean(self) -> dict[str, Any]:
        """Refuse, when handing in, what does not go together with the answer to another question."""
        cleaned = super().clean() or self.cleaned_data
        labels = {question.key: question.label.text for question in self.questions if self.enforce}
        for question in self.questions:
            key, answer = question.not_before or question.at_most, cleaned.get(question.key)
            other = cleaned.get(key)
            if key not in labels or answer is None or other is None:
                continue
            facts = {"question": labels[key]}
            if question.not_before and answer < other:
                self.add_error(question.key, _("This is before “%(question)s”.") % facts)
            elif question.at_most and answer > other:
                self.add_error(question.key, _("This is more than “%(question)s”.") % facts)
        for name, check in self.checks.items() if self.enforce else ():
            if (answer := cleaned.get(name)) is not None and (sentence := check(answer)):
                self.add_error(name, sentence)
        return cleaned

    def cleaned_answers(self) -> CleanedAnswers:
        """Return the answers understood and those kept as typed; questions without an answer are in neither."""
        self.full_clean()
        cleaned = CleanedAnswers()
        for question in self.questions:
            raw, answer = self._read(question)
            if typed := as_typed(raw):
                cleaned.typed[question.key] = typed
            elif answer is not None:
                cleaned.answers[question.key] = answer
        return cleaned

    def _read(self, question: Question) -> tuple[Any, Any]:
        """Return what is kept as typed (nothing when it was understood) and the answer."""
        if question.key in self.row_sets:
            rows = self.row_sets[question.key]
            return ([], rows.answer) if rows.is_understood else (rows.raw, None)
        names = self.grids.get(question.key)
        if names is None:
            raw = _sent(self.data, question.key, self.fields[question.key])
            return (raw if question.key in self.errors else ""), self.cleaned_data.get(question.key)
        raws = {name.split("-", 1)[1]: _sent(self.data, name, self.fields[name]) for name in names}
        if any(name in self.errors and raws[name.split("-", 1)[1]] for name in names):
            return {key: raw for key, raw in raws.items() if raw}, None
        values = {name.split("-", 1)[1]: self.cleaned_data.get(name) for name in names}
        return {}, {key: value for key, value in values.items() if value is not None} or None

    def problems(self) -> list[Problem]:
        """Return everything to put right, in the order of the page."""
        self.full_clean()
        return [problem for question in self.questions for problem in self._problems_of(question)]

    def _problems_of(self, question: Question) -> Iterator[Problem]:
        label = words(question.label)
        if question.key in self.row_sets:
            rows = self.row_sets[question.key]
            for sentence in rows.errors:
                yield Problem(label, f"q-{question.key}", sentence)
            for row in rows.rows:
                for name, sentences in row.errors.items():
                    place = f"{question.row_label.text or question.label.text} {row.shown_number}"
                    yield Problem(f"{place}: {row.fields[name].label}", _anchor(row[name]), str(sentences[0]))
        elif question.key in self.grids:
            wrong = [name for name in self.grids[question.key] if name in self.errors]
            if wrong:
                yield Problem(label, _anchor(self[wrong[0]]), str(self.errors[wrong[0]][0]))
        elif question.key in self.errors:
            yield Problem(label, _anchor(self[question.key]), str(self.errors[question.key][0]))


def _anchor(bound: forms.BoundField) -> str:
    return f"{bound.auto_id}_0" if bound.use_fieldset else str(bound.id_for_label)


def _former(
    question: Question, data: Data | None, prefix: str | None, options: Mapping[str, Any]
) -> Sequence[tuple[int, str]]:
    """Return the people already named in the answer who have left the group since; their names stay."""
    if question.type != "person" or data is None:
        return ()
    gone = {str(number): name for number, name in options["people"].get("former", [])}
    name = f"{prefix}-{question.key}" if prefix else question.key
    return [(int(each), gone[each]) for each in data.getlist(name) if each in gone]


def _sent(data: Mapping[str, Any] | None, name: str, answer: forms.Field) -> Any:
    if not isinstance(data, MultiValueDict):
        return ""
    if isinstance(answer, Answer) and answer.is_several:
        return data.getlist(name)
    return data.get(name, "")


def row_numbers(question: Question, data: Data) -> list[int]:
    """Return the numbers of the rows of `question` that `data` speaks of, in order."""
    pattern = re.compile(rf"^{re.escape(question.key)}-(\d{{1,4}})-")
    return sorted({int(match[1]) for name in data if (match := pattern.match(name))})


# --- the shapes of answers: by question (raw), and as a browser sends them (data) ------------------------------------


def names_of(question: Question, data: Data) -> set[str]:
    """Return the names under which a browser sends this question."""
    if question.type == "rows":
        return {
            f"{question.key}-{number}-{column.key}"
            for number in row_numbers(question, data)
            for column in question.columns
        }
    if question.type == "rating_grid":
        return {f"{question.key}-{key}" for key, _text in question.options}
    return {question.key}


def raw_from_data(question: Question, data: Data) -> Any:
    """Return what a browser sent for one question."""
    if question.type == "rows":
        return [
            {column.key: _value(column, data, f"{question.key}-{number}-{column.key}") for column in question.columns}
            for number in row_numbers(question, data)
        ]
    if question.type == "rating_grid":
        return {key: data.get(f"{question.key}-{key}", "") for key, _text in question.options}
    return _value(question, data, question.key)


def _value(question: Question, data: Data, name: str) -> Any:
    return data.getlist(name) if question.takes_several else data.get(name, "")


def data_from_raw(questions: Iterable[Question], raw: Mapping[str, Any], *, people: PersonChoices) -> Data:
    """Return stored or typed answers in the shape in which a browser sends them.

    Raises:
        ValidationError: by question, when a value has a shape that cannot be an answer to it.
    """
    data: Data = MultiValueDict()
    wrong: dict[str, list[str]] = {}
    for question in questions:
        value = raw.get(question.key)
        if value is None or value == "":
            continue
        try:
            _spread(question, value, question.key, data, people)
        except (TypeError, ValueError):
            wrong[question.key] = [_("This is not an answer to “%(question)s”.") % {"question": question.label.text}]
    if wrong:
        raise ValidationError(wrong)
    return data


def _spread(question: Question, value: Any, name: str, data: Data, people: PersonChoices) -> None:
    if question.type == "rows":
        _spread_rows(question, value, name, data, people)
    elif question.type == "rating_grid":
        for key, part in _entries(value, {key for key, _text in question.options}):
            _put(data, f"{name}-{key}", _plain(part))
    elif isinstance(value, list):
        if not question.takes_several:
            raise TypeError
        data.setlist(name, [_plain(part) for part in value])
    else:
        _put(data, name, _plain(field_for(question, people=people).raw(_plain_or_bool(value))))


def _spread_rows(question: Question, value: Any, name: str, data: Data, people: PersonChoices) -> None:
    columns = {column.key: column for column in question.columns}
    if not isinstance(value, list):
        raise TypeError
    for number, row in enumerate(value):
        for key, part in _entries(row, columns.keys()):
            _spread(columns[key], part, f"{name}-{number}-{key}", data, people)


def _entries(value: Any, known: Collection[str]) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict) or any(key not in known for key in value):
        raise TypeError
    return value.items()


def _plain_or_bool(value: Any) -> Any:
    if isinstance(value, dict):
        raise TypeError
    return value


def _plain(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise TypeError
    return as_typed(value)  # type: ignore[no-any-return]


def _put(data: Data, name: str, value: str) -> None:
    if value != "":
        data.setlist(name, [value])
