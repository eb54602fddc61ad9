"""What a form says of an answer that is missing or out of bounds, in place of the sentences of the framework."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

_STOCK: Final = forms.Field.default_error_messages["required"]
_MISSING: Final[list[tuple[type[forms.Field], Any]]] = [
    (forms.MultipleChoiceField, _("Choose at least one answer.")),
    (forms.ModelMultipleChoiceField, _("Choose at least one answer.")),
    (forms.ChoiceField, _("Choose an answer.")),
    (forms.FileField, _("Choose a file.")),
    (forms.BooleanField, _("Tick this first.")),
    (forms.DateField, _("Enter a date.")),
    (forms.TimeField, _("Enter a time.")),
    (forms.IntegerField, _("Enter a number.")),
    (forms.EmailField, _("Enter an e-mail address.")),
]
"""By kind of field, the narrower kinds first."""
_BOUNDS: Final = {
    "max_value": _("At most %(limit_value)s."),
    "min_value": _("At least %(limit_value)s."),
    "max_length": _("At most %(limit_value)d characters; these are %(show_value)d."),
}
_ADDRESS: Final = _("Enter a whole e-mail address, such as name@example.org.")


def say_plainly(field: forms.Field) -> None:
    """Give a field of a form our sentences where it has none of its own."""
    messages: Any = field.error_messages
    if messages.get("required") is _STOCK:
        messages["required"] = next((words for kind, words in _MISSING if isinstance(field, kind)), _("Fill this in."))
    for code, words in _BOUNDS.items():
        messages.setdefault(code, words)
    if isinstance(field, forms.EmailField):
        messages.setdefault("invalid", _ADDRESS)
