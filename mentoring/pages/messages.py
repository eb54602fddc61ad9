"""What the pages of messages show."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import since
from mentoring import stops
from mentoring.models import Membership, Message
from mentoring.navigation import rail_for
from mentoring.standing import Standing

MOST_SHOWN = 200
"""So many of the latest messages are looked through for the list of conversations."""


@dataclass(slots=True)
class Conversation:
    """One row of the list: with whom, in which group, since when, how much is new."""

    title: str
    line: str
    url: str
    state: str = ""
    words: str = ""


def conversations_of(standing: Standing) -> list[Conversation]:
    """Return with whom this person has written in the groups they are in, the last one first."""
    me = standing.user_id
    latest: dict[tuple[int, int], Message] = {}
    unread: dict[tuple[int, int], int] = {}
    for message in Message.objects.latest_of(me, standing.all_groups())[:MOST_SHOWN]:
        key = (message.group_id, message.recipient_id if message.sender_id == me else message.sender_id)
        latest.setdefault(key, message)
        if message.recipient_id == me and message.read_at is None:
            unread[key] = unread.get(key, 0) + 1
    groups, people = {group for group, _person in latest}, {person for _group, person in latest}
    memberships = Membership.objects.places_of(groups, people) if latest else {}
    return [
        _row(message, memberships[key], unread.get(key, 0), is_mine=message.sender_id == me)
        for key, message in latest.items()
        if key in memberships
    ]


def _row(message: Message, membership: int, new: int, *, is_mine: bool) -> Conversation:
    other = message.recipient if is_mine else message.sender
    said = _("You wrote %(when)s") if is_mine else _("Wrote to you %(when)s")
    return Conversation(
        other.full_name,
        f"{message.group.name}. {said % {'when': since(message.sent_at)}}",
        reverse("mentoring:message-list", args=[membership]),
        "waiting" if new else "",
        ngettext("%(count)d new", "%(count)d new", new) % {"count": new} if new else "",
    )


def messages_context(request: Any, partner: Membership) -> dict[str, Any]:
    """Return what one person and another wrote to each other in a group."""
    group = partner.group
    stop = stops.writing_to_people(group)
    if not stop and not partner.is_live():
        stop = _("%(name)s is no longer in this group.") % {"name": partner.user.full_name}
    return {
        "group": group,
        "partner": partner,
        "thread": list(Message.objects.between(group, request.user.pk, partner.user_id)),
        "stop": stop,
        "rail": rail_for(request, group, current="people"),
    }


def new_words(count: int) -> str:
    """Return "2 new messages"; empty when there are none."""
    return ngettext("%(count)d new message", "%(count)d new messages", count) % {"count": count} if count else ""
