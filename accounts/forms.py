"""One's own profile, and the form of a newcomer."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth import password_validation
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import PhotoError, portrait
from core.templatetags.ui import own_language_names
from core.web.changed_meanwhile import KeepsChanges
from core.web.forms import TidyForm, TidyModelForm, TidyText
from core.zones import older_names, programme_zone_name, zone_in_words, zones_by_region

PHOTO_REASONS = {
    "too_large": _("This photo is larger than 10 MB. Choose a smaller one."),
    "too_many_pixels": _("This photo has too many pixels. Choose a smaller one."),
    "too_complicated": _("This photo takes too long to open. Choose another one, or a screenshot of it."),
    "busy": _("Many files are being uploaded right now. Try again in a minute."),
    "not_a_photo": _("This file is not a photo we can read. Choose a JPEG, PNG, WebP or HEIC."),
}


def time_zones() -> list[tuple[str, Any]]:
    """Return the time zones one can choose: that of the programme first, then by region, Europe before the others."""
    programme = _("Like the programme (%(zone)s)") % {"zone": zone_in_words(programme_zone_name())}
    return [("", programme), *zones_by_region()]


class ZoneSelect(forms.Select):
    """A list of time zones; each names its older names too, by which a browser may know it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return one choice."""
        option = super().create_option(name, value, *args, **kwargs)
        if older := older_names().get(str(value)):
            option["attrs"]["data-also"] = " ".join(older)
        return option


class SignInForm(TidyText, allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""


class PasswordChangeForm(TidyText, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """The old password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("Confirm new password"),
        }
        for name, label in labels.items():  # the page and the summary of errors call them the same
            self.fields[name].label = label


class PasswordForgottenForm(TidyText, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """The address that a link goes to."""


class PasswordResetForm(TidyText, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""


class ProfileForm(KeepsChanges, TidyModelForm):
    """Name, line about oneself, who sees the address, language, time zone, photo."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, required=False, help_text=_("Dates and times are shown in it.")
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("JPEG, PNG, WebP or HEIC, up to 10 MB. It is cut square; where it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,.heic"}),
    )
    remove_photo = forms.BooleanField(label=_("Remove my photo"), required=False)

    class Meta:
        model = User
        fields = ("full_name", "call_name", "about", "shows_email", "language", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = own_language_names()  # type: ignore[attr-defined]
        if not self.instance.photo:
            del self.fields["remove_photo"]

    def clean_photo(self) -> bytes | None:
        """Return the re-encoded portrait, or None when no photo was sent."""
        sent: UploadedFile[bytes] | None = self.cleaned_data.get("photo")
        if sent is None:
            return None
        try:
            return portrait(sent.read())
        except PhotoError as error:
            raise forms.ValidationError(PHOTO_REASONS[error.reason]) from error


class NewcomerForm(TidyForm):
    """What somebody who accepts an invitation says: name, password, language, time zone."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        validators=User._meta.get_field("full_name").validators,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least ten characters. Three words you can remember make a good one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    language = forms.ChoiceField(label=_("Language"), choices=own_language_names)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, required=False, widget=ZoneSelect(attrs={"data-own-zone": True})
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, beside its field."""
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(email=self.email, full_name=cleaned.get("full_name", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
