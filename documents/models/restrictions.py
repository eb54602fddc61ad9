"""What is withheld in a folder: less than the policy grants, for a role or a person, until it is lifted."""

from collections.abc import Collection
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.policy import WITHHELD_WITH
from core.roles import Action, Role
from documents.models.folders import Folder
from documents.querysets import FolderRestrictionQuerySet

WITHHOLDABLE: Final = (Action.VIEW, Action.UPLOAD, Action.REPLACE, Action.REMOVE)


class FolderRestriction(models.Model):
    """Actions that a role or one person may not do in a folder, though the policy grants them.

    Written by `documents.services.restrictions` alone. A lifted one stays as a trace; rows are never deleted. What is
    withheld from a role, `documents.grants` does not grant; from a person, `documents.querysets.access` leaves out.
    """

    folder = models.ForeignKey(Folder, models.CASCADE, related_name="restrictions", verbose_name=_("folder"))
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    withholds_view = models.BooleanField(default=False)
    withholds_upload = models.BooleanField(default=False)
    withholds_replace = models.BooleanField(default=False)
    withholds_remove = models.BooleanField(default=False)
    reason = models.CharField(_("why"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("when"), default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = FolderRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction of a folder")
        verbose_name_plural = _("restrictions of folders")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(role=""), name="restriction_of_a_role_or_a_person"
            ),
            models.CheckConstraint(
                condition=Q(withholds_view=True)
                | Q(withholds_upload=True)
                | Q(withholds_replace=True)
                | Q(withholds_remove=True),
                name="restriction_withholds_something",
            ),
            models.CheckConstraint(
                condition=Q(withholds_view=False)
                | Q(withholds_upload=True, withholds_replace=True, withholds_remove=True),
                name="restriction_of_reading_withholds_all",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_by__isnull=False), name="restriction_lifted_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder_id}: {self.role or self.person_id}"

    @property
    def actions(self) -> frozenset[Action]:
        """What is withheld."""
        return frozenset(action for action in WITHHOLDABLE if getattr(self, f"withholds_{action.value}"))

    def is_about(self, user_id: int, role: str) -> bool:
        """Return whether a person who has `role` in the group is meant."""
        return self.person_id == user_id if self.person_id else self.role == role


def with_consequences(actions: Collection[Action]) -> frozenset[Action]:
    """Return the actions with those that cannot be done without them."""
    return frozenset(actions).union(*(WITHHELD_WITH.get(action, frozenset()) for action in actions))


def columns(actions: Collection[Action]) -> dict[str, Any]:
    """Return the values of the columns of a restriction that withholds these actions."""
    withheld = with_consequences(actions)
    return {f"withholds_{action.value}": action in withheld for action in WITHHOLDABLE}
