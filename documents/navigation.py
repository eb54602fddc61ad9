"""The two folders as places of the group space."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy, ngettext

from core.policy.roles import FolderKind, Role
from core.web.http import SignedInRequest, address
from core.web.way_back import register_places
from documents.folder_rights import readable_folders
from documents.models import Document, Folder
from mentoring.models import MentoringGroup
from mentoring.navigation import GroupItem

_PLACES = {FolderKind.MANAGING: ("folder2-open", 31), FolderKind.MONITORING: ("folder2", 61)}


def folder_places(request: SignedInRequest, group: MentoringGroup, role: Role | None) -> Iterable[GroupItem]:
    """Name the folders that this person may read, each under its session."""
    if role is None:
        return
    counts: dict[int, int] = {}
    for folder in readable_folders(request.standing, group):
        if place := _PLACES.get(FolderKind(folder.kind)):
            icon, order = place
            url = address("documents:folder-detail", folder.pk)
            label = str(folder.get_kind_display())
            summary = _summary(request, folder, label, counts)
            yield GroupItem(folder.kind, label, url, icon, order, indent=True, summary=summary)


def _summary(request: SignedInRequest, folder: Folder, label: str, counts: dict[int, int]) -> Any:
    """Return “Managing folder, 17 documents”, counted only where it is shown, once for all folders of the group."""

    def words() -> str:
        if not counts:
            folders = readable_folders(request.standing, folder.group)
            counts.update({0: 0} | Document.objects.count_open_in(folders, request.standing))
        count = counts.get(folder.pk, 0)
        return ngettext("%(folder)s, %(n)s document", "%(folder)s, %(n)s documents", count) % {
            "folder": label,
            "n": count,
        }

    return SimpleLazyObject(words)


register_places(
    {
        "documents:folder-detail": gettext_lazy("Folder"),
        "documents:document-detail": gettext_lazy("Document"),
    }
)
