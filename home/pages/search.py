"""What a search finds in all that a person may read: people, documents, sessions, posts; a few of each, or one kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from conversations.models import Board, Post
from conversations.names import board_name, title_of
from conversations.pages.boards import board_url
from core.full_text import Asked, Piece, in_their_sentence, marked
from core.keys import key_from
from core.markdown import plain
from core.policy.choices import label_of
from core.policy.roles import Action, ProgrammeRole, Role
from core.templatetags.ui import day_month, since
from core.texts import text
from core.web.http import SignedInRequest, address
from documents.models import Document
from home.screens import newest_groups_by_pack
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from mentoring.visible_people import VisiblePeople
from sessions_app.models import CatalogueSession, MeetingState, PlannedSession, SectionKind
from sessions_app.querysets import FoundSession
from tools.memory import give_versions

FEW: Final = 5
PAGE_SIZE: Final = 20
MOST_PAGES: Final = 50
"""Nobody looks further; whoever does not find it by then says more of it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found: where it leads, its name and its words in pieces, and a line about it."""

    url: str
    title: list[Piece]
    line: str
    words: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """What was found of one kind; `more_url` where there is more of it."""

    kind: str
    title: str
    icon: str
    rows: list[Result]
    more_url: str = ""
    more: str = ""
    has_next: bool = False


@dataclass(frozen=True)
class Search:
    """A search: what is asked, of which kind, and in which group or on which board only."""

    standing: Standing
    asked: Asked
    kind: str = ""
    number: int = 1
    group: Any = None
    board: Any = None
    kept: dict[str, list[FoundSession]] = field(default_factory=dict)

    @classmethod
    def read(cls, standing: Standing, asked_for: QueryDict) -> "Search":
        """Read the address.

        Raises:
            Http404: it names a group or board that the person does not reach.
        """
        kind = asked_for.get("kind", "")
        number = min(max(key_from(asked_for.get("page", "")) or 1, 1), MOST_PAGES)
        board = _reached(Board, standing, asked_for.get("board", ""))
        group = None if board else _reached(MentoringGroup, standing, asked_for.get("group", ""))
        kind = "posts" if board else kind if kind in KINDS else ""
        asked = Asked.read(asked_for.get("q", ""))
        return cls(standing, asked, kind, number if kind else 1, group, board)

    @property
    def place(self) -> dict[str, Any]:
        """Where it is searched only, as fields of the address."""
        if self.board:
            return {"board": self.board.pk}
        return {"group": self.group.pk} if self.group else {}

    def url(self, **values: Any) -> str:
        """Return the address of this search with other values."""
        return self.everywhere(**{"kind": self.kind, **self.place, **values})

    def everywhere(self, **values: Any) -> str:
        """Return the address of what is asked, in all that the person may read."""
        said = {name: value for name, value in {"q": self.asked.typed, **values}.items() if value}
        return f"?{urlencode(said)}" if said else "?"

    def part(self) -> slice:
        """Return which rows are shown, and one more, by which it is seen that there are more."""
        if not self.kind:
            return slice(0, FEW + 1)
        start = (self.number - 1) * PAGE_SIZE
        return slice(start, start + PAGE_SIZE + 1)

    def sessions(self) -> list[FoundSession]:
        """Return the sessions of the catalogue with such a title, read once for both kinds of sessions."""
        if "titles" not in self.kept:
            known = CatalogueSession.objects.known_to(self.standing)
            self.kept["titles"] = known.search(self.asked.plain_words)
        return self.kept["titles"]


def _reached(model: Any, standing: Standing, typed: str) -> Any:
    """Return the group or board that an address names, None where it names none.

    Raises:
        Http404: it is not there, or not the person's.
    """
    if not typed:
        return None
    key = key_from(typed)
    found = model.objects.one_for_page(standing, Action.VIEW, key) if key is not None else None
    if found is None:
        raise Http404
    return found


# --- the kinds --------------------------------------------------------------------------------------------------------


def _people(search: Search) -> list[Result]:
    words, part = search.asked.plain_words, search.part()
    people = VisiblePeople.search(search.standing, words, group=search.group, part=part)
    return [_person(person, search.asked) for person in people]


def _person(person: Any, asked: Asked) -> Result:
    if person.group_key:
        url, place = address("mentoring:member-list", person.group_key), person.group_name
        role = label_of(Role, person.role)
    else:
        named = {"programme": person.programme_key, "q": person.full_name}
        url, place = f"{address('mentoring:people-list')}?{urlencode(named)}", person.programme_title
        role = label_of(ProgrammeRole, person.programme_role)
    return Result(url, marked(person.full_name, asked), _("%(role)s, %(place)s") % {"role": role, "place": place})


def _documents(search: Search) -> list[Result]:
    words, part = search.asked.plain_words, search.part()
    documents = Document.objects.search(search.standing, words, part=part, group=search.group)
    give_versions(search.standing, documents)
    return [
        Result(
            address("documents:document-detail", each.pk),
            marked(each.title, search.asked),
            _("%(number)s, %(place)s") % {"number": each.number, "place": each.folder.group.name},
        )
        for each in documents
    ]


def _sessions(search: Search) -> list[Result]:
    keys = [each.pk for each in search.sessions()]
    if not keys:
        return []
    planned = PlannedSession.objects.allowing(search.standing, Action.VIEW).search(keys, search.group)
    return [
        Result(address("sessions:session-detail", row.pk), marked(row.title, search.asked), _session_line(row))
        for row in planned[search.part()]
    ]


def _session_line(row: PlannedSession) -> str:
    when = day_month(row.starts_at) if row.starts_at else _("No date yet")
    if row.state == MeetingState.CANCELLED:
        when = _("%(day)s, cancelled") % {"day": when}
    return _("%(place)s. %(when)s") % {"place": row.plan.group.name, "when": when}


def _catalogue(search: Search) -> list[Result]:
    groups = newest_groups_by_pack(search.standing)
    if search.group:
        groups = {search.group.programme.pack_id: search.group.pk}
    offered = [each for each in search.sessions() if each.is_current and each.plan is None and each.pack in groups]
    return [
        Result(
            address("sessions:catalogue-detail", groups[each.pack], each.pk),
            marked(text(each.titles), search.asked),
            label_of(SectionKind, each.kind),
        )
        for each in offered[search.part()]
    ]


def _posts(search: Search) -> list[Result]:
    place, part = {"board": search.board, "group": search.group}, search.part()
    return [
        _post(post, search.asked) for post in Post.objects.search(search.standing, search.asked, part=part, **place)
    ]


def _post(post: Post, asked: Asked) -> Result:
    board = post.topic.board
    place = board.group.name if board.group else board_name(board)
    said = {"name": post.author.full_name, "when": since(post.created_at), "place": place}
    return Result(
        address("conversations:post-detail", post.pk),
        marked(title_of(post.topic), asked),
        _("%(name)s, %(when)s. %(place)s") % said,
        in_their_sentence(plain(post.body), asked),
    )


KINDS: Final[dict[str, Callable[[Search], list[Result]]]] = {
    "people": _people,
    "documents": _documents,
    "sessions": _sessions,
    "catalogue": _catalogue,
    "posts": _posts,
}
ICONS: Final = {
    "people": "people",
    "documents": "file-earmark-text",
    "sessions": "calendar-event",
    "catalogue": "journal-text",
    "posts": "chat-square-text",
}


def _titles() -> dict[str, str]:
    return {
        "people": _("People"),
        "documents": _("Documents"),
        "sessions": _("Sessions"),
        "catalogue": _("Session catalogue"),
        "posts": _("Posts"),
    }


def _more_words(kind: str) -> str:
    return {
        "people": _("More people"),
        "documents": _("More documents"),
        "sessions": _("More sessions"),
        "catalogue": _("More of the catalogue"),
        "posts": _("More posts"),
    }[kind]


# --- the page ---------------------------------------------------------------------------------------------------------


def search_context(request: SignedInRequest, *, is_too_often: bool = False) -> dict[str, Any]:
    """Return what the search page shows.

    Args:
        is_too_often: nothing is searched, and the page says to come back.

    Raises:
        Http404: the search is in a group or on a board that the person does not reach.
    """
    search = Search.read(request.standing, request.GET)
    is_asked = bool(request.GET.get("q", "").strip())
    is_looking = is_asked and not is_too_often and not search.asked.is_too_short
    sections = [found for kind in KINDS if (found := _section(search, kind)).rows] if is_looking else []
    fields = search.place if search.board or not search.kind else {**search.place, "kind": search.kind}
    return {
        "is_search": True,
        "words": search.asked.typed,
        "is_asked": is_asked,
        "is_blank": not is_asked,
        "is_too_often": is_too_often,
        "is_too_short": is_asked and search.asked.is_too_short,
        "sections": sections,
        "place": _place_of(search),
        "fields": fields.items(),
        "kinds": _kinds(search) if is_looking and search.board is None else [],
        "number": search.number,
        **_neighbours(search, sections),
    }


def _section(search: Search, kind: str) -> Section:
    if search.kind not in {"", kind}:
        return Section(kind, "", "", [])
    found = KINDS[kind](search)
    more_url = search.url(kind=kind) if not search.kind and len(found) > FEW else ""
    has_next = bool(search.kind) and len(found) > PAGE_SIZE
    shown = found[: PAGE_SIZE if search.kind else FEW]
    return Section(kind, _titles()[kind], ICONS[kind], shown, more_url, _more_words(kind), has_next)


def _kinds(search: Search) -> list[tuple[str, str, bool]]:
    """Return the kinds to choose from: label, address, whether it is chosen; of nothing are there numbers."""
    titles = {"": _("Everything"), **_titles()}
    return [(label, search.url(kind=kind), kind == search.kind) for kind, label in titles.items()]


def _neighbours(search: Search, sections: list[Section]) -> dict[str, str]:
    """Return the addresses of the pages before and after, empty where there is none."""
    has_next = search.number < MOST_PAGES and any(each.has_next for each in sections)
    return {
        "previous_url": search.url(page=search.number - 1) if search.number > 1 else "",
        "next_url": search.url(page=search.number + 1) if has_next else "",
    }


def _place_of(search: Search) -> dict[str, str] | None:
    """Return where it is searched only: the name of the place, its address, and that of the search everywhere."""
    if search.board:
        name = search.board.group.name if search.board.group else board_name(search.board)
        return {"name": name, "url": board_url(search.board), "everywhere": search.everywhere(kind="posts")}
    if search.group:
        url = address("mentoring:group-detail", search.group.pk)
        return {"name": search.group.name, "url": url, "everywhere": search.everywhere(kind=search.kind)}
    return None
