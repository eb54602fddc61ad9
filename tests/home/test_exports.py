"""The table to take along: formulas are made harmless."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import translation
from openpyxl import load_workbook

from core.days import programme_today
from home.exports import as_csv, as_xlsx, harmless, sheets_of
from home.filters import Filters
from home.pages.matrix import Matrix, read
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from tests.cast import World
from tests.home.conftest import set_rows


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("Žingsnis", "Žingsnis"),
        ("a=1", "a=1"),
        ("", ""),
        ("\ufeff=1", "'\ufeff=1"),
        ("\u200b=1", "'\u200b=1"),
        (' "=1', "' \"=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
    ],
)
def test_what_begins_like_a_formula_gets_an_apostrophe(value: str, wanted: str) -> None:
    assert harmless(value) == wanted


@pytest.fixture
def table(world: World) -> Matrix:
    MentoringGroup.objects.filter(pk=world.group.pk).update(name="=cmd|' /C calc'!A0")
    type(world.cast.rasa).objects.filter(pk=world.cast.rasa.pk).update(full_name="+Rasa, „Ž“")
    return read(Standing.of(world.cast.egle), Filters(), whole=True)


def test_csv_for_excel_has_the_mark_and_no_formula(table: Matrix) -> None:
    content = as_csv(next(sheets_of(table)), for_excel=True)
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert head[:7] == ["Group", "Programme", "Stage", "Mentor", "Mentees", "Late since", "Next due"]
    assert head[7] == "Mentee’s Profile"
    assert row[:5] == ["'=cmd|' /C calc'!A0", "Steps to Work", "Forming", "'+Rasa, „Ž“", "3"]


def test_excel_expects_semicolons_where_a_comma_ends_whole_numbers(table: Matrix) -> None:
    with translation.override("bg"):
        head = as_csv(next(sheets_of(table)), for_excel=True).decode("utf-8-sig").splitlines()[0]
    assert head.startswith('"Група";"Програма";')


def test_plain_csv_is_as_the_standard_has_it(table: Matrix) -> None:
    with translation.override("bg"):
        content = as_csv(next(sheets_of(table)), for_excel=False)
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.decode().split("\r\n")[0].startswith("Група,Програма,")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x;cmd|'/c calc'!A0;\t=y", "x;cmd|'/c calc'!A0;'\t=y"),
        ("x;＝1", "x;'＝1"),
        ("a, -5", "a,' -5"),
        ("Vilnius; Kaunas – 2026", "Vilnius; Kaunas – 2026"),
        ("one, - two", "one, - two"),
    ],
)
@pytest.mark.parametrize("for_excel", [True, False])
def test_nothing_begins_a_formula_where_another_separator_is_expected(
    table: Matrix, name: str, kept: str, for_excel: bool
) -> None:
    table.shown[0].name = name
    content = as_csv(next(sheets_of(table)), for_excel=for_excel).decode("utf-8-sig")
    assert next(iter(list(csv.reader(io.StringIO(content)))[1:]))[0] == kept


def test_xlsx_knows_words_numbers_and_days(table: Matrix) -> None:
    table.shown[0].late_since = date(2026, 11, 20)
    book = load_workbook(io.BytesIO(as_xlsx(sheets_of(table))))
    sheet, numbers = book.worksheets
    assert sheet["A2"].value == "=cmd|' /C calc'!A0"
    assert {sheet[cell].data_type for cell in ("A1", "A2", "D2", "H2")} == {"s"}
    assert (sheet["E2"].value, sheet["E2"].data_type) == (3, "n")
    assert (sheet["F2"].value.date(), sheet["F2"].is_date) == (date(2026, 11, 20), True)
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}2"
    assert [cell.value for cell in numbers[1]][:4] == ["Group", "Tool", "Done", "Waived"]
    assert {type(numbers.cell(2, column).value) for column in range(3, 8)} == {int}


@pytest.mark.parametrize("name", ["+359 Пловдив", "-5 до +5", "@Мария", "=1+1"])
def test_a_spreadsheet_holds_names_as_typed(world: World, name: str) -> None:
    MentoringGroup.objects.filter(pk=world.group.pk).update(name=name)
    book = load_workbook(io.BytesIO(as_xlsx(sheets_of(read(Standing.of(world.cast.egle), Filters(), whole=True)))))
    assert (book.worksheets[0]["A2"].value, book.worksheets[0]["A2"].data_type) == (name, "s")


@pytest.mark.parametrize(("language", "begins"), [("en", "Due "), ("bg", "Срок: ")])
@pytest.mark.parametrize("days", [3, 40])
def test_a_day_among_the_tools_has_its_year(world: World, language: str, begins: str, days: int) -> None:
    due = programme_today() + timedelta(days=days)
    set_rows(world.group, "contract", state="todo", opens_on=programme_today(), due_on=due)
    with translation.override(language):
        table = read(Standing.of(world.cast.egle), Filters(), whole=True)
        sheet = next(sheets_of(table))
        on_the_page = read(Standing.of(world.cast.egle), Filters())
        column = 7 + [each.key for each in table.columns].index("contract")
    words = sheet.rows[0][column]
    assert isinstance(words, str)
    assert words.startswith(f"{begins}{due.day}")
    assert words.removesuffix(" г.").endswith(str(due.year))
    assert (str(due.year) in on_the_page.shown[0].cells[column - 7].text) is (due.year != programme_today().year)
