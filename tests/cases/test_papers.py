"""Every paper, blank and filled in, in both languages: nothing outside the page or over other text, heads that head."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest

from mentoring.models import Pack
from rendering.pdf import engine, library_documents
from rendering.pdf.blocks import Block, Fact
from rendering.pdf.fields import Filling, clauses, flow
from rendering.pdf.structure import HEADINGS, _children, _elements, put_in_order
from responses_app import printing
from tests.cast import World
from tests.documents.making import hand_in
from tests.pack_tools import tool
from tests.rendering.papers import REGISTRATION, diary_pdf
from tools.models import Tool

TWO_SHEETS = 4
"""Pages of two sheets of paper printed on both sides."""
LONG_BY_NATURE = {"mentee_profile", "midterm_interview", "final_discussion"}


def check_structure(content: bytes) -> None:
    """Check that each head cell says what it heads, and that no level of headings is left out."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        level = 0
        for element in _elements(pdf.Root.StructTreeRoot):
            kind = str(element.get("/S", ""))
            if kind in HEADINGS:
                assert HEADINGS[kind] <= level + 1
                level = HEADINGS[kind]
            if kind == "/TH":
                given = element.get("/A", [])
                attributes = list(given) if isinstance(given, pikepdf.Array) else [given]
                assert any("/Scope" in each for each in attributes)


def boxes(page: Any) -> list[tuple[float, float, float, float]]:
    """Return where text stands on a page: left, bottom, right, top of each run."""
    text = page.get_textpage()
    return [text.get_rect(number) for number in range(text.count_rects())]


def _shared(one: Any, other: Any) -> float:
    """Return how much of the smaller of two runs lies under the other."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((each[2] - each[0]) * (each[3] - each[1]) for each in (one, other))
    return width * height / smaller if smaller else 0.0


def troubles(content: bytes) -> Iterator[str]:
    """Yield what lies outside the paper or over other text."""
    with pypdfium2.PdfDocument(content) as pdf:
        for number, page in enumerate(pdf, start=1):
            width, height = page.get_size()
            found = boxes(page)
            for left, bottom, right, top in found:
                if left < 0 or bottom < 0 or right > width or top > height:
                    yield f"page {number}: outside at {left:.0f}, {bottom:.0f}"
            for index, one in enumerate(found):
                for other in found[index + 1 :]:
                    if _shared(one, other) > 0.4:
                        yield f"page {number}: {one} over {other}"


@pytest.mark.parametrize("language", ["en", "bg"])
def test_every_blank(pack: Pack, language: str) -> None:
    for each in Tool.objects.of_pack(pack.pk):
        made = engine.render_form(library_documents.blank_document(each.current, language, None))
        check_structure(made.content)
        assert list(troubles(made.content)) == [], each.key
        assert made.pages <= TWO_SHEETS or each.key in LONG_BY_NATURE, each.key


def test_words_written_with_a_pen_have_the_width_of_the_page(pack: Pack) -> None:
    """A text of more than a name gets lines over the page; a day or a telephone number needs half of one."""
    profile = flow(tool("mentee_profile").current.fields, Filling(is_blank=True))
    facts = {fact.label: fact.is_wide for block in profile for fact in block.facts}
    assert facts["Your name"]
    assert not facts["Telephone"]
    goals = flow(tool("personal_goals").current.fields, Filling(is_blank=True))
    assert [block.lines for block in goals if block.label == "What will I do in the next seven days?"] == [2]
    _facts, points = clauses(tool("contract").current.fields, Filling(is_blank=True))
    lines = {item.label: item.lines for block in points for item in block.items}
    assert lines["Communication schedule"] == lines["What else we agree"] == 3


def test_a_wide_fact_has_a_row_of_its_own() -> None:
    day, name, place = Fact("Date"), Fact("Name", is_wide=True), Fact("Place")
    assert Block("facts", facts=[day, name, place]).fact_pairs == [[day], [name], [place]]
    assert Block("facts", facts=[day, place, name]).fact_pairs == [[day, place], [name]]


def test_the_guide(pack: Pack) -> None:
    content = engine.render_form(library_documents.guide_document(pack, "bg", None)).content
    check_structure(content)
    assert list(troubles(content)) == []


def test_a_diary_that_is_filled_in(world: World) -> None:
    content = diary_pdf(world).content
    check_structure(content)
    assert list(troubles(content)) == []


@pytest.mark.parametrize("length", [10, 400])
def test_tables_of_long_and_short_answers(world: World, length: int) -> None:
    """Whatever people write into the rows of a tool, it stays on the paper."""
    for key in ("personal_goals", "group_goals", "participants_list"):
        answers = {
            question["key"]: [
                {column["key"]: ("x y " * 200)[:length] for column in question["columns"] if "text" in column["type"]}
                for _row in range(4)
            ]
            for question in tool(key).current.fields
            if question["type"] == "rows"
        }
        milda = world.cast.milda
        submission = hand_in(world.group, key, answers=answers, author=milda, subject=milda)
        content = engine.render_form(printing.form_document(submission, REGISTRATION)).content
        check_structure(content)
        assert list(troubles(content)) == [], key


def test_text_over_text_and_outside_is_seen() -> None:
    """The check above can fail."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0].obj
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.Contents = pdf.make_stream(
        b"BT /F 20 Tf 20 100 Td (Heading) Tj ET BT /F 20 Tf 24 103 Td (Other) Tj ET BT /F 20 Tf 190 20 Td (Out) Tj ET"
    )
    out = io.BytesIO()
    pdf.save(out)
    found = list(troubles(out.getvalue()))
    assert any("outside" in each for each in found)
    assert any("over" in each for each in found)


