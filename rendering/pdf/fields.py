"""A tool's fields and their answers, as blocks of a document; without answers, as room to write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.policy.roles import Role
from core.templatetags.ui import CAPITAL_MONTHS
from core.texts import text
from rendering.pdf.blocks import Block, Cell, Column, Fact, Option, SignatureBox
from rendering.pdf.limits import clean, paragraphs
from tools.fields.placeholders import GAP, substitute
from tools.fields.questions import Question
from tools.fields.wording import Medium, say

SHORT_TYPES: Final = frozenset({"short_text", "date", "time", "number", "yes_no", "person"})
FACT_LABEL: Final = 45
BLANK_FACT_LABEL: Final = 30
"""A longer label stands above the line to write on: beside it, it would wrap into four."""
WIDE_ANSWER: Final = 60
"""Text of more characters than this, written with a pen, needs the width of the page."""
ADDRESS: Final = 254
"""So many characters an e-mail address may have; a column for one is the widest of a list."""
ROWS_AS_TABLE: Final = 6
BLANK_ROWS: Final = 8
BLANK_SECTIONS: Final = 2
"""So many rows of a wide table are printed one under the other, to be filled in with a pen: two sheets are enough."""
BLANK_LINES: Final = 14
"""So many rows of a wide table with many short rows are printed across two pages."""
SECTION_LINES: Final = 2
POINT_LINES: Final = 3
LINES_TO_SIGN: Final = 16
"""So many rows of a list that is signed fit on one sheet printed on both sides, in every language."""
WIDE, NARROW, ORDINARY = 42, 9, 9
"""Widths of columns in per cent of the page, as `print.css` has them; an ordinary one needs so much for a word."""
CHOSEN_IN_CELL: Final = "●"
OPEN_IN_CELL: Final = "○"


@dataclass(frozen=True, slots=True)
class Filling:
    """What fields are filled with.

    Attributes:
        answers: by field key; empty for a blank.
        is_blank: make room to write instead of saying that there is no answer.
        is_across: the paper lies across: half of its width is enough for what is written on one line.
        values: what placeholders stand for, by name.
        people: names by id, for fields that hold persons.
        signers: who signs, with their roles in words.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    is_blank: bool = False
    is_across: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    signers: list[SignatureBox] = field(default_factory=list)


def day_words(day: date) -> str:
    """Return a day with its year, months in the case that the language writes them."""
    said = str(formats.date_format(day, "DATE_FORMAT"))
    return said if get_language() in CAPITAL_MONTHS else said.lower()


def no_answer() -> str:
    """Return what stands where nobody answered."""
    return _("No answer given.")


def _step_on_paper(answer: Any, steps: Mapping[str, str]) -> str:
    said = steps.get(str(answer))
    return f"{answer} – {said}" if said else str(answer)


PAPER: Final = Medium(
    day=day_words,
    clock=lambda clock: str(formats.time_format(clock, "TIME_FORMAT")),
    step=_step_on_paper,
    stranger=str,
    tidy=lambda said: clean(said).strip(),
)


def words(entry: Mapping[str, Any], answer: Any, filling: Filling) -> str:
    """Return a simple answer in words; empty when there is none.

    Args:
        entry: field, or column of rows.
    """
    question = Question(entry["key"], entry["type"], entry)
    return say(question, answer, people=filling.people, medium=PAPER)


def _fill_in(said: str, filling: Filling) -> str:
    return substitute(said, filling.values, gap=GAP)


# --- one field, one block ----------------------------------------------------------------------------------------


def block_of(entry: Mapping[str, Any], filling: Filling) -> Block:
    """Return the block of one field."""
    maker = _MAKERS.get(entry["type"], _make_text)
    block = maker(entry, filling)
    block.label = _fill_in(text(entry["label"]), filling)
    if entry["type"] != "heading" and (filling.is_blank or entry["type"] == "signatures"):
        block.help = text(entry.get("help"))
    return block


