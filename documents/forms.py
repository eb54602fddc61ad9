"""What people say when a document is taken out, or a folder is narrowed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policy.roles import Action, Role
from core.texts import within
from core.web.changed_meanwhile import KeepsChanges, in_words
from core.web.forms import TidyForm
from documents.folder_rights import members_of
from documents.models import WITHHOLDABLE, Folder
from documents.services.signatures import Seen
from tools.wording import every

if TYPE_CHECKING:
    from accounts.models import User


class RemovalForm(TidyForm):
    """Why a document is taken out of its folder."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("Mentor, Manager and the person it is about can read the reason."),
        error_messages={"required": gettext_lazy("Give a reason. It is kept with the document.")},
    )


class TakeBackForm(RemovalForm):
    """Why a version is taken back; nobody but those who keep the folder learns of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Mentor and Manager can read the reason.")


class SignaturesForm(KeepsChanges, TidyForm):
    """Who has signed a paper, and why that is said anew."""

    signed_by = forms.MultipleChoiceField(
        label=gettext_lazy("Who has signed?"),
        help_text=gettext_lazy("If nobody has signed it, tick nobody."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is it corrected?"),
        max_length=300,
        help_text=gettext_lazy("The history of the document shows it, with your name."),
        error_messages={"required": gettext_lazy("Give a reason. It is kept with the document.")},
    )

    def __init__(self, data: Any = None, *, people: list["User"], signed: list["User"], version: int) -> None:
        """Make the form of a version: `people` can have signed it, `signed` are said to."""
        self.people, self.version = {str(each.pk): each for each in people}, version
        super().__init__(data, initial={"signed_by": [str(each.pk) for each in signed]})
        self.fields["signed_by"].is_asked = True  # type: ignore[attr-defined]  # nobody is an answer too
        self.fields["signed_by"].choices = [(key, each.full_name) for key, each in self.people.items()]  # type: ignore[attr-defined]

    def _ask(self, name: str) -> None:
        """Show the ticks that are stored: one that nobody has seen since is no claim that somebody signed."""
        now, sent = self.initial[name], self[name].data or []
        own = [key for key in self.people if key in sent]
        self._show(name, now)
        words = _(
            "This was changed meanwhile. It says now: %(value)s. You had ticked: %(own)s. "
            "Make your change again, then save."
        )
        field = self.fields[name]
        self.add_error(name, ValidationError(words % {"value": in_words(field, now), "own": in_words(field, own)}))

    def _stale(self) -> list[str]:
        """Ask also where another version is there by now: what was ticked is about the one before."""
        shown = str(self.data.get("version", ""))
        was_replaced = bool(shown) and shown != str(self.version)
        return ["signed_by"] if was_replaced else super()._stale()

    def _is_untouched(self, name: str) -> bool:
        """Return whether the ticks are as the page showed them; those of another version never are."""
        return str(self.data.get("version", self.version)) == str(self.version) and super()._is_untouched(name)

    def ask_again(self) -> None:
        """Refuse what was sent, with what is said now: it was said at the very moment of this correction."""
        self.full_clean()
        if not self.was_changed_meanwhile:
            self.was_changed_meanwhile = True
            self._ask("signed_by")

    @property
    def seen(self) -> Seen:
        """What the form compared itself with."""
        return Seen(self.version, frozenset(int(key) for key in self.initial["signed_by"]))

    def chosen(self) -> list["User"]:
        """Return the people who were ticked."""
        return [self.people[key] for key in self.cleaned_data["signed_by"]]


class RestrictionForm(TidyForm):
    """From whom what is withheld in a folder, and why."""

    who = forms.ChoiceField(
        label=gettext_lazy("For whom?"),
        error_messages={"required": gettext_lazy("Say for whom: a role or one person.")},
    )
    actions = forms.MultipleChoiceField(
        label=gettext_lazy("What is restricted?"),
        help_text=gettext_lazy(
            "Anyone who may not read may do nothing else; anyone who may not add files adds no new versions."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one right to restrict.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Managers of the group read it on this page."),
        error_messages={"required": gettext_lazy("Give a reason. Managers read it with the rights of the folder.")},
    )

    def __init__(self, data: Any = None, *, folder: Folder) -> None:
        super().__init__(data)
        self.people = {f"person:{each.user_id}": each for each in members_of(folder.group)}
        roles = [(f"role:{role.value}", every(role)) for role in Role]
        people = [
            (key, f"{each.user.full_name}, {within(each.get_role_display())}") for key, each in self.people.items()
        ]
        fields: dict[str, Any] = self.fields
        fields["who"].choices = [("", _("Choose a role or a person")), (_("A role"), roles), (_("One person"), people)]
        fields["actions"].choices = [(action.value, capfirst(str(action.label))) for action in WITHHOLDABLE]

    def described(self) -> dict[str, Any]:
        """Return what was sent, for `restrictions.restrict_folder`."""
        data = self.cleaned_data
        kind, _colon, value = data["who"].partition(":")
        return {
            "role": Role(value) if kind == "role" else None,
            "person": self.people[data["who"]].user if kind == "person" else None,
            "actions": {Action(value) for value in data["actions"]},
            "reason": data["reason"],
        }

    def add_refusal(self, error: ValidationError) -> None:
        """Put the sentences of a service beside the fields they are about."""
        for name, sentences in error.message_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(sentences))
