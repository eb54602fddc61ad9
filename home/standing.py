"""What a person is today: roles in groups and programmes, and the screen they look at; asked once a request."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Min, Q, Value
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.roles import READ_ONLY_STAGES, ProgrammeRole, Role
from mentoring.models import Enrolment, Membership

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from accounts.models import User

ADMIN = ProgrammeRole.ADMIN.value
SCREENS: dict[str, "_StrPromise"] = {
    Role.MANAGER.value: _("As Manager"),
    Role.MENTOR.value: _("As Mentor"),
    Role.MENTEE.value: _("As Mentee"),
    ADMIN: _("As Programme Admin"),
}
"""The first screens in their order: of several the first one is shown unless another was chosen."""

CHOICE = "first_screen"
"""Key of the session under which the chosen screen is kept."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One role in one programme, through memberships (`in_groups`) or an enrolment.

    `groups` counts the groups that are not over; `newest` is the youngest of them, else of all.
    """

    in_groups: bool
    role: str
    programme: int
    title: str
    season: str
    organisation: str
    groups: int
    newest: int | None


@dataclass(frozen=True)
class Standing:
    """All seats of a person."""

    seats: tuple[Seat, ...]
    is_superuser: bool = False

    @cached_property
    def screens(self) -> list[str]:
        """Return the first screens this person has; a programme's Manager has one before the first group."""
        held = {seat.role for seat in self.seats if seat.in_groups}
        enrolled = {seat.role for seat in self.seats if not seat.in_groups}
        held |= enrolled & {ProgrammeRole.MANAGER.value, ADMIN}
        if self.is_superuser:
            held.add(ADMIN)
        return [screen for screen in SCREENS if screen in held]

    @cached_property
    def programmes(self) -> dict[int, Seat]:
        """Return one seat of every programme."""
        return {seat.programme: seat for seat in self.seats}

    def groups_as(self, role: str) -> int:
        """Return in how many groups that are not over the person holds the role."""
        return sum(seat.groups for seat in self.seats if seat.in_groups and seat.role == role)

    def newest_as(self, role: str) -> int | None:
        """Return the youngest group in which the person holds the role, running ones first."""
        found = [seat for seat in self.seats if seat.in_groups and seat.role == role and seat.newest]
        return max(found, key=lambda seat: (seat.groups > 0, seat.newest)).newest if found else None


def _seats(user: "User") -> list[tuple[Any, ...]]:
    """Return memberships of today by role and programme, and enrolments, in one query."""
    running = ~Q(group__stage__in=READ_ONLY_STAGES)
    memberships = (
        Membership.objects.live()
        .of_user(user)
        .order_by()
        .values_list(Value(1), "role", "group__programme_id")
        .annotate(
            title=Min("group__programme__title"),
            season=Min("group__programme__season"),
            organisation=Min("group__programme__organisation__name"),
            groups=Count("pk", filter=running),
            newest=Max("group_id", filter=running),
            any=Max("group_id"),
        )
    )
    enrolments = (
        Enrolment.objects.live()
        .of_user(user)
        .order_by()
        .values_list(
            Value(0), "role", "programme_id", "programme__title", "programme__season", "programme__organisation__name"
        )
        .annotate(groups=Value(0), newest=F("programme_id"), any=F("programme_id"))
    )
    return list(memberships.union(enrolments, all=True))


def standing_of(request: HttpRequest) -> Standing:
    """Return what the signed-in person is today; nothing for somebody not signed in."""
    known: Standing | None = getattr(request, "_standing", None)
    if known is None:
        user = request.user
        if not user.is_authenticated:
            return Standing(())
        seats = [
            Seat(bool(kind), role, programme, title, season, organisation, groups, (newest or latest) if kind else None)
            for kind, role, programme, title, season, organisation, groups, newest, latest in _seats(user)
        ]
        known = Standing(tuple(seats), user.is_superuser and user.is_active)
        request._standing = known  # type: ignore[attr-defined]  # kept for the navigation of the same page
    return known


def screen_of(request: HttpRequest) -> str:
    """Return the screen the person looks at: the one chosen, else the first they have; empty when they have none."""
    screens = standing_of(request).screens
    session = getattr(request, "session", None)
    chosen = session.get(CHOICE, "") if session is not None else ""
    if chosen in screens:
        return str(chosen)
    return screens[0] if screens else ""


def choose_screen(request: HttpRequest, wanted: str) -> None:
    """Keep the chosen screen for this session, if the person has it."""
    if wanted in standing_of(request).screens and request.session.get(CHOICE) != wanted:
        request.session[CHOICE] = wanted


def switch_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the screens to switch between; empty for who has only one."""
    screens = standing_of(request).screens
    if len(screens) < 2:  # noqa: PLR2004 -- nothing to choose
        return []
    current = screen_of(request)
    return [{"label": SCREENS[each], "url": f"?as={each}", "is_current": each == current} for each in screens]
