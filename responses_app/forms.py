"""What people say when a form or paper is about the wrong session or person."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import TidyForm

if TYPE_CHECKING:
    from accounts.models import User


class AboutForm(TidyForm):
    """Which session and person it is really about, and why that is said anew."""

    session_key = forms.ChoiceField(
        label=gettext_lazy("Which session is it about?"),
        error_messages={"required": gettext_lazy("Choose the session it is about.")},
    )
    subject = forms.ChoiceField(
        label=gettext_lazy("Whom is it about?"),
        error_messages={"required": gettext_lazy("Choose whom it is about.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is it corrected?"),
        max_length=300,
        help_text=gettext_lazy("Everyone who reads it reads this, with your name."),
        error_messages={"required": gettext_lazy("Give a reason. It is kept with the document.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        sessions: list[tuple[str, str]],
        people: list["User"],
        session_key: str,
        subject: "User | None",
        needs_reason: bool = True,
    ) -> None:
        """Offer these sessions and people; without any, that is not asked and stays as it is."""
        self.stays = {"session_key": session_key, "subject": subject}
        self.people = {str(each.pk): each for each in people}
        initial = {"session_key": session_key, "subject": str(subject.pk) if subject else ""}
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["session_key"].choices = sessions
        fields["subject"].choices = [(key, each.full_name) for key, each in self.people.items()]
        if not sessions:
            del self.fields["session_key"]
        if not people:
            del self.fields["subject"]
        if not needs_reason:
            del self.fields["reason"]

    def is_sent(self) -> bool:
        """Return whether it was sent and is in order."""
        return self.is_bound and self.is_valid()

    def described(self) -> dict[str, Any]:
        """Return what was said, for `services.moving`."""
        data = self.cleaned_data
        subject = self.people[data["subject"]] if "subject" in data else self.stays["subject"]
        key = data.get("session_key", self.stays["session_key"])
        return {"subject": subject, "session_key": key, "reason": data.get("reason", "")}

    def is_so(self, thing: Any) -> bool:
        """Return whether a form or paper is about what was said."""
        said = self.described()
        return (thing.subject, thing.session_key) == (said["subject"], said["session_key"])

    def add_refusal(self, error: ValidationError) -> None:
        """Put the sentences of a service beside the fields they are about."""
        sentences = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, each in sentences.items():
            self.add_error(name if name in self.fields else None, ValidationError(each))

    def nothing_to_choose(self) -> str:
        """Return what is said where there is nothing else that it could be about."""
        if any(
            len(list(field.widget.choices)) > 1
            for field in self.fields.values()
            if isinstance(field, forms.ChoiceField)
        ):
            return ""
        return _("There is nothing else that it could be about.")
