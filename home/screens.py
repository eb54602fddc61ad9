"""The first screens of a person, and which of them they look at now."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.policy.roles import ProgrammeRole, Role
from mentoring.standing import Seat, Standing

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

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


def screens_of(standing: Standing) -> list[str]:
    """Return the first screens this person has; a programme's Manager has one before the first group."""
    held = set(standing.roles)
    enrolled = {seat.role for seat in standing.seats if not seat.in_groups}
    held |= enrolled & {ProgrammeRole.MANAGER.value, ADMIN}
    if standing.is_superuser:
        held.add(ADMIN)
    return [screen for screen in SCREENS if screen in held]


def programmes_of(standing: Standing) -> dict[int, Seat]:
    """Return one seat of every programme."""
    return {seat.programme: seat for seat in standing.seats}


def running_groups_as(standing: Standing, role: str) -> int:
    """Return in how many groups that are not over the person holds the role."""
    return sum(seat.groups for seat in standing.seats if seat.in_groups and seat.role == role)


def newest_group_as(standing: Standing, role: str) -> int | None:
    """Return the youngest group in which the person holds the role, running ones first."""
    found = [seat for seat in standing.seats if seat.in_groups and seat.role == role and seat.newest]
    return max(found, key=lambda seat: (seat.groups > 0, seat.newest)).newest if found else None


def newest_groups_by_pack(standing: Standing) -> dict[int, int]:
    """Return for each pack the youngest group of the person that works by it, running ones first."""
    found = [seat for seat in standing.seats if seat.in_groups and seat.newest]
    return {seat.pack: seat.newest or 0 for seat in sorted(found, key=lambda seat: (seat.groups > 0, seat.newest))}


def screen_of(request: HttpRequest) -> str:
    """Return the screen the person looks at: the one chosen, else the first they have; empty when they have none."""
    screens = screens_of(request.standing)  # type: ignore[attr-defined]
    session = getattr(request, "session", None)
    chosen = session.get(CHOICE, "") if session is not None else ""
    if chosen in screens:
        return str(chosen)
    return screens[0] if screens else ""


def choose_screen(request: HttpRequest, wanted: str) -> None:
    """Keep the chosen screen for this session, if the person has it."""
    screens = screens_of(request.standing)  # type: ignore[attr-defined]
    if wanted in screens and request.session.get(CHOICE) != wanted:
        request.session[CHOICE] = wanted


def switch_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the screens to switch between; empty for who has only one."""
    screens = screens_of(request.standing)  # type: ignore[attr-defined]
    if len(screens) < 2:  # noqa: PLR2004 -- nothing to choose
        return []
    current = screen_of(request)
    return [{"label": SCREENS[each], "url": f"?as={each}", "is_current": each == current} for each in screens]
