"""What a person may do in the folders of a group: asked once for a page and its rail."""

from typing import TYPE_CHECKING, Any

from core.roles import Action
from documents.models import Folder
from mentoring.models import MentoringGroup

if TYPE_CHECKING:
    from accounts.models import User


def open_folders(user: "User", group: MentoringGroup) -> list[Any]:
    """Return the folders of `group` that the person may read, with rights; the answer is kept on the group object."""
    known: dict[int, list[Any]] = group.__dict__.setdefault("_open_folders", {})
    if user.pk not in known:
        known[user.pk] = list(Folder.objects.of_group(group).allowing(user, Action.VIEW).with_rights(user))
    return known[user.pk]


def rights_in(user: "User", folder: Folder) -> set[Action]:
    """Return everything the person may do in one folder."""
    found = next((each for each in open_folders(user, folder.group) if each.pk == folder.pk), None)
    if found is None:
        return set()
    granted = {Action.UPLOAD: found.may_upload, Action.REPLACE: found.may_replace, Action.REMOVE: found.may_remove}
    return {Action.VIEW, *(action for action, is_granted in granted.items() if is_granted)}
