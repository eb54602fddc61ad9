"""What a document is made of: plain data between the tool's fields and the print templates."""

from dataclasses import dataclass, field
from typing import Literal

Paragraphs = list[list[str]]
"""Paragraphs of lines; the template escapes every line."""


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer, whether it was chosen, and the box or circle that says so."""

    label: str
    is_chosen: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its words; `note` are smaller lines under them."""

    text: Paragraphs = field(default_factory=list)
    note: Paragraphs = field(default_factory=list)
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column head; `width` is a class of the print style sheet."""

    label: str
    width: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A short label with its value; without a value a line to write on, over the page if it `is_wide`."""

    label: str
    value: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Room for one person's signature."""

    name: str
    role: str


@dataclass(slots=True)
class Block:
    """One part of a document.

    `kind` says which of the other attributes count: heading (label, text), clause (number, label, text, items),
    text, options, table, grid, facts, signatures, lines (room to write), note.
    """

    kind: Literal["heading", "clause", "text", "options", "table", "grid", "facts", "signatures", "lines", "note"]
    label: str = ""
    help: str = ""
    number: str = ""
    text: Paragraphs = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    is_stacked: bool = False
    columns: list[Column] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    is_small: bool = False
    is_tall: bool = False
    is_across: bool = False
    facts: list[Fact] = field(default_factory=list)
    items: list["Block"] = field(default_factory=list)
    boxes: list[SignatureBox] = field(default_factory=list)
    lines: int = 0

    @property
    def fact_pairs(self) -> list[list[Fact]]:
        """The facts, two in a row, a wide one in a row of its own."""
        pairs: list[list[Fact]] = []
        for fact in self.facts:
            if fact.is_wide or not pairs or len(pairs[-1]) > 1 or pairs[-1][0].is_wide:
                pairs.append([])
            pairs[-1].append(fact)
        return pairs

    @property
    def line_range(self) -> range:
        """One entry per line to write on."""
        return range(self.lines)


@dataclass(frozen=True, slots=True)
class Check:
    """How a reader checks that the document is ours: where, with which code."""

    address: str
    code: str


@dataclass(slots=True)
class PdfDocument:
    """A whole document, ready for its template; all texts are in `language` and final."""

    language: str
    title: str
    kind: str
    programme: str
    organisation: str
    heading: str
    subheading: str = ""
    number: str = ""
    footer: str = ""
    facts: Block | None = None
    copy_words: list[str] = field(default_factory=list)
    audience: str = ""
    is_across: bool = False
    intro: Paragraphs = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    check: Check | None = None
    has_logo: bool = False
    logo_alt: str = ""
