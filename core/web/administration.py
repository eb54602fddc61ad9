"""The base of our admin classes: Django's admin with our words, our forms and no scripts of its own."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models, transaction
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.keys import key_from
from core.search import contains_all
from core.typed_text import clean_text
from core.web.changed_meanwhile import NoticesChanges, changes_of, in_words
from core.web.forms import DayInput, TidyModelForm
from core.web.toasts import tell

Words = str | Promise


FILTER_LOOKUPS = frozenset(
    {"exact", "id__exact", "pk__exact", "isnull", "gte", "gt", "lt", "lte", "year", "month", "day"}
)
"""What a filter of a list sends after the name of its field."""


class TidyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """An admin drawn by our own templates.

    The words of its pages are attributes; `after_add` names the route one comes to after adding something (the list
    when empty), `why_fixed` says by field why it can only be read here, and where it is changed.
    """

    add_label: Words = ""
    add_title: Words = ""
    add_lead: Words = ""
    save_label: Words = ""
    list_lead: Words = ""
    empty_title: Words = ""
    empty_text: Words = ""
    after_add: Words = ""
    why_fixed: Mapping[str, Words] = {}  # noqa: RUF012 -- a class replaces it, nobody changes it
    folded_fields: tuple[str, ...] = ()
    confidential: frozenset[str] = frozenset()
    """Fields whose old and new values are not kept in “Who changed what”."""

    form = TidyModelForm
    actions = None
    empty_value_display = "–"
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    formfield_overrides = {  # noqa: RUF012 -- Django's way
        models.DateField: {"widget": DayInput},
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
    }

    def __init__(self, model: Any, admin_site: Any) -> None:
        super().__init__(model, admin_site)
        noticing: Any = type(self.form.__name__, (NoticesChanges, self.form), {})
        self.form = noticing

    @property
    def media(self) -> Media:
        """Nothing: our pages have their own styles and scripts."""
        return Media()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the field without pop-up windows that add what it points to, and without an empty choice as button."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, forms.RadioSelect):
            field.choices = [choice for choice in field.choices if choice[0]]  # type: ignore[attr-defined]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return what the page is about; what is sent twice at once is checked one after the other."""
        key = key_from(str(object_id))
        if request.method == "POST" and key is not None and transaction.get_connection().in_atomic_block:
            held = self.opts.model._default_manager.select_for_update(of=("self",), no_key=True)
            held.only("pk").filter(pk=key).first()
        return super().get_object(request, object_id, from_field)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list, under its own name."""
        words = {"title": capfirst(self.opts.verbose_name_plural), "words": self}
        return super().changelist_view(request, words | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,  # noqa: FBT001, FBT002 -- Django's
        form_url: str = "", obj: Any | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Show the form, under the name of what it changes."""
        # A refused form has put its values into the object; the page keeps the name that is stored.
        stored = self.get_queryset(request).filter(pk=obj.pk).first() if obj and context.get("errors") else obj
        context["title"] = self.add_title if add else str(stored)
        context |= {
            "words": self,
            "acts": [] if add else self.acts_on(request, obj),
            "can_save": add or self.has_change_permission(request, obj),
            "can_delete": not add and self.has_delete_permission(request, obj),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find also what is written with other letters, where `folded_fields` keep it."""
        words = clean_text(search_term, lines=False)
        found, may_repeat = super().get_search_results(request, queryset, words)
        if words and self.folded_fields:
            found |= queryset.filter(contains_all(words, *self.folded_fields))
        return found, may_repeat

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:  # noqa: ARG002 -- Django's
        """Let lists be filtered by what their filters name, and by nothing else.

        Django lets the address compare any field in any way, and so guess a password's hash letter by letter
        (`?password__startswith=…`).
        """
        filters = self.get_list_filter(request) if request else self.list_filter
        names = {str(each[0]) if isinstance(each, list | tuple) else each for each in filters}
        names |= {self.date_hierarchy} if self.date_hierarchy else set()
        return any(lookup == name or lookup.removeprefix(f"{name}__") in FILTER_LOOKUPS for name in names)

    def acts_on(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:  # noqa: ARG002 -- for subclasses
        """Return what can be done with `obj` besides changing it: `label`, `url`, and `post` or `danger` where true."""
        return []

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show who changed what and when, of plain fields from what to what."""
        answer = super().history_view(request, object_id, {"title": _("Changes"), **(extra_context or {})})
        for entry in getattr(answer, "context_data", {}).get("action_list", ()):
            entry.changes, entry.is_all_said = self._changes_in(entry)
        return answer

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:  # noqa: FBT001, FBT002 -- Django's
        """Keep what the plain fields said before and say now, beside the names of all that were changed."""
        message: Any = super().construct_change_message(request, form, formsets, add)
        if not add and message and "changed" in message[0]:
            message[0]["changed"]["values"] = changes_of(form, self.confidential)
        return message

    def _changes_in(self, entry: LogEntry) -> tuple[list[dict[str, Any]], bool]:
        """Return the changed fields with what they said before and after, and whether that is all that was changed."""
        try:
            changed = json.loads(entry.change_message)[0]["changed"]
        except (ValueError, LookupError, TypeError):
            return [], False
        found = []
        for name, was, now in changed.get("values", []):
            if field := self._field_of(name):
                words = {"was": in_words(field, was), "now": in_words(field, now)}
                found.append({"label": capfirst(field.label or name), **words})
        return found, len(found) == len(changed.get("fields", []))

    def _field_of(self, name: str) -> forms.Field | None:
        """Return the field of the form that has, or had, this name."""
        if name in self.form.base_fields:
            return self.form.base_fields[name]
        known = {each.name: each for each in self.opts.concrete_fields}
        return known[name].formfield() if name in known else None

    def saved_words(self, obj: Any, *, added: bool) -> str:
        """Return the sentence after saving."""
        words = _("Added: %(name)s.") if added else _("Changed: %(name)s.")
        return words % {"name": obj}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:  # noqa: ARG002 -- Django's
        """Say that it is there, and go on."""
        tell(request, self.saved_words(obj, added=True))
        return redirect(str(self.after_add) or self.list_url())

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say that it is changed, and go back to the list."""
        tell(request, self.saved_words(obj, added=False))
        return self.response_post_save_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:  # noqa: ARG002 -- Django's
        """Say that it is gone, and go back to the list."""
        tell(request, _("Deleted: %(name)s.") % {"name": obj_display})
        return redirect(self.list_url())

    def get_urls(self) -> list[Any]:
        """Return the pages, without Django's way from addresses of before 2015."""
        return [each for each in super().get_urls() if each.name]

    def list_url(self) -> str:
        """Return the address of the list."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def page_url(self, obj: Any) -> str:
        """Return the address of the page of `obj`."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:  # noqa: ARG002 -- Django's
        """Find nothing: what does not exist and what is not yours look the same."""
        raise Http404


class ReadOnlyAdmin(TidyAdmin):
    """An admin for superusers to look at rows that only services write."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:  # noqa: ARG002 -- Django's
        """Superusers only."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- Django's signature
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:  # noqa: ARG002 -- Django's
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:  # noqa: ARG002 -- Django's
        """Nobody."""
        return False


def facts(data: dict[str, Any]) -> str:
    """Return a flat dictionary as words: "role: mentor, user: 12"."""
    return ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in data.items())
