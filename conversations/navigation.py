"""The forum as a place: of the group space, and of the navigation; each with how much is new there."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from conversations.statements import UNREAD
from core.policy.roles import Action, Area, Role
from core.web import navigation
from core.web.http import SignedInRequest
from core.web.navigation import NavigationItem
from core.web.way_back import register_places
from mentoring.models import MentoringGroup
from mentoring.navigation import GroupItem
from mentoring.standing import Standing

FORUM = "forum"


def unread_on(standing: Standing) -> dict[int, int]:
    """Return how many topics have something new for the person, by board; read with the standing."""
    return {each.key: each.number for each in standing.noted if each.name == UNREAD}


def unread_in_group(standing: Standing, group_id: int) -> int:
    """Return how many topics of a group's board have something new for the person."""
    return sum(each.number for each in standing.noted if each.name == UNREAD and each.group == group_id)


def new_words(count: int) -> str:
    """Return "2 new topics"; empty when nothing is new."""
    if not count:
        return ""
    return ngettext("%(count)d topic with something new", "%(count)d topics with something new", count) % {
        "count": count
    }


def forum_place(request: SignedInRequest, group: MentoringGroup, role: Role | None) -> Iterable[GroupItem]:
    """Name the board of the group."""
    if role is None or not request.standing.may(Area.BOARD, Action.VIEW, group.pk):
        return
    new = unread_in_group(request.standing, group.pk)
    note = ngettext("%(count)d new", "%(count)d new", new) % {"count": new} if new else ""
    summary = new_words(new) or _("Questions, answers and news of the group")
    url = reverse("conversations:group-board", args=[group.pk])
    yield GroupItem(FORUM, _("Forum"), url, "chat-square-text", 70, note=note, summary=summary)


def places_of(request: HttpRequest) -> Iterator[NavigationItem]:
    """Name the forum for everybody who has a board."""
    if not request.user.is_authenticated:
        return
    standing: Standing = request.standing  # type: ignore[attr-defined]
    if standing.seats:
        count = sum(unread_on(standing).values())
        yield NavigationItem(
            _("Forum"), reverse("conversations:board-list"), "chat-left-text", filled_icon="chat-left-text-fill",
            short_label=pgettext("tab", "Forum"), covers=("conversations:",), order=40, count=count,
            count_words=new_words(count),
        )  # fmt: skip


navigation.register(places_of)
register_places(
    {
        "conversations:board-list": gettext_lazy("Forum"),
        "conversations:board-detail": gettext_lazy("Board"),
        "conversations:group-board": gettext_lazy("Board"),
        "conversations:topic-detail": gettext_lazy("Topic"),
    }
)
