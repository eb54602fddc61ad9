"""Programmes with their settings, and the packs they follow, in the administration."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import events, texts
from core.policy.roles import Audience
from core.templatetags.ui import chip
from core.web.administration import ReadOnlyAdmin
from core.web.forms import TidyModelForm
from mentoring.administration import ProgrammeScopedAdmin, administered, is_superuser
from mentoring.models import Organisation, Pack, Programme

CODE = re.compile(r"^[A-Z]{2,8}$")
HOW_IT_WORKS = (
    "duration_months", "sessions_target", "meeting_minutes", "in_person_target", "group_size_max", "diary_due_days",
    "acceptance_days", "diary_audiences", "absent_write_diaries", "advances_groups", "shows_emails", "retention_months",
)  # fmt: skip


class PackChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A pack by its title in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Return title and version."""
        return f"{texts.text(obj.title) or obj.key} ({obj.version})"


class ProgrammeForm(TidyModelForm):
    """A programme and how it works."""

    pack = PackChoice(
        queryset=Pack.objects.order_by("-loaded_at"), label=_("Pack"), empty_label=None,
        help_text=_("The tools, sessions and texts that groups work with."),
    )  # fmt: skip
    diary_audiences = forms.MultipleChoiceField(
        label=_("Who may read a diary"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("The Mentee chooses among these, and sees the choice above the first question."),
    )  # fmt: skip

    class Meta:
        model = Programme
        fields = (
            "organisation", "title", "season", "code", "sector", "pack", "default_language", "starts_on", "ends_on",
            "is_open", *HOW_IT_WORKS,
        )  # fmt: skip

    def clean_code(self) -> str:
        """Return capitals."""
        code = str(self.cleaned_data["code"]).strip().upper()
        if not CODE.match(code):
            raise ValidationError(gettext("Write two to eight letters from A to Z, without spaces or numbers."))
        if Programme.objects.exclude(pk=self.instance.pk).filter(code=code).exists():
            raise ValidationError(gettext("Another programme has this code. Choose another one."))
        return code

    def clean_diary_audiences(self) -> list[str]:
        """Return the chosen ones in the order of the words."""
        chosen = self.cleaned_data["diary_audiences"]
        return [value for value in Audience.values if value in chosen]


@admin.register(Programme)
class ProgrammeAdmin(ProgrammeScopedAdmin):
    """Programmes with their settings."""

    add_label = _("Add a programme")
    add_title = _("Add a programme")
    add_lead = _("The numbers below come from the newest pack. Change them now or later; nothing is lost.")
    save_label = _("Save the programme")
    list_lead = _("What an organisation runs: its dates, its rules, and how its groups work.")
    empty_title = _("No programme yet")
    empty_text = _("A programme says which tools groups use, how long they meet and when things are due.")
    after_add = reverse_lazy("admin:index")

    programme_path = "pk"
    admin_may = frozenset({"view", "change"})
    superuser_may = frozenset({"view", "add", "change", "delete"})
    form = ProgrammeForm
    list_display = ("title", "season", "organisation", "starts_on", "ends_on", "state", "group_count")
    list_select_related = ("organisation",)
    search_fields = ("title", "code", "organisation__name")
    search_help_text = _("Search by title, code or organisation")
    why_fixed = {  # noqa: RUF012 -- Django's way
        "code": _("It stands in the numbers of documents, so it stays."),
        "pack": _("Groups work with it, so it stays. Another pack needs a programme of its own."),
        "organisation": _("Whoever runs the platform can change it."),
    }
    fieldsets = (
        (None, {"fields": ("organisation", "title", "season", "code", "sector", "pack", "default_language")}),
        (_("When"), {"fields": ("starts_on", "ends_on", "is_open")}),
        (_("How it works"), {"fields": HOW_IT_WORKS}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return programmes with the number of their groups."""
        found = Programme.objects.annotate(group_total=Count("groups")).order_by("-starts_on", "title")
        return found.filter(pk__in=administered(request))

    @admin.display(description=_("groups"), ordering="group_total")
    def group_count(self, programme: Any) -> int:
        """Return how many groups it has."""
        return int(programme.group_total)

    @admin.display(description=_("new groups"), ordering="is_open")
    def state(self, programme: Programme) -> str:
        """Say whether groups can be opened."""
        return chip("done", gettext("Open")) if programme.is_open else chip("draft", gettext("Closed"))

    @admin.display(description=_("pack"))
    def pack_name(self, programme: Programme) -> str:
        """Return the title of its pack."""
        return texts.text(programme.pack.title) or programme.pack.key

    @admin.display(description=_("who may read a diary"))
    def audiences(self, programme: Programme) -> str:
        """Return the audiences in words."""
        words = dict(Audience.choices)
        return ", ".join(str(words.get(each, each)) for each in programme.diary_audiences)

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> tuple[str, ...]:
        """Keep what documents and groups already rest on; the organisation is for superusers to change."""
        if obj is None:
            return ()
        kept = ("code", "pack") if obj.groups_numbered else ()
        return kept if is_superuser(request) else (*kept, "organisation")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer organisations by name, without an empty line when there is only one."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "organisation" and field and Organisation.objects.count() == 1:
            field.empty_label = None
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the defaults of the newest pack."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if pack := Pack.objects.order_by("-loaded_at").first():
            initial |= {"pack": pack.pk} | {key: pack.settings[key] for key in HOW_IT_WORKS if key in pack.settings}
        return initial

    def save_model(self, request: HttpRequest, obj: Programme, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's
        """Save, and write down which settings changed."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            kind = "programme.changed" if change else "programme.created"
            events.record(kind, actor=request.user, target=obj, fields=",".join(form.changed_data)[:300])


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    """What `load_pack` brought."""

    list_lead = _("The programmes as data: tools, sessions, texts. They come with the command load_pack.")
    empty_title = _("No pack is loaded")
    empty_text = _("Whoever runs this server loads one: manage.py load_pack packs/blended-employment")
    list_display = ("shown_title", "version", "in_languages", "loaded_at")
    fields = ("shown_title", "shown_description", "key", "version", "in_languages", "licence", "loaded_at")

    @admin.display(description=_("title"))
    def shown_title(self, pack: Pack) -> str:
        """Return the title in the reader's language."""
        return texts.text(pack.title) or pack.key

    @admin.display(description=_("description"))
    def shown_description(self, pack: Pack) -> str:
        """Return the description in the reader's language."""
        return texts.text(pack.description)

    @admin.display(description=_("languages"))
    def in_languages(self, pack: Pack) -> str:
        """Return the languages by name."""
        return capfirst(", ".join(texts.language_name(code) for code in pack.languages))
