"""Organisations in the administration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.validators import RegexValidator
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.web.forms import TidyModelForm
from mentoring.administration import ProgrammeScopedAdmin, administered, is_superuser
from mentoring.models import Organisation, Programme
from mentoring.services.logos import LogoError, logo


class OrganisationForm(TidyModelForm):
    """Who runs programmes, and what stands at the top of their documents."""

    country = forms.CharField(
        label=_("Country"), required=False, max_length=2, help_text=_("Two letters: LT, BG, FI."),
        validators=[RegexValidator(r"^[A-Za-z]{2}$", _("Write two letters, such as LT."))],
    )  # fmt: skip
    new_logo = forms.FileField(
        label=_("Logo"), required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text=_("JPEG or PNG, up to 5 MB. Printed at the top of documents, at most 18 mm high."),
    )  # fmt: skip
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = Organisation
        fields = ("name", "place", "country", "contact_email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.logo:
            self.fields.pop("remove_logo", None)

    def clean_country(self) -> str:
        """Return capitals."""
        return str(self.cleaned_data["country"]).upper()

    def clean_new_logo(self) -> bytes | None:
        """Return the picture written anew, or None when none was sent."""
        sent = self.cleaned_data.get("new_logo")
        if sent is None:
            return None
        try:
            return logo(sent.read())
        except LogoError as error:
            raise forms.ValidationError(_("We cannot use this file as a picture. Choose a JPEG or PNG.")) from error


@admin.register(Organisation)
class OrganisationAdmin(ProgrammeScopedAdmin):
    """Organisations. A Programme Admin changes one only when all its programmes are the own ones."""

    add_label = _("Add an organisation")
    add_title = _("Add an organisation")
    add_lead = _("The school, university, training centre or job service that runs the programme.")
    save_label = _("Save the organisation")
    list_lead = _("The organisations that run programmes here. Their name and logo appear on every document.")
    empty_title = _("No organisation yet")
    empty_text = _("A programme belongs to an organisation. Add yours first.")
    after_add = reverse_lazy("admin:index")

    programme_path = "programmes"
    admin_may = frozenset({"view", "change"})
    superuser_may = frozenset({"view", "add", "change", "delete"})
    form = OrganisationForm
    list_display = ("name", "place", "country", "programme_count")
    search_fields = ("name", "place")
    search_help_text = _("Search by name or place")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return organisations with the number of their programmes that this person administers."""
        own = Programme.objects.filter(pk__in=administered(request)).values("organisation")
        found = Organisation.objects.annotate(programme_total=Count("programmes")).order_by("name")
        return found if is_superuser(request) else found.filter(pk__in=own)

    @admin.display(description=_("programmes"), ordering="programme_total")
    def programme_count(self, organisation: Any) -> int:
        """Return how many programmes it runs."""
        return int(organisation.programme_total)

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """Return whether it may be changed: never when it runs programmes of other Admins too."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or is_superuser(request):
            return True
        return not obj.programmes.exclude(pk__in=administered(request)).exists()

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> tuple[str, ...]:
        """Return the fields; the logo only where it can be changed."""
        fields = ("name", "place", "country", "contact_email")
        if obj is None or not self.has_change_permission(request, obj):
            return (*fields, "new_logo") if obj is None else fields
        return (*fields, "new_logo", "remove_logo") if obj.logo else (*fields, "new_logo")

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's
        """Save, and store the new logo or take the old one away."""
        picture = form.cleaned_data.get("new_logo")
        if picture:
            obj.logo.save("logo.png", ContentFile(picture), save=False)
        elif form.cleaned_data.get("remove_logo"):
            obj.logo = ""
        super().save_model(request, obj, form, change)
