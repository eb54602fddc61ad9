"""Which groups a Manager manages: asked here alone, by all that her first screen shows."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from core.policy import roles_allowed
from core.roles import Action, Area
from mentoring.models import Membership, MentoringGroup

if TYPE_CHECKING:
    from accounts.models import User


def managed_keys(user: "User") -> Any:
    """Return the keys of the groups that the person may manage today, over or not, as a query of one table.

    It says what `MentoringGroup.objects.allowing(user, Action.MANAGE)` says, and stays as short for 10,000 groups.
    """
    roles = roles_allowed(Area.GROUP, Action.MANAGE)
    return Membership.objects.live().of_user(user).in_role(*roles).order_by().values("group")


def managed(user: "User") -> QuerySet[MentoringGroup]:
    """Return the groups that the person may manage and that are not over."""
    groups: QuerySet[MentoringGroup] = MentoringGroup.objects.filter(pk__in=managed_keys(user)).not_over()
    return groups
