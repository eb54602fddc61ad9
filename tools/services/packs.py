"""The tools of a pack, into the database."""

from typing import Any

from core.packs import canonical_digest
from core.policy.roles import Role
from mentoring.models import Pack
from tools.fields.questions import roles_with_own_part
from tools.models import Tool, ToolVersion


class VersionInUseError(Exception):
    """A tool or session changed under a version number that a group already uses.

    Attributes:
        key: of the tool or session.
        version: the number that must be raised.
    """

    def __init__(self, key: str, version: int) -> None:
        self.key, self.version = key, version
        super().__init__(f"{key}: version {version} is in use by a group and its content differs. Raise `version`.")


def is_used(version: ToolVersion) -> bool:
    """Return whether any row of a group was made with this version: a form, document, upload or checklist row.

    Asks every model that points at a version, so that an app which comes later need not be named here.
    """
    return any(
        _rows_of(relation.related_model, relation.field.name, version).exists()
        for relation in ToolVersion._meta.related_objects
    )


def _rows_of(model: Any, field: str, version: ToolVersion) -> Any:
    """Return a model's rows of this version; where the group may be missing, only those of groups."""
    rows = model._base_manager.filter(**{field: version})
    group = next((each for each in model._meta.fields if each.name == "group"), None)
    return rows.filter(group__isnull=False) if group is not None and group.null else rows


def _columns(tool: dict[str, Any]) -> dict[str, Any]:
    """Return what queries need of a tool's content."""
    parts = roles_with_own_part(ToolVersion(content=tool, one_per=tool["one_per"]))
    return {
        "content": tool,
        "digest": canonical_digest(tool),
        "mandatory": tool["mandatory"],
        "phase": tool["phase"],
        "one_per": tool["one_per"],
        "folder_kind": tool["folder"],
        "filing": tool.get("filing", "at_once"),
        "audience": tool.get("audience", "group"),
        **{f"by_{role.value}": role.value in tool["filled_by"] for role in Role},
        **{f"part_by_{role.value}": role in parts for role in Role},
    }


def load_tools(*, pack: Pack, tools: list[dict[str, Any]]) -> list[str]:
    """Bring the tools of a validated pack into the database.

    A changed text under an unused version is changed in place; under a used one it is refused; a higher number
    becomes the version in use for what is started from now on. Tools no longer in the pack are no longer offered.

    Returns:
        One line per change, for the person who runs the command; empty when nothing changed.

    Raises:
        VersionInUseError: see above; the caller's transaction takes everything back.
    """
    told = []
    for tool in tools:
        row, created = Tool.objects.update_or_create(
            pack=pack,
            key=tool["key"],
            defaults={"number": tool["number"], "icon": tool.get("icon", ""), "is_offered": True},
        )
        columns = _columns(tool)
        version, new = ToolVersion.objects.get_or_create(tool=row, version=tool["version"], defaults=columns)
        if new:
            told.append(f"tool {row.key}: version {version.version} {'added' if created else 'is new'}")
        elif version.digest != columns["digest"]:
            if is_used(version):
                raise VersionInUseError(row.key, version.version)
            ToolVersion.objects.filter(pk=version.pk).update(**columns)
            told.append(f"tool {row.key}: version {version.version} changed")
        if row.current_id != version.pk and (row.current is None or row.current.version <= version.version):
            row.current = version
            row.save(update_fields=["current"])
    keys = [tool["key"] for tool in tools]
    gone = Tool.objects.filter(pack=pack, is_offered=True).exclude(key__in=keys)
    told += [f"tool {key}: no longer offered" for key in gone.values_list("key", flat=True)]
    gone.update(is_offered=False)
    return told
