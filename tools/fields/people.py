"""The people of a group as questions and pages need them: one query for all of it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.policy.roles import Role
from mentoring.models import MentoringGroup
from tools.fields.answers import PersonChoices

if TYPE_CHECKING:
    from accounts.models import User


@dataclass
class Members:
    """Everybody who is or was in a group.

    `choices` are the members of today by role, and under "former" those who have left; `names` has all of them.
    """

    users: dict[int, "User"] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    choices: PersonChoices = field(default_factory=dict)

    @property
    def names(self) -> dict[int, str]:
        """Names by number."""
        return {number: user.get_full_name() for number, user in self.users.items()}

    def in_role(self, *roles: str) -> list["User"]:
        """Return the members of today in these roles."""
        return [self.users[number] for number, role in self.roles.items() if role in roles]


def members_of(group: MentoringGroup) -> Members:
    """Return the people of `group`; also leaves the members of today on the group, as `with_people()` does."""
    known: Members | None = group.__dict__.get("_crew")
    if known is not None:
        return known
    memberships = list(group.memberships.with_people())
    live = [each for each in memberships if each.is_live()]
    group.live_memberships = live  # type: ignore[attr-defined]  # what with_people() would have set
    members = Members(users={each.user_id: each.user for each in memberships})
    for each in live:
        members.roles[each.user_id] = Role(each.role)
        members.choices.setdefault(each.role, []).append((each.user_id, each.user.get_full_name()))
    members.choices["former"] = [
        (number, user.get_full_name()) for number, user in members.users.items() if number not in members.roles
    ]
    group.__dict__["_crew"] = members
    return members