def test_levels_of_headings_are_put_in_order() -> None:
    levels = [pikepdf.Dictionary(S=pikepdf.Name(f"/H{level}")) for level in (1, 3, 3, 2, 4)]
    root = pikepdf.Dictionary(K=pikepdf.Array(levels))
    put_in_order(root)
    assert [str(each.S) for each in _children(root)] == ["/H1", "/H2", "/H2", "/H2", "/H3"]


def said(question: dict[str, Any], people: list[int]) -> Any:
    """Return what somebody could have answered to a question of any kind; of several choices the longest."""
    kind = question["type"]
    if kind in {"choice", "choices"}:
        options = [each["key"] for each in question["options"]]
        return options if kind == "choices" else max(question["options"], key=lambda each: len(str(each)))["key"]
    if kind == "rows":
        return [{column["key"]: said(column, people) for column in question["columns"]} for _row in range(2)]
    if kind == "rating_grid":
        return {each["key"]: 3 for each in question["items"]}
    return {
        "short_text": "Žydrūnė Žukauskienė-Petrauskienė, Щъркелова улица 7",
        "long_text": "Three years at home are no gap: I planned, cooked and calculated.\n\nИ се научих да питам.",
        "date": "2026-03-12", "time": "17:30", "number": 3, "scale": 3, "yes_no": True, "person": people[0],
    }.get(kind)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "bg"])
def test_every_tool_filled_in(world: World, language: str) -> None:
    cast = world.cast
    for each in Tool.objects.of_pack(world.programme.pack_id):
        if each.current.content.get("editor") == "session_plan":
            continue  # made of the plan itself, see the tests of its agreement
        answers = {field["key"]: said(field, [cast.milda.pk, cast.tomas.pk]) for field in each.current.fields}
        answers = {key: answer for key, answer in answers.items() if answer is not None}
        submission = hand_in(
            world.group, each.key, cast.milda, answers, subject=cast.milda, session_key="late", language=language,
            session_title={"en": "How to write a CV that is read", "bg": "Как да напиша автобиография, която се чете"},
        )  # fmt: skip
        made = engine.render_form(printing.form_document(submission, REGISTRATION))
        check_structure(made.content)
        assert list(troubles(made.content)) == [], each.key