def _make_heading(entry: Mapping[str, Any], filling: Filling) -> Block:
    return Block("heading", text=paragraphs(_fill_in(text(entry.get("help")), filling)))


def _make_text(entry: Mapping[str, Any], filling: Filling) -> Block:
    if filling.is_blank:
        return Block("lines", lines=_lines(entry))
    told = words(entry, filling.answers.get(entry["key"]), filling)
    return Block("text", text=paragraphs(told)) if told else Block("note", text=[[no_answer()]])


def _lines(entry: Mapping[str, Any]) -> int:
    """Return how many lines over the width of the page the answer of a blank needs."""
    if entry["type"] in SHORT_TYPES:
        return 2 if entry["type"] == "short_text" and _is_wide(entry) else 1
    return max(4, min(9, int(entry.get("max_length", 5000)) // 600))


def _is_wide(entry: Mapping[str, Any]) -> bool:
    """Whether an answer written with a pen needs the width of a page: more than one name, a day or a number."""
    if entry["type"] == "person":
        return bool(entry.get("multiple"))
    return entry["type"] == "short_text" and int(entry.get("max_length", WIDE_ANSWER + 1)) > WIDE_ANSWER


def _make_options(entry: Mapping[str, Any], filling: Filling) -> Block:
    answer = filling.answers.get(entry["key"])
    chosen = {str(each) for each in (answer if isinstance(answer, list) else [answer]) if each not in (None, "")}
    options = [Option(text(each["label"]), each["key"] in chosen) for each in entry.get("options", ())]
    return _options(entry, filling, options, is_answered=bool(chosen))


def _make_yes_no(entry: Mapping[str, Any], filling: Filling) -> Block:
    answer = filling.answers.get(entry["key"])
    is_answered = answer not in (None, "")
    is_yes = answer in (True, "yes", "true")
    options = [Option(_("Yes"), is_answered and is_yes), Option(_("No"), is_answered and not is_yes)]
    return _options(entry, filling, options, is_answered=is_answered)


def _make_scale(entry: Mapping[str, Any], filling: Filling) -> Block:
    answer = filling.answers.get(entry["key"])
    scale = entry["scale"]
    labels = scale.get("labels", {})
    options = []
    for step in range(scale["min"], scale["max"] + 1):
        label = text(labels.get(str(step)))
        is_chosen = str(answer) == str(step)
        all_named = len(labels) == scale["max"] - scale["min"] + 1
        options.append(Option(label if all_named else f"{step} {label}".strip(), is_chosen))
    return _options(entry, filling, options, is_answered=answer not in (None, ""))


def _options(entry: Mapping[str, Any], filling: Filling, options: list[Option], *, is_answered: bool) -> Block:
    long = sum(len(option.label) for option in options) > 70
    signs = "☐☒" if entry["type"] == "choices" else "○●"
    options = [replace(option, sign=signs[option.is_chosen]) for option in options]
    block = Block("options", options=options, is_stacked=long)
    if not is_answered and not filling.is_blank:
        block.text = [[no_answer()]]
    return block


def _make_grid(entry: Mapping[str, Any], filling: Filling) -> Block:
    given = filling.answers.get(entry["key"])
    answers = given if isinstance(given, dict) else {}
    scale = entry["scale"]
    steps = range(scale["min"], scale["max"] + 1)
    labels = scale.get("labels", {})
    legend = [f"{step} = {text(labels[str(step)])}" for step in steps if labels.get(str(step))]
    rows = []
    for item in entry["items"]:
        answer = str(answers.get(item["key"], ""))
        note = [[no_answer()]] if not answer and not filling.is_blank else []
        cells = [Cell([[text(item["label"])]], note, is_head=True)]
        cells += [Cell([[CHOSEN_IN_CELL if answer == str(step) else OPEN_IN_CELL]]) for step in steps]
        rows.append(cells)
    columns = [Column("")] + [Column(str(step), "mark") for step in steps]
    return Block("grid", text=[[", ".join(legend)]] if legend else [], columns=columns, rows=rows)


def _make_rows(entry: Mapping[str, Any], filling: Filling) -> Block:
    given = filling.answers.get(entry["key"])
    rows = [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []
    columns = entry["columns"]
    if signs_in_rows(entry):
        return _make_list_to_sign(columns, rows)
    if filling.is_blank:
        count = max(entry.get("min_rows", 1), min(entry.get("max_rows", BLANK_ROWS), BLANK_ROWS))
        if not _fits_as_table(columns) and entry.get("max_rows", BLANK_ROWS) > BLANK_ROWS:
            heads = [Column(text(column["label"]), _pen_width(column)) for column in columns]
            lines = [[Cell() for _each in columns] for _row in range(BLANK_LINES)]
            return Block("table", columns=heads, rows=lines, is_small=True, is_tall=True, is_across=True)
        if not _fits_as_table(columns):
            count = max(entry.get("min_rows", 1), min(count, BLANK_SECTIONS))
            return Block("heading", items=[_blank_section(entry, columns, i, filling) for i in range(1, count + 1)])
        heads = [Column(text(column["label"]), _width(column)) for column in columns]
        return Block(
            "table",
            columns=heads,
            rows=[[Cell() for _each in columns] for _row in range(count)],
            is_small=len(columns) > 4,
            is_tall=True,
        )
    if not rows:
        return Block("note", text=[[no_answer()]])
    if _fits_as_table(columns) and _is_narrow(columns, rows):
        cells = [[Cell(paragraphs(words(c, row.get(c["key"]), filling))) for c in columns] for row in rows]
        heads = [Column(text(column["label"]), _width(column)) for column in columns]
        return Block("table", columns=heads, rows=cells, is_small=len(columns) > 4)
    return Block("heading", items=[_row_block(entry, columns, row, i, filling) for i, row in enumerate(rows, 1)])


def signs_in_rows(entry: Mapping[str, Any]) -> bool:
    """Whether the rows are the people of a session: each signs in their own row, and nobody else has a place to."""
    return entry["type"] == "rows" and entry.get("prefill") == "session.people"


def _make_list_to_sign(columns: Sequence[Mapping[str, Any]], rows: list[dict[str, Any]]) -> Block:
    """Return one table with a column to sign in; of a filled list without the columns in which nothing stands."""
    if rows:
        columns = [column for column in columns if any(row.get(column["key"]) for row in rows)]
    widths = ["" if rows else "name" if column is columns[0] else _pen_width(column) for column in columns]
    heads = [Column(text(column["label"]), width) for column, width in zip(columns, widths, strict=True)]
    filling = Filling()
    lines = [
        [*(Cell(paragraphs(words(column, row.get(column["key"]), filling))) for column in columns), Cell()]
        for row in rows
    ]
    lines = lines or [[Cell() for _each in range(len(heads) + 1)] for _row in range(LINES_TO_SIGN)]
    heads.append(Column(_("Signature"), "third" if rows else "signature"))
    is_across = len(heads) > ROWS_AS_TABLE
    return Block("table", columns=heads, rows=lines, is_small=len(heads) > 4, is_tall=True, is_across=is_across)


def _fits_as_table(columns: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the columns are few, and together no wider than the page as the style sheet measures them."""
    widths = {"wide": WIDE, "narrow": NARROW, "": ORDINARY}
    return len(columns) <= ROWS_AS_TABLE and sum(widths[_width(column)] for column in columns) <= 100  # noqa: PLR2004 -- per cent


def _blank_section(
    entry: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], number: int, filling: Filling
) -> Block:
    """Return one row of a wide table to fill in with a pen: “Goal 2”, then its questions with room to write."""
    items: list[Block] = []
    for column in columns:
        if _is_fact(column, filling):
            if not items or items[-1].kind != "facts":
                items.append(Block("facts"))
            items[-1].facts.append(_fact(column, filling))
            continue
        block = block_of(column, filling)
        block.lines = min(block.lines, SECTION_LINES)
        items.append(block)
    label = f"{text(entry.get('row_label')) or text(entry['label'])} {number}"
    return Block("heading", label=label, items=items)


def _width(column: Mapping[str, Any]) -> str:
    return {"number": "narrow", "long_text": "wide"}.get(column["type"], "")


def _pen_width(column: Mapping[str, Any]) -> str:
    """Return the class of a column that is written in with a pen; columns of text share what the others leave."""
    if column["type"] == "short_text":
        return "address" if column.get("max_length") == ADDRESS else ""
    return "" if column["type"] == "long_text" else str(column["type"])


def _is_narrow(columns: list[dict[str, Any]], rows: list[dict[str, Any]]) -> bool:
    """Whether a table reads better than a list: no cell holds a long text."""
    longest = max((len(str(row.get(column["key"], ""))) for row in rows for column in columns), default=0)
    return longest <= 240


def _row_block(
    entry: Mapping[str, Any], columns: list[dict[str, Any]], row: dict[str, Any], number: int, filling: Filling
) -> Block:
    """Return one row of a wide table as a small section: “Goal 2”, then its columns."""
    facts, items = [], []
    for column in columns:
        told = words(column, row.get(column["key"]), filling)
        if column["type"] == "long_text":
            items.append(Block("text", label=text(column["label"]), text=paragraphs(told or no_answer())))
        else:
            facts.append(Fact(text(column["label"]), told or "–"))
    label = f"{text(entry.get('row_label')) or text(entry['label'])} {number}"
    # What the row is about stands first; dates and ratings of it are facts under that.
    first = [items.pop(0)] if items and columns[0]["type"] == "long_text" else []
    return Block("heading", label=label, items=[*first, *([Block("facts", facts=facts)] if facts else []), *items])


def _make_signatures(entry: Mapping[str, Any], filling: Filling) -> Block:
    return Block("signatures", boxes=filling.signers)


_MAKERS: Final[dict[str, Callable[[Mapping[str, Any], Filling], Block]]] = {
    "heading": _make_heading,
    "choice": _make_options,
    "choices": _make_options,
    "yes_no": _make_yes_no,
    "scale": _make_scale,
    "rating_grid": _make_grid,
    "rows": _make_rows,
    "signatures": _make_signatures,
}


# --- all fields of a document ----------------------------------------------------------------------------------------


def flow(entries: Sequence[Mapping[str, Any]], filling: Filling) -> list[Block]:
    """Return the fields as headings and questions, in order; short answers in a row share a table of facts."""
    blocks: list[Block] = []
    has_list_to_sign = any(map(signs_in_rows, entries))
    for entry in entries:
        if entry["type"] == "signatures" and has_list_to_sign:
            continue
        if _is_fact(entry, filling):
            fact = _fact(entry, filling)
            if blocks and blocks[-1].kind == "facts":
                blocks[-1].facts.append(fact)
            else:
                blocks.append(Block("facts", facts=[fact]))
        else:
            blocks.append(block_of(entry, filling))
    return blocks


def _is_fact(entry: Mapping[str, Any], filling: Filling) -> bool:
    """Whether a question fits beside its answer on one line."""
    longest = BLANK_FACT_LABEL if filling.is_blank else FACT_LABEL
    is_short = entry["type"] in SHORT_TYPES and len(text(entry["label"])) <= longest
    return is_short and not (filling.is_blank and entry["type"] == "yes_no")


def _fact(entry: Mapping[str, Any], filling: Filling) -> Fact:
    told = "" if filling.is_blank else words(entry, filling.answers.get(entry["key"]), filling) or no_answer()
    return Fact(text(entry["label"]), told, is_wide=_needs_the_width(entry, filling))


def _needs_the_width(entry: Mapping[str, Any], filling: Filling) -> bool:
    return filling.is_blank and not filling.is_across and _is_wide(entry)


def clauses(entries: Sequence[Mapping[str, Any]], filling: Filling) -> tuple[list[Fact], list[Block]]:
    """Return a contract's fields: the facts before its first clause, then sections and numbered clauses.

    Every answer after a clause becomes a numbered point of that clause.
    """
    facts: list[Fact] = []
    blocks: list[Block] = []
    number = 0
    for entry in entries:
        is_clause = entry["type"] == "heading" and entry.get("numbered")
        if is_clause:
            number += 1
            blocks.append(_clause(entry, number, filling))
        elif entry["type"] == "signatures":
            blocks.append(block_of(entry, filling))
        elif blocks and blocks[-1].kind == "clause":
            # What nobody filled in was not agreed, so it does not stand in the contract.
            if filling.is_blank or words(entry, filling.answers.get(entry["key"]), filling):
                blocks[-1].items.append(_point(entry, filling))
        elif entry["type"] in SHORT_TYPES and not blocks:
            facts.append(_fact(entry, filling))
        else:
            blocks.append(_section(entry, filling))
    for block in blocks:
        if block.kind == "clause":
            _count(block)
    return facts, blocks


def _clause(entry: Mapping[str, Any], number: int, filling: Filling) -> Block:
    said = paragraphs(_fill_in(text(entry.get("help")), filling))
    items = [Block("text", text=[each]) for each in said]
    return Block("clause", label=_fill_in(text(entry["label"]), filling), number=str(number), items=items)


def _count(clause: Block) -> None:
    """Number the points of a clause, unless it has only one."""
    if len(clause.items) > 1:
        for place, item in enumerate(clause.items, 1):
            item.number = f"{clause.number}.{place}"


def _point(entry: Mapping[str, Any], filling: Filling) -> Block:
    """Return an answer as one point of a clause: “Length of a meeting: 60 minutes”."""
    label = text(entry["label"])
    if filling.is_blank:
        if entry.get("options"):
            block = _make_options(entry, filling)
            block.label = label
            return block
        lines = 1 if entry["type"] in SHORT_TYPES else POINT_LINES
        return Block("lines", label=label, lines=lines, help=text(entry.get("unit")), is_across=_is_wide(entry))
    return Block("text", label=label, text=paragraphs(words(entry, filling.answers.get(entry["key"]), filling)))


def _section(entry: Mapping[str, Any], filling: Filling) -> Block:
    """Return a part before the first clause; lines of the form “Mentor: Rasa” become a table of the parties."""
    if entry.get("prefill") == "group.members":
        rows = parties(str(filling.answers.get(entry["key"]) or "")) if not filling.is_blank else blank_parties(filling)
        if rows:
            heads = [Column(_("Role"), "role"), Column(_("Name"), "third"), Column(_("Organisation or place"))]
            if not filling.is_blank and not any(row[2].text for row in rows):
                heads, rows = heads[:2], [row[:2] for row in rows]
            return Block("table", label=text(entry["label"]), columns=heads, rows=rows)
    return block_of(entry, filling)


def parties(said: str) -> list[list[Cell]]:
    """Return the rows of a list of parties, “Rasa Žukauskienė, Mentor, Kaunas”; [] if it is not one.

    Each row: role, name, what follows the role.
    """
    roles = {str(role.label).casefold(): str(role.label) for role in Role}
    rows = []
    for line in filter(str.strip, said.splitlines()):
        name, _comma, rest = line.partition(",")
        role, _comma, place = rest.partition(",")
        if role.strip().casefold() not in roles:
            return []
        cells = (roles[role.strip().casefold()], name, place)
        rows.append([Cell([[clean(cell.strip())]] if cell.strip() else []) for cell in cells])
    return rows


def blank_parties(filling: Filling) -> list[list[Cell]]:
    """Return empty rows, one for each who signs."""
    return [[Cell([[box.role]]), Cell(), Cell()] for box in filling.signers]


def role_word(role: str) -> str:
    """Return a role in words, as they stand alone."""
    return str(Role(role).label)
