"""What the list of boards and one board show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from conversations.models import Board, Topic
from conversations.names import board_name, title_of, what_belongs, who_reads
from conversations.navigation import FORUM, new_words, unread_on
from conversations.querysets import is_new_since
from conversations.services.boards import why_not_writing
from core.keys import key_from
from core.policy.roles import Action
from core.templatetags.ui import since
from core.web.http import SignedInRequest, addresses
from mentoring.navigation import rail_for

PAGE_OF_TOPICS: Final = 20
ORDERS: Final = {"last": "last_post_at", "begun": "created_at"}
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class BoardRow:
    """A board in the list of boards."""

    title: str
    url: str
    line: str
    state: str = ""
    words: str = ""


@dataclass(slots=True)
class TopicRow:
    """A topic in the list of a board."""

    title: str
    url: str
    author: str
    line: str
    answers: str
    new: str
    is_pinned: bool
    is_locked: bool
    is_muted: bool
    is_followed: bool


def board_list_context(request: SignedInRequest) -> dict[str, Any]:
    """Return the boards of this person: of the programmes, then of the groups."""
    boards = list(Board.objects.allowing(request.standing, Action.VIEW).for_list(request.standing))
    new = unread_on(request.standing)
    programmes = {board.programme_id: board.programme for board in boards if board.programme_id}
    sections = [
        (programme.title, [_row(board, new) for board in _in_order(boards, key)])
        for key, programme in programmes.items()
    ]
    groups = [_row(board, new) for board in boards if board.is_of_group]
    if groups:
        sections.append((ngettext("The board of your group", "The boards of your groups", len(groups)), groups))
    return {"sections": sections}


def _in_order(boards: Iterable[Board], programme_id: int) -> list[Board]:
    """Return the boards of a programme: announcements, then Managers, Mentors, Mentees."""
    order = ["", "manager", "mentor", "mentee"]
    return sorted(
        (each for each in boards if each.programme_id == programme_id), key=lambda each: order.index(each.role)
    )


def _row(board: Any, new: dict[int, int]) -> BoardRow:
    count = new.get(board.pk, 0)
    if board.last_post_at is None:
        line = _("Nothing is written here yet")
    else:
        line = _("Last post %(when)s") % {"when": since(board.last_post_at)}
    if board.my_choice == "muted":
        line = _("%(line)s. Muted") % {"line": line}
    title = board.group.name if board.group else board_name(board)
    url = reverse("conversations:group-board", args=[board.group_id]) if board.group else board_url(board)
    return BoardRow(title, url, line, "waiting" if count else "", new_words(count))


def board_url(board: Board) -> str:
    """Return the address of a board."""
    if board.group_id:
        return reverse("conversations:group-board", args=[board.group_id])
    return reverse("conversations:board-detail", args=[board.pk])


def frame_of(request: SignedInRequest, board: Board) -> dict[str, Any]:
    """Return what every page of a board needs: its name, its readers, and the rail of its group."""
    return {
        "board": board,
        "board_name": board_name(board),
        "board_url": board_url(board),
        "who_reads": who_reads(board),
        "rail": rail_for(request, board.group, current=FORUM) if board.group is not None else None,
    }


def board_context(request: SignedInRequest, board: Any) -> dict[str, Any]:
    """Return one page of the topics of a board."""
    show, order = request.GET.get("show", ""), request.GET.get("order", "last")
    moment = ORDERS.get(order, ORDERS["last"])
    before = _moment_of(request.GET.get("before", ""))
    if show or before:
        found = _shown(board, request, show).page_by(moment, before=before, size=PAGE_OF_TOPICS)
    else:
        found = Topic.objects.newest_of(board, request.standing, moment, PAGE_OF_TOPICS)
    page, has_more = found[:PAGE_OF_TOPICS], len(found) > PAGE_OF_TOPICS
    writes = Action.WRITE in board.rights(request.standing)
    return {
        **frame_of(request, board),
        "rows": _topic_rows(page, board),
        "older": _link(show, order, _token(page[-1], moment)) if has_more else "",
        "newest": _link(show, order) if request.GET.get("before") else "",
        "filters": [
            (_("All"), _link("", order), not show),
            (pgettext("of a post", "New"), _link("new", order), show == "new"),
            (_("Followed"), _link("followed", order), show == "followed"),
            (_("Begun by me"), _link("mine", order), show == "mine"),
        ],
        "orders": [
            (_("By the last post"), _link(show, "last"), moment == ORDERS["last"]),
            (_("Newest topics first"), _link(show, "begun"), moment == ORDERS["begun"]),
        ],
        "is_filtered": bool(show),
        "search_fields": [("board", board.pk)],
        "what_belongs": what_belongs(board),
        "stop": why_not_writing(board) if writes else "",
        "may_write": writes,
        "new_count": unread_on(request.standing).get(board.pk, 0),
        "choice": board.my_choice or "",
    }


def _shown(board: Board, request: SignedInRequest, show: str) -> Any:
    topics = Topic.objects.of_board(board).with_own(request.standing)
    if show == "new":
        return topics.unread_only(board)
    if show == "followed":
        return topics.followed()
    return topics.begun_by(request.user.pk) if show == "mine" else topics


def _link(show: str, order: str, before: str = "") -> str:
    values = {"show": show, "order": order if order != "last" else "", "before": before}
    chosen = {name: value for name, value in values.items() if value}
    return f"?{urlencode(chosen)}" if chosen else "?"


def _token(topic: Any, moment: str) -> str:
    """Return where the next page begins: the moment of a topic to the microsecond, and its key."""
    return f"{(getattr(topic, moment) - EPOCH) // timedelta(microseconds=1)}-{topic.pk}"


def _moment_of(token: str) -> tuple[datetime, int] | None:
    """Return what `_token` wrote; None for anything else."""
    at, _dash, key = token.partition("-")
    microseconds, pk = key_from(at), key_from(key)
    if microseconds is None or pk is None or microseconds > LAST_MICROSECOND:
        return None
    return EPOCH + timedelta(microseconds=microseconds), pk


LAST_MICROSECOND: Final = (datetime(2199, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def _answers(number: int, board: Any) -> str:
    """Return how many answers there are; nobody can answer an announcement, so nothing is said of none."""
    if board.is_announcements and not number:
        return ""
    return ngettext("%(n)d answer", "%(n)d answers", number) % {"n": number}


def _topic_rows(topics: list[Any], board: Any) -> list[TopicRow]:
    to_topic, to_new = addresses("conversations:topic-detail"), addresses("conversations:topic-new")
    recent = max(is_new_since(), board.read_until or is_new_since())
    rows = []
    for topic in topics:
        muted = (topic.my_choice or board.my_choice) == "muted"
        unread = topic.last_number - (topic.my_number or 0) if topic.last_post_at > recent and not muted else 0
        is_begun = topic.my_number is not None and unread > 0
        answers = max(topic.living - (0 if topic.is_headless else 1), 0)
        rows.append(
            TopicRow(
                title=title_of(topic),
                url=to_new(topic.pk) if is_begun else to_topic(topic.pk),
                author=topic.author.full_name if not topic.is_headless else "",
                line=_("Last post %(when)s, %(name)s")
                % {"when": since(topic.last_post_at), "name": topic.last_author.get_short_name()},
                answers=_answers(answers, board),
                new=ngettext("%(n)d new post", "%(n)d new posts", unread) % {"n": unread} if unread > 0 else "",
                is_pinned=topic.is_pinned,
                is_locked=topic.is_locked,
                is_muted=muted,
                is_followed=topic.my_choice == "following",
            )
        )
    return rows
