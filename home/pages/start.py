"""The first screen without a group: whom to ask; for a Programme Admin what is set up and what is missing."""

from typing import Any

from core.policy.roles import Action, ProgrammeRole
from core.web.http import SignedInRequest
from home.screens import programmes_of
from mentoring.models import Enrolment, Membership, MembershipProposal
from mentoring.pages.setting_up import setting_up
from mentoring.standing import Standing


def admin_context(request: SignedInRequest) -> dict[str, Any]:
    """Return what a Programme Admin sees: the step that comes next, and the road of each programme."""
    waiting = MembershipProposal.objects.allowing(request.standing, Action.MANAGE).for_page()
    return setting_up(request) | {"proposals": waiting}


def newcomer_context(standing: Standing) -> dict[str, Any]:
    """Return one's programmes, when one left a group last and the Managers to ask; else whether one had a role."""
    managers = Enrolment.objects.live().in_role(ProgrammeRole.MANAGER).people_of(list(programmes_of(standing)))
    return {
        "had_role": not programmes_of(standing) and Enrolment.objects.had_by(standing.user_id),
        "last": Membership.objects.last_former_of(standing.user_id),
        "programmes": [seat.title for seat in programmes_of(standing).values()],
        "managers": [person for person in managers if person.pk != standing.user_id],
    }
