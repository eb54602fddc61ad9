"""What of the checklist falls due, for the reminder rules: of all groups at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from checklist.models import ChecklistItem, ItemState, is_asked, opening
from core.days import programme_clock
from documents.models import Document, Signature
from mentoring.standing import Standing
from notices.due import NOT_WORKING, Asked, Due, DueKind, register, when
from notices.kinds import Said
from notices.models import Topic
from responses_app.models import FormResponse
from tools.models import OnePer, Phase, ToolVersion
from tools.parties import names_its_people, unnamed_in

CODES: Final = ("profile", "contract", "diary", "final", "tool")
EXAMPLE = {"tool": {"en": "Personal goals", "bg": "Лични цели"}, "due_on": "2026-12-03"}
DIARY = {
    "tool": {"en": "Diary", "bg": "Дневник"}, "session": {"en": "First meeting", "bg": "Първа среща"},
    "due_on": "2026-12-03",
}  # fmt: skip
Place = tuple[int, int]
"""A group and a tool: of what is about the whole group there is one paper."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the checklist with what is needed of its tool."""

    pk: int
    group: int
    programme: int
    version: int
    tool: int
    key: str
    one_per: str
    phase: str
    due_from: str | None
    signed_by: list[str] | None
    filled_by: list[str] | None
    title: Any
    subject: int | None
    session_key: str
    session: Any
    state: str
    opens_on: date | None
    opens_at: time | None
    due_on: date

    @property
    def code(self) -> str:
        """The kind that it is."""
        if self.one_per == OnePer.MENTEE_SESSION:
            return "diary"
        if self.signed_by:
            return "contract"
        if self.phase == Phase.SELECTION:
            return "profile"
        return "final" if self.due_from == "group_end" else "tool"

    @property
    def place(self) -> Place:
        """The group and the tool."""
        return self.group, self.tool


