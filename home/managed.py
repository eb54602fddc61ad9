"""Which groups a Manager manages: asked here alone, by all that her first screen shows."""

from typing import Any

from django.db.models import QuerySet

from core.policy.roles import Action, Area
from mentoring.models import MentoringGroup
from mentoring.standing import Standing


def managed_keys(standing: Standing) -> Any:
    """Return the keys of the groups that the person may manage today, over or not: keys, or a query of them."""
    return standing.groups(Area.GROUP, Action.MANAGE)


def managed(standing: Standing) -> QuerySet[MentoringGroup]:
    """Return the groups that the person may manage and that are not over."""
    found: QuerySet[MentoringGroup] = MentoringGroup.objects.in_area(standing, Action.MANAGE, area=Area.GROUP)
    return found.not_over()  # type: ignore[attr-defined,no-any-return]
