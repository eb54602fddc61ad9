"""What a person may do in the folders of a group: asked once for a page and its rail."""

from core.policy.roles import Action
from documents.access import grants_of
from documents.models import FOLDER_ACTIONS, Folder, codename
from mentoring.models import MentoringGroup
from mentoring.standing import Standing

ACTIONS = {codename(action): action for action in FOLDER_ACTIONS}


def open_folders(standing: Standing, group: MentoringGroup) -> dict[Folder, set[Action]]:
    """Return the folders of `group` that the person may read, with all rights; kept on the group object."""
    known: dict[int, dict[Folder, set[Action]]] = group.__dict__.setdefault("_open_folders", {})
    if standing.user_id not in known:
        found: dict[Folder, set[Action]] = {}
        granted = grants_of(standing).filter(content_object__group=group).order_by("content_object", "permission")
        for pk, kind, name in granted.values_list("content_object", "content_object__kind", "permission__codename"):
            found.setdefault(Folder(pk=pk, kind=kind, group=group), set()).add(ACTIONS[name])
        known[standing.user_id] = {folder: rights for folder, rights in found.items() if Action.VIEW in rights}
    return known[standing.user_id]


def rights_in(standing: Standing, folder: Folder) -> set[Action]:
    """Return everything the person may do in one folder."""
    return set(open_folders(standing, folder.group).get(folder, ()))
