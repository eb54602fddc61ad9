"""The list of participants is filled in from what is known; those present sign in their own rows, nobody else can."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone

from mentoring.models import Pack
from rendering.pdf import engine, library_documents
from rendering.pdf.blocks import Block
from rendering.pdf.fields import Filling, flow
from responses_app.models import FormResponse
from sessions_app.services import plans
from tests.cast import World
from tests.documents.filled import begun, held_session
from tests.pack_tools import tool


def list_of(world: World, **attendance: Any) -> FormResponse:
    """Return the list of a session, just begun, whose attendance was recorded or not."""
    session = held_session(world)
    if attendance:
        plans.hold_session(session=session, by=world.cast.rasa, reason="Zsaid later", **attendance)
    return begun(world, "participants_list", world.cast.rasa, session_key=session.session_key)


def table_of(form: FormResponse) -> Block:
    """Return the table of the document, the only place in it to sign."""
    blocks = flow(form.tool_version.fields, Filling(answers=form.answers))
    assert [block.kind for block in blocks].count("signatures") == 0
    return next(block for block in blocks if block.kind == "table")


def test_those_who_were_there_stand_in_it_with_their_roles(world: World) -> None:
    cast = world.cast
    form = list_of(world, present=[cast.milda.pk, cast.rasa.pk], guests=["Ona Baker"])
    assert form.answers["participants"] == [
        {"name": "Rasa Žukauskienė", "role": "mentor"},
        {"name": "Milda Kazlauskaitė", "role": "mentee"},
        {"name": "Ona Baker", "role": "guest"},
    ]


def test_before_the_attendance_is_known_the_group_stands_in_it(world: World) -> None:
    names = [row["name"] for row in list_of(world).answers["participants"]]
    assert set(names) == {
        "Eglė Petrauskaitė", "Rasa Žukauskienė", "Milda Kazlauskaitė", "Tomas Jankauskas", "Елена Георгиева",
    }  # fmt: skip


def test_times_are_filled_in(world: World) -> None:
    session = held_session(world)
    session.starts_at = (timezone.localtime() - timedelta(days=1)).replace(hour=17, minute=30, second=0, microsecond=0)
    session.minutes = 90
    session.save()
    form = begun(world, "participants_list", world.cast.rasa, session_key=session.session_key)
    assert (form.answers["from_time"], form.answers["to_time"]) == ("17:30", "19:00")


def test_one_table_with_a_column_to_sign_for_those_present_only(world: World) -> None:
    table = table_of(list_of(world, present=[world.cast.milda.pk, world.cast.rasa.pk]))
    assert [column.label for column in table.columns] == ["Name", "Role", "Signature"]
    assert [row[0].text for row in table.rows] == [[["Rasa Žukauskienė"]], [["Milda Kazlauskaitė"]]]


def test_columns_that_somebody_filled_in_stay(world: World) -> None:
    form = list_of(world, present=[world.cast.milda.pk])
    form.answers["participants"][0]["remark"] = "came late"
    assert [column.label for column in table_of(form).columns] == ["Name", "Role", "Remark", "Signature"]


def test_the_blank_one_has_room_to_sign_in_each_row(world: World) -> None:
    fields = tool("participants_list").current.fields
    blocks = flow(fields, Filling(is_blank=True))
    table = next(block for block in blocks if block.kind == "table")
    assert table.columns[-1].label == "Signature"
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(table.rows) == 16
    assert [column.width for column in table.columns] == ["name", "choice", "", "address", "", "signature"]


@pytest.mark.parametrize("language", ["en", "bg"])
def test_the_blank_one_is_one_sheet_across(pack: Pack, language: str) -> None:
    """Across, a full name and an e-mail address fit when they are written with a pen."""
    made = library_documents.blank_document(tool("participants_list").current, language, None)
    with pypdfium2.PdfDocument(engine.render_form(made).content) as pdf:
        assert len(pdf) == 2
        assert all(page.get_width() > page.get_height() for page in pdf)


def test_the_blank_one_asks_for_the_day_once(pack: Pack) -> None:
    document = library_documents.blank_document(tool("participants_list").current, "en", None).document
    facts = [*document.facts.facts, *(fact for block in document.blocks for fact in block.facts)]
    assert [fact.label for fact in facts].count("Date") == 1
