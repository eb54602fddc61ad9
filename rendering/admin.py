"""PDFs in the making in the administration: states and errors, never contents: Admins configure, they do not read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import chip
from core.web.administration import ReadOnlyAdmin
from rendering.models import Rendering, RenderingState
from rendering.pages.state import reason_of

CHIPS = {RenderingState.READY: "done", RenderingState.RETRYING: "due", RenderingState.FAILED: "late"}


@admin.register(Rendering)
class RenderingAdmin(ReadOnlyAdmin):
    """PDFs in the making: states and errors, no contents."""

    list_lead = _("What the worker makes, newest first. States and reasons only, nothing of what is in the documents.")
    empty_title = _("No PDFs yet")
    list_display = ("number", "what", "shown_state", "tries", "asked", "shown_error")
    list_filter = ("state",)
    ordering = ("-queued_at", "-pk")
    fields = ("number", "what", "shown_state", "tries", "shown_error", "asked", "began", "made", "pages")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rendering]:
        """Return renderings without the answers they are made of."""
        return super().get_queryset(request).order_by("-queued_at", "-pk")

    @admin.display(description=_("number"), ordering="pk")
    def number(self, rendering: Rendering) -> int:
        """Return its number."""
        return rendering.pk

    @admin.display(description=_("what"), ordering="kind")
    def what(self, rendering: Rendering) -> str:
        """Return what kind of PDF it is."""
        return capfirst(str(rendering.get_kind_display()))

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, rendering: Rendering) -> str:
        """Return the state as shape, word and colour."""
        state = RenderingState(rendering.state)
        return chip(CHIPS.get(state, "later"), str(state.label).capitalize())

    @admin.display(description=_("attempts"), ordering="attempts")
    def tries(self, rendering: Rendering) -> int:
        """Return how often it was tried."""
        return rendering.attempts

    @admin.display(description=_("error"))
    def shown_error(self, rendering: Rendering) -> str | None:
        """Return the reason in words; None when all went well."""
        return reason_of(rendering) or None

    @admin.display(description=_("requested"), ordering="queued_at")
    def asked(self, rendering: Rendering) -> object:
        """Return when it was asked for."""
        return rendering.queued_at

    @admin.display(description=_("started"))
    def began(self, rendering: Rendering) -> object:
        """Return when the worker began."""
        return rendering.started_at

    @admin.display(description=_("made"))
    def made(self, rendering: Rendering) -> object:
        """Return when it was made."""
        return rendering.finished_at
