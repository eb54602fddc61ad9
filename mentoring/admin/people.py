"""People and their roles in programmes, in the administration."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import time_zones
from accounts.models import User
from core.policy.roles import ProgrammeRole
from core.search import contains_all
from core.templatetags.ui import chip
from core.web.forms import TidyModelForm
from core.web.toasts import tell
from mentoring.administration import OwnProgrammesFilter, ProgrammeScopedAdmin, administered, is_superuser
from mentoring.models import Enrolment, Membership
from mentoring.services import invitations
from mentoring.services.memberships import enrol
from mentoring.services.people import change_account, end_enrolment, memberships_of
from mentoring.standing import Standing

SUGGESTIONS = 12


def people_of(request: HttpRequest) -> QuerySet[User]:
    """Return the people one may know here: of one's programmes; of a superuser all."""
    if is_superuser(request):
        return User.objects.order_by("full_name", "pk")
    inside = Enrolment.objects.filter(programme__in=administered(request)).values("user")
    return User.objects.filter(pk__in=inside).order_by("full_name", "pk")


class AccountForm(TidyModelForm):
    """What a superuser may change of an account. Passwords are nobody else's: people get a link by mail."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)
    changed_by: User

    class Meta:
        model = User
        fields = ("full_name", "email", "language", "time_zone", "is_active", "is_superuser")
        labels = {"is_superuser": _("Superuser")}  # noqa: RUF012 -- Django's way
        help_texts = {  # noqa: RUF012 -- Django's way
            "is_superuser": _("Sets up everything on this platform. Give this to two people at most."),
            "email": _("The person signs in with it."),
        }

    def clean_email(self) -> str:
        """Return small letters; an address belongs to one person."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.exclude(pk=self.instance.pk).filter(email__iexact=email).exists():
            raise ValidationError(gettext("Another person has this address."))
        return email

    def clean(self) -> dict[str, Any]:
        """Refuse to lock oneself out."""
        cleaned = super().clean() or {}
        if self.instance.pk == self.changed_by.pk:
            for name in ("is_active", "is_superuser"):
                if name in self.fields and not cleaned.get(name):
                    self.add_error(name, _("Someone else has to do this to your account."))
        return cleaned


@admin.register(User)
class PersonAdmin(ProgrammeScopedAdmin):
    """People: a Programme Admin looks at those of the own programmes, a superuser changes accounts."""

    confidential = frozenset({"full_name", "email"})
    list_lead = _("Everyone with an account. New people come by invitation.")
    empty_title = _("Nobody here yet")
    save_label = _("Save the account")

    admin_may = frozenset({"view"})
    superuser_may = frozenset({"view", "change"})
    form = AccountForm
    list_display = ("full_name", "email", "roles", "state")
    search_fields = ("full_name", "email")
    folded_fields = ("search_text",)
    search_help_text = _("Search by name or address")
    fieldsets = (
        (None, {"fields": ("full_name", "email", "language", "time_zone", "role_pages")}),
        (_("Signing in"), {"fields": ("is_active", "is_superuser", "last_login", "date_joined")}),
    )
    readonly_fields = ("role_pages", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return people with their roles in the programmes that the reader administers."""
        live = Enrolment.objects.live().filter(programme__in=administered(request)).select_related("programme")
        return people_of(request).prefetch_related(Prefetch("enrolments", live.order_by("pk"), to_attr="known_roles"))

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        """Filter by language; superusers also by who may sign in."""
        return ("is_active", "language") if is_superuser(request) else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Show a Programme Admin name, address and roles, no more."""
        if is_superuser(request):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("full_name", "email", "language", "role_pages")}),)

    def get_form(self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 -- Django's
        """Tell the form who changes."""
        form = super().get_form(request, obj, change, **kwargs)
        form.changed_by = request.user  # type: ignore[attr-defined]
        return form

    @admin.display(description=_("roles"))
    def roles(self, person: Any) -> str:
        """Return the roles, one a line."""
        return "\n".join(f"{each.get_role_display()}: {each.programme}" for each in person.known_roles)

    @admin.display(description=_("roles"))
    def role_pages(self, person: Any) -> str:
        """Return the roles, each leading to the page that ends it."""
        lines = (
            (reverse("admin:mentoring_enrolment_change", args=[each.pk]), each.get_role_display(), each.programme)
            for each in person.known_roles
        )
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}: {}</a>', lines)

    def acts_on(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:  # noqa: ARG002 -- the base's signature
        """Offer another role."""
        url = f"{reverse('admin:mentoring_enrolment_add')}?{urlencode({'person': obj.email})}"
        return [{"label": _("Give another role"), "url": url}] if obj.is_active else []

    @admin.display(description=_("state"))
    def state(self, person: User) -> str:
        """Say whether the person may sign in."""
        return capfirst(gettext("may sign in")) if person.is_active else chip("paused", gettext("Switched off"))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001 -- Django's
        """Save through the service: doors and sign-in follow."""
        change_account(person=obj, by=request.user, old_email=form.initial.get("email", obj.email))  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what was changed of an account; superusers only."""
        if not is_superuser(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_urls(self) -> list[Any]:
        """Drop the routes for adding and deleting people; add the suggestions for a field that takes a person."""
        own = path("suggest/", self.admin_site.admin_view(self.suggest), name="accounts_user_suggest")
        dropped = {"accounts_user_add", "accounts_user_delete"}
        return [own, *(each for each in super().get_urls() if each.name not in dropped)]

    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Return people whose name or address contains what was typed."""
        words = request.GET.get("person", "").strip()
        found = people_of(request).filter(
            contains_all(words, "search_text") | Q(email__icontains=words), is_active=True
        )
        people = found[:SUGGESTIONS] if len(words) > 1 else []
        return TemplateResponse(request, "mentoring/admin/people_suggest.html", {"people": people})


class PersonInput(forms.TextInput):
    """A person by address, with suggestions while one types; works by typing the whole address too."""

    template_name = "mentoring/admin/person_input.html"

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "inputmode": "email", "list": "people-found"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add where suggestions come from."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "hx-get": reverse("admin:accounts_user_suggest"), "hx-trigger": "input changed delay:250ms",
            "hx-target": "#people-found",
        }  # fmt: skip
        return context


