"""What people type on the boards; the forms only validate, services write."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import LONGEST_POST, LONGEST_TITLE
from core.files.kinds import ATTACHED_ACCEPT
from core.keys import key_from
from core.web.forms import TidyForm

MOST_KEYS: Final = 50


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": ATTACHED_ACCEPT})


class PostForm(TidyForm):
    """An answer, or the text of a post that is changed.

    Hidden fields: `lock`, the count of saves of the draft or of edits of the post; `quoted`, the post above it. Sent
    `attachments` are looked at by the service; the field shows what it says.
    """

    body = forms.CharField(
        label=_("Your post"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Write something first.")},
    )
    lock = forms.CharField(required=False, widget=forms.HiddenInput)
    quoted = forms.CharField(required=False, widget=forms.HiddenInput)
    attachments = forms.FileField(label=_("Files"), required=False, widget=FilesInput)

    @property
    def lock_number(self) -> int:
        """The count of saves that the page was made from."""
        return key_from(str(self.data.get("lock", ""))) or 0

    @property
    def quoted_id(self) -> int | None:
        """The key of the post that is quoted."""
        return key_from(str(self.data.get("quoted", "")))

    @property
    def attached_keys(self) -> list[int]:
        """The keys of the files that the page showed as attached."""
        sent = self.data.getlist("attached") if hasattr(self.data, "getlist") else []
        return [key for each in sent[:MOST_KEYS] if (key := key_from(each)) is not None]

    def words(self, name: str) -> str:
        """Return what was typed in a field, checked or not; empty where there is no such field."""
        value: Any = self.cleaned_data.get(name) if hasattr(self, "cleaned_data") else None
        return str(value if value is not None else self.data.get(name, ""))


class TopicForm(PostForm):
    """A new topic: its title and first post."""

    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("What it is about, in a few words."),
        error_messages={"required": _("Give the topic a title.")},
    )
    field_order: tuple[str, ...] = ("title", "body", "attachments", "lock", "quoted")


class AnnouncementForm(TopicForm):
    """A new announcement, and whether reading it is to be confirmed."""

    needs_confirmation = forms.BooleanField(label=_("Ask everyone to confirm that they have read it"), required=False)
    field_order = ("title", "body", "needs_confirmation", "attachments", "lock", "quoted")


class DeleteForm(TidyForm):
    """Why a post is deleted."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everyone who reads the topic reads this, with your name."),
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, data: Any = None, *, is_own: bool) -> None:
        """Ask for a reason; who deletes what they wrote themselves may leave it empty."""
        super().__init__(data)
        self.fields["reason"].required = not is_own


def form_for(board: Any) -> type[TopicForm]:
    """Return the form of a new topic of this board."""
    return AnnouncementForm if board.is_announcements else TopicForm
