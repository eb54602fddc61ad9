"""Putting somebody into a group from outside it: proposed by one, agreed by another."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from accounts.services import write_mail
from core import events
from core.policy.roles import Action, ProgrammeRole, Role
from core.texts import within
from mentoring.models import Enrolment, Membership, MembershipProposal, MentoringGroup
from mentoring.role_names import called_as_in
from mentoring.services import places
from mentoring.services.memberships import add_member
from mentoring.services.removal import is_empty
from mentoring.standing import Standing

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def put_into_group(*, group: MentoringGroup, user: "User", role: Role, by: "User") -> Membership | MembershipProposal:
    """Take a person into a group at once where a Manager of the group does it; else propose it.

    A group in which nothing was written and nobody is left has nothing to read and nobody to ask: it takes its Manager
    at once.

    Raises:
        ValidationError: the group is an archive or has no place, or the person is in it or proposed already.
    """
    inside = Membership.objects.live().filter(group=group)
    if inside.filter(user=by, user__is_active=True, role=Role.MANAGER).exists() or (
        not inside.exists() and is_empty(group)
    ):
        return add_member(group=group, user=user, role=role, by=by)
    held = MentoringGroup.objects.hold(group)
    if why := places.why_not_proposed(held, role, user):
        raise ValidationError(why)
    proposal = MembershipProposal.objects.create(group=group, user=user, role=role, proposed_by=by)
    events.record("membership.proposed", actor=by, group_id=group.pk, target=proposal, user_id=user.pk, role=role.value)
    _tell_deciders(proposal)
    return proposal


def deciders_of(proposal: MembershipProposal) -> list["User"]:
    """Return the people who may decide a proposal, as `MembershipProposal.objects.allowing` says it."""
    members = Membership.objects.live().filter(group=proposal.group_id).values("user")
    admins = Enrolment.objects.live().filter(programme=proposal.group.programme_id, role=ProgrammeRole.ADMIN)
    people = get_user_model().objects.filter(is_active=True)
    asked = people.filter(Q(pk__in=members) | Q(pk__in=admins.values("user")) | Q(is_superuser=True)).order_by("pk")
    may_decide = MembershipProposal.objects.allowing
    return [each for each in asked if may_decide(Standing.of(each), Action.MANAGE).filter(pk=proposal.pk).exists()]


def _tell_deciders(proposal: MembershipProposal) -> None:
    link = f"{settings.SITE_URL}{reverse('mentoring:proposal-decide', args=[proposal.pk])}"
    for person in deciders_of(proposal):
        with translation.override(person.language), called_as_in(proposal.group.programme):
            context = {
                "proposal": proposal,
                "person": person,
                "role": within(proposal.get_role_display()),
                "link": link,
            }
            write_mail(to=person.email, kind="proposal", template="email/proposal.txt", context=context)


@transaction.atomic
def decide_proposal(*, proposal: MembershipProposal, by: "User", accept: bool) -> MembershipProposal:
    """Agree that the person joins, or refuse it. Idempotent.

    Where the person has lost the role in the programme since, the proposal falls away (`was_accepted` stays false).

    Args:
        by: may decide it (`MembershipProposal.objects.allowing`).

    Raises:
        ValidationError: as `add_member`, when it is accepted.
    """
    held: MembershipProposal = MembershipProposal.objects.hold(proposal)
    if held.decided_at is not None:
        return held
    roles = Enrolment.objects.live().of_programme(held.group.programme_id).in_role(held.role)
    joins = accept and roles.filter(user=held.user_id).exists()
    _decide(held, by, was_accepted=joins)
    if joins:
        add_member(group=held.group, user=held.user, role=Role(held.role), by=held.proposed_by)
    return held


def _decide(held: MembershipProposal, by: "User", *, was_accepted: bool) -> None:
    held.decided_by, held.decided_at, held.was_accepted = by, timezone.now(), was_accepted
    held.save(update_fields=["decided_by", "decided_at", "was_accepted"])
    kind = "membership.agreed" if was_accepted else "membership.refused"
    events.record(kind, actor=by, group_id=held.group_id, target=held, user_id=held.user_id, role=held.role)


@transaction.atomic
def drop_proposals(*, enrolment: Enrolment, by: "User") -> None:
    """Let fall away what was proposed for a person in a role of a programme that has ended."""
    found = MembershipProposal.objects.open().filter(
        group__programme=enrolment.programme_id, user=enrolment.user_id, role=enrolment.role
    )
    for each in found.order_by("pk"):
        held = MembershipProposal.objects.hold(each)
        if held.decided_at is None:
            _decide(held, by, was_accepted=False)
