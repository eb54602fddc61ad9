"""The matrix to take along, as a spreadsheet or as text. States only, never what people wrote."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from home.pages.matrix import Counts, Matrix

FORMATS = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv-excel": ("csv", "text/csv; charset=utf-8"),
    "csv": ("csv", "text/csv; charset=utf-8"),
}
"""By the name in the address: the ending of the file and its type."""
COMMA_LANGUAGES = frozenset({"en"})
"""Where Excel takes a comma for the end of a cell; elsewhere a comma ends whole numbers, and Excel wants semicolons."""
FORMULA_STARTS = frozenset("=+-@|%")
HIDDEN_STARTS = re.compile(r"([;\t,])([\s\"'\u200b\ufeff]*(?:[=+@|%＝＋＠％]|[-－](?!\s)))")
"""What begins a cell of its own where a reader takes another separator than the file's."""
TITLE_MAX = 31
"""Longest name of a sheet."""
NARROWEST, WIDEST = 8, 48
"""Widths of a column, in characters."""

Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its head, its rows of words, numbers and days."""

    title: str
    head: list[str]
    rows: list[list[Value]]


def sheets_of(matrix: Matrix) -> Iterator[Sheet]:
    """Yield the table as the page shows it, then what is counted behind each cell."""
    head = [
        _("Group"), _("Programme"), _("Stage"), _("Mentor"), _("Mentees"), _("Late since"), _("Next due"),
        *(column.title for column in matrix.columns),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            row.name, row.title, row.stage_words, ", ".join(name for _pk, name in row.mentors), row.mentees,
            row.late_since, _next_due(matrix, row.pk), *(cell.text for cell in row.cells),
        ]
        for row in matrix.shown
    ]  # fmt: skip
    yield Sheet(_("What’s missing, and where"), head, rows)
    head = [
        _("Group"), _("Tool"), _("Done"), _("Waived"), _("Handed in"), _("To do"), _("Late"), _("Late since"),
        _("Next due"), _("To read"),
    ]  # fmt: skip
    yield Sheet(_("Numbers"), head, [[name, title, *_numbers(counts)] for name, title, counts in _counted(matrix)])


def _next_due(matrix: Matrix, group: int) -> date | None:
    """Return the first day on which anything of a group is due, however far away."""
    found = (matrix.counts.get((group, column.key)) for column in matrix.columns)
    return min((counts.due for counts in found if counts is not None and counts.due), default=None)


def _counted(matrix: Matrix) -> Iterator[tuple[str, str, Counts]]:
    for row in matrix.shown:
        for column in matrix.columns:
            if (counts := matrix.counts.get((row.pk, column.key))) is not None:
                yield row.name, column.title, counts


def _numbers(counts: Counts) -> list[Value]:
    return [
        counts.done, counts.waived, counts.handed_in, counts.begun, counts.late, counts.late_since, counts.due,
        counts.to_read,
    ]  # fmt: skip


def harmless(value: str) -> str:
    """Return the words of a cell of CSV so that no spreadsheet takes them for a formula.

    A spreadsheet looks through blanks, quotation marks, signs without width, and letters of full width.
    """
    seen = unicodedata.normalize("NFKC", value)
    for character in seen:
        if character in "\"'" or character.isspace() or unicodedata.category(character) in {"Cf", "Cc", "Zs"}:
            continue
        return f"'{value}" if character in FORMULA_STARTS else value
    return value


def as_csv(sheet: Sheet, *, for_excel: bool) -> bytes:
    """Return a table as CSV in UTF-8.

    Args:
        for_excel: with the mark by which Excel knows UTF-8, and the separator it expects in the language of the page;
            else as RFC 4180 has it.
    """
    out = io.StringIO()
    comma = "," if not for_excel or (get_language() or "en").split("-")[0] in COMMA_LANGUAGES else ";"
    quoting: Any = csv.QUOTE_ALL if for_excel else csv.QUOTE_MINIMAL
    writer = csv.writer(out, quoting=quoting, delimiter=comma, lineterminator="\r\n")
    writer.writerow([_as_text(title) for title in sheet.head])
    writer.writerows([_as_text(value) for value in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig" if for_excel else "utf-8")


def _as_text(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return HIDDEN_STARTS.sub(r"\1'\2", harmless(ILLEGAL_CHARACTERS_RE.sub("", value)))


def as_xlsx(sheets: Iterator[Sheet]) -> bytes:
    """Return tables as XLSX: numbers are numbers, days are days, and words are words whatever they begin with."""
    book = Workbook(write_only=True)
    for told in sheets:
        sheet: Any = book.create_sheet(told.title[:TITLE_MAX])
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(told.head))}{len(told.rows) + 1}"
        for number, title in enumerate(told.head):
            longest = max((len(_as_text(row[number])) for row in told.rows), default=0)
            width = min(max(longest, min(len(title), 16), NARROWEST), WIDEST) + 3
            sheet.column_dimensions[get_column_letter(number + 1)].width = width
        sheet.append([_head_cell(sheet, title) for title in told.head])
        for row in told.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head_cell(sheet: Any, title: str) -> Any:
    cell = _cell(sheet, title)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    if isinstance(value, str):
        cell: Any = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"  # text, also where it begins like a formula
        return cell
    plain: Any = value
    cell = WriteOnlyCell(sheet, value=plain)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def exported(matrix: Matrix, kind: str) -> bytes:
    """Return the table in one of `FORMATS`."""
    if kind == "xlsx":
        return as_xlsx(sheets_of(matrix))
    return as_csv(next(sheets_of(matrix)), for_excel=kind == "csv-excel")
