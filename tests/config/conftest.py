"""A second programme, run by others, to look for what must not be seen across."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core.policy.roles import ProgrammeRole
from mentoring.models import Enrolment, Invitation, MentoringGroup, Organisation, Programme
from mentoring.services.groups import open_group
from mentoring.services.invitations import invite
from mentoring.services.memberships import enrol
from tests.cast import World


@dataclass
class Elsewhere:
    """What belongs to the other programme."""

    organisation: Organisation
    programme: Programme
    group: MentoringGroup
    manager: User
    enrolment: Enrolment
    invitation: Invitation

    def words(self) -> list[str]:
        """Return what must never appear on a page of the first programme's Admin."""
        return [self.organisation.name, self.programme.title, self.group.name, self.manager.full_name,
                self.manager.email, self.invitation.email]  # fmt: skip


@pytest.fixture
def elsewhere(world: World) -> Elsewhere:
    """A programme of another organisation with a Manager, a group and an open invitation."""
    today = timezone.localdate()
    organisation = Organisation.objects.create(name="Fjordside College", place="Bodø", country="NO")
    programme = Programme.objects.create(
        organisation=organisation, title="Northern Paths", code="NOR", pack=world.programme.pack,
        starts_on=today, ends_on=today + timedelta(days=200),
    )  # fmt: skip
    manager = User.objects.create_user("solveig@elsewhere.example", "x", full_name="Solveig Elsewhere")
    enrolment = enrol(programme_id=programme.pk, user=manager, role=ProgrammeRole.MANAGER)
    group = open_group(
        programme=programme, name="Nordlys", opened_by=manager, starts_on=today, ends_on=today + timedelta(days=90)
    )
    invitation = invite(
        programme=programme, email="guest@elsewhere.example", role=ProgrammeRole.MENTOR, invited_by=world.cast.sofia
    )
    return Elsewhere(organisation, programme, group, manager, enrolment, invitation)
