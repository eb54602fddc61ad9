"""What the page of one's notices shows, and the preview of all kinds."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.policy.choices import label_of
from core.policy.roles import Role
from core.templatetags.ui import clock, day, own_language_names
from core.texts import within
from mentoring.models import Programme
from mentoring.role_names import called_as_in
from mentoring.standing import Standing
from notices import kinds
from notices.kinds import NoticeKind, Said
from notices.models import Notice, Topic, Way

PER_PAGE = 30
UNSEEN, ALL = "new", "all"
ICONS = {
    Topic.FORMS: "journal-text",
    Topic.DOCUMENTS: "folder2-open",
    Topic.SESSIONS: "calendar-event",
    Topic.FORUM: "chat-left-text",
    Topic.PEOPLE: "people",
    Topic.ASKED: "pen",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One notice."""

    pk: int
    title: str
    line: str
    icon: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one day."""

    title: str
    rows: list[Row]


def notices_context(standing: Standing, *, show: str, page: str) -> dict[str, Any]:
    """Return one page of what the person was told and may still know, by day.

    Args:
        show: `new` for what was not seen; anything else shows all.
        page: its number; the nearest one where there is none of it.
    """
    mine = Notice.objects.of_reader(standing)
    is_new_only = show == UNSEEN
    found: Page[Notice] = Paginator((mine.unseen() if is_new_only else mine).for_words(), PER_PAGE).get_page(page)
    notices = list(found.object_list)
    people = kinds.named_in(notices)
    days: dict[date, list[Row]] = {}
    for notice in notices:
        days.setdefault(timezone.localdate(notice.created_at), []).append(_row(notice, people))
    return {
        "days": [Day(_day_title(each), rows) for each, rows in days.items()],
        "page": found,
        "show": UNSEEN if is_new_only else ALL,
        "has_new": found.paginator.count > 0 if is_new_only else standing.user.unread_notices > 0,
    }


def _row(notice: Notice, people: dict[int, Any]) -> Row:
    kind, said = kinds.kind_of(notice), kinds.said_of(notice, people)
    group = notice.group.name if notice.group and notice.group.name not in kind.title(said) else ""
    line = [f"{part.rstrip('.')}." for part in (kind.line(said), group) if part]
    return Row(
        notice.pk, kind.title(said), " ".join([*line, clock(notice.created_at)]), ICONS[kind.topic],
        is_new=notice.seen_at is None,
    )  # fmt: skip


def _day_title(value: date) -> str:
    days = (timezone.localdate() - value).days
    named = {0: _("Today"), 1: _("Yesterday")}.get(days)
    return named or day(value)


# --- the preview ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind says in one language."""

    language: str
    name: str
    title: str
    line: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind in the preview."""

    label: str
    topic: Topic
    ways: str
    words: list[Words]


def kinds_context(programme: Programme) -> dict[str, Any]:
    """Return every kind with its words in every language, as the programme calls the roles."""
    with called_as_in(programme):
        rows = [_kind_row(kind) for kind in kinds.all_kinds()]
    topics = [(str(topic.label), [row for row in rows if row.topic == topic]) for topic in Topic]
    return {"topics": [(label, found) for label, found in topics if found]}


def _kind_row(kind: NoticeKind) -> KindRow:
    names, found = dict(own_language_names()), []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said = Said(kind.example, _("Anna"), _("Example group"), {1: _("Maria")})
            found.append(Words(language, names[language], kind.title(said), kind.line(said)))
    return KindRow(str(kind.label), kind.topic, _ways_in_words(kind), found)


def _ways_in_words(kind: NoticeKind) -> str:
    """Return how people in each role are told, unless they choose another way."""
    by_way: dict[Way, list[str]] = {}
    for role in Role.values:
        by_way.setdefault(kind.way_for(role), []).append(within(label_of(Role, role)))
    if len(by_way) == 1:
        words = [str(next(iter(by_way)).label)]
    else:
        words = [f"{way.label}: {', '.join(roles)}" for way, roles in by_way.items()]
    return _("%(ways)s. Everybody can choose otherwise.") % {"ways": ". ".join(words)}
