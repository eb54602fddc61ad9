"""Who a person is today: in which groups and programmes, in which roles. The one source of every right.

One statement reads it (two for somebody in more than `MANY_GROUPS` groups); everything that asks for rights in the
same request asks this object, and nothing is kept for the next request, in which a membership may have ended.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Q
from django.utils import timezone

from core.days import programme_today
from core.policy.roles import READ_ONLY_STAGES, Action, Area, ProgrammeRole, Role
from core.policy.tables import AREA_POLICY, PROGRAMME_POLICY, programme_roles_allowed, roles_allowed
from core.role_names import RoleNames
from mentoring.models import Membership, RoleGroup
from mentoring.role_names import role_names_of
from mentoring.statements import RIDER, read_held

if TYPE_CHECKING:
    from accounts.models import User

MANY_GROUPS: Final = 200
"""From more groups on conditions ask the memberships table instead of listing the groups."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One role in one programme, through memberships (`in_groups`) or an enrolment.

    `groups` counts the groups that are not over; `newest` is the youngest of them, else of all. `pack_loaded` is when
    the pack was last loaded, as the database says it: another value means another content. `role_names` is what the
    pack calls the roles, as JSON text.
    """

    in_groups: bool
    role: str
    programme: int
    pack: int
    pack_loaded: Any
    role_names: str
    title: str
    season: str
    organisation: str
    groups: int = 0
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A number that a higher app counts for this person: of what, of which row, and of which group if of one."""

    name: str
    key: int
    number: int
    group: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A membership of today, or an enrolment (`group` is 0)."""

    group: int
    role: str
    auth_group: int | None
    stage: str
    programme: int
    pack: int
    pack_loaded: Any
    role_names: str
    title: str
    season: str
    organisation: str


class Standing:
    """What a person is today, and so what they may do; immutable.

    Attributes:
        user: the person; an anonymous or deactivated one has no rights at all.
        seats: the roles by programme.
        noted: what higher apps count for the person, read in the same statement.
    """

    __slots__ = ("_auth_groups", "_groups", "_is_wide", "_programmes", "noted", "seats", "user")

    user: "User"
    seats: tuple[Seat, ...]
    noted: tuple[Noted, ...]
    _is_wide: bool
    _groups: dict[str, frozenset[int]]
    _auth_groups: dict[str, frozenset[int]]
    _programmes: dict[int, int]

    def __init__(
        self,
        user: "User | AnonymousUser",
        held: Iterable[_Held] = (),
        wide: Iterable[Seat] = (),
        noted: Iterable[Noted] = (),
    ) -> None:
        held, wide = tuple(held), tuple(wide)
        groups: dict[str, set[int]] = defaultdict(set)
        auth_groups: dict[str, set[int]] = defaultdict(set)
        for each in held:
            if each.group:
                groups[each.role].add(each.group)
                if each.auth_group:
                    auth_groups[each.role].add(each.auth_group)
        enrolled = tuple(
            Seat(
                False,
                each.role,
                each.programme,
                each.pack,
                each.pack_loaded,
                each.role_names,
                each.title,
                each.season,
                each.organisation,
            )
            for each in sorted(held, key=lambda each: (each.programme, each.role))
            if not each.group
        )
        put = object.__setattr__
        put(self, "user", user)
        put(self, "noted", tuple(noted))
        put(self, "_is_wide", bool(wide))
        put(self, "_groups", {role: frozenset(keys) for role, keys in groups.items()})
        put(self, "_auth_groups", {role: frozenset(keys) for role, keys in auth_groups.items()})
        put(self, "_programmes", {each.group: each.programme for each in held if each.group})
        put(self, "seats", (wide or tuple(_seats(held))) + enrolled)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A standing does not change; ask for a new one.")

    @classmethod
    def of(cls, user: "User | AnonymousUser") -> Self:
        """Read what `user` is now.

        A service that writes calls it inside its transaction, so that it decides by what is true then.
        """
        if not (user.pk and user.is_active):
            return cls(user)
        held, noted = _read(user)
        if sum(1 for each in held if each.group) <= MANY_GROUPS:
            return cls(user, held, noted=noted)
        return cls(user, [each for each in held if not each.group], _wide_seats(user), noted)

    @property
    def user_id(self) -> int:
        """The person's key; 0, which is nobody's, for somebody who may do nothing."""
        return (self.user.pk or 0) if self.user.is_active else 0

    @property
    def roles(self) -> frozenset[str]:
        """The roles the person holds in groups."""
        return frozenset(seat.role for seat in self.seats if seat.in_groups)

    @property
    def is_superuser(self) -> bool:
        """Whether the person may enter the whole administration."""
        return bool(self.user.is_active and self.user.is_superuser)

    # --- groups -------------------------------------------------------------------------------------------------

    def groups_as(self, *roles: str) -> Any:
        """Return the groups in which the person has one of `roles` today; without a role none.

        Returns:
            Keys, or for somebody in very many groups an uncorrelated query of them; made for `…__in`.
        """
        if not self._is_wide:
            return frozenset().union(*(self._groups.get(str(role), frozenset()) for role in roles))
        if not self.roles.intersection(roles):
            return frozenset()
        return Membership.objects.live().of_user(self.user).in_role(*roles).order_by().values("group")

    def all_groups(self) -> Any:
        """Return the groups in which the person is today in whatever role, as `groups_as` does."""
        return self.groups_as(*Role.values)

    def groups(self, area: Area, action: Action) -> Any:
        """Return the groups in which the person may do `action` in `area`, as `groups_as` does."""
        return self.groups_as(*roles_allowed(area, action))

    def groups_by_role(self) -> Iterator[tuple[str, Any]]:
        """Yield each role the person holds, with the groups in which they do."""
        for role in Role.values:
            if role in self.roles:
                yield role, self.groups_as(role)

    def auth_groups(self) -> Any:
        """Return the auth groups that hold the person's grants on folders, as `groups_as` does."""
        if not self._is_wide:
            return frozenset().union(*self._auth_groups.values())
        mine = Membership.objects.live().of_user(self.user).order_by()
        held = Q()
        for role in self.roles:
            held |= Q(role=role, group__in=mine.in_role(role).values("group"))
        return RoleGroup.objects.filter(held).order_by().values("auth_group")

    def role_in(self, group_id: int) -> Role | None:
        """Return the person's role in a group today, None when there is none; one query for who is in very many."""
        if self._is_wide:
            mine = Membership.objects.live().of_user(self.user).filter(group=group_id)
            found = mine.values_list("role", flat=True).first()
        else:
            found = next((role for role, keys in self._groups.items() if group_id in keys), None)
        return Role(found) if found else None

    def may(self, area: Area, action: Action, group_id: int) -> bool:
        """Return whether the person may do `action` in `area` of one group."""
        role = self.role_in(group_id)
        return role is not None and action in AREA_POLICY[area][role]

    def may_anywhere(self, area: Area, action: Action) -> bool:
        """Return whether the person may do `action` in `area` of some group."""
        return not self.roles.isdisjoint(roles_allowed(area, action))

    # --- programmes ---------------------------------------------------------------------------------------------

    def programmes_as(self, *roles: str) -> frozenset[int]:
        """Return the programmes in which the person is enrolled in one of `roles`."""
        return frozenset(seat.programme for seat in self.seats if not seat.in_groups and seat.role in roles)

    def programmes(self, action: Action) -> frozenset[int]:
        """Return the programmes on which the person's enrolment allows `action`."""
        return self.programmes_as(*programme_roles_allowed(action))

    def group_packs(self) -> frozenset[int]:
        """Return the packs of one's groups."""
        return frozenset(seat.pack for seat in self.seats if seat.in_groups)

    def pack_loaded(self, pack: int) -> Any:
        """Return when one of one's packs was last loaded; None for other packs."""
        return next((seat.pack_loaded for seat in self.seats if seat.pack == pack), None)

    def role_names(self, programme: int | None = None, group: int | None = None) -> RoleNames | None:
        """Return what the roles are called where a page belongs, or wherever one is; None where programmes differ."""
        programme = programme or self._programmes.get(group or 0)
        here = {seat.role_names for seat in self.seats if seat.programme == programme}
        found = here or {seat.role_names for seat in self.seats}
        return role_names_of(found.pop()) if len(found) == 1 else None

    def packs(self, action: Action, group_roles: Collection[str] = tuple(Role.values)) -> frozenset[int]:
        """Return the packs of one's groups, in one of `group_roles`, and of programmes allowing `action`."""
        return frozenset(
            seat.pack
            for seat in self.seats
            if (seat.role in group_roles if seat.in_groups else action in PROGRAMME_POLICY[ProgrammeRole(seat.role)])
        )


