"""The role a person has in a group today."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from core.policy.roles import Role
from mentoring.models import Membership, MentoringGroup
from mentoring.querysets import SHOWN_OF_PEOPLE
from mentoring.reads import give_members


def role_of(user: User, group: MentoringGroup) -> Role | None:
    """Return the person's role in `group` today, or None.

    Reads `group.live_memberships` where a queryset's `with_people()` fetched them; else asks once and keeps the
    answer on the group object.
    """
    fetched: list[Membership] | None = getattr(group, "live_memberships", None)
    if fetched is not None:
        return next((Role(each.role) for each in fetched if each.user_id == user.pk), None)
    known: dict[int, Role | None] = group.__dict__.setdefault("_roles", {})
    if user.pk not in known:
        found = Membership.objects.live().of_user(user).filter(group=group).values_list("role", flat=True).first()
        known[user.pk] = Role(found) if found else None
    return known[user.pk]


def people_by_key(group: MentoringGroup, keys: Iterable[int | None]) -> dict[int | None, User | None]:
    """Return people by their key, None for None; read are only those who are no members of the group today."""
    known: dict[int | None, User | None] = {None: None} | {person.pk: person for person in people_in(group)}
    if unknown := set(keys) - known.keys():
        known |= User.objects.only(*SHOWN_OF_PEOPLE).in_bulk(unknown)
    return known


def give_people(group: MentoringGroup, row: Any, *names: str) -> None:
    """Give a row the people that its columns name, from the members of the group where they are among them."""
    keys = {name: getattr(row, f"{name}_id") for name in names}
    people = people_by_key(group, keys.values())
    for name, key in keys.items():
        setattr(row, name, people[key])


def people_in(group: MentoringGroup, *roles: Role) -> list[User]:
    """Return the live members of `group` in the given roles (all when none given), Mentor and Manager first."""
    return [each.user for each in members_of(group) if not roles or each.role in roles]


def members_of(group: MentoringGroup) -> list[Membership]:
    """Return the live memberships of `group` with their people, Mentor and Manager first; asked once."""
    fetched: list[Membership] | None = getattr(group, "live_memberships", None)
    if fetched is None:
        give_members([group])
        fetched = group.live_memberships  # type: ignore[attr-defined]  # set by give_members()
    return fetched
