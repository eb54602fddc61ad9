"""The places of a group space: each app names its own, the rail shows them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from core.policy.roles import Role
from core.web.http import SignedInRequest
from core.web.way_back import register_places
from mentoring.models import MentoringGroup

OWN_PAGES = 10
"""Places of a smaller order are the group's own pages; the others are those of the old platform."""


@dataclass(frozen=True, slots=True)
class GroupItem:
    """One place of the group space.

    `key` says which place a page belongs to; `indent` puts a folder under its session; `note` is one living fact;
    `order`: 0-9 the group's own pages, 10-99 the places of the old platform in their order. `summary` is the fact
    that the overview shows: words, or something lazy that becomes words, so that the rail costs nothing.
    """

    key: str
    label: str
    url: str
    icon: str
    order: int
    indent: bool = False
    note: str = ""
    summary: Any = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a group stands on its way ("4 of 10 sessions over") and what comes next."""

    progress: str = ""
    title: str = ""
    line: str = ""
    url: str = ""
    icon: str = "calendar-event"
    is_all_over: bool = False


Provider = Callable[[SignedInRequest, MentoringGroup, Role | None], Iterable[GroupItem]]
OutlookProvider = Callable[[MentoringGroup], Outlook | None]
_providers: list[Provider] = []
_outlook_providers: list[OutlookProvider] = []


def register_items(provider: Provider) -> None:
    """Let an app add its places; for `apps.ready()`. At most a query or two for all of them."""
    if provider not in _providers:
        _providers.append(provider)


def register_outlook(provider: OutlookProvider) -> None:
    """Let an app say where a group stands; for `apps.ready()`. At most one query, kept on the group object."""
    if provider not in _outlook_providers:
        _outlook_providers.append(provider)


def outlook_of(group: MentoringGroup) -> Outlook:
    """Return where the group stands, from the first app that knows."""
    found = (provider(group) for provider in _outlook_providers)
    return next((outlook for outlook in found if outlook), Outlook())


def places_of(request: SignedInRequest, group: MentoringGroup) -> list[GroupItem]:
    """Return the places of `group` for this person, in order."""
    role = request.standing.role_in(group.pk)
    found = [place for provider in _providers for place in provider(request, group, role)]
    return sorted(found, key=lambda place: place.order)


def stage_words(group: MentoringGroup) -> str:
    """Return the stage, and while the group runs how far it is."""
    stage = str(group.get_stage_display())
    progress = outlook_of(group).progress
    return f"{stage}, {progress}" if progress and group.accepts_work else stage


def rail_for(request: SignedInRequest, group: MentoringGroup, *, current: str) -> dict[str, Any]:
    """Return what the rail of a group page needs: the group, its stage in words, its places.

    Args:
        current: key of the place the page belongs to; a page that is none of them belongs to the overview.
    """
    places = places_of(request, group)
    if all(place.key != current for place in places):
        current = "overview"
    entries: list[dict[str, Any]] = []
    own = True
    for place in places:
        if own and entries and place.order >= OWN_PAGES:
            entries.append({"divider": True})
        own = place.order < OWN_PAGES
        entries.append(
            {
                "divider": False,
                "key": place.key,
                "label": place.label,
                "url": place.url,
                "icon": place.icon,
                "indent": place.indent,
                "note": place.note,
                "current": place.key == current,
            }
        )
    return {
        "group": {"name": group.name, "note": stage_words(group)},
        "places": entries,
        "current": next((entry for entry in entries if entry.get("current")), None),
    }


register_places(
    {
        "mentoring:group-list": gettext_lazy("Groups"),
        "mentoring:group-detail": gettext_lazy("Group"),
        "mentoring:member-list": gettext_lazy("People"),
        "mentoring:people-list": gettext_lazy("People"),
        "mentoring:message-inbox": gettext_lazy("Messages"),
    }
)
