"""The four sections of the catalogue, and single sessions of it, in the reader's language where they have it."""

from typing import Any

from django.utils.translation import gettext as _

from core.search import folded
from core.texts import ShownText, shown
from mentoring.models import MentoringGroup
from sessions_app.models import CatalogueSession, PlannedSession, Section, SectionKind
from sessions_app.pages.outline import outline_of

ICONS = {
    SectionKind.INITIAL: "flag",
    SectionKind.EMPLOYABILITY: "briefcase",
    SectionKind.ENTREPRENEURSHIP: "shop",
    SectionKind.MONITORING: "clipboard2-check",
}
FOLDERS = {SectionKind.INITIAL: "managing", SectionKind.MONITORING: "monitoring"}
"""The folder that stands under a section (domain.md 2.1 C, F)."""


def texts(values: list[Any] | None) -> list[ShownText]:
    """Return a list of texts, each in the language it has."""
    return [shown(value) for value in values or []]


def offered_counts(pack_id: int) -> dict[str, int]:
    """Return how many sessions a plan can choose from, by section."""
    return CatalogueSession.objects.count_offered(pack_id)


def planned_numbers(group: MentoringGroup) -> dict[tuple[str, str], list[int]]:
    """Return the numbers in the group's plan by section and key of the session."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(outline_of(group).rows, start=1):
        found.setdefault((row.catalogue.kind, row.catalogue.key), []).append(number)
    return found


def in_plan_words(numbers: list[int]) -> str:
    """Return "Session 4 of our plan" or "Sessions 4, 7 of our plan"."""
    if not numbers:
        return ""
    if len(numbers) == 1:
        return _("Session %(number)d of our plan") % {"number": numbers[0]}
    return _("Sessions %(numbers)s of our plan") % {"numbers": ", ".join(str(number) for number in numbers)}


def first_sentence(words: str) -> str:
    """Return a text up to the end of its first sentence."""
    sentence, stop, _rest = words.partition(". ")
    return f"{sentence}." if stop else sentence


def _matches(session: CatalogueSession, words: str) -> bool:
    """Return whether title, introduction or aims contain all the words, in any language."""
    content = session.content
    values = [content.get("title", {}), content.get("introduction", {}), *content.get("aims", [])]
    heap = folded(" ".join(str(text) for value in values for text in value.values()))
    return all(word in heap for word in folded(words).split())


def catalogue_sections(group: MentoringGroup, kind: str = "") -> list[dict[str, Any]]:
    """Return the sections with the sessions one can choose, each with its place in the plan."""
    numbers = planned_numbers(group)
    found: dict[str, list[dict[str, Any]]] = {}
    for session in CatalogueSession.objects.offered(group.programme.pack_id, kind):
        found.setdefault(session.kind, []).append(
            {
                "session": session,
                "title": shown(session.content.get("title")),
                "introduction": shown(session.content.get("introduction")),
                "first_sentence": first_sentence(shown(session.content.get("introduction")).text),
                "in_plan": in_plan_words(numbers.get((session.kind, session.key), [])),
            }
        )
    return [
        {"kind": each.value, "label": each.label, "icon": ICONS[each], "sessions": found[each]}
        for each in SectionKind
        if each in found
    ]


def offered_for_choice(group: MentoringGroup, words: str, kind: str, ticked: list[int]) -> dict[str, Any]:
    """Return what one can choose from: `sections` that answer the question, and `chosen`, ticked but not among them."""
    sections, chosen = [], []
    for section in catalogue_sections(group):
        answer = []
        for each in section["sessions"]:
            each["ticked"] = each["session"].pk in ticked
            if kind in {"", section["kind"]} and (not words or _matches(each["session"], words)):
                answer.append(each)
            elif each["ticked"]:
                chosen.append(each)
        if answer:
            sections.append({**section, "sessions": answer})
    return {"sections": sections, "chosen": chosen}


def section_context(group: MentoringGroup, kind: SectionKind) -> dict[str, Any]:
    """Return what the page of a section shows."""
    section = Section.objects.of_kind(group.programme.pack_id, kind)
    content: dict[str, Any] = section.content if section else {}
    sections = catalogue_sections(group, kind=kind)
    return {
        "group": group,
        "kind": kind.value,
        "label": kind.label,
        "intro": shown(content.get("intro")),
        "aims": texts(content.get("aims")),
        "outcomes": texts(content.get("outcomes")),
        "sessions": sections[0]["sessions"] if sections else [],
    }


def content_context(session: CatalogueSession) -> dict[str, Any]:
    """Return the texts of a session of the catalogue."""
    content = session.content
    return {
        "catalogue": session,
        "title": shown(content.get("title")),
        "introduction": shown(content.get("introduction")),
        "aims": texts(content.get("aims")),
        "outcomes": texts(content.get("outcomes")),
        "agenda": [{"minutes": step["minutes"], "text": shown(step["text"])} for step in content.get("agenda", [])],
        "materials": [
            {"title": shown(each["title"]), "note": shown(each.get("note")), "url": each.get("url", "")}
            for each in content.get("materials", [])
        ],
        "homework": shown(content.get("homework")),
    }


def used_by_plan(group: MentoringGroup, session: CatalogueSession) -> list[PlannedSession]:
    """Return the rows of the group's plan that use this session, in whatever version."""
    rows = outline_of(group).rows
    return [row for row in rows if (row.catalogue.kind, row.catalogue.key) == (session.kind, session.key)]
