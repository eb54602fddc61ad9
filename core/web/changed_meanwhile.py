"""What the fields of a form say and said: a form made before somebody else's change undoes nothing unseen.

The page carries digests of the stored values that its form was made from. Where those are others by now, the form is
refused once, with the values of today; fields that the person has not touched show them, the others keep what was
typed.
"""

import hashlib
import json
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
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
    if isinstance(field, forms.ModelChoiceField):
        found = field.queryset.filter(pk=value).first() if field.queryset is not None else None
        return str(field.label_from_instance(found)) if found else NOTHING
    if isinstance(field, forms.ChoiceField):
        words = {str(key): capfirst(str(label)) for key, label in _flat(field.choices)}
        return ", ".join(words.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value]))
    if type(field) is forms.DateField:
        return date_format(date.fromisoformat(value))
    return str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    for key, label in choices:
        pairs.extend(label if isinstance(label, list | tuple) else [(key, label)])
    return pairs


def _digest(field: forms.Field, value: Any) -> str:
    said = plain(field, value)
    written = json.dumps("" if said is None else said)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


class NoticesChanges(forms.BaseModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Mixin of a form that changes a stored row: notices what was stored since its page was shown."""

    @property
    def made_from(self) -> str:
        """The digests of what is stored now, by field: for the page."""
        return ",".join(f"{name}:{_digest(self.fields[name], self.initial[name])}" for name in self._stored())

    def _stored(self) -> list[str]:
        """Return the names of the fields that a row stores."""
        known = {each.name for each in self._meta.model._meta.concrete_fields}
        return [name for name in self.fields if name in known and name in self.initial]

    def clean(self) -> dict[str, Any]:
        """Refuse, beside its field, what would undo a change that the person has not seen."""
        cleaned = super().clean() or self.cleaned_data
        shown = self._shown()
        for name in self._stored():
            field, now = self.fields[name], self.initial[name]
            if name not in shown or shown[name] == _digest(field, now) or not self[name]._has_changed():  # type: ignore[attr-defined]
                continue
            facts = {"value": in_words(field, plain(field, now))}
            if name in cleaned and _digest(field, cleaned[name]) == shown[name]:
                self._show(name, now)
                words = _("This was changed meanwhile. It says now: %(value)s. Check it and save again.")
            else:
                words = _("This was changed meanwhile, to: %(value)s. Save again to keep what you wrote.")
            self.add_error(name, ValidationError(words % facts))
        return cleaned

    def _shown(self) -> dict[str, str]:
        """Return the digests that the page carried; of a page without them nothing is asked."""
        parts = (each.partition(":") for each in str(self.data.get(MADE_FROM, "")).split(","))
        return {name: digest for name, colon, digest in parts if colon}

    def _show(self, name: str, value: Any) -> None:
        """Let the refused page show what is stored instead of what was sent."""
        data: Any = self.data  # a copy of what was sent
        said, key = plain(self.fields[name], value), self.add_prefix(name)
        if said in (None, False, "", []):
            data.pop(key, None)
        else:
            data.setlist(key, said if isinstance(said, list) else ["on" if said is True else str(said)])


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
