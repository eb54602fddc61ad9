"""The admin site: for superusers and Programme Admins; for anybody else there is nothing here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

# Pages of Django's site that have no use here: passwords are changed on one's own page, nothing opens in pop-ups.
DROPPED = {"password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site"}

# What the lists are for, in the words of the field; what is not named here comes last.
SECTIONS: tuple[tuple[Any, tuple[tuple[str, str, Any], ...]], ...] = (
    (_("Manage"), (
        ("mentoring.Organisation", "briefcase", _("Who runs programmes")),
        ("mentoring.Programme", "signpost-2", _("Dates, rules, how groups work")),
        ("mentoring.MentoringGroup", "people", _("Opened and run by Managers")),
    )),
    (_("Who is here"), (
        ("mentoring.Invitation", "envelope", _("Sent, accepted, withdrawn")),
        ("mentoring.Enrolment", "person-lines-fill", _("Roles in programmes")),
        ("accounts.User", "person", _("Everyone with an account")),
    )),
    (_("System"), (
        ("tools.Tool", "file-earmark-text", _("The forms of the packs")),
        ("mentoring.Pack", "book", _("Loaded on the server")),
        ("rendering.Rendering", "file-earmark-pdf", _("What the worker makes")),
        ("accounts.Mail", "envelope", _("Who was sent what")),
        ("core.DomainEvent", "list", _("Audit log")),
    )),
)  # fmt: skip


class ProgrammeAdminSite(admin.AdminSite):
    """Django's admin with the platform's name and look; one signs in and out on the platform's own pages."""

    site_title = site_header = _("Administration")
    index_title = _("What do you want to set up?")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may enter: superusers, and who is a Programme Admin at this moment."""
        from mentoring.administration import may_enter  # noqa: PLC0415 -- this module is read before the models

        return may_enter(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        """Guard a page: sign in first; what one may not see or do is not there."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise Http404
            try:
                answer: HttpResponseBase = inner(request, *args, **kwargs)
            except PermissionDenied as error:
                raise Http404 from error
            return answer

        return guarded

    def get_urls(self) -> list[Any]:
        """Return the pages without those that have no use here; strangers are sent straight to our own sign-in."""
        kept = [each for each in super().get_urls() if getattr(each, "name", "") not in DROPPED]
        for each in kept:
            if callback := getattr(each, "callback", None):
                vars(callback).pop("login_url", None)
        return kept

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page needs; the lists of models are on the first page only."""
        return {"site_title": self.site_title, "has_permission": self.has_permission(request), "is_popup": False}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what is set up, what is missing, and then the lists."""
        from mentoring.pages.setting_up import setting_up  # noqa: PLC0415 -- this module is read before the models

        context = {
            **self.each_context(request), "title": self.index_title, **setting_up(request),
            "sections": self._sections(request), **(extra_context or {}),
        }  # fmt: skip
        return TemplateResponse(request, "admin/index.html", context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:  # noqa: ARG002 -- Django's
        """Lead to the first page: it names every list."""
        return redirect("admin:index")

    def _sections(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = {
            model["model"]._meta.label: model
            for app in self._build_app_dict(request).values()
            for model in app["models"]
        }
        sections = []
        for title, entries in SECTIONS:
            lists = [found.pop(label) | {"icon": icon, "note": note} for label, icon, note in entries if label in found]
            sections.append({"title": title, "lists": lists})
        sections[-1]["lists"] += [model | {"icon": "list", "note": ""} for model in found.values()]
        return [section for section in sections if section["lists"]]

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 -- Django's
        """Send to the platform's own sign-in."""
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("admin:index"))
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ARG002 -- Django's
        """Send to the platform's own sign-out."""
        return redirect("account_logout")
