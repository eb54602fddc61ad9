"""What one chooses of notices."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import TidyForm
from notices.chosen import Chosen
from notices.models import Way

BY_ROLE = ("", _("What fits my role"))
AS_ABOVE = ("", _("As chosen above"))


class ChoicesForm(TidyForm):
    """A way for each topic, one for each group, and quiet hours."""

    quiet_from = forms.TimeField(
        label=_("No e-mails from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    gathered_at = forms.TimeField(
        label=_("One e-mail a day or a week leaves at"),
        help_text=_("In your time zone. The weekly e-mail is sent on Mondays."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, data: Any = None, *, chosen: Chosen) -> None:
        super().__init__(data)
        self.chosen = chosen
        for name in ("quiet_from", "quiet_until"):
            self.fields[name].is_asked = True  # type: ignore[attr-defined]  # that both may be empty is said above them
        for topic, (name, what, way) in chosen.topics.items():
            self.fields[f"topic-{topic}"] = self._way(name, BY_ROLE, way, help_text=what)
        for group, (name, way) in chosen.groups.items():
            self.fields[f"group-{group}"] = self._way(name, AS_ABOVE, way)
        self.initial["gathered_at"] = chosen.gathered_at
        if chosen.quiet:
            self.initial["quiet_from"], self.initial["quiet_until"] = chosen.quiet

    @staticmethod
    def _way(label: str, first: tuple[str, Any], way: str, help_text: str = "") -> forms.ChoiceField:
        choices = [first, *Way.choices]
        field = forms.ChoiceField(label=label, choices=choices, initial=way, required=False, help_text=help_text)
        field.is_asked = True  # type: ignore[attr-defined]  # its first choice is an answer
        return field

    def clean(self) -> dict[str, Any]:
        """Refuse a beginning without an end, and an end without a beginning."""
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if begins is not None and ends is None and "quiet_until" not in self.errors:
            self.add_error("quiet_until", _("Say until when, too."))
        if ends is not None and begins is None and "quiet_from" not in self.errors:
            self.add_error("quiet_from", _("Say from when, too."))
        if begins is not None and begins == ends:
            self.add_error(
                "quiet_until", _("These hours end when they begin. Choose another end, or leave both empty.")
            )
        return cleaned

    @property
    def refused(self) -> int:
        """The status of the page."""
        return 422 if self.errors else 200

    @property
    def topic_fields(self) -> list[forms.BoundField]:
        """The fields of the topics."""
        return [self[name] for name in self.fields if name.startswith("topic-")]

    @property
    def group_fields(self) -> list[forms.BoundField]:
        """The fields of the groups."""
        return [self[name] for name in self.fields if name.startswith("group-")]

    def chosen_ways(self) -> dict[str, Any]:
        """Return what was chosen, as the service takes it."""
        said = self.cleaned_data
        begins: time | None = said.get("quiet_from")
        ends: time | None = said.get("quiet_until")
        return {
            "topics": {topic: said[f"topic-{topic}"] for topic in self.chosen.topics},
            "groups": {group: said[f"group-{group}"] for group in self.chosen.groups},
            "gathered_at": said["gathered_at"],
            "quiet": (begins, ends) if begins is not None and ends is not None else None,
        }
