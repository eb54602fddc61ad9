"""The audit trail in the administration."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.models import DomainEvent
from core.web.administration import ReadOnlyAdmin, facts


@admin.register(DomainEvent)
class DomainEventAdmin(ReadOnlyAdmin):
    """What happened, newest first; ids and codes only."""

    list_lead = _("What happened on the platform, newest first. Numbers and codes only, never what someone wrote.")
    empty_title = _("No events yet")
    list_display = ("happened_at", "kind", "actor", "group_id", "target")
    search_fields = ("kind", "target", "actor__email", "actor__full_name")
    search_help_text = _("Search by event, subject or person")
    list_select_related = ("actor",)
    fields = ("happened_at", "kind", "actor", "group_id", "target", "with_facts")

    @admin.display(description=_("with"))
    def with_facts(self, event: DomainEvent) -> str:
        """Return the ids and codes as words."""
        return facts(event.data)
