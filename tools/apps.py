"""The tools of a programme: versioned forms as data, their fields and placeholders."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToolsConfig(AppConfig):
    """The tools of a programme: versioned forms as data, their fields and placeholders."""

    name = "tools"
    verbose_name = _("Tools")
