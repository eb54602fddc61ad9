"""People of a programme: ending a role, switching an account off and on."""

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.services import write_mail
from core import events
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Enrolment, Membership, MentoringGroup
from mentoring.services.invitations import withdraw_unbacked
from mentoring.services.memberships import end_membership, sync_role_groups
from mentoring.services.proposals import drop_proposals

if TYPE_CHECKING:
    from accounts.models import User


def memberships_of(enrolment: Enrolment) -> list[Membership]:
    """Return the live memberships that an enrolment carries: same person, programme and role."""
    found = Membership.objects.live().filter(
        group__programme=enrolment.programme_id, user=enrolment.user_id, role=enrolment.role
    )
    return list(found.select_related("group").order_by("group__name"))


@transaction.atomic
def end_enrolment(*, enrolment: Enrolment, by: "User") -> Enrolment:
    """End a role in a programme, and with it the memberships it carries; what the person wrote stays.

    Idempotent. What was proposed for the person in this role falls away.

    Raises:
        ValidationError: one cannot end one's own work as Programme Admin; somebody else does.
    """
    if enrolment.role == ProgrammeRole.ADMIN and enrolment.user_id == by.pk and not by.is_superuser:
        raise ValidationError(_("Only another Programme Admin can end your role."))
    held: Enrolment = Enrolment.objects.hold(enrolment)
    if held.ended_at is not None and held.ended_at <= timezone.now():
        return enrolment
    enrolment.ended_at = timezone.now()
    enrolment.save(update_fields=["ended_at"])
    for membership in memberships_of(enrolment):
        end_membership(membership=membership, by=by)
    person = enrolment.user
    still_admin = Enrolment.objects.live().filter(user=person, role=ProgrammeRole.ADMIN).exists()
    if person.is_staff and not person.is_superuser and not still_admin:
        person.is_staff = False
        person.save(update_fields=["is_staff"])
    withdraw_unbacked(invited_by=person, by=by)
    drop_proposals(enrolment=enrolment, by=by)
    events.record(
        "enrolment.ended", actor=by, target=enrolment, user_id=enrolment.user_id, role=enrolment.role,
        programme_id=enrolment.programme_id,
    )  # fmt: skip
    return enrolment


@transaction.atomic
def change_account(*, person: "User", by: "User", old_email: str) -> None:
    """Save what a superuser changed of an account, and let doors and sign-in follow.

    Args:
        person: with the new values, not saved yet.
        old_email: the address before; with another one the old address opens nothing any more.

    Raises:
        ValidationError: one cannot switch oneself off, nor lay down one's own rights over the platform.
    """
    if person.pk == by.pk and not (person.is_active and person.is_superuser):
        raise ValidationError(_("Someone else has to do this to your account."))
    before = type(person)._default_manager.only("is_active", "is_superuser").get(pk=person.pk)
    if person.email.lower() != old_email.lower():
        person.mail_refused_at = None
    person.save()
    if person.email.lower() != old_email.lower():
        EmailAddress.objects.filter(user=person).delete()
        events.record("person.address_changed", actor=by, target=person)
        _tell_of_the_new_address(person, by, old_email)
    if person.is_superuser != before.is_superuser:
        kind = "person.superuser_made" if person.is_superuser else "person.superuser_ended"
        events.record(kind, actor=by, target=person)
    if person.is_active != before.is_active:
        live = Membership.objects.live().filter(user=person)
        for group in MentoringGroup.objects.filter(pk__in=live.values("group")):
            sync_role_groups(group=group)
        events.record("person.switched_on" if person.is_active else "person.switched_off", actor=by, target=person)
    withdraw_unbacked(invited_by=person, by=by)


def _tell_of_the_new_address(person: "User", by: "User", old_email: str) -> None:
    """Write to the old address, and to the Managers of the person's groups: who has the address can sign in."""
    groups = Membership.objects.live().filter(user=person).values("group")
    managers = Membership.objects.live().filter(group__in=groups, role=Role.MANAGER, user__is_active=True)
    told = {each.user.email: each.user for each in managers.select_related("user") if each.user_id != person.pk}
    for address, reader in {**told, old_email: person}.items():
        with translation.override(reader.language):
            context = {"person": person, "by": by, "reader": reader, "is_own": reader == person}
            write_mail(to=address, kind="address_changed", template="email/address_changed.txt", context=context)
