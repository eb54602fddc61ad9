"""An answer reads the same on the page and on paper, but for the differences that are listed here."""

import json
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from core.packs import PLACEHOLDERS
from rendering.pdf import fields
from rendering.pdf.blocks import Block
from rendering.pdf.fields import Filling
from tests.cast import World
from tools.fields.placeholders import GAP, substitute, values_for
from tools.fields.questions import Question
from tools.fields.reading import Part, part_of

PEOPLE = {7: "Rasa", 8: "Elena"}
OPTIONS = [{"key": "a", "label": {"en": "First"}}, {"key": "b", "label": {"en": "Second"}}]
NAMED = {"min": 1, "max": 2, "labels": {"1": {"en": "Low"}, "2": {"en": "High"}}}
PARTLY = {"min": 1, "max": 3, "labels": {"1": {"en": "Low"}, "3": {"en": "High"}}}

SAME: list[tuple[str, dict[str, Any], Any, str]] = [
    ("short_text", {}, "Щъркел, 5 €", "Щъркел, 5 €"),
    ("long_text", {}, "one\n\ntwo", "one\n\ntwo"),
    ("date", {}, "2026-11-30", "30 November 2026"),
    ("date", {}, "soon", "soon"),
    ("time", {}, "07:05", "07:05"),
    ("number", {"unit": {"en": "hours"}}, 3, "3 hours"),
    ("number", {}, 1.5, "1.5"),
    ("number", {}, 0, "0"),
    ("choice", {"options": OPTIONS}, "b", "Second"),
    ("choice", {"options": OPTIONS}, "gone", "gone"),
    ("choices", {"options": OPTIONS}, ["a", "b"], "First, Second"),
    ("yes_no", {}, True, "Yes"),
    ("yes_no", {}, False, "No"),
    ("person", {}, 7, "Rasa"),
    ("person", {"multiple": True}, [7, 8], "Rasa, Elena"),
]
DIFFERENT: list[tuple[str, dict[str, Any], Any, str, str]] = [
    ("scale", {"scale": NAMED}, 2, "High", "2 – High"),
    ("scale", {"scale": PARTLY}, 3, "3 of 3: High", "3 – High"),
    ("scale", {"scale": PARTLY}, 2, "2 of 3", "2"),
    ("person", {}, 99, "someone who is no longer here", ""),
    ("short_text", {}, "x" * 61, "x" * 61, "x" * 60 + "\u200bx"),
]
COMPOSED = {"rating_grid", "rows", "heading", "signatures"}
"""Types that are made of other answers, or of none; each has a test of its own below."""


def entry_of(type_: str, **content: Any) -> dict[str, Any]:
    """Return a field as a tool has it."""
    return {"key": "q", "type": type_, "label": {"en": "Question"}, **content}


def on_screen(entry: dict[str, Any], answer: Any, values: dict[str, Any] | None = None) -> Part:
    """Return what the page shows."""
    return part_of(Question("q", entry["type"], entry), answer, people=PEOPLE, values=values or {})


def on_paper(entry: dict[str, Any], answer: Any, values: dict[str, str] | None = None) -> Block:
    """Return what is printed."""
    return fields.block_of(entry, Filling(answers={"q": answer}, people=PEOPLE, values=values or {}))


def screen_words(entry: dict[str, Any], answer: Any) -> str:
    """Return the words of a simple answer on the page."""
    part = on_screen(entry, answer)
    return ", ".join(part.items) if part.kind == "list" else part.text


def paper_words(entry: dict[str, Any], answer: Any) -> str:
    """Return the words of a simple answer on paper."""
    return fields.words(entry, answer, Filling(people=PEOPLE))


def test_every_type_of_field_is_compared() -> None:
    schema = json.loads((settings.BASE_DIR / "packs" / "schema" / "tool.schema.json").read_text())
    types: set[str] = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            if "heading" in node.get("enum", ()) and "short_text" in node["enum"]:
                types.update(node["enum"])
            for child in node.values():
                collect(child)
        elif isinstance(node, list):
            for child in node:
                collect(child)

    collect(schema)
    assert len(types) > 10
    assert types == {case[0] for case in SAME} | {case[0] for case in DIFFERENT} | COMPOSED


