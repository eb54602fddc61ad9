"""The matrix to take along: CSV and XLSX, formulas made harmless. States only, never what people wrote."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from home.pages.matrix import Matrix

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
TITLE_MAX = 31
"""Longest name of a sheet."""


def harmless(value: str) -> str:
    """Return the words of a cell so that no spreadsheet takes them for a formula."""
    clean: str = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{clean}" if clean.startswith(FORMULA_STARTS) else clean


def lines_of(matrix: Matrix) -> Iterator[list[str]]:
    """Yield the head, then one line for each group."""
    head = [_("Group"), _("Programme"), _("Stage"), _("Mentor"), _("Mentees"), *(each.title for each in matrix.columns)]
    yield [harmless(str(value)) for value in head]
    for row in matrix.shown:
        mentors = ", ".join(name for _pk, name in row.mentors)
        values = [row.name, row.title, row.stage_words, mentors, str(row.mentees), *(cell.text for cell in row.cells)]
        yield [harmless(value) for value in values]


def as_csv(matrix: Matrix) -> bytes:
    """Return the table as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(lines_of(matrix))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(matrix: Matrix) -> bytes:
    """Return the table as XLSX; every cell says that it is text."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_("What is missing where")[:TITLE_MAX])
    for line in lines_of(matrix):
        cells = [WriteOnlyCell(sheet, value=value) for value in line]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def exported(matrix: Matrix, kind: str) -> bytes:
    """Return the table in one of `FORMATS`."""
    return as_xlsx(matrix) if kind == "xlsx" else as_csv(matrix)
