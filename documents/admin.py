"""Tools in the administration, to look at; papers and forms are not shown here: Admins configure, they do not read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import texts
from core.administration import ReadOnlyAdmin
from core.roles import Role
from core.templatetags.ui import chip
from documents.models import DocumentTemplate, Rendering
from documents.models.renderings import RenderingState

CHIPS = {RenderingState.READY: "done", RenderingState.FAILED: "due", RenderingState.PARKED: "late"}


@admin.register(DocumentTemplate)
class DocumentTemplateAdmin(ReadOnlyAdmin):
    """The tools of the packs."""

    list_lead = _("The forms that groups fill in. They come with a pack.")
    empty_title = _("No tool yet")
    empty_text = _("Tools come with a pack.")
    list_display = ("number", "title", "filled_in_by", "mandatory", "goes_to")
    list_display_links = ("title",)
    list_filter = ("is_offered",)
    fields = ("number", "title", "in_pack", "version", "filled_in_by", "mandatory", "read_by", "goes_to")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentTemplate]:
        """Return tools with their version in use."""
        return super().get_queryset(request).select_related("current", "pack")

    @admin.display(description=_("tool"))
    def title(self, tool: DocumentTemplate) -> str:
        """Return its name in the reader's language."""
        return str(tool)

    @admin.display(description=_("pack"))
    def in_pack(self, tool: DocumentTemplate) -> str:
        """Return the title of its pack."""
        return texts.text(tool.pack.title) or tool.pack.key

    @admin.display(description=_("version"))
    def version(self, tool: DocumentTemplate) -> str:
        """Return the number of the version in use."""
        return str(tool.current.version) if tool.current else ""

    @admin.display(description=_("filled in by"))
    def filled_in_by(self, tool: DocumentTemplate) -> str:
        """Return the roles that fill it in."""
        roles = [role for role in Role if tool.current and getattr(tool.current, f"by_{role.value}")]
        return ", ".join(str(role.label) for role in roles)

    @admin.display(description=_("mandatory"))
    def mandatory(self, tool: DocumentTemplate) -> str:
        """Say whether every group needs it."""
        return gettext("mandatory") if tool.current and tool.current.mandatory else gettext("optional")

    @admin.display(description=_("read by"))
    def read_by(self, tool: DocumentTemplate) -> str:
        """Return who reads it."""
        return str(tool.current.get_audience_display()) if tool.current else ""

    @admin.display(description=_("goes to"))
    def goes_to(self, tool: DocumentTemplate) -> str:
        """Return the folder it is filed in."""
        return str(tool.current.get_folder_kind_display()) if tool.current else ""


@admin.register(Rendering)
class RenderingAdmin(ReadOnlyAdmin):
    """PDFs in the making: states and errors, no contents."""

    list_lead = _("What the worker makes, newest first. States and reasons only, nothing of what is in the papers.")
    empty_title = _("No PDF was asked for yet")
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
        return str(rendering.get_kind_display())

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, rendering: Rendering) -> str:
        """Return the state as shape, word and colour."""
        state = RenderingState(rendering.state)
        return chip(CHIPS.get(state, "later"), str(state.label).capitalize())

    @admin.display(description=_("tries"), ordering="attempts")
    def tries(self, rendering: Rendering) -> int:
        """Return how often it was tried."""
        return rendering.attempts

    @admin.display(description=_("what went wrong"))
    def shown_error(self, rendering: Rendering) -> str:
        """Return the reason; nothing when all went well."""
        return rendering.error or gettext("nothing")

    @admin.display(description=_("asked for"), ordering="queued_at")
    def asked(self, rendering: Rendering) -> object:
        """Return when it was asked for."""
        return rendering.queued_at

    @admin.display(description=_("begun"))
    def began(self, rendering: Rendering) -> object:
        """Return when the worker began."""
        return rendering.started_at

    @admin.display(description=_("made"))
    def made(self, rendering: Rendering) -> object:
        """Return when it was made."""
        return rendering.finished_at
