"""The tools of a pack, kept by the process for as long as the pack stays as it was loaded.

Their content is long, the same for everybody, and changes only when a pack is loaded. When that was, every standing
says anew, so nobody is shown what has changed. What is kept is shared by all requests: read it, never change it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from mentoring.standing import Standing
from tools.models import Tool, ToolVersion

MOST_PACKS: Final = 32


@dataclass(frozen=True, slots=True)
class PackTools:
    """The tools of a pack.

    Attributes:
        offered: in their order, each with the version in use.
        versions: every version, old ones too, by its key and with its tool.
    """

    offered: tuple[Tool, ...]
    versions: Mapping[int, ToolVersion]

    def named(self, key: str) -> Tool | None:
        """The offered tool with this key."""
        return next((tool for tool in self.offered if tool.key == key), None)

    def versions_where(self, fits: Callable[[ToolVersion], bool]) -> list[int]:
        """The keys of all versions that fit, old ones too."""
        return [key for key, version in self.versions.items() if fits(version)]

    @property
    def current(self) -> tuple[ToolVersion, ...]:
        """The versions in use of what is offered."""
        return tuple(tool.current for tool in self.offered if tool.current)


@lru_cache(maxsize=MOST_PACKS)
def _kept(pack_id: int, loaded: Any) -> PackTools:  # noqa: ARG001 -- a later load is another entry
    return _read(pack_id)


def _read(pack_id: int) -> PackTools:
    tools = {tool.pk: tool for tool in Tool.objects.filter(pack=pack_id)}
    versions = {version.pk: version for version in ToolVersion.objects.filter(tool__pack=pack_id)}
    for version in versions.values():
        version.tool = tools[version.tool_id]
    for tool in tools.values():
        tool.current = versions.get(tool.current_id or 0)
    offered = sorted(
        (tool for tool in tools.values() if tool.is_offered and tool.current), key=lambda tool: tool.number
    )
    return PackTools(tuple(offered), versions)


def tools_of(pack_id: int, standing: Standing) -> PackTools:
    """Return the tools of a pack; read anew for somebody who has no part in the pack."""
    loaded = standing.pack_loaded(pack_id)
    return _read(pack_id) if loaded is None else _kept(pack_id, loaded)


def own_tools(standing: Standing) -> PackTools:
    """Return the tools of all packs of one's groups."""
    packs = [tools_of(pack, standing) for pack in sorted(standing.group_packs())]
    versions = {key: version for pack in packs for key, version in pack.versions.items()}
    return PackTools(tuple(tool for pack in packs for tool in pack.offered), versions)


def give_versions(standing: Standing, *lists: Iterable[Any]) -> None:
    """Give all rows of these lists their `tool_version`, with its tool; at most one query, for those of other packs."""
    rows = [row for each in lists for row in each]
    known = dict(own_tools(standing).versions)
    if unknown := {row.tool_version_id for row in rows} - known.keys():
        known |= ToolVersion.objects.select_related("tool").in_bulk(unknown)
    for row in rows:
        row.tool_version = known[row.tool_version_id]
