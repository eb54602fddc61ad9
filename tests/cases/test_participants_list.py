"""The list of participants is filled in from what is known; those present sign in their own rows, nobody else can."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Pack
from rendering.pdf import engine, library_documents
from rendering.pdf.blocks import Block
from rendering.pdf.fields import Filling, flow
from responses_app import services as forms
from responses_app.models import FormResponse
from sessions_app.services import plans
from tests.cast import World
from tests.documents.filled import begun, handed_in, held_session, stored
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


def names_in(form: FormResponse) -> list[str]:
    return [row["name"] for row in stored(form).answers["participants"]]


def test_handed_in_it_follows_the_attendance_with_what_was_written(world: World, as_user: Any) -> None:
    cast = world.cast
    session = held_session(world)
    everybody = [cast.milda.pk, cast.rasa.pk, cast.tomas.pk]
    plans.hold_session(session=session, by=cast.rasa, present=everybody, reason="Z")
    form = begun(world, "participants_list", cast.rasa, session_key=session.session_key)
    rows = [
        {**row, "remark": "came late"} if row["name"].startswith("Milda") else row
        for row in form.answers["participants"]
    ]
    answers = {**form.answers, "participants": [*rows, {"name": "Ona Baker", "role": "guest"}]}
    handed_in(form, cast.rasa, answers)
    address = reverse("responses:form-detail", args=[form.pk])
    said = "differs from the attendance"
    assert said not in as_user(cast.rasa).get(address).text
    plans.hold_session(session=session, by=cast.rasa, present=[cast.milda.pk, cast.rasa.pk, cast.elena.pk], reason="Z")
    assert said not in as_user(cast.rasa).get(address).text, "what is handed in follows by itself"
    forms.reopen_form(form=stored(form), user=cast.rasa)
    assert names_in(form) == ["Rasa Žukauskienė", "Milda Kazlauskaitė", "Ona Baker", "Елена Георгиева"]
    assert stored(form).answers["participants"][1]["remark"] == "came late"
    assert said not in as_user(cast.rasa).get(address).text


def test_one_begun_before_the_session_is_brought_up_to_date_with_what_was_typed(world: World, as_user: Any) -> None:
    cast = world.cast
    session = held_session(world)
    form = begun(world, "participants_list", cast.rasa, session_key=session.session_key)
    plans.hold_session(session=session, by=cast.rasa, present=[cast.milda.pk, cast.rasa.pk], reason="Z")
    rasa, edit = as_user(cast.rasa), reverse("responses:form-edit", args=[form.pk])
    assert "Bring the table up to date" in rasa.get(edit).text
    rows = enumerate(form.answers["participants"])
    table = {f"participants-{number}-{column}": value for number, row in rows for column, value in row.items()}
    sent = {**table, "place": "Library, room 3", "lock": form.lock}
    assert rasa.post(reverse("responses:form-fill-in", args=[form.pk]), sent).status_code == 302
    assert names_in(form) == ["Rasa Žukauskienė", "Milda Kazlauskaitė"]
    assert stored(form).answers["place"] == "Library, room 3"
    assert "Bring the table up to date" not in rasa.get(edit).text


def test_one_begun_before_a_correction_says_so_before_it_is_handed_in(world: World, as_user: Any) -> None:
    cast = world.cast
    session = held_session(world)
    plans.hold_session(session=session, by=cast.rasa, present=[cast.milda.pk, cast.rasa.pk], reason="Z")
    rasa = as_user(cast.rasa)
    rasa.post(
        reverse("responses:form-start", args=[world.group.pk, "participants_list"]),
        {"session_key": session.session_key},
    )
    form = FormResponse.objects.get()
    edit = reverse("responses:form-edit", args=[form.pk])
    assert "Bring the table up to date" not in rasa.get(edit).text
    as_user(cast.egle).post(
        reverse("sessions:session-hold", args=[session.pk]),
        {"present": [cast.rasa.pk], "guests": "Ona Baker", "reason": "Zill"},
    )
    assert "Bring the table up to date" in rasa.get(edit).text
