"""The tools of the pack and the folders of a group, as tests name them."""

from django.utils import timezone

from documents.models import Folder
from mentoring.models import MentoringGroup, Pack
from tools.models import Tool, ToolVersion


def tool(key: str) -> Tool:
    """Return a tool of the pack."""
    return Tool.objects.select_related("current__tool__pack").get(key=key)


def version_of(group: MentoringGroup, key: str) -> ToolVersion:
    """Return the version in use of a tool, in the pack of a group's programme."""
    found = Tool.objects.select_related("current__tool__pack").get(pack=group.programme.pack, key=key)
    assert found.current is not None
    return found.current


def folder(group: MentoringGroup, kind: str = "managing") -> Folder:
    """Return a folder of a group."""
    return Folder.objects.get(group=group, kind=kind)


def say_that_tools_changed(pack_id: int) -> None:
    """Mark a pack as loaded just now, as `load_pack` does, after a test has changed its tools by hand."""
    Pack.objects.filter(pk=pack_id).update(loaded_at=timezone.now())
