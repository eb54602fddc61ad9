"""What all forms of the product share: how they are drawn, and how what is typed is cleaned."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.keys import key_from
from core.typed_text import clean_text, storable
from core.web.plain_words import say_plainly


class Renderer(TemplatesSetting):
    """Draws `{{ form }}` and `{{ field.as_field_group }}` with the templates under `templates/django/forms/`."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days are counted on from those typed; at the edges of the calendar there is no day after."""


def check_year(value: date) -> None:
    """Refuse a day or moment that no programme has.

    Raises:
        ValidationError: its year is not within the bounds.
    """
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        words = _("Check the year: it must lie between %(first)d and %(last)d.")
        raise ValidationError(words % {"first": FIRST_YEAR, "last": LAST_YEAR})


class DayInput(forms.DateInput):
    """A day, picked or typed."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


def _tidy(field: forms.CharField, value: str) -> str:
    if not field.strip:  # a password: composed, and otherwise as typed
        return unicodedata.normalize("NFC", value)
    if isinstance(field, forms.JSONField):
        return storable(value)
    return clean_text(value, lines=isinstance(field.widget, forms.Textarea))


def _key_or_none(value: str) -> str:
    """Return the key of a row; 0, which is no valid choice, for a number that no row can have."""
    return "0" if value.isdecimal() and key_from(value) is None else value


DASHES = "---------"
"""What Django offers where nothing is chosen."""


class TidyText(forms.BaseForm):
    """Mixin of every form: what is typed is cleaned before it is checked, so that limits count what is stored.

    A line break counts as one character, as in the browser; composed and decomposed letters are the same letter.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = _("Choose one") if field.required else "–"
            if isinstance(field, (forms.DateField, forms.DateTimeField, forms.SplitDateTimeField)):
                field.validators.append(check_year)
            if isinstance(field, forms.TypedChoiceField):  # of a model, whose choices are words within a sentence
                choices: Any = field.choices
                field.choices = [(value, capfirst(words)) for value, words in choices]

    def full_clean(self) -> None:
        """Clean the texts, then check all fields."""
        if self.is_bound:
            given: Any = self.data
            sent = given.copy()
            for name, field in self.fields.items():
                say_plainly(field)
                key = self.add_prefix(name)
                if key not in sent or field.disabled:
                    continue
                if isinstance(field, forms.ModelChoiceField) and isinstance(sent, QueryDict):
                    sent.setlist(key, [_key_or_none(value) for value in sent.getlist(key)])
                if not isinstance(field, forms.CharField):
                    continue
                if isinstance(sent, QueryDict):
                    sent.setlist(key, [_tidy(field, value) for value in sent.getlist(key)])
                elif isinstance(sent[key], str):
                    sent[key] = _tidy(field, sent[key])
            self.data = sent
        super().full_clean()


class TidyForm(TidyText, forms.Form):
    """A form of our own."""


class TidyModelForm(TidyText, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A form of a model's row."""
