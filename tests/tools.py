"""The tools of the pack and the folders of a group, as tests name them."""

from documents.models import DocumentTemplate, Folder, TemplateVersion
from mentoring.models import MentoringGroup


def tool(key: str) -> DocumentTemplate:
    """Return a tool of the pack."""
    return DocumentTemplate.objects.select_related("current__template__pack").get(key=key)


def version_of(group: MentoringGroup, key: str) -> TemplateVersion:
    """Return the version in use of a tool, in the pack of a group's programme."""
    found = DocumentTemplate.objects.select_related("current__template__pack").get(pack=group.programme.pack, key=key)
    assert found.current is not None
    return found.current


def folder(group: MentoringGroup, kind: str = "managing") -> Folder:
    """Return a folder of a group."""
    return Folder.objects.get(group=group, kind=kind)