COLUMNS: Final = (
    "pk", "group", "group__programme", "tool_version", "tool_version__tool", "tool_version__tool__key",
    "tool_version__one_per", "tool_version__phase", "tool_version__content__due__from",
    "tool_version__content__signed_by", "tool_version__content__filled_by", "tool_version__content__title", "subject",
    "session_key", "session_title", "state", "opens_on", "opens_at", "due_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Papers:
    """What lies in the folders of what is signed: the paper, who signed it, whom it does not name."""

    documents: Mapping[Place, int]
    signed: Mapping[Place, set[int]]
    unnamed: Mapping[Place, bool]


def find(asked: Asked) -> Iterator[Due]:
    """Yield what is open and was asked for already: who has to write it, or whose signature is missing."""
    if (span := asked.span(CODES)) is None:
        return
    open_rows = ChecklistItem.objects.filter(asked.working(), due_on__range=span, tool_version__mandatory=True).open()
    now = programme_clock()
    rows = [Row(*values) for values in open_rows.order_by("due_on", "pk").values_list(*COLUMNS)]
    rows = [row for row in rows if asked.within(row.code, row.due_on) and _is_asked(row, now)]
    papers = _papers(asked, [row for row in rows if _waits_for_names(row)])
    for row in rows:
        people, url = _whom(row, asked, papers)
        if people:
            yield Due(row.code, row.programme, row.group, row.pk, row.due_on, people, _facts(row, url))


def _is_asked(row: Row, now: str) -> bool:
    return is_asked(opening(row.opens_on, row.opens_at), str(row.due_on), now)


def _waits_for_names(row: Row) -> bool:
    return row.state == ItemState.WAITING and bool(row.signed_by) and row.subject is None


def _whom(row: Row, asked: Asked, papers: Papers) -> tuple[tuple[int, ...], str]:
    """Return who is asked for a row, and where they do it; nobody where it only waits to be read."""
    start = reverse("responses:form-start", args=[row.group, row.key])
    writers = tuple(asked.people(row.group, *(row.filled_by or ())))
    if row.state == ItemState.TODO:
        if row.subject is None:
            return writers, start
        query = f"?session_key={row.session_key}" if row.session_key else ""
        return ((row.subject,) if asked.is_member(row.group, row.subject) else ()), f"{start}{query}"
    if not _waits_for_names(row):
        return (), start
    if papers.unnamed.get(row.place):
        return writers, start
    signed = papers.signed.get(row.place, set())
    missing = tuple(key for key in asked.people(row.group, *(row.signed_by or ())) if key not in signed)
    paper = papers.documents.get(row.place)
    return missing, reverse("documents:document-detail", args=[paper]) if paper else start


def _papers(asked: Asked, rows: list[Row]) -> Papers:
    """Return what is known of the papers of these rows: three statements, however many; none without rows."""
    if not rows:
        return Papers({}, {}, {})
    groups, tools = {row.group for row in rows}, {row.tool for row in rows}
    documents, signed = {}, defaultdict(set)
    of_all = {"subject__isnull": True, "session_key": "", "tool_version__tool__in": tools}
    there = Document.objects.filter(folder__group__in=groups, removed_at__isnull=True, current__isnull=False, **of_all)
    columns = ("folder__group", "tool_version__tool", "pk", "current__signatures__person")
    for group, tool, paper, person in there.order_by("pk").values_list(*columns):
        documents[group, tool] = paper
        if person is not None:
            signed[group, tool].add(person)
    naming = {
        version.pk: version
        for version in ToolVersion.objects.filter(pk__in={row.version for row in rows})
        if names_its_people(version)
    }
    return Papers(documents, signed, _unnamed(asked, [row for row in rows if row.version in naming], naming, signed))


def _unnamed(
    asked: Asked, rows: list[Row], naming: Mapping[int, ToolVersion], signed: Mapping[Place, set[int]]
) -> dict[Place, bool]:
    """Return of which papers somebody who must sign is not named: they are written again first."""
    if not rows:
        return {}
    groups, tools = {row.group for row in rows}, {row.tool for row in rows}
    said = FormResponse.objects.filter(
        group__in=groups, tool_version__tool__in=tools, subject__isnull=True, session_key="", latest__isnull=False
    )
    columns = ("group", "tool_version__tool", "latest__answers")
    answers = {(group, tool): said for group, tool, said in said.order_by("pk").values_list(*columns)}
    missing = {
        row.place: [k for k in asked.people(row.group, *(row.signed_by or ())) if k not in signed.get(row.place, set())]
        for row in rows
    }
    keys = {key for people in missing.values() for key in people}
    people = User.objects.only("full_name").in_bulk(keys) if keys else {}
    return {
        row.place: bool(
            unnamed_in(naming[row.version], answers.get(row.place), [people[key] for key in missing[row.place]])
        )
        for row in rows
    }


def _facts(row: Row, url: str) -> dict[str, Any]:
    return {
        "tool": row.title,
        "session": row.session,
        "person_id": row.subject,
        "due_on": row.due_on.isoformat(),
        "to_sign": _waits_for_names(row),
        "url": url,
        "late_url": reverse("checklist:checklist-cell", args=[row.group, row.key]),
    }


# --- who is asked, and the words --------------------------------------------------------------------------------------


def _still_open(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    rows = ChecklistItem.objects.open().exclude(group__stage__in=NOT_WORKING)
    return Q(Exists(rows.filter(pk=OuterRef("target_id"))))


def _is_theirs(standing: Standing) -> Q:
    """Return the condition: theirs or the whole group's, and not written yet, or written and not signed by them."""
    signed = Signature.objects.filter(
        person=standing.user_id, version=F("version__document__current"), version__document__removed_at=None,
        version__document__folder__group=OuterRef("group"), version__document__subject=None,
        version__document__tool_version__tool=OuterRef("tool_version__tool"),
    )  # fmt: skip
    is_signed = Q(state=ItemState.WAITING, tool_version__content__signed_by__0__isnull=False)
    rows = ChecklistItem.objects.owed_by(standing).filter(Q(state=ItemState.TODO) | is_signed & ~Exists(signed))
    return Q(Exists(rows.filter(pk=OuterRef("target_id"))))


def _what(said: Said) -> str:
    return ": ".join(filter(None, [said.text("tool"), said.text("session")]))


def _title(said: Said) -> str:
    words = _("Still to sign: %(tool)s") if said.facts.get("to_sign") else _("Still to do: %(tool)s")
    return words % {"tool": _what(said)}


def _kind(code: str, place: int, label: Any, example: Mapping[str, Any]) -> DueKind:
    return DueKind(
        code=code, place=place, topic=Topic.ASKED, label=label, what=_what,
        day_label=gettext_lazy("the day on which it is due"),
        title=_title, line=when, still_open=_still_open, is_theirs=_is_theirs, example=example,
    )  # fmt: skip


register(
    find,
    _kind("profile", 10, gettext_lazy("A profile that waits to be filled in"), EXAMPLE),
    _kind("contract", 30, gettext_lazy("A contract that waits to be written or signed"), EXAMPLE | {"to_sign": True}),
    _kind("diary", 50, gettext_lazy("The diary of a session"), DIARY),
    _kind("tool", 70, gettext_lazy("Something else that the checklist asks for"), EXAMPLE),
    _kind("final", 85, gettext_lazy("What is filled in at the end of the group"), EXAMPLE),
)
