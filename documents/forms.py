"""What a person says when a document is taken out of its folder."""

from django import forms
from django.utils.translation import gettext_lazy


class RemovalForm(forms.Form):
    """Why a paper is taken out of its folder."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("Mentor and Manager can read the reason."),
        error_messages={"required": gettext_lazy("Say why. It is kept with the paper.")},
    )
