"""What is withheld in which folder."""

from typing import Any, Self

from django.db.models import Exists, OuterRef

from core.querysets import AccessQuerySet
from core.roles import Action, Area
from documents.querysets.access import folder_granted


class FolderRestrictionQuerySet(AccessQuerySet):
    """Restrictions of folders, lifted ones included."""

    area = Area.FOLDER

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the restrictions of folders on which the person may do `action`."""
        return self.filter(folder_granted(standing, action, "folder"))

    def live(self) -> Self:
        """Return those that hold."""
        return self.filter(lifted_at__isnull=True)

    def lifted(self) -> Self:
        """Return those that hold no longer, the last lifted first."""
        return self.filter(lifted_at__isnull=False).order_by("-lifted_at", "-pk")

    def of_folders(self, folders: Any) -> Self:
        """Return those of these folders."""
        return self.filter(folder__in=folders)

    def of_group(self, group: Any) -> Self:
        """Return those of all folders of a group."""
        return self.filter(folder__group=group)

    def of_person(self, user_id: int) -> Self:
        """Return those of one person; those of a role are part of its grants."""
        return self.filter(person=user_id)

    def of_target(self, *, role: str, person: Any) -> Self:
        """Return those of a role, or of a person."""
        return self.filter(role=role, person=person)

    def mark_narrowed(self, rows: Any, folder: str) -> Any:
        """Return `rows` of another table with `is_narrowed`: whether something is withheld in their folder.

        Args:
            folder: lookup path from the row to its folder's key.
        """
        return rows.annotate(is_narrowed=Exists(self.live().order_by().filter(folder=OuterRef(folder))))

    def withholding(self, action: Action) -> Self:
        """Return those that withhold `action`."""
        return self.filter(**{f"withholds_{action.value}": True})

    def held(self) -> Self:
        """Return the rows locked until the end of the transaction."""
        return self.select_for_update(of=("self",))

    def with_people(self) -> Self:
        """Return restrictions with the people named in them."""
        return self.select_related("person", "made_by", "lifted_by")

    def for_page(self) -> Self:
        """Return restrictions with their folder and group, and the people named in them."""
        return self.with_people().select_related("folder__group__programme__pack")
