"""One Django field per type of question. `clean` returns what is stored: plain JSON, None when nothing was answered."""

import math
import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import ChoiceWidget
from django.utils.dates import MONTHS
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.texts import ShownText
from core.typed_text import clean_text, storable
from tools.fields.questions import Question

Raw = str | list[str]
FEW = 8
"""Up to so many options stand beside each other; more go into a list to open."""

_DATE_PARTS = re.compile(r"^\s*(\d{1,4})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{1,4})\s*г?\.?\s*$")
_NUMBER = re.compile(r"^[+-]?\d{1,12}([.,]\d{1,6})?$")


def words(text: ShownText) -> str | SafeString:
    """Return a text for a label; one in another language says so to screen readers and browsers."""
    if text.is_fallback and text.text:
        return format_html('<span lang="{}">{}</span>', text.language, text.text)
    return text.text


class Answer(forms.Field):
    """Base of the fields: a draft may stay empty, a form that is handed in may not.

    `required` says what the person is told; `enforce` whether an empty answer is refused now.
    """

    is_several = False

    def __init__(self, question: Question, *, enforce: bool = False, **kwargs: Any) -> None:
        self.question = question
        self.enforce = enforce
        kwargs.setdefault("help_text", words(question.help))
        super().__init__(label=words(question.label), required=question.is_required, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the answer as stored; None when there is none.

        Raises:
            ValidationError: it is not an answer to this question, or none where one is needed now.
        """
        answer = self.to_python(storable(value) if isinstance(value, str) else value)
        if answer is None and self.required and self.enforce:
            raise ValidationError(self.missing(), code="required")
        return answer

    def missing(self) -> str:
        """Say what is needed."""
        return _("Answer this question.")

    def raw(self, answer: Any) -> Raw:
        """Return a stored answer, or what was typed, as the browser sends it."""
        if isinstance(answer, list):
            return [str(part) for part in answer]
        return "" if answer is None else str(answer)


class TextAnswer(Answer):
    """A short or a long text."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        self.has_lines = question.type == "long_text"
        widget = forms.Textarea(attrs={"rows": 3}) if self.has_lines else forms.TextInput()
        super().__init__(question, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str | None:
        """Return the cleaned text."""
        text = clean_text(str(value or ""), lines=self.has_lines)
        limit = self.question.max_length
        if len(text) > limit:
            surplus = len(text) - limit
            raise ValidationError(
                ngettext(
                    "%(limit)d characters fit here. Shorten it by %(surplus)d character.",
                    "%(limit)d characters fit here. Shorten it by %(surplus)d characters.",
                    surplus,
                )
                % {"limit": limit, "surplus": surplus}
            )
        return text or None


class TypedDay(forms.TextInput):
    """A day that is typed, however somebody writes it; with scripts a calendar stands beside it."""

    template_name = "django/forms/widgets/typed_day.html"


class DateAnswer(Answer):
    """A day, written in one of the orders of the language; stored as 2026-11-30."""

    widget = TypedDay(attrs={"autocomplete": "off", "class": "input-day"})

    def __init__(self, question: Question, **kwargs: Any) -> None:
        if not question.help.text:
            kwargs["help_text"] = _("Write the date like %(example)s.") % {"example": "30.11.2026"}
        super().__init__(question, **kwargs)

    def to_python(self, value: Any) -> str | None:
        """Return the day in ISO form."""
        text = " ".join(str(value or "").split())
        if not text:
            return None
        for pattern in get_format("DATE_INPUT_FORMATS"):
            try:
                found = datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a day has no zone
            except ValueError:
                continue
            if 1900 <= found.year <= 2200:
                return found.isoformat()
        raise ValidationError(_why_no_day(text))

    def missing(self) -> str:
        """Say what is needed."""
        return _("Enter a date.")

    def raw(self, answer: Any) -> Raw:
        """Return the day as people here write it."""
        try:
            return date.fromisoformat(str(answer)).strftime("%d.%m.%Y") if answer else ""
        except ValueError:
            return str(answer)


def _why_no_day(text: str) -> str:
    """Return a sentence that says what is wrong with a day and how to write it."""
    example = _("Write the date like %(example)s.") % {"example": "30.11.2026"}
    parts = _DATE_PARTS.match(text)
    if not parts:
        return example
    first, month, last = (int(part) for part in parts.groups())
    day, year = (last, first) if len(parts[1]) == 4 else (first, last)
    if len(parts[1]) != 4 and len(parts[3]) not in {2, 4}:
        return _("Write the year with four digits, like %(example)s.") % {"example": "30.11.2026"}
    year += 2000 if len(parts[3]) == 2 and len(parts[1]) != 4 else 0
    if not 1900 <= year <= 2200:
        return _("Write the year with four digits, like %(example)s.") % {"example": "30.11.2026"}
    if not 1 <= month <= 12:
        rule = _("A year has 12 months.")
        return f"{rule} {example}"
    longest = monthrange(year, month)[1]
    if not 1 <= day <= longest:
        return _("%(month)s has %(days)d days. Write the date like %(example)s.") % {
            "month": capfirst(str(MONTHS[month])) if month != 2 else f"{capfirst(str(MONTHS[month]))} {year}",
            "days": longest,
            "example": f"{longest:02}.{month:02}.{year}",
        }
    return example


class TimeAnswer(Answer):
    """A time of day; stored as 17:30."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "input-short"})

    def __init__(self, question: Question, **kwargs: Any) -> None:
        if not question.help.text:
            kwargs["help_text"] = _("Write the time like %(example)s.") % {"example": "17:30"}
        super().__init__(question, **kwargs)

    def to_python(self, value: Any) -> str | None:
        """Return hours and minutes."""
        text = "".join(str(value or "").split()).removesuffix("ч.")
        if not text:
            return None
        for pattern in get_format("TIME_INPUT_FORMATS"):
            try:
                return datetime.strptime(text, pattern).strftime("%H:%M")  # noqa: DTZ007 -- a time has no zone
            except ValueError:
                continue
        raise ValidationError(_("Write the time like %(example)s.") % {"example": "17:30"})

    def missing(self) -> str:
        """Say what is needed."""
        return _("Enter a time.")


class NumberAnswer(Answer):
    """A number, with a comma or a point."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input-short"})
        parts = [str(words(question.help)), self._range(question)]
        kwargs["help_text"] = words(question.help) if not parts[1] else " ".join(part for part in parts if part)
        super().__init__(question, widget=widget, **kwargs)
        if question.unit.text:
            self.label = format_html("{} ({})", self.label, words(question.unit))

    @staticmethod
    def _range(question: Question) -> str:
        low, high = question.content.get("min"), question.content.get("max")
        if low is None or high is None:
            return ""
        return _("A number from %(low)s to %(high)s.") % {"low": low, "high": high}

    def to_python(self, value: Any) -> int | float | None:
        """Return the number."""
        text = "".join(str(value if value is not None else "").split())
        if not text:
            return None
        if not _NUMBER.match(text):
            raise ValidationError(_("Enter a number in digits."))
        number = float(text.replace(",", "."))
        low, high = self.question.content.get("min"), self.question.content.get("max")
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValidationError(self._range(self.question) or _("This number does not fit here."))
        return int(number) if number == math.floor(number) else number

    def missing(self) -> str:
        """Say what is needed."""
        return _("Enter a number.")


