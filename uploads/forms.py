"""What a person says about a document that is added: type, person, session, signatures, reason."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policy.roles import FolderKind, Role
from core.texts import within
from core.web.forms import TidyForm
from documents.models import Document
from mentoring.models import MentoringGroup
from mentoring.roles import people_in
from mentoring.standing import Standing
from tools.models import ToolVersion
from tools.related_sessions import Attending
from tools.subjects import about
from uploads import choices as upload_choices
from uploads.models import UploadBatch
from uploads.services import uploads

if TYPE_CHECKING:
    from accounts.models import User


class UploadForm(TidyForm):
    """The whole description of a document; asks only what its type needs.

    The type decides the folder, so it comes first; what else is asked follows from the type that was sent.
    """

    tool_version = forms.ChoiceField(label=gettext_lazy("What is it?"))
    subject = forms.ChoiceField(label=gettext_lazy("Whom is it about?"), required=False)
    session_key = forms.ChoiceField(label=gettext_lazy("Which session is it about?"), required=False)
    signed_by = forms.MultipleChoiceField(
        label=gettext_lazy("Who has signed?"),
        help_text=gettext_lazy("Tick everyone whose signature is on the document."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Say who has signed: at least one person.")},
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Their signature is on it. The attendance is to be corrected."), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Why is there a new version?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The group reads it in the history of the document."),
    )

    def __init__(self, data: Any = None, *, batch: UploadBatch, standing: Standing) -> None:
        self.batch, self.user = batch, standing.user
        self.tools = {str(each.pk): each for each in upload_choices.tools(batch.group, standing)}
        super().__init__(data, initial=_initial(batch))
        self.tool = self._chosen_tool()
        self.fields["tool_version"].choices = [("", _("Choose the type")), *_by_folder(self.tools)]  # type: ignore[attr-defined]
        self._offer_people()
        self._offer_sessions()
        self._offer_reason()
        for name, field in self.fields.items():
            field.widget.attrs["form"] = "paper"
            if name in {"subject", "session_key"}:
                field.is_asked = True  # type: ignore[attr-defined]  # shown where the service refuses without
            if name in {"tool_version", "subject", "session_key"}:
                field.widget.attrs.update(self._asks_again())

    def _asks_again(self) -> dict[str, str]:
        """Return what lets a script send the description when the choice changes, and show what the type needs."""
        return {
            "hx-post": reverse("uploads:upload-describe", args=[self.batch.pk]),
            "hx-trigger": "change",
            "hx-target": "#details",
            "hx-swap": "outerHTML",
            "hx-include": "#paper, [form=paper]",
        }

    def _chosen_tool(self) -> ToolVersion | None:
        sent = self.data.get("tool_version") if self.is_bound else self.initial["tool_version"]
        return self.tools.get(str(sent))

    def _offer_people(self) -> None:
        group, tool = self.batch.group, self.tool
        people = upload_choices.subjects(group, tool) if tool else []
        self.people = {str(each.pk): each for each in people}
        if people:
            names = [(key, person.full_name) for key, person in self.people.items()]
            self.fields["subject"].choices = [("", _("Choose the person")), *names]  # type: ignore[attr-defined]
        else:
            del self.fields["subject"]
        self._offer_signers(group, tool)

    def _offer_signers(self, group: MentoringGroup, tool: ToolVersion | None) -> None:
        """Offer those who were at the session; who is recorded as absent stands last, and is asked about."""
        chosen = str((self.data.get if self.is_bound else self.initial.get)("session_key") or "")
        signing = upload_choices.signing_at(group, tool, chosen) if tool else Attending()
        expected = [person for person, _role in signing.expected]
        self.signers = {str(each.pk): each for each in [*expected, *signing.absent]}
        self.absent = {str(each.pk): each for each in signing.absent}
        if not self.signers:
            del self.fields["signed_by"], self.fields["is_sure"]
            return
        field: Any = self.fields["signed_by"]
        absent = [
            (key, _("%(name)s, recorded as absent") % {"name": each.full_name}) for key, each in self.absent.items()
        ]
        field.choices = [*_with_roles(group, expected), *absent]
        if signing.guests:
            words = _("Guests sign on the paper only, and are not ticked: %(names)s.")
            field.help_text = f"{field.help_text} {words % {'names': ', '.join(signing.guests)}}"
        ticked = self.data.getlist("signed_by") if hasattr(self.data, "getlist") else self.data.get("signed_by", [])
        if not (self.is_bound and self.absent.keys() & set(ticked)):
            del self.fields["is_sure"]

    def clean(self) -> dict[str, Any]:
        """Ask about a signature that contradicts the attendance; nothing is filed before there is an answer."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        names = [self.absent[key].full_name for key in data.get("signed_by") or [] if key in self.absent]
        if names and not data.get("is_sure") and "describe" not in self.data:
            question = _("Recorded as absent: %(names)s. Is their signature really on the paper?")
            self.add_error("is_sure", ValidationError(question % {"names": ", ".join(names)}))
        return data

    def _offer_sessions(self) -> None:
        tool = self.tool
        found = upload_choices.session_choices(self.batch.group, tool, self.user) if tool else []
        self.session_choices = {each.key: each for each in found}
        if tool and about(tool).needs_session:
            choices = [(each.key, each.words) for each in found]
            self.fields["session_key"].choices = [("", _("Choose the session")), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["session_key"]

    def _offer_reason(self) -> None:
        self.earlier: Document | None = upload_choices.earlier_document(self._described())
        if self.earlier is None:
            del self.fields["note"]
        elif uploads.needs_reason(self.earlier):
            self.fields["note"].is_asked = True  # type: ignore[attr-defined]  # the service refuses without, in its words

    def _described(self) -> UploadBatch:
        """Return an unsaved batch as the person describes it, to look for an earlier version."""
        get = self.data.get if self.is_bound else self.initial.get
        person = self.people.get(str(get("subject") or ""))
        session_key = str(get("session_key") or "") if "session_key" in self.fields else ""
        return UploadBatch(group=self.batch.group, tool_version=self.tool, subject=person, session_key=session_key)

    def add_refusal(self, error: ValidationError) -> None:
        """Put the sentences of a service beside the fields they are about, else on top; a field keeps what it says."""
        fields = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, sentences in fields.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, ValidationError(sentences))

    def described(self) -> dict[str, Any]:
        """Return what was sent as far as it is valid, for `uploads.describe_batch`."""
        data = getattr(self, "cleaned_data", {})
        chosen = self.session_choices.get(data.get("session_key") or "")
        before = self.initial["tool_version"]
        is_new_type = self.tool is not None and str(self.tool.pk) != str(before)
        signed = [] if is_new_type else [self.signers[key] for key in data.get("signed_by") or []]
        return {
            "tool_version": self.tool,
            "subject": self.people.get(data.get("subject") or ""),
            "session_key": chosen.key if chosen else "",
            "session_title": chosen.title if chosen else {},
            "signed_by": list(signed),
            "note": data.get("note") or "",
        }


def _initial(batch: UploadBatch) -> dict[str, Any]:
    return {
        "tool_version": str(batch.tool_version_id or ""),
        "subject": str(batch.subject_id or ""),
        "session_key": batch.session_key,
        "signed_by": [str(person.pk) for person in batch.signed_by.all()] if batch.pk else [],
        "note": batch.note,
    }


def _by_folder(tools: dict[str, ToolVersion]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the types under the folder they go to."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, tool in tools.items():
        found.setdefault(str(FolderKind(tool.folder_kind).label), []).append((key, tool.title))
    return list(found.items())


def _with_roles(group: MentoringGroup, people: list["User"]) -> list[tuple[str, str]]:
    """Return people by name, Manager and Mentor with their role."""
    staff = {
        person.pk: within(Role(role).label) for role in (Role.MANAGER, Role.MENTOR) for person in people_in(group, role)
    }
    return [
        (str(person.pk), f"{person.get_short_name()}, {staff[person.pk]}" if person.pk in staff else person.full_name)
        for person in people
    ]
