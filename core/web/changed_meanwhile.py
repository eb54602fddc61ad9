"""What the fields of a form say and said: a form made before somebody else's change undoes nothing unseen.

The page carries digests of the stored values that its form was made from. In the administration, where those are others
by now, the form is refused once, with the values of today; fields that the person has not touched show them, the others
keep what was typed. The forms of the product keep what is stored in fields that the person has not touched, and ask
only about what was changed on both sides.
"""

import hashlib
import json
from datetime import date, time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

MADE_FROM: Final = "made_from"
NOTHING: Final = "–"


def plain(field: forms.Field, value: Any) -> Any:
    """Return a field's value as JSON knows it, the same for what is stored and what was sent."""
    value = field.prepare_value(value)
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    if value is None or isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def in_words(field: forms.Field, value: Any) -> str:
    """Return what `plain` gave, as a person reads it."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ModelMultipleChoiceField):
        chosen = field.queryset.filter(pk__in=value) if field.queryset is not None else ()
        return ", ".join(str(field.label_from_instance(each)) for each in chosen) or NOTHING
    if isinstance(field, forms.ModelChoiceField):
        found = field.queryset.filter(pk=value).first() if field.queryset is not None else None
        return str(field.label_from_instance(found)) if found else NOTHING
    if isinstance(field, forms.ChoiceField):
        words = {str(key): capfirst(str(label)) for key, label in _flat(field.choices)}
        return ", ".join(words.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value]))
    if type(field) is forms.DateField:
        return date_format(date.fromisoformat(value))
    if isinstance(field, forms.TimeField):
        return time_format(time.fromisoformat(value), "H:i")
    return str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    for key, label in choices:
        pairs.extend(label if isinstance(label, list | tuple) else [(key, label)])
    return pairs


def _digest(field: forms.Field, value: Any) -> str:
    said = plain(field, value)
    written = json.dumps("" if said is None else sorted(said) if isinstance(said, list) else said)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


class MadeFrom(forms.BaseForm):
    """Mixin of a form whose page carries what it was made from, as `form.made_from` in a hidden input."""

    @property
    def made_from(self) -> str:
        """The digests of what is stored now, by field: for the page."""
        return ",".join(f"{name}:{_digest(self.fields[name], self.initial[name])}" for name in self._stored())

    def _stored(self) -> list[str]:
        """Return the names of the fields that a row stores."""
        return [name for name, field in self.fields.items() if name in self.initial and not field.widget.is_hidden]

    def _shown(self) -> dict[str, str]:
        """Return the digests that the page carried; of a page without them nothing is asked."""
        parts = (each.partition(":") for each in str(self.data.get(MADE_FROM, "")).split(","))
        return {name: digest for name, colon, digest in parts if colon}

    def _stale(self) -> list[str]:
        """Return the fields that say something else than what was stored since the page was shown."""
        shown, found = self._shown(), []
        for name in self._stored():
            was_changed = name in shown and shown[name] != _digest(self.fields[name], self.initial[name])
            if was_changed and self[name]._has_changed():  # type: ignore[attr-defined]
                found.append(name)
        return found

    def _is_untouched(self, name: str) -> bool:
        """Return whether a field was sent as the page showed it."""
        shown, cleaned = self._shown(), self.cleaned_data
        return name not in shown or (name in cleaned and _digest(self.fields[name], cleaned[name]) == shown[name])

    def _ask(self, name: str) -> None:
        """Refuse a field once, and say what is stored; what was not touched shows it."""
        field, now = self.fields[name], self.initial[name]
        if self._is_untouched(name):
            self._show(name, now)
            words = _("This was changed meanwhile. It says now: %(value)s. Check it and save again.")
        else:
            words = _("This was changed meanwhile, to: %(value)s. Save again to keep what you wrote.")
        self.add_error(name, ValidationError(words % {"value": in_words(field, plain(field, now))}))

    def _show(self, name: str, value: Any) -> None:
        """Let the page show what is stored instead of what was sent."""
        data: Any = self.data  # a copy of what was sent
        said, key = plain(self.fields[name], value), self.add_prefix(name)
        if said in (None, False, "", []):
            data.pop(key, None)
        else:
            data.setlist(key, said if isinstance(said, list) else ["on" if said is True else str(said)])


class NoticesChanges(MadeFrom, forms.BaseModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Mixin of a form of the administration: whatever was stored since its page was shown is looked at once."""

    def _stored(self) -> list[str]:
        known = {each.name for each in self._meta.model._meta.concrete_fields}
        return [name for name in self.fields if name in known and name in self.initial]

    def clean(self) -> dict[str, Any]:
        """Refuse, beside its field, what would undo a change that the person has not seen."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._stale():
            self._ask(name)
        return cleaned


class KeepsChanges(MadeFrom):
    """Mixin of a form of the product: what was not touched stays as it is stored, what both changed is asked.

    Attributes:
        TOGETHER: fields that say one thing together, like day and hour: none of them is taken from another page than
            the rest without being asked.
    """

    TOGETHER: tuple[frozenset[str], ...] = ()
    was_changed_meanwhile = False

    @property
    def refused(self) -> int:
        """The status of the page: 409 when something was changed on both sides, 422 with other errors."""
        if not self.errors:
            return 200
        return 409 if self.was_changed_meanwhile else 422

    @property
    def was_compared(self) -> bool:
        """Whether the page said of every field what it was made from."""
        return set(self._stored()) <= set(self._shown())

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        stale = self._stale()
        touched = {name for name in self._stored() if not self._is_untouched(name)} if stale else set()
        for name in stale:
            if name in touched or any(name in each and each & touched for each in self.TOGETHER):
                self.was_changed_meanwhile = True
                self._ask(name)
            else:
                self._show(name, self.initial[name])
                self.cleaned_data[name] = self.fields[name].clean(self[name].data)


UNSAID = (forms.FileField, forms.ModelChoiceField, forms.JSONField)


def changes_of(form: Any, confidential: frozenset[str]) -> list[tuple[str, Any, Any]]:
    """Return name, old and new value of the plain fields that a form has changed, without long texts."""
    found = []
    for name in form.changed_data:
        field = form.fields[name]
        is_long = isinstance(field.widget, forms.Textarea)
        if name in confidential or name not in form.initial or is_long or isinstance(field, UNSAID):
            continue
        found.append((name, plain(field, form.initial[name]), plain(field, form.cleaned_data.get(name))))
    return found
