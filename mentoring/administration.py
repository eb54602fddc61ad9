"""The base of admin classes: superusers do everything, Programme Admins what concerns their programmes."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.web.administration import TidyAdmin
from mentoring.models import Programme


def administered(request: HttpRequest) -> frozenset[int]:
    """Return the numbers of the programmes that this person administers now, asked once per request.

    They come from live enrolments; of a superuser they are all.
    """
    kept: frozenset[int] | None = getattr(request, "_administered", None)
    if kept is None:
        found = Programme.objects.administered_by(request.standing)  # type: ignore[attr-defined]
        kept = frozenset(found.values_list("pk", flat=True))
        request._administered = kept  # type: ignore[attr-defined]
    return kept


def is_superuser(request: HttpRequest) -> bool:
    """Return whether this is an active superuser."""
    return bool(request.user.is_authenticated and request.user.is_active and request.user.is_superuser)


def may_enter(request: HttpRequest) -> bool:
    """Return whether the administration exists for this person; the staff flag alone opens nothing."""
    return is_superuser(request) or bool(administered(request))


class OwnProgrammesFilter(admin.RelatedFieldListFilter):
    """A filter by programme that names only the programmes one administers."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:  # noqa: ARG002 -- Django's
        """Return the own programmes."""
        own = Programme.objects.filter(pk__in=administered(request))
        return [(programme.pk, str(programme)) for programme in own]


class ProgrammeScopedAdmin(TidyAdmin):
    """An admin that shows a Programme Admin the objects of the own programmes and nothing else.

    `programme_path`: lookup from the object to its programme. `admin_may`: what a Programme Admin may do;
    `superuser_may`: what a superuser may.
    """

    programme_path = "programme"
    admin_may: frozenset[str] = frozenset({"view", "add", "change"})
    superuser_may: frozenset[str] = frozenset({"view", "add", "change"})

    def may(self, request: HttpRequest, what: str, obj: Any | None = None) -> bool:
        """Return whether this person may do `what`, with `obj` or at all."""
        if is_superuser(request):
            return what in self.superuser_may
        if what not in self.admin_may or not administered(request):
            return False
        return obj is None or self.is_mine(request, obj)

    def is_mine(self, request: HttpRequest, obj: Any) -> bool:
        """Return whether `obj` belongs to one of this person's programmes, by the same rule as the list."""
        answers: dict[tuple[str, Any], bool] = request.__dict__.setdefault("_admin_mine", {})
        key = (obj._meta.label, obj.pk)
        if key not in answers:
            answers[key] = self.get_queryset(request).filter(pk=obj.pk).exists()
        return answers[key]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the objects of one's programmes; of a superuser all."""
        found = super().get_queryset(request)
        if is_superuser(request):
            return found
        return found.filter(Q(**{f"{self.programme_path}__in": administered(request)}))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only what belongs to one's own programmes."""
        model = db_field.related_model
        if path := {"programme": "pk__in", "mentoringgroup": "programme__in"}.get(model._meta.model_name):
            offered = kwargs.get("queryset", model._default_manager.all())
            kwargs["queryset"] = offered.filter(**{path: administered(request)})
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Choose the programme when there is only one to choose."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        own = administered(request)
        if len(own) == 1 and self._has_field("programme"):
            initial.setdefault("programme", next(iter(own)))
        return initial

    def _has_field(self, name: str) -> bool:
        try:
            self.opts.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the list appears at all."""
        return self.may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """Return whether it may be seen."""
        return self.may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether one may be added."""
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """Return whether it may be changed."""
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """Return whether it may be deleted."""
        return self.may(request, "delete", obj)
