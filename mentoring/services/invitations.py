"""Invitations: the only way in. Single use, expiring, bound to address, role and programme; the hash alone is kept."""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.services import write_mail
from core import events
from core.policy.roles import ProgrammeRole, Role
from core.policy.tables import MAY_INVITE
from core.texts import within
from mentoring.models import Enrolment, Invitation, Membership, MembershipProposal, MentoringGroup, Programme
from mentoring.role_names import called_as_in
from mentoring.services import places
from mentoring.services.memberships import enrol
from mentoring.services.proposals import put_into_group
from mentoring.standing import Standing

if TYPE_CHECKING:
    from accounts.models import User

VALID_FOR = timedelta(days=14)
ONE_PRESS = timedelta(minutes=1)
"""Within this time the same invitation is one: the person gets one e-mail, whose link works."""

LEADING = frozenset({ProgrammeRole.ADMIN, ProgrammeRole.MANAGER})
"""Roles that nobody gets through a person who may not give them any more: they open doors by themselves."""


def token_hash(token: str) -> str:
    """Return what is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def may_invite(*, standing: Standing, programme: Programme) -> set[ProgrammeRole]:
    """Return the roles that the person may invite to `programme`."""
    if standing.is_superuser:
        return set(ProgrammeRole)
    held = (role for role in ProgrammeRole if programme.pk in standing.programmes_as(role))
    return {role for own in held for role in MAY_INVITE[own]}


@transaction.atomic
def invite(
    *,
    programme: Programme,
    email: str,
    role: ProgrammeRole,
    invited_by: "User",
    full_name: str = "",
    language: str = "",
    group: MentoringGroup | None = None,
) -> Invitation:
    """Invite an address; the mail is a row of the same transaction. An older open invitation is withdrawn.

    The same invitation that was sent a moment ago is returned instead: a second press sends no second e-mail.

    Raises:
        ValidationError: the inviter may not invite this role, or the group does not fit role or programme.
    """
    if role not in may_invite(standing=Standing.of(invited_by), programme=programme):
        raise ValidationError({"role": _("You cannot invite people in this role.")})
    if group is not None and (group.programme_id != programme.pk or role == ProgrammeRole.ADMIN or group.is_read_only):
        raise ValidationError({"group": _("That person cannot join this group.")})
    email = email.strip().lower()
    Programme.objects.hold(programme)
    if known := Enrolment.objects.of_address(programme, email, role):
        raise ValidationError({"email": _already_here(known.user, group)})
    if group is not None and (problems := why_not_into(group, email, role)):
        raise ValidationError(problems)
    language = language or programme.default_language
    before: list[Invitation] = list(Invitation.objects.waiting_for(programme, email, role))
    if before and was_just_sent(before[0], group=group, full_name=full_name, language=language):
        return before[0]
    full_name = full_name.strip() or (before[0].full_name if before else "")
    for each in before:
        revoke(invitation=each, by=invited_by)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        programme=programme,
        group=group,
        role=role,
        email=email,
        full_name=full_name,
        language=language,
        token_hash=token_hash(token),
        invited_by=invited_by,
        expires_at=timezone.now() + VALID_FOR,
    )
    events.record("invitation.sent", actor=invited_by, target=invitation, role=role.value)
    _write_invitation(invitation, token)
    return invitation


def why_not_into(group: MentoringGroup, email: str, role: str) -> dict[str, str]:
    """Return, by field, why an address cannot be invited into a group in this role."""
    if role not in Role.values:
        return {}
    person = get_user_model().objects.filter(email__iexact=email.strip()).first()
    if person is not None and person.enrolments.live().of_programme(group.programme_id).in_role(role).exists():
        return {}  # is told of the role they have
    if why := places.why_no_place(group, role):
        return {"group": why}
    why = places.why_not_proposed(group, role, person) if person is not None else ""
    return {"email": why} if why else {}


def was_just_sent(invitation: Invitation, *, group: MentoringGroup | None, full_name: str, language: str) -> bool:
    """Return whether the same was sent a moment ago: to the same group, in the same language, with the same name."""
    is_new = timezone.now() - invitation.created_at < ONE_PRESS
    name = full_name.strip()
    is_same = invitation.group == group and invitation.language == language
    return is_new and is_same and name in {"", invitation.full_name}


def _already_here(user: "User", group: MentoringGroup | None) -> str:
    if group is None:
        return _("%(name)s has this role in the programme already.") % {"name": user.full_name}
    words = _("%(name)s has this role in the programme already. Add them on the page “People” of the group.")
    return words % {"name": user.full_name}


def _write_invitation(invitation: Invitation, token: str) -> None:
    """Write the mail of an invitation: in the language of the person who has an account, else in its own."""
    path = reverse("mentoring:invitation-accept", kwargs={"token": token})
    person = get_user_model().objects.filter(email__iexact=invitation.email).first()
    with translation.override(person.language if person else invitation.language), called_as_in(invitation.programme):
        write_mail(
            to=invitation.email,
            kind="invitation",
            template="email/invitation.txt",
            context={
                "invitation": invitation,
                "programme": invitation.programme,
                "role": within(invitation.get_role_display()),
                "link": f"{settings.SITE_URL}{path}",
                "days": VALID_FOR.days,
                "has_account": person is not None,
            },
        )


def is_backed(invitation: Invitation) -> bool:
    """Return whether the person who invited may still give this role, where it opens doors by itself."""
    role = ProgrammeRole(invitation.role)
    standing = Standing.of(invitation.invited_by)
    return role not in LEADING or role in may_invite(standing=standing, programme=invitation.programme)


@transaction.atomic
def withdraw_unbacked(*, invited_by: "User", by: "User") -> None:
    """Withdraw what a person may not give any more; called when a right of theirs has ended."""
    found = Invitation.objects.open().filter(invited_by=invited_by, role__in=LEADING).select_related("programme")
    for each in found:
        if not is_backed(each):
            revoke(invitation=each, by=by)


@transaction.atomic
def invite_again(*, invitation: Invitation, by: "User") -> Invitation:
    """Send a new link for an invitation that was not accepted; the old link stops working.

    Raises:
        ValidationError: it was accepted or withdrawn already, or `by` may not invite this role.
    """
    Programme.objects.hold(invitation.programme)  # first, as `invite` does
    held: Invitation = Invitation.objects.hold(invitation)
    if held.accepted_at is not None:
        raise ValidationError(_accepted_words(held))
    if held.revoked_at is not None and (why := _why_not_sent(held)):
        raise ValidationError(why % {"email": held.email})
    return invite(
        programme=invitation.programme,
        email=invitation.email,
        role=ProgrammeRole(invitation.role),
        invited_by=by,
        full_name=invitation.full_name,
        language=invitation.language,
        group=invitation.group,
    )


def _why_not_sent(invitation: Invitation) -> str:
    """Return why a withdrawn invitation is not sent again; a second press, whose first one sent it, is no other act."""
    newer = Invitation.objects.waiting_for(invitation.programme, invitation.email, invitation.role).first()
    said = {"full_name": invitation.full_name, "language": invitation.language}
    if newer is None:
        return _("The invitation to %(email)s was withdrawn meanwhile, and nothing was sent. You can write a new one.")
    if was_just_sent(newer, group=invitation.group, **said):
        return ""
    return _("A newer invitation to %(email)s is waiting, and nothing was sent. You can send that one again.")


def _accepted_words(invitation: Invitation) -> str:
    """Say that an invitation was accepted, and where the person is taken out again."""
    group, role = invitation.group, invitation.role
    came_in = Membership.objects.live().of_group(group).filter(user=invitation.accepted_by_id, role=role)
    if group is not None and role in Role.values and came_in.exists():
        words = _(
            "The invitation to %(email)s was accepted already. You can remove the person on the page “People” of the "
            "group “%(group)s”."
        )
        return words % {"email": invitation.email, "group": group.name}
    words = _("The invitation to %(email)s was accepted already. A Programme Admin can end the role.")
    return words % {"email": invitation.email}


@transaction.atomic
def withdraw(*, invitation: Invitation, by: "User") -> None:
    """Withdraw an invitation by hand. Idempotent.

    Raises:
        ValidationError: it was accepted already.
    """
    held: Invitation = Invitation.objects.hold(invitation)
    if held.accepted_at is not None:
        raise ValidationError(_accepted_words(held))
    revoke(invitation=held, by=by)


@transaction.atomic
def revoke(*, invitation: Invitation, by: "User") -> None:
    """Withdraw an invitation that was not accepted; its link stops working."""
    if Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        events.record("invitation.revoked", actor=by, target=invitation)


def find(token: str) -> Invitation | None:
    """Return the invitation of a token, open or not; None for a token that nobody was sent."""
    related = Invitation.objects.select_related("programme__organisation", "group", "invited_by")
    return related.filter(token_hash=token_hash(token)).first()


def is_replaced(invitation: Invitation) -> bool:
    """Return whether a withdrawn invitation was withdrawn because a newer one took its place."""
    return invitation.why_closed == "withdrawn" and Invitation.objects.has_replaced(invitation)


def is_known(invitation: Invitation) -> bool:
    """Return whether the invited address has an account already."""
    return get_user_model().objects.filter(email__iexact=invitation.email).exists()


@transaction.atomic
def accept(*, token: str, user: "User | None" = None, person: dict[str, Any] | None = None) -> "User":
    """Accept an invitation once: make or take the person, enrol them, let them join the group if it takes them.

    Args:
        user: the signed-in person whose address was invited; None makes a new person.
        person: `full_name`, `password`, `language`, `time_zone` of the new person.

    Raises:
        ValidationError: the invitation is not open any more, or belongs to another address.
    """
    invitation = Invitation.objects.select_for_update().open().filter(token_hash=token_hash(token)).first()
    if invitation is None or not is_backed(invitation):
        raise ValidationError(_("This invitation is no longer valid. Ask for a new one."))
    model = get_user_model()
    if user is None:
        if model.objects.filter(email__iexact=invitation.email).exists():
            raise ValidationError(_("Sign in first, then open the invitation again."))
        user = model.objects.create_user(invitation.email, **(person or {}))
    elif user.email.lower() != invitation.email.lower():
        raise ValidationError(_("This invitation was sent to another address."))
    now = timezone.now()
    updated = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True).update(
        accepted_at=now, accepted_by=user
    )
    if not updated:
        raise ValidationError(_("This invitation is no longer valid. Ask for a new one."))
    enrol(programme_id=invitation.programme_id, user=user, role=ProgrammeRole(invitation.role))
    group = invitation.group
    if group is not None and invitation.role in Role.values:
        held = MentoringGroup.objects.hold(group)
        if not places.why_not_proposed(held, invitation.role, user):
            put_into_group(group=group, user=user, role=Role(invitation.role), by=invitation.invited_by)
    events.record("invitation.accepted", actor=user, target=invitation, user_id=user.pk)
    return user


def why_outside(invitation: Invitation, user: "User") -> str:
    """Return why a person who has accepted is not in the group they were invited into; empty where they are."""
    group, role = invitation.group, invitation.role
    if group is None or role not in Role.values:
        return ""
    if Membership.objects.live().of_group(group).filter(user=user, role=role).exists():
        return ""
    if MembershipProposal.objects.open().filter(group=group, user=user).exists():
        return _("You join the group “%(group)s” once someone of it agrees.") % {"group": group.name}
    if Membership.objects.live().of_group(group).filter(user=user).exists():
        return _("In the group “%(group)s” you keep the role you have.") % {"group": group.name}
    if group.is_read_only:
        return _("The group “%(group)s” is closed, so you are not in it.") % {"group": group.name}
    words = _("You are not in the group “%(group)s”: it has everyone it needs in your role. Its Manager can see this.")
    return words % {"group": group.name}
