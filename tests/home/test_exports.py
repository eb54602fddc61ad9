"""The table to take along: formulas are made harmless."""

import csv
import io

import pytest
from openpyxl import load_workbook

from home.exports import as_csv, as_xlsx, harmless
from home.filters import Filters
from home.pages.matrix import Matrix, read
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from tests.cast import World


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
        ("\x00=1", "'=1"),
    ],
)
def test_what_begins_like_a_formula_gets_an_apostrophe(value: str, wanted: str) -> None:
    assert harmless(value) == wanted


@pytest.fixture
def table(world: World) -> Matrix:
    MentoringGroup.objects.filter(pk=world.group.pk).update(name="=cmd|' /C calc'!A0")
    type(world.cast.rasa).objects.filter(pk=world.cast.rasa.pk).update(full_name="+Rasa, „Ž“")
    return read(Standing.of(world.cast.egle), Filters(), whole=True)


def test_csv_has_the_mark_and_no_formula(table: Matrix) -> None:
    content = as_csv(table)
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert head[:5] == ["Group", "Programme", "Stage", "Mentor", "Mentees"]
    assert head[5] == "Mentee’s Profile"
    assert row[:5] == ["'=cmd|' /C calc'!A0", "Steps to Work", "Forming", "'+Rasa, „Ž“", "3"]


def test_xlsx_holds_text_alone(table: Matrix) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(table))).active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s"}
    assert sheet["A2"].value == "'=cmd|' /C calc'!A0"
    assert sheet["E2"].value == "3"
