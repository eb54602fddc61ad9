"""The place of the group space that says what is missing; for those who look after the group."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policy.roles import Action, Area, Role
from core.policy.tables import AREA_POLICY
from core.web.http import SignedInRequest, address
from core.web.way_back import register_places
from mentoring.models import MentoringGroup
from mentoring.navigation import GroupItem


def places(request: SignedInRequest, group: MentoringGroup, role: Role | None) -> Iterable[GroupItem]:  # noqa: ARG001 -- called so
    """Name the overview of what the group still owes."""
    if role is not None and Action.VIEW in AREA_POLICY[Area.CHECKLIST][role]:
        url = address("checklist:checklist-list", group.pk)
        yield GroupItem("checklist", _("What’s missing"), url, "list-check", 3)


register_places(
    {
        "checklist:checklist-list": gettext_lazy("What’s missing"),
        "checklist:checklist-cell": gettext_lazy("What’s missing"),
    }
)
