"""Versions of tools, read once for many rows: their content is long, and a few of them serve hundreds of rows."""

from collections.abc import Iterable
from typing import Any

from tools.models import ToolVersion


def share_versions(*lists: Iterable[Any]) -> None:
    """Give all rows of these lists their version, with its tool, in one query."""
    rows = [row for each in lists for row in each]
    versions = ToolVersion.objects.select_related("tool").in_bulk({row.tool_version_id for row in rows})
    for row in rows:
        row.tool_version = versions[row.tool_version_id]
