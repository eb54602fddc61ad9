"""Mentoring groups in the administration: what they are called and who runs them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.policy.roles import ProgrammeRole, Role
from core.texts import within
from core.web.forms import TidyModelForm
from mentoring import stops
from mentoring.administration import OwnProgrammesFilter, ProgrammeScopedAdmin
from mentoring.models import Membership, MembershipProposal, MentoringGroup
from mentoring.people_choice import PersonChoice, enrolled
from mentoring.services import places
from mentoring.services.groups import change_group
from mentoring.services.proposals import deciders_of, put_into_group

CALLED = ("name", "motto", "kind", "form", "starts_on", "ends_on")


class GroupAdminForm(TidyModelForm):
    """Name and dates of a group, and one more Manager where the first one is gone."""

    new_manager = PersonChoice(
        queryset=User.objects.none(), label=_("One more Manager"), required=False, empty_label=_("Nobody"),
        help_text=_("From the Managers of the programme. Someone of the group must agree; everyone in it sees this."),
    )  # fmt: skip

    class Meta:
        model = MentoringGroup
        fields = CALLED
        widgets = {"kind": forms.RadioSelect, "form": forms.RadioSelect}  # noqa: RUF012 -- Django's way

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "new_manager" in self.fields and self.instance.pk:
            inside = Membership.objects.live().of_group(self.instance).values("user")
            managers = enrolled(self.instance.programme, ProgrammeRole.MANAGER).exclude(pk__in=inside)
            self.fields["new_manager"].queryset = managers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse dates in the wrong order, and a pair of more than one Mentee."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end is before the start."))
        kind = cleaned.get("kind")
        if kind and (why := places.why_not_of_kind(self.instance, kind)):
            self.add_error("kind", why)
        manager = cleaned.get("new_manager")
        if manager and MembershipProposal.objects.open().filter(group=self.instance.pk, user=manager).exists():
            self.add_error("new_manager", _("This person is proposed already, and waits for consent."))
        return cleaned


@admin.register(MentoringGroup)
class MentoringGroupAdmin(ProgrammeScopedAdmin):
    """Groups. Managers open them and choose people on their own pages; documents and diaries are not shown here."""

    list_lead = _("Managers open groups and choose their people on their own pages. What groups write stays with them.")
    empty_title = _("No group yet")
    empty_text = _("The Managers of a programme open its groups. Invite a Manager, and the group will appear here.")
    save_label = _("Save the group")

    admin_may = superuser_may = frozenset({"view", "change"})
    form = GroupAdminForm
    list_display = ("name", "programme", "stage", "managers", "mentees", "starts_on", "ends_on")
    list_filter = ("stage", ("programme", OwnProgrammesFilter))
    search_fields = ("name", "motto")
    folded_fields = ("search_text",)
    search_help_text = _("Search by name or motto")
    fieldsets = (
        (None, {"fields": ("programme", "stage", "people")}),
        (_("What it is called and when it runs"), {"fields": CALLED}),
        (_("Who runs it"), {"fields": ("new_manager",)}),
    )
    readonly_fields = ("programme", "stage", "people")
    why_fixed = {  # noqa: RUF012 -- Django's way
        "programme": _("A group stays in its programme, whose tools it works with."),
        "stage": _("The Manager of the group changes it, on the pages of the group."),
        "people": _("The Manager of the group adds and removes people, on the pages of the group."),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return groups with the number of Mentees and their people."""
        return super().get_queryset(request).for_list()  # type: ignore[no-any-return,attr-defined]

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Return the fieldsets; nobody joins an archive, and nothing of it is changed."""
        if obj is None or not (stop := stops.changing(obj)):
            return self.fieldsets
        return (self.fieldsets[0], (self.fieldsets[1][0], {"fields": CALLED, "description": stop}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Return what can only be read; of an archive that is everything."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, *CALLED) if obj is not None and obj.is_read_only else fixed

    @admin.display(description=_("Mentees"), ordering="mentee_count")
    def mentees(self, group: Any) -> int:
        """Return how many Mentees it has."""
        return int(group.mentee_count)

    @admin.display(description=_("Manager"))
    def managers(self, group: Any) -> str:
        """Return who runs it."""
        return ", ".join(each.user.full_name for each in group.live_memberships if each.role == Role.MANAGER)

    @admin.display(description=_("people"))
    def people(self, group: Any) -> str:
        """Return the members and their roles, one a line."""
        return "\n".join(f"{each.user.full_name}, {within(each.get_role_display())}" for each in group.live_memberships)

    def save_model(self, request: HttpRequest, obj: MentoringGroup, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001 -- Django's
        """Change through the services, which write down what happened and open the doors of a new Manager."""
        stored = MentoringGroup.objects.select_for_update().get(pk=obj.pk)
        values = {name: form.cleaned_data[name] for name in CALLED if name in form.cleaned_data}
        change_group(group=stored, by=request.user, **values)  # type: ignore[arg-type]
        if manager := form.cleaned_data.get("new_manager"):
            made = put_into_group(group=stored, user=manager, role=Role.MANAGER, by=request.user)  # type: ignore[arg-type]
            if isinstance(made, MembershipProposal):
                messages.info(request, _consent_words(made, manager.full_name))


def _consent_words(proposal: MembershipProposal, name: str) -> str:
    """Say what happens to a proposal now."""
    if deciders_of(proposal):
        text = gettext("%(name)s joins as soon as someone else agrees. Whoever can agree gets an e-mail.")
    else:
        text = gettext("%(name)s is proposed, but nobody else can agree at present: there is no other administrator.")
    return text % {"name": name}
