"""Invitations in the administration: the only way in."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from core.keys import key_from
from core.policy.roles import ProgrammeRole
from core.templatetags.ui import chip
from core.web.toasts import tell
from mentoring.administration import OwnProgrammesFilter, ProgrammeScopedAdmin, administered
from mentoring.forms import AsksIfInvited
from mentoring.models import Enrolment, Invitation, MentoringGroup, Programme
from mentoring.services import invitations
from mentoring.standing import Standing

FIELDS = ("programme", "role", "email", "full_name", "language", "group")


class GroupChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A group with its programme, for two programmes may have groups of the same name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, and the programme."""
        return f"{obj.name}, {obj.programme}"


class InvitationAdminForm(AsksIfInvited):
    """Whom to invite, as what. `inviter` is set by the admin, per request."""

    inviter: User

    class Meta:
        model = Invitation
        fields = FIELDS
        widgets = {"role": forms.RadioSelect}  # noqa: RUF012 -- Django's way
        help_texts = {  # noqa: RUF012 -- Django's way
            "email": _("The link works for this address only, once, for 14 days."),
            "full_name": _("Used in the e-mail; the person can change it."),
            "role": _(
                "A Manager opens and runs groups. A Programme Admin sets up the programme and reads no documents."
            ),
            "group": _("The person joins this group at once. You can choose later."),
        }

    def clean_email(self) -> str:
        """Return small letters."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Refuse, beside the fields, what the service would refuse, and who is there already."""
        cleaned = super().clean() or {}
        programme, role, group = cleaned.get("programme"), cleaned.get("role"), cleaned.get("group")
        if not programme or not role:
            return cleaned
        if role not in invitations.may_invite(standing=Standing.of(self.inviter), programme=programme):
            self.add_error("role", _("You cannot invite people in this role."))
        if group and group.programme_id != programme.pk:
            self.add_error("group", _("This group belongs to another programme."))
        elif group and role == ProgrammeRole.ADMIN:
            self.add_error("group", _("A Programme Admin is in no group. Leave this empty."))
        else:
            self.refuse_without_place(cleaned)
        held = Enrolment.objects.live().of_programme(programme).in_role(role)
        if held.filter(user__email__iexact=cleaned.get("email", "")).exists():
            self.add_error("email", _("This person has that role in this programme already."))
        else:
            self.ask_if_invited(cleaned, programme, Standing.of(self.inviter))
        return cleaned


@admin.register(Invitation)
class InvitationAdmin(ProgrammeScopedAdmin):
    """Invitations: adding one sends it; they are withdrawn or sent anew, never changed."""

    add_label = _("Invite a person")
    add_title = _("Invite a person")
    add_lead = _("We send an e-mail with a link. The person opens it, chooses a name and a password, and is signed in.")
    save_label = _("Send the invitation")
    list_lead = _("Who was invited, and whether they accepted.")
    empty_title = _("Nobody is invited yet")
    empty_text = _("Begin with the Managers: they open the groups and invite Mentors and Mentees.")

    admin_may = superuser_may = frozenset({"view", "add"})
    form = InvitationAdminForm
    list_display = ("email", "role", "programme", "state", "created_at")
    list_filter = ("role", ("programme", OwnProgrammesFilter))
    list_select_related = ("programme",)
    search_fields = ("email", "full_name")
    search_help_text = _("Search by name or address")
    ordering = ("-created_at",)

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> str:
        """Return what became of it."""
        if invitation.accepted_at:
            return chip("done", gettext("Accepted"))
        if invitation.revoked_at:
            return chip("waived", gettext("Withdrawn"))
        return chip("later", gettext("Waiting")) if invitation.is_open else chip("check", gettext("Expired"))

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> tuple[str, ...]:
        """Return the fields; of one that was sent also what became of it."""
        return (
            (*FIELDS, "is_anew_meant") if obj is None else ("state", *FIELDS, "invited_by", "created_at", "expires_at")
        )

    def get_form(self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 -- Django's
        """Tell the form who invites."""
        form = super().get_form(request, obj, change, **kwargs)
        form.inviter = request.user  # type: ignore[attr-defined]
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer groups that still run, with their programme."""
        if db_field.name == "group":
            running = MentoringGroup.objects.not_over().select_related("programme").order_by("programme", "name")
            kwargs |= {"queryset": running, "form_class": GroupChoice, "empty_label": gettext("No group yet")}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer to invite a Manager: the first thing an Admin does."""
        initial = {"role": ProgrammeRole.MANAGER.value} | super().get_changeform_initial_data(request)
        wanted = str(initial.get("programme", ""))
        if key_from(wanted) in administered(request):
            initial.setdefault("language", Programme.objects.get(pk=wanted).default_language)
        return initial

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001 -- Django's
        """Invite through the service, which writes the mail."""
        made = invitations.invite(
            programme=obj.programme, email=obj.email, role=ProgrammeRole(obj.role), invited_by=request.user,  # type: ignore[arg-type]
            full_name=obj.full_name, language=obj.language, group=obj.group,
        )  # fmt: skip
        obj.pk, obj._state.adding = made.pk, False

    def saved_words(self, obj: Any, *, added: bool) -> str:  # noqa: ARG002 -- nothing else happens to them
        """Say that it is on its way."""
        return gettext("The invitation to %(email)s is on its way.") % {"email": obj.email}

    def acts_on(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:  # noqa: ARG002 -- the base's signature
        """Offer to send it again, and to withdraw it while it is open."""
        acts: list[dict[str, Any]] = []
        if obj.accepted_at is None and obj.revoked_at is None:
            url = reverse("admin:mentoring_invitation_resend", args=[obj.pk])
            acts.append({"label": _("Send a new link"), "url": url, "post": True})
        if obj.is_open:
            url = reverse("admin:mentoring_invitation_withdraw", args=[obj.pk])
            acts.append({"label": _("Withdraw"), "url": url, "post": True})
        return acts

    def get_urls(self) -> list[Any]:
        """Add the two acts."""
        view = self.admin_site.admin_view
        own = [
            path("<key:pk>/resend/", view(require_POST(self.resend)), name="mentoring_invitation_resend"),
            path("<key:pk>/withdraw/", view(require_POST(self.withdraw)), name="mentoring_invitation_withdraw"),
        ]
        return [*own, *super().get_urls()]

    def _own(self, request: HttpRequest, pk: int) -> Invitation:
        invitation = self.get_object(request, str(pk))
        if invitation is None or not self.has_add_permission(request):
            raise PermissionDenied
        return invitation  # type: ignore[no-any-return]

    def resend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a new link; the old one stops working."""
        invitation = self._own(request, pk)
        try:
            made = invitations.invite_again(invitation=invitation, by=request.user)  # type: ignore[arg-type]
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.page_url(invitation))
        self.log_addition(request, made, [{"added": {}}])
        tell(request, self.saved_words(made, added=True))
        return redirect(self.list_url())

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw an open invitation; its link stops working."""
        invitation = self._own(request, pk)
        try:
            invitations.withdraw(invitation=invitation, by=request.user)  # type: ignore[arg-type]
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.page_url(invitation))
        self.log_change(request, invitation, [{"changed": {"fields": ["revoked_at"]}}])
        tell(request, gettext("Withdrawn. The link sent to %(email)s no longer works.") % {"email": invitation.email})
        return redirect(self.list_url())
