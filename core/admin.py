"""The audit trail in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core import event_words
from core.models import DomainEvent
from core.typed_text import clean_text
from core.web.administration import ReadOnlyAdmin, facts


def _with_code(words: str, code: str) -> str:
    """Return words, and small below them the code that the database knows; once where there are no words."""
    return words if words == code else format_html('{}<div class="quiet small">{}</div>', words, code)


@admin.register(DomainEvent)
class DomainEventAdmin(ReadOnlyAdmin):
    """What happened, newest first; ids and codes only."""

    list_lead = _("What happened on the platform, newest first. Numbers and codes only, never what someone wrote.")
    empty_title = _("No events yet")
    list_display = ("happened_at", "what", "actor", "group_id", "about")
    search_fields = ("kind", "target", "actor__email", "actor__full_name")
    search_help_text = _("Search by event, subject or person")
    list_select_related = ("actor",)
    fields = ("happened_at", "what", "actor", "group_id", "about", "with_facts")

    @admin.display(description=_("what"), ordering="kind")
    def what(self, event: DomainEvent) -> str:
        """Return what happened as a sentence, with its code below."""
        return _with_code(event_words.in_words(event.kind), event.kind)

    @admin.display(description=_("about"), ordering="target")
    def about(self, event: DomainEvent) -> str:
        """Return what it was about, with its code below."""
        return _with_code(event_words.about_in_words(event.target), event.target) if event.target else ""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find events also by the words of their sentences."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if words := clean_text(search_term, lines=False):
            found |= queryset.filter(kind__in=event_words.kinds_saying(words))
        return found, may_repeat

    @admin.display(description=_("with"))
    def with_facts(self, event: DomainEvent) -> str:
        """Return the ids and codes as words."""
        return facts(event.data)