class PickAnswer(Answer):
    """One of several options."""

    def __init__(
        self, question: Question, options: Sequence[tuple[str, Any]], *, in_row: bool = False, **kwargs: Any
    ) -> None:
        self.options = {key: label for key, label in options}
        widget: ChoiceWidget
        if in_row or len(self.options) > FEW:
            widget = forms.Select(choices=[("", _("No answer")), *options])
        else:
            widget = forms.RadioSelect(choices=list(options))
        super().__init__(question, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the key of the option."""
        key = str(value if value is not None else "")
        if not key:
            return None
        if key not in self.options:
            raise ValidationError(_("Choose one of the answers shown."))
        return self.stored(key)

    def stored(self, key: str) -> Any:
        """Return what is kept for an option."""
        return key

    def missing(self) -> str:
        """Say what is needed."""
        return _("Choose an answer.")


class YesNoAnswer(PickAnswer):
    """Yes or no."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        kwargs.pop("in_row", None)
        super().__init__(question, [("yes", _("Yes")), ("no", _("No"))], **kwargs)

    def stored(self, key: str) -> bool:
        """Return True for yes."""
        return key == "yes"

    def raw(self, answer: Any) -> Raw:
        """Return yes or no."""
        return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else super().raw(answer)


class ScaleAnswer(PickAnswer):
    """A step of a scale."""

    def __init__(self, question: Question, *, numbers_only: bool = False, **kwargs: Any) -> None:
        kwargs.pop("in_row", None)
        steps = question.steps
        in_words = all(text.text for _step, text in steps) and not numbers_only
        labels = [(str(step), _step_label(step, text, in_words, numbers_only)) for step, text in steps]
        super().__init__(question, labels, **kwargs)
        self.widget = forms.RadioSelect(choices=list(self.options.items()), attrs={"class": "choices-steps"})

    def stored(self, key: str) -> int:
        """Return the number of the step."""
        return int(key)


def _step_label(step: int, text: ShownText, in_words: bool, number_only: bool) -> str | SafeString:
    if in_words:
        return words(text)
    if not text.text:
        return str(step)
    if number_only:
        return format_html('{}<span class="visually-hidden">: {}</span>', step, words(text))
    return format_html("{} {}", step, words(text))


class SeveralAnswer(Answer):
    """Any number of options; stored in the order of the options."""

    is_several = True

    def __init__(self, question: Question, options: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        self.options = {key: label for key, label in options}
        super().__init__(question, widget=forms.CheckboxSelectMultiple(choices=list(options)), **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the keys of the options."""
        chosen = {str(part) for part in ([value] if isinstance(value, str) else value or []) if str(part)}
        if chosen - self.options.keys():
            raise ValidationError(_("Choose from the answers shown."))
        return [self.stored(key) for key in self.options if key in chosen] or None

    def stored(self, key: str) -> Any:
        """Return what is kept for an option."""
        return key

    def missing(self) -> str:
        """Say what is needed."""
        return _("Choose at least one answer.")


class PersonAnswer(PickAnswer):
    """A person of the group; stored by number."""

    def stored(self, key: str) -> int:
        """Return the person's number."""
        return int(key)

    def missing(self) -> str:
        """Say what is needed."""
        return _("Choose a person.")


class PeopleAnswer(SeveralAnswer):
    """Several people of the group; stored by number."""

    def stored(self, key: str) -> int:
        """Return the person's number."""
        return int(key)

    def missing(self) -> str:
        """Say what is needed."""
        return _("Choose at least one person.")


PersonChoices = dict[str, list[tuple[int, str]]]
"""The people of the group by role: number and name."""

SIMPLE = {
    "short_text": TextAnswer,
    "long_text": TextAnswer,
    "date": DateAnswer,
    "time": TimeAnswer,
    "number": NumberAnswer,
    "yes_no": YesNoAnswer,
    "scale": ScaleAnswer,
}


def field_for(
    question: Question,
    *,
    people: PersonChoices,
    former: Sequence[tuple[int, str]] = (),
    enforce: bool = False,
    in_row: bool = False,
) -> Answer:
    """Return the Django field of a simple question (of all types but grids and rows).

    Args:
        former: people who are named in the stored answer already and may stay there.
        in_row: it stands in a repeated row, where room is scarce.
    """
    if question.type in {"choice", "choices"}:
        options = [(key, words(text)) for key, text in question.options]
        if question.type == "choices":
            return SeveralAnswer(question, options, enforce=enforce)
        return PickAnswer(question, options, in_row=in_row, enforce=enforce)
    if question.type == "person":
        known = {number: name for role in question.content.get("roles", []) for number, name in people.get(role, [])}
        known |= {number: name for number, name in former if number not in known}
        options = [(str(number), name) for number, name in known.items()]
        if question.takes_several:
            return PeopleAnswer(question, options, enforce=enforce)
        return PersonAnswer(question, options, in_row=in_row, enforce=enforce)
    return SIMPLE[question.type](question, enforce=enforce)


def as_typed(value: Any, limit: int = 100_000) -> Any:
    """Return what somebody sent, in a form that can be kept: texts, lists and mappings of texts."""
    if isinstance(value, dict):
        return {str(key): as_typed(part, limit) for key, part in value.items()}
    if isinstance(value, list):
        return [as_typed(part, limit) for part in value]
    return storable("" if value is None else str(value))[:limit]