@pytest.mark.parametrize(("type_", "content", "answer", "words"), SAME)
def test_an_answer_reads_the_same(type_: str, content: dict[str, Any], answer: Any, words: str) -> None:
    entry = entry_of(type_, **content)
    assert screen_words(entry, answer) == paper_words(entry, answer) == words


@pytest.mark.parametrize(("type_", "content", "answer", "screen", "paper"), DIFFERENT)
def test_an_answer_differs_only_as_listed(
    type_: str, content: dict[str, Any], answer: Any, screen: str, paper: str
) -> None:
    entry = entry_of(type_, **content)
    assert (screen_words(entry, answer), paper_words(entry, answer)) == (screen, paper)


@pytest.mark.parametrize("answer", [None, "", [], {}])
@pytest.mark.parametrize("type_", sorted({case[0] for case in SAME} | {"scale"}))
def test_no_answer_is_none_on_both(type_: str, answer: Any) -> None:
    entry = entry_of(type_, options=OPTIONS, scale=NAMED)
    assert screen_words(entry, answer) == paper_words(entry, answer) == ""
    assert not on_screen(entry, answer).is_answered


@pytest.mark.parametrize("language", ["bg", "lt", "fi", "it", "de"])
def test_an_answer_reads_the_same_in_every_language(language: str) -> None:
    """But for days and times: document writes months in the language's case, and times as the language does."""
    with translation.override(language):
        for type_, content, answer, _words in SAME:
            entry = entry_of(type_, **content)
            screen, paper = screen_words(entry, answer), paper_words(entry, answer)
            if type_ == "date":
                screen, paper = screen.casefold(), paper.casefold()
            if type_ == "time":
                screen, paper = screen.lstrip("0"), paper.lstrip("0").replace(".", ":")
            assert screen == paper, (type_, answer)


def test_a_grid_is_said_on_screen_and_drawn_on_paper() -> None:
    entry = entry_of("rating_grid", items=OPTIONS, scale=NAMED)
    part, block = on_screen(entry, {"a": 2}), on_paper(entry, {"a": 2})
    assert [(label.text, said) for label, said in part.rows] == [("First", "2: High"), ("Second", "")]
    assert block.text == [["1 = Low, 2 = High"]]
    assert [[cell.text[0][0] for cell in row] for row in block.rows] == [["First", "○", "●"], ["Second", "○", "○"]]


def test_cells_of_rows_read_the_same() -> None:
    columns = [{**entry_of(type_, **content), "key": str(i)} for i, (type_, content, _a, _w) in enumerate(SAME)]
    row = {str(i): answer for i, (_type, _content, answer, _words) in enumerate(SAME)}
    entry = entry_of("rows", columns=columns[:6])
    screen = [cell.text for cell in on_screen(entry, [row]).rows[0]]
    paper = ["\n\n".join("\n".join(lines) for lines in cell.text) for cell in on_paper(entry, [row]).rows[0]]
    assert screen == paper == [words for _type, _content, _answer, words in SAME[:6]]


def test_a_heading_reads_the_same_but_for_what_is_not_known() -> None:
    entry = entry_of(
        "heading", label={"en": "{{ group.name }}"}, help={"en": "With {{ mentor.name }} {{ group.motto }}"}
    )
    values = {"group.name": "Žingsnis", "mentor.name": "Rasa", "group.motto": ""}
    part, block = on_screen(entry, None, values), on_paper(entry, None, values)
    assert part.label.text == block.label == "Žingsnis"
    assert part.help.text == "With Rasa "
    assert block.text == [[f"With Rasa {GAP}"]]


def test_signatures_hold_no_answer_on_either() -> None:
    entry = entry_of("signatures")
    assert not on_screen(entry, None).is_answered
    assert on_paper(entry, None).kind == "signatures"


@pytest.mark.django_db
def test_placeholders_are_filled_from_one_list(world: World) -> None:
    assert set(values_for(world.group)) == PLACEHOLDERS
    said = substitute("{{group.name}} {{ today }} {{ nobody.knows }} {{ mentor.name }}", {"today": date(2026, 11, 30)})
    assert said == " 30 November 2026 {{ nobody.knows }} "
    assert substitute("{{ group.name }}", {}, gap=GAP) == GAP
