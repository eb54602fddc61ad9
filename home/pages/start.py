"""The first screen without a group: whom to ask; for a Programme Admin what is set up and what is missing."""

from typing import Any

from core.policy.roles import ProgrammeRole
from core.web.http import SignedInRequest
from home.screens import programmes_of
from mentoring.models import Enrolment
from mentoring.setting_up import setting_up
from mentoring.standing import Standing


def admin_context(request: SignedInRequest) -> dict[str, Any]:
    """Return what a Programme Admin sees: the step that comes next, and the road of each programme."""
    return setting_up(request)


def newcomer_context(standing: Standing) -> dict[str, Any]:
    """Return one's programmes and the Managers to ask; of a person without a programme nothing is known."""
    managers = (
        Enrolment.objects.live()
        .in_role(ProgrammeRole.MANAGER)
        .filter(programme__in=list(programmes_of(standing)), user__is_active=True)
    )
    people = [each.user for each in managers.select_related("user").order_by("user__full_name")]
    return {
        "programmes": [seat.title for seat in programmes_of(standing).values()],
        "managers": list({person.pk: person for person in people if person.pk != standing.user_id}.values()),
    }
