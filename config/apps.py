"""The admin site with our own name, look and door."""

import importlib

from django.contrib.admin.apps import AdminConfig


class AdminSiteConfig(AdminConfig):
    """Use our admin site class wherever `django.contrib.admin.site` is meant."""

    default_site = "config.admin.ProgrammeAdminSite"

    def ready(self) -> None:
        """Register the admin's models, then the system checks."""
        super().ready()
        importlib.import_module("config.checks")
