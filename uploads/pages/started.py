"""What a person has begun to add, on the page of the folder it goes to."""

from typing import Any

from core.policy.roles import FolderKind
from documents import contributions
from documents.models import Folder
from mentoring.standing import Standing
from uploads.pages.uploads import unfinished


def started_in(folder: Folder, standing: Standing) -> list[dict[str, Any]]:
    """Return what this person has begun to add to a folder; what has no type yet stands in the managing folder."""
    kinds = {folder.kind, ""} if folder.kind == FolderKind.MANAGING else {folder.kind}
    return [each for each in unfinished(standing, [folder.group]) if each["kind"] in kinds]


contributions.register_started(started_in)
