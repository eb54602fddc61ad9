"""Versions of tools, read once for many rows: their content is long, and a few of them serve hundreds of rows."""

from collections.abc import Iterable
from typing import Any

from tools.models import TemplateVersion


def share_versions(*lists: Iterable[Any]) -> None:
    """Give all rows of these lists their version, with its tool, in one query."""
    rows = [row for each in lists for row in each]
    versions = TemplateVersion.objects.select_related("template").in_bulk({row.template_version_id for row in rows})
    for row in rows:
        row.template_version = versions[row.template_version_id]
