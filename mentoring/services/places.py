"""How many people a group takes in which role. Each answer says why not; it is empty when nothing speaks against it."""

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from core.policy.roles import Role
from core.texts import within
from mentoring import stops
from mentoring.models import GroupKind, Membership, MembershipProposal, MentoringGroup

if TYPE_CHECKING:
    from accounts.models import User

MOST_MENTORS: Final = 2
"""A Mentor and a co-Mentor (design.md 1)."""


def why_too_many(*, kind: str, role: str, people: int) -> str:
    """Return why a group of this kind cannot have so many people in a role."""
    if role == Role.MENTOR and people > MOST_MENTORS:
        return _("A group has one Mentor, or two.")
    if role == Role.MENTEE and kind == GroupKind.PAIR and people > 1:
        return _("A pair has one Mentee. Choose “group” for more.")
    return ""


def _there(group: MentoringGroup, role: str) -> Any:
    """Return the memberships that take a place: whose person may not sign in any more takes none."""
    return Membership.objects.live().of_group(group).in_role(role).filter(user__is_active=True)


def why_no_place(group: MentoringGroup, role: str) -> str:
    """Return why nobody more can join a group in this role."""
    if stop := stops.joining(group):
        return stop
    people = list(_there(group, role).select_related("user").order_by("pk"))
    if not why_too_many(kind=group.kind, role=role, people=len(people) + 1):
        return ""
    facts = {"group": group.name, "people": ", ".join(each.user.full_name for each in people)}
    if role == Role.MENTOR:
        return _("“%(group)s” has its Mentors already: %(people)s. A group has one Mentor, or two.") % facts
    return _("“%(group)s” is a pair and has its Mentee already: %(people)s.") % facts


def why_not_joining(group: MentoringGroup, role: str, user: "User", *, is_replacing: bool = False) -> str:
    """Return why this person cannot join a group in this role.

    Args:
        is_replacing: somebody has just left the same role for this person, so nobody is counted.
    """
    inside = Membership.objects.live().of_group(group).filter(user=user).first()
    if inside is not None and inside.role == role:
        return _("%(name)s is in this group already.") % {"name": user.full_name}
    if inside is not None:
        facts = {"name": user.full_name, "role": within(inside.get_role_display())}
        return _("%(name)s is in this group already, as %(role)s.") % facts
    return stops.joining(group) if is_replacing else why_no_place(group, role)


def why_not_proposed(group: MentoringGroup, role: str, user: "User") -> str:
    """Return why this person cannot be proposed for a group in this role, or invited into it."""
    if why := why_not_joining(group, role, user):
        return why
    if MembershipProposal.objects.open().filter(group=group, user=user).exists():
        return _("%(name)s is proposed already, and waits for consent.") % {"name": user.full_name}
    return ""


def why_not_of_kind(group: MentoringGroup, kind: str) -> str:
    """Return why a group with the people it has cannot become of this kind."""
    people = _there(group, Role.MENTEE).count()
    if kind == group.kind or not why_too_many(kind=kind, role=Role.MENTEE, people=people):
        return ""
    return _("A pair has one Mentee, and this group has %(n)d.") % {"n": people}