class EnrolmentForm(TidyModelForm):
    """Another role for somebody who has an account. `known` and `enroller` are set by the admin, per request."""

    person = forms.CharField(
        label=_("Who"), max_length=254, widget=PersonInput,
        help_text=_("Type the address, or part of the name and choose. Someone new gets an invitation instead."),
    )  # fmt: skip
    known: QuerySet[User]
    enroller: User

    class Meta:
        model = Enrolment
        fields = ("programme", "role")
        widgets = {"role": forms.RadioSelect}  # noqa: RUF012 -- Django's way

    def clean_person(self) -> User:
        """Return the person of that address or, when only one has it, of that name."""
        words = self.cleaned_data["person"].strip()
        found = list(self.known.filter(email__iexact=words)) or list(self.known.filter(full_name__iexact=words)[:2])
        if len(found) != 1:
            raise ValidationError(gettext("Nobody you know here has this address. Send an invitation instead."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        """Refuse a role that one may not give or that the person has; open an ended one again."""
        cleaned = super().clean() or {}
        programme, role, person = cleaned.get("programme"), cleaned.get("role"), cleaned.get("person")
        if not (programme and role and person):
            return cleaned
        if role not in invitations.may_invite(standing=Standing.of(self.enroller), programme=programme):
            self.add_error("role", _("You cannot give this role."))
        before = Enrolment.objects.of_programme(programme).in_role(role).filter(user=person)
        if before.live().exists():
            self.add_error("person", _("This person has that role in this programme already."))
        elif ended := before.first():
            self.instance = ended
        return cleaned


@admin.register(Enrolment)
class EnrolmentAdmin(ProgrammeScopedAdmin):
    """Who has which role in a programme. A role is given and ended, never changed."""

    add_label = _("Give someone a role")
    add_title = _("Give someone a role")
    add_lead = _("For people who have an account already. Someone new gets an invitation.")
    save_label = _("Give the role")
    list_lead = _("Roles in programmes.")
    empty_title = _("Nobody has a role yet")
    empty_text = _("Invite a Manager first.")

    admin_may = superuser_may = frozenset({"view", "add"})
    form = EnrolmentForm
    list_display = ("user", "role", "programme", "created_at", "state")
    list_filter = ("role", ("programme", OwnProgrammesFilter))
    list_select_related = ("user", "programme")
    search_fields = ("user__full_name", "user__email")
    folded_fields = ("user__search_text",)
    search_help_text = _("Search by name or address")
    ordering = ("user__full_name", "role", "pk")

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> tuple[str, ...]:
        """Return the fields of a new one, or the facts of one that is there."""
        return ("programme", "person", "role") if obj is None else ("user", "role", "programme", "created_at", "state")

    def get_form(self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 -- Django's
        """Tell the form who enrols, and whom one may know."""
        form = super().get_form(request, obj, change, **kwargs)
        form.enroller = request.user  # type: ignore[attr-defined]
        form.known = people_of(request).filter(is_active=True)  # type: ignore[attr-defined]
        return form

    @admin.display(description=_("state"))
    def state(self, enrolment: Enrolment) -> str:
        """Say whether it still holds."""
        live = enrolment.ended_at is None
        return chip("done", gettext("In force")) if live else chip("paused", gettext("Ended"))

    def save_model(self, request: HttpRequest, obj: Enrolment, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001 -- Django's
        """Enrol through the service."""
        made = enrol(programme_id=obj.programme_id, user=form.cleaned_data["person"], role=ProgrammeRole(obj.role))
        obj.pk, obj.user, obj._state.adding = made.pk, made.user, False

    def acts_on(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        """Offer to end it; one's own work as Admin is for somebody else to end."""
        own_desk = obj.role == ProgrammeRole.ADMIN and obj.user_id == request.user.pk and not is_superuser(request)
        if obj.ended_at is not None or own_desk:
            return []
        return [{"label": _("End this role"), "url": reverse("admin:mentoring_enrolment_end", args=[obj.pk])}]

    def get_urls(self) -> list[Any]:
        """Add the page that ends a role."""
        own = path("<key:pk>/end/", self.admin_site.admin_view(self.end), name="mentoring_enrolment_end")
        return [own, *super().get_urls()]

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, naming the groups the person leaves; then end the role."""
        enrolment = self.get_object(request, str(pk))
        if enrolment is None or not self.has_add_permission(request) or enrolment.ended_at is not None:
            raise PermissionDenied
        if request.method != "POST":
            carried = memberships_of(enrolment)
            groups = [each.group.name for each in carried]
            alone = [each.group.name for each in Membership.objects.only_managers(carried)]
            context = {
                **self.admin_site.each_context(request), "enrolment": enrolment, "opts": self.opts,
                "groups": groups, "alone": alone, "way_out_url": self.page_url(enrolment),
            }  # fmt: skip
            return TemplateResponse(request, "mentoring/admin/enrolment_end.html", context)
        try:
            end_enrolment(enrolment=enrolment, by=request.user)  # type: ignore[arg-type]
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.page_url(enrolment))
        self.log_change(request, enrolment, [{"changed": {"fields": ["ended_at"]}}])
        tell(request, gettext("Ended: %(name)s.") % {"name": enrolment})
        return redirect(self.list_url())
