"""Tools in the administration, to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import texts
from core.policy.roles import Role
from core.web.administration import ReadOnlyAdmin
from tools.models import Tool


@admin.register(Tool)
class ToolAdmin(ReadOnlyAdmin):
    """The tools of the packs."""

    list_lead = _(
        "The forms that groups fill in. Whoever runs this server changes them in a pack’s files and loads it again."
    )
    empty_title = _("No tool yet")
    empty_text = _("Tools come with a pack.")
    list_display = ("number", "title", "filled_in_by", "mandatory", "goes_to")
    list_display_links = ("title",)
    list_filter = ("is_offered",)
    fields = ("number", "title", "in_pack", "version", "filled_in_by", "mandatory", "read_by", "goes_to")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tool]:
        """Return tools with their version in use."""
        return super().get_queryset(request).select_related("current", "pack")

    @admin.display(description=_("tool"))
    def title(self, tool: Tool) -> str:
        """Return its name in the reader's language."""
        return str(tool)

    @admin.display(description=_("pack"))
    def in_pack(self, tool: Tool) -> str:
        """Return the title of its pack."""
        return texts.text(tool.pack.title) or tool.pack.key

    @admin.display(description=_("version"))
    def version(self, tool: Tool) -> str:
        """Return the number of the version in use."""
        return str(tool.current.version) if tool.current else ""

    @admin.display(description=_("filled in by"))
    def filled_in_by(self, tool: Tool) -> str:
        """Return the roles that fill it in."""
        roles = [role for role in Role if tool.current and getattr(tool.current, f"by_{role.value}")]
        return capfirst(", ".join(texts.within(role.label) for role in roles))

    @admin.display(description=_("mandatory"))
    def mandatory(self, tool: Tool) -> str:
        """Say whether every group needs it."""
        is_mandatory = tool.current and tool.current.mandatory
        return capfirst(gettext("mandatory") if is_mandatory else gettext("optional"))

    @admin.display(description=_("read by"))
    def read_by(self, tool: Tool) -> str:
        """Return who reads it."""
        return capfirst(str(tool.current.get_audience_display())) if tool.current else ""

    @admin.display(description=_("goes to"))
    def goes_to(self, tool: Tool) -> str:
        """Return the folder it is filed in."""
        return str(tool.current.get_folder_kind_display()) if tool.current else ""
