"""Whom and what a form is about, by how many of it a group needs: the one table that everything else reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from core.policy.roles import Role
from tools.models import OnePer, ToolVersion


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about.

    Attributes:
        roles: a form is about one member in one of these roles; about the group when there are none.
        needs_session: it is about one session of the plan.
    """

    roles: tuple[Role, ...] = ()
    needs_session: bool = False

    @property
    def is_of_one(self) -> bool:
        """Whether it is about one person or session, and so can be about the wrong one."""
        return bool(self.roles) or self.needs_session


ABOUT: Final[Mapping[str, About]] = {
    OnePer.GROUP: About(),
    OnePer.MENTEE: About((Role.MENTEE,)),
    OnePer.MENTOR: About((Role.MENTOR,)),
    OnePer.MENTEE_OR_MENTOR: About((Role.MENTEE, Role.MENTOR)),
    OnePer.MENTEE_SESSION: About((Role.MENTEE,), needs_session=True),
    OnePer.SESSION: About(needs_session=True),
}


def about(version: ToolVersion) -> About:
    """Whom and what the forms of a tool are about."""
    return ABOUT[version.one_per]


def writer_roles(version: ToolVersion) -> frozenset[str]:
    """The roles whose answers are handed in: those it is about, if they fill it in; else all who fill it in."""
    filled_by = frozenset(version.filled_by)
    return filled_by & frozenset(about(version).roles) or filled_by


def fills_in_about_oneself(version: ToolVersion) -> bool:
    """Whether a tool's form is filled in by the person it is about, whichever of its roles that is.

    The same rule as `subject_fills_in`, for one version.
    """
    roles = about(version).roles
    return bool(roles) and all(getattr(version, f"by_{role}") for role in roles)


def subject_fills_in(version: str) -> Q:
    """The condition that a tool's form is filled in by the person it is about, whichever of its roles that is.

    Args:
        version: lookup path to the tool's version, with trailing underscores.
    """
    found = Q()
    for roles in sorted({each.roles for each in ABOUT.values() if each.roles}):
        kinds = [str(one_per) for one_per, each in ABOUT.items() if each.roles == roles]
        found |= Q(**{f"{version}one_per__in": kinds}, **{f"{version}by_{role}": True for role in roles})
    return found