def _read(user: "User | AnonymousUser") -> tuple[list[_Held], list[Noted]]:
    """Read memberships of today (no more than one over `MANY_GROUPS`), enrolments and notes in one statement."""
    found = read_held(user.pk or 0, today=programme_today(), now=timezone.now(), limit=MANY_GROUPS + 1)
    held = [_Held(*facts) for facts in found if facts[0] != RIDER]
    return held, [
        Noted(name, key, number, group) for place, name, key, _stage, number, group, *_rest in found if place == RIDER
    ]


def _seats(held: Iterable[_Held]) -> Iterator[Seat]:
    """Sum up memberships by role and programme."""
    by_place: dict[tuple[str, int], list[_Held]] = defaultdict(list)
    for each in held:
        if each.group:
            by_place[each.role, each.programme].append(each)
    for (role, programme), found in sorted(by_place.items()):
        running = [each.group for each in found if each.stage not in READ_ONLY_STAGES]
        newest = max(running or [each.group for each in found])
        first = found[0]
        yield Seat(
            True, role, programme, first.pack, first.pack_loaded, first.role_names, first.title, first.season,
            first.organisation, len(running), newest,
        )  # fmt: skip


def _wide_seats(user: "User | AnonymousUser") -> Iterator[Seat]:
    """Let the database sum up the memberships of somebody who is in very many groups."""
    running = ~Q(group__stage__in=READ_ONLY_STAGES)
    programme = "group__programme__"
    found = (
        Membership.objects.live()
        .of_user(user)
        .order_by("role", "group__programme_id")
        .values_list(
            "role", "group__programme_id", f"{programme}pack_id", f"{programme}pack__loaded_at",
            f"{programme}pack__role_names", f"{programme}title", f"{programme}season", f"{programme}organisation__name",
        )
        .annotate(groups=Count("pk", filter=running), newest=Max("group_id", filter=running), any=Max("group_id"))
    )  # fmt: skip
    for role, key, pack, loaded, names, title, season, organisation, groups, newest, latest in found:
        words = json.dumps(names)
        yield Seat(True, role, key, pack, loaded, words, title, season, organisation, groups, newest or latest)
