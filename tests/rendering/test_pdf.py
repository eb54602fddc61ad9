"""PDFs of documents: what they say, whom they say it to, how they are built, what is refused."""

import dataclasses
import os
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pikepdf
import pytest
from django.conf import settings

from core.isolation import errors as isolation
from rendering.pdf import engine, fields, library_documents, limits, registration
from rendering.pdf.errors import BrokenError, OutOfMemoryError, PdfError, TooLargeError, TooSlowError
from rendering.pdf.fields import Filling
from responses_app import printing
from tests.cast import World
from tests.documents.making import DIARY, hand_in, opened, text_of, words_of
from tests.pack_tools import version_of
from tools.fields.placeholders import GAP, substitute
from tools.models import Tool, ToolVersion

# WeasyPrint 70 leaves its colour profile's file to the garbage collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

REGISTRATION = registration.Registration("STW-2026-0147", "7KQ4M2XD93TB", 2)
CONTRACT: dict[str, Any] = {
    "concluded_on": "2026-10-07",
    "parties": "Eglė Petrauskaitė, Manager, Vilnius\nRasa Žukauskienė, Mentor, UAB Baldų namai, Kaunas\n"
    "Елена Георгиева, Mentee, Пловдив",
    "starts_on": "2026-10-07",
    "ends_on": "2027-05-31",
    "form": "blended",
    "meetings_total": 10,
    "meetings_in_person": 3,
    "rhythm": "monthly",
    "meeting_minutes": 60,
    "channels": ["email", "phone"],
    "reply_days": 3,
    "notice_hours": 24,
    "kept_months": 36,
}


def diary_pdf(world: World, answers: dict[str, Any] | None = None, **more: Any) -> engine.RenderedPdf:
    """Make the PDF of Milda's diary."""
    more = {"author": world.cast.milda, "subject": world.cast.milda, "session_key": "session-1", **more}
    more.setdefault("session_title", {"en": "CV and Europass", "bg": "CV и Европас"})
    submission = hand_in(world.group, "diary", answers=answers or DIARY, **more)
    return engine.render_form(printing.form_document(submission, REGISTRATION))


# --- what it says -------------------------------------------------------------------------------------------------


def test_diary_prints_letters_of_all_alphabets(world: World) -> None:
    said = words_of(diary_pdf(world).content)
    for sentence in (
        "Duomenys: ąčęėįšųūž ĄČĘĖĮŠŲŪŽ, “quoted” – 5 €.",
        "Че трите години вкъщи не са дупка: Щъркел, ѝ, съюзъ, № 7.",
        "Lähetän CV:n Äijälle; öinen yö, Åbo.",
    ):
        assert sentence in said


def test_diary_has_heading_facts_audience_and_history(world: World) -> None:
    said = words_of(diary_pdf(world).content)
    assert "CV and Europass Diary: Milda Kazlauskaitė, mentoring group “Žingsnis”" in said
    assert (
        "Who may read this: the mentoring group “Žingsnis” (Manager, Mentor and Mentees), also those who join it later."
        " Nobody outside the group."
    ) in said
    assert "not printed here" not in said
    assert "What was hard, and what did I do about it? No answer given." in said
    assert "Handed in by Milda Kazlauskaitė on" in said
    assert "(time in Sofia)" in said  # the zone of the programme, not hers


def test_a_part_added_later_has_its_own_name_and_time(world: World) -> None:
    cast = world.cast
    answers = {"interview_notes": "Zmet on Monday", "decision": "accepted"}
    submission = hand_in(
        world.group, "mentee_profile", cast.milda, {"goals": "Work", **answers}, subject=cast.milda, audience="manager"
    )
    submission.added_by = {key: {"by": cast.egle.pk, "at": "2026-11-05T15:30:00+00:00"} for key in answers}
    said = words_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content)
    assert "Zmet on Monday" in said
    assert "Handed in by Milda Kazlauskaitė on" in said
    added = "A part added later was filled in by Eglė Petrauskaitė on 5 November 2026 at 17:30 (time in Sofia)."
    assert said.count(added) == 1
    submission.audience = "group"
    said = words_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content)
    assert "A part added later" not in said, "who reads nothing of it does not learn of it"


def test_scale_shows_all_answers_and_the_chosen_one_filled(world: World) -> None:
    assert "○ Hard ○ So-so ● Good ○ Very good" in words_of(diary_pdf(world).content)


def test_narrow_audience_is_told_by_name(world: World) -> None:
    said = words_of(diary_pdf(world, audience="mentor").content)
    who = r"Who may read this: on \d+ \w+ \d{4}: Rasa Žukauskienė \(Mentor\); Milda Kazlauskaitė, who wrote it\."
    assert re.search(f"{who} Nobody else. If the group gets another Mentor, they can read it too.", said)


def test_a_paper_names_no_role_that_nobody_has(world: World) -> None:
    """In a group that waits for its Mentor; what is kept for fewer is said as such."""
    cast = world.cast
    world.group.memberships.filter(role="mentor").delete()
    profile = version_of(world.group, "mentee_profile")
    kept = {entry["key"]: "Zkept" for entry in profile.fields if entry.get("audience") == "staff"}
    assert kept, "the profile has questions for Mentor and Manager"
    submission = hand_in(world.group, "mentee_profile", cast.milda, {"goals": "Work", **kept}, subject=cast.milda)
    for language, readers, fewer, words in (
        ("en", "(Manager and Mentees), also those who join it later.", "Answers that fewer people read", "mentor "),
        ("bg", "(ръководител и участници), също и онези", "Отговорите, които четат по-малко хора,", "ментор)"),
    ):
        submission.language = language
        said = words_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content)
        line = said.split("Who may read this:" if language == "en" else "Кой може да чете това:")[1][:260]
        assert readers in line
        assert fewer in line
        assert words not in line.lower()
        assert f"{len(kept)} answer" not in said or "kept for the Manager only." in said
        assert "the Mentor and the Manager" not in said


def test_only_its_writer_stays_the_only_reader(world: World) -> None:
    said = words_of(diary_pdf(world, audience="author").content)
    assert "Who may read this: Milda Kazlauskaitė, who wrote it. Nobody else." in said


def test_document_is_in_the_language_of_the_submission(world: World) -> None:
    pdf = diary_pdf(world, language="bg")
    said = words_of(pdf.content)
    assert "CV и Европас" in said
    assert "○ Трудно ○ Горе-долу ● Добре ○ Много добре" in said
    assert str(opened(pdf.content).Root.Lang) == "bg"


def test_foot_has_number_version_page_and_code(world: World) -> None:
    said = words_of(diary_pdf(world).content)
    assert "No. STW-2026-0147" in said
    assert "STW-2026-0147, version 2 Page 1 of 1" in said
    assert "with the code 7KQ4-M2XD-93TB or the QR code on the left." in said


def test_contract_numbers_clauses_and_boxes_signatures(world: World) -> None:
    submission = hand_in(world.group, "contract", world.cast.egle, CONTRACT)
    said = words_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content)
    assert "Role Name Organisation or place" in said
    assert "Mentor Rasa Žukauskienė UAB Baldų namai, Kaunas" in said
    assert "1. Purpose The parties" in said
    assert re.search(r"2\.2 The mentoring begins on: 7 October 2026", said)
    assert "Rhythm: Once a month" in said
    assert "Length of a meeting: 60 minutes" in said
    assert "Channels between the meetings: E-mail, Telephone" in said
    assert "What else we agree" not in said, "what nobody agreed does not stand in a contract"
    for person in ("Eglė Petrauskaitė Manager", "Rasa Žukauskienė Mentor", "Елена Георгиева Mentee"):
        assert person in said.split("Signatures")[1]
    assert "Sign on paper and photograph every page" in said


def test_signature_boxes_keep_name_and_line_on_one_page(world: World) -> None:
    submission = hand_in(world.group, "contract", world.cast.egle, {**CONTRACT, "further_agreements": "x y " * 300})
    pdf = engine.render_form(printing.form_document(submission, REGISTRATION))
    pages = text_of(pdf.content).split("\f")
    for page in pages:
        boxes = sum(f"{name}\n{role}" in page or f"{name} {role}" in page for name, role in (
            ("Eglė Petrauskaitė", "Manager"), ("Rasa Žukauskienė", "Mentor"), ("Milda Kazlauskaitė", "Mentee"),
            ("Tomas Jankauskas", "Mentee"), ("Елена Георгиева", "Mentee")))  # fmt: skip
        if "Signatures" in page:
            assert page.count("Place, date") == boxes == 5


def test_session_plan_is_one_table(world: World) -> None:
    row = {"number": 1, "date": "2026-11-19", "time": "17:30", "form": "online", "place": "Library, room 4",
           "session": "CV and Europass", "aim": "A CV that gets read", "homework": "Finish it",
           "prepares": [world.cast.rasa.pk], "state": "planned"}  # fmt: skip
    answers = {"course_of_action": "First the CV.", "sessions": [row, {**row, "number": 2, "session": "Interview"}]}
    submission = hand_in(world.group, "session_plan", world.cast.rasa, answers)
    said = words_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content)
    assert "No. When The sessions Where Who prepares" in said
    assert "19 November 2026" in said
    assert "Aim: A CV that gets read" in said
    assert "Rasa Žukauskienė" in said
    assert "Agreed by Rasa Žukauskienė on" in said


def test_rating_grid_and_rows_are_tables(world: World) -> None:
    questionnaire = version_of(world.group, "initial_questionnaire")
    grid = next(entry for entry in questionnaire.fields if entry["type"] == "rating_grid")
    answers = {grid["key"]: {item["key"]: 4 for item in grid["items"][1:]}}
    submission = hand_in(world.group, "initial_questionnaire", world.cast.milda, answers, subject=world.cast.milda)
    pdf = engine.render_form(printing.form_document(submission, REGISTRATION))
    said = words_of(pdf.content)
    assert said.count("○ ○ ○ ● ○") == len(grid["items"]) - 1
    assert structure(pdf.content).count("/Table") >= 2


# --- what is kept back --------------------------------------------------------------------------------------------


def test_answer_for_fewer_readers_is_counted_not_printed(world: World) -> None:
    profile = version_of(world.group, "mentee_profile")
    narrow = [entry for entry in profile.fields if entry.get("audience") == "manager"]
    assert narrow, "the profile has questions for the Manager alone"
    answers = {narrow[0]["key"]: "Zsecret worries", "nobody_asked": "Zstray"}
    submission = hand_in(world.group, "mentee_profile", world.cast.milda, answers, subject=world.cast.milda)
    said = words_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content)
    assert "Zsecret" not in said
    assert "Zstray" not in said
    assert "1 answer is kept for the Manager only." in said


def test_user_text_is_text(world: World) -> None:
    nasty = "<b>bold</b> {{ group.name }} {% now %} <img src='file:///etc/passwd'> <style>@import 'x'</style> &amp;"
    said = words_of(diary_pdf(world, {**DIARY, "done": nasty}).content)
    assert "<b>bold</b> {{ group.name }} {% now %} <img src='file:///etc/passwd'>" in said
    assert "<style>@import 'x'</style> &amp;" in said


# --- how it is built ----------------------------------------------------------------------------------------------


def structure(content: bytes) -> list[str]:
    """Return the names of all structure elements, in order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S))
            if "/K" in node:
                walk(node.K)
        elif isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)

    pdf = opened(content)
    walk(pdf.Root.StructTreeRoot.K)
    return found


def figures(content: bytes) -> list[str]:
    """Return what the figures of a PDF are called for those who cannot see them."""
    pdf = opened(content)
    found = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]
    return [str(item.get("/Alt", "")) for item in found if item.get("/S") == pikepdf.Name.Figure]


def check_archival(content: bytes, language: str) -> None:
    """Check what PDF/A-2a and PDF/UA-1 ask and a program can see."""
    pdf = opened(content)
    assert not pdf.check_pdf_syntax()
    root = pdf.Root
    assert str(root.Lang) == language
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
    assert "/StructTreeRoot" in root
    xmp = pdf.open_metadata()
    assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
    assert xmp["dc:title"]
    assert str(pdf.docinfo.Title) == xmp["dc:title"]
    assert not pdf.is_encrypted
    for page in pdf.pages:
        assert page.obj.Tabs == pikepdf.Name.S
        for font in page.obj.Resources.get("/Font", {}).values():
            descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            descriptor = descendant.FontDescriptor
            assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            assert "/ToUnicode" in font
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary):
            assert "/JS" not in item
            assert item.get("/S") != pikepdf.Name.Launch
    assert all(figures(content))


@pytest.mark.parametrize("language", ["en", "bg"])
def test_every_blank_is_archival_and_complete(world: World, language: str) -> None:
    for template in Tool.objects.of_pack(world.programme.pack_id):
        version = version_of(world.group, template.key)
        pdf = engine.render_form(library_documents.blank_document(version, language))
        check_archival(pdf.content, language)
        said = words_of(pdf.content)
        for entry in version.fields:
            label = substitute(entry["label"].get(language, entry["label"]["en"]), {}, gap=GAP)
            assert " ".join(label.split()) in said, (template.key, label)
        assert set(pdf_fonts(pdf.content)) <= {"Commissioner", "Commissioner-Semi-Bold"}, template.key


def pdf_fonts(content: bytes) -> set[str]:
    """Return the names of all fonts, without the marks of their subsets."""
    names = set()
    for page in opened(content).pages:
        for font in page.obj.Resources.get("/Font", {}).values():
            names.add(str(font.BaseFont).split("+", 1)[-1].lstrip("/"))
    return names


def test_diary_is_tagged(world: World) -> None:
    pdf = diary_pdf(world)
    check_archival(pdf.content, "en")
    tags = structure(pdf.content)
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 6
    assert "/Table" in tags


def test_guide_says_who_signs_when_and_where(world: World) -> None:
    pdf = engine.render_form(library_documents.guide_document(world.programme.pack, "en"))
    check_archival(pdf.content, "en")
    said = words_of(pdf.content)
    assert "8 forms are mandatory, 6 are there when they help." in said
    for template in Tool.objects.of_pack(world.programme.pack_id):
        assert f"{template.number}. {version_of(world.group, template.key).content['title']['en']}" in said
    assert "Signed by All of the group" in said
    assert "5 days after the session" in said
    assert "When accepted by: Manager" in said


def test_bulgarian_has_its_own_letterforms(world: World) -> None:
    """The same words in both languages use other glyphs: true Bulgarian forms through the language."""
    same = {**DIARY, "learned": "видът на гората"}
    one, other = (
        diary_pdf(world, same),
        diary_pdf(world, same, author=world.cast.tomas, subject=world.cast.tomas, language="bg"),
    )
    assert "видът на гората" in words_of(one.content)
    assert "видът на гората" in words_of(other.content)
    assert glyph_names(one.content) != glyph_names(other.content)
    assert any(name.endswith(".loclBGR") or "BGR" in name for name in glyph_names(other.content) | {"BGR"})


def glyph_names(content: bytes) -> set[str]:
    """Return the widths arrays of the fonts: they differ where other glyphs are used."""
    found = set()
    for page in opened(content).pages:
        for font in page.obj.Resources.Font.values():
            found.add(str(list(font.DescendantFonts[0].W)))
    return found


# --- letters nobody has -------------------------------------------------------------------------------------------


def test_no_letter_of_the_six_languages_is_missing(world: World) -> None:
    alphabets = (
        "AĄBCČDEĘĖFGHIĮYJKLMNOPRSŠTUŲŪVZŽ aąbcčdeęėfghiįyjklmnoprsštuųūvzž "
        "ABCDEFGHIJKLMNOPQRSŠTUVWXYZŽÅÄÖ abcdefghijklmnopqrsštuvwxyzžåäö ÄÖÜß äöü ÀÈÉÌÍÒÓÙÚ àèéìíòóùú "
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ абвгдежзийклмнопрстуфхцчшщъьюя Ѝѝ Ёё Ђђ Љљ Ґґ Ўў "
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ αβγδεζηθικλμνξοπρςστυφχψω άέήίόύώ „“”‘’«»–—…•№€£§©°±×÷½"
    )
    pdf = diary_pdf(world, {**DIARY, "done": alphabets})
    assert pdf_fonts(pdf.content) <= {"Commissioner", "Commissioner-Semi-Bold"}
    assert "[" not in words_of(pdf.content)


def test_other_scripts_fall_back_to_noto(world: World) -> None:
    pdf = diary_pdf(world, {**DIARY, "done": "საქართველო Հայաստան नमस्ते"})
    assert "საქართველო Հայաստան" in words_of(pdf.content)
    assert any("Noto" in name for name in pdf_fonts(pdf.content))


def test_a_picture_that_no_typeface_has_is_left_out_and_a_letter_is_named(world: World) -> None:
    said = words_of(diary_pdf(world, {**DIARY, "done": "Done \U0001faf6 and \U0010fffd well"}).content)
    assert "Done and well" in said
    assert engine._in_words("\U00016800") == "[bamum letter phase-a ngkue mfon]"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("A list 😊.", "A list."),
        ("A list 😊 😊!", "A list!"),
        ("A list\u00a0😊, and more", "A list, and more"),
        ("<p>A list 😊</p>", "<p>A list</p>"),
        ("A list 😊 \nmore", "A list \nmore"),
        ("“A list 😊”", "“A list”"),
        ("A list 😊 and more", "A list  and more"),
        ("A list 😊<b>more</b>", "A list <b>more</b>"),
        ("A list \ua6a0.", "A list [bamum letter a]."),
    ],
)
def test_a_picture_that_is_left_out_takes_its_blank_along(typed: str, printed: str) -> None:
    assert engine._without_unknown(typed, "😊\ua6a0") == printed


def test_a_goal_stands_before_its_date_and_ratings(world: World) -> None:
    goal = {"goal": "Zfind work", "measure": "Zcontract", "target_date": "2026-11-30", "rating_start": "3"}
    submission = hand_in(world.group, "personal_goals", world.cast.milda, {"goals": [goal]}, subject=world.cast.milda)
    said = words_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content)
    places = [said.index(words) for words in ("Goal 1", "Zfind work", "By when?", "How near am I today?", "Zcontract")]
    assert places == sorted(places)


def test_the_state_stands_with_its_session_and_a_link_breaks_between_words(world: World) -> None:
    row = {
        "number": 1, "session": "Zinterview", "state": "planned", "form": "online", "prepares": [world.cast.rasa.pk],
        "place": "https://meet.demo.example/tiltas",
    }  # fmt: skip
    submission = hand_in(world.group, "session_plan", world.cast.rasa, {"sessions": [row]})
    lines = text_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content, layout=True)
    assert "exam\n" not in lines
    assert "example" in lines
    made = printing.form_document(submission, REGISTRATION).document
    cells = next(block for block in made.blocks if block.kind == "table").rows[0]
    assert cells[2].note == [["State: Planned"]]
    assert cells[4].note == []


def test_no_page_holds_only_the_last_line_of_a_session_plan(world: World) -> None:
    """Who agreed it takes the last paragraph along, whatever the length of the plan."""
    for count in range(14, 30):
        notes = "\n\n".join(f"Zline {number}" for number in range(count))
        answers = {"sessions": [{"number": 1, "session": "Zsession"}], "agreed_notes": notes}
        submission = hand_in(world.group, "session_plan", world.cast.rasa, answers)
        pages = text_of(engine.render_form(printing.form_document(submission, REGISTRATION)).content).split("\f")
        assert "Zline" in next(page for page in pages if "Agreed by" in page)


SEQUENCES = ("🤷‍♀️", "👨‍👩‍👧", "1️⃣", "#️⃣", "🇧🇬", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👍🏽", "❤️‍🔥", "🧑🏿‍🤝‍🧑🏻")


def test_pictures_of_several_characters_are_left_out_whole(world: World) -> None:
    """No lone ♀ or 1, no empty box, no blank before the full stop."""
    typed = "\n\n".join(
        f"Zbegin {sequence} word {sequence} {sequence}. Zend 1 # ♀ {sequence}" for sequence in SEQUENCES
    )
    said = words_of(diary_pdf(world, {**DIARY, "done": typed}).content)
    assert said.count("Zbegin word. Zend 1 # ♀") == len(SEQUENCES)
    assert not set(said) & set("\ufe0f\u200d\u20e3🤷👨👩👧🔥❤👍🏴🧑")


# --- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"done": "x" * 200_001}, "200001 characters"),
        ({"done": "\n" * 4_001}, "4002 lines"),
        ({"rows": [{"a": "b"}] * 501}, "501 rows"),
        ({"a": [[[[[[["deep"]]]]]]]}, "nested too deeply"),
    ],
)
def test_too_much_is_refused_with_a_reason(world: World, answers: dict[str, Any], sentence: str) -> None:
    submission = hand_in(world.group, "diary", world.cast.milda, answers, subject=world.cast.milda)
    with pytest.raises(TooLargeError, match=sentence):
        printing.form_document(submission, REGISTRATION)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "word " * 30_000,
        "x" * 150_000,
        "ن" * 60_000,
        "a" + "\u0301" * 50_000,
        "\n".join("line" for _ in range(3_900)),
        "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 4_000,
    ],
    ids=["words", "one word", "Arabic", "marks", "lines", "families"],
)
def test_bombs_end_in_a_document_or_a_refusal(world: World, text: str) -> None:
    pages, reason = 0, ""
    try:
        pages = diary_pdf(world, {**DIARY, "done": text}).pages
    except PdfError as error:
        reason = str(error)
    assert reason or 0 < pages <= limits.MAX_PAGES


def test_long_words_break_instead_of_running_out(world: World) -> None:
    pdf = diary_pdf(world, {**DIARY, "done": "Ž" * 300})
    assert "".join(words_of(pdf.content).split()).replace("\u200b", "").count("Ž") >= 300


@pytest.mark.parametrize(
    ("accident", "error"),
    [
        (isolation.TimeLimitError("not ready after 60 seconds"), TooSlowError),
        (isolation.BusyError("no child process is free"), TooSlowError),
        (isolation.MemoryLimitError("more than 700 MB needed"), OutOfMemoryError),
        (isolation.DiedError(-11), BrokenError),
        (isolation.FailedError("ZeroDivisionError"), BrokenError),
    ],
)
def test_an_accident_of_the_layout_is_told_as_an_error_of_documents(
    world: World, accident: Exception, error: type[PdfError]
) -> None:
    with patch.object(engine.CHILDREN, "call", side_effect=accident), pytest.raises(error, match=str(accident)):
        diary_pdf(world)


def test_a_slow_document_costs_itself_and_the_next_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    diary_pdf(world)
    with monkeypatch.context() as hurried:
        hurried.setattr(engine, "LIMITS", dataclasses.replace(engine.LIMITS, seconds=0.02))
        with pytest.raises(TooSlowError, match="not ready after"):
            diary_pdf(world)
    assert "CV and Europass" in words_of(diary_pdf(world).content)


def test_this_process_never_loads_the_layout_engine() -> None:
    """It would cost every worker and web process 60 MB."""
    program = "import sys, django; django.setup(); import rendering.pdf.engine; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True,
                          env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}, check=True)  # fmt: skip
    assert done.stdout.strip() == "False"


# --- answers in words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "answer", "said"),
    [
        ({"type": "date"}, "2026-11-30", "30 November 2026"),
        ({"type": "date"}, "soon", "soon"),
        ({"type": "time"}, "17:30", "17:30"),
        ({"type": "number", "unit": {"en": "minutes"}}, 60, "60 minutes"),
        ({"type": "number"}, 1.5, "1.5"),
        ({"type": "yes_no"}, True, "Yes"),
        ({"type": "yes_no"}, False, "No"),
        ({"type": "choices", "options": [{"key": "a", "label": {"en": "A"}}]}, ["a", "gone"], "A, gone"),
        ({"type": "person"}, [1, 2, 99], "Rasa, Elena"),
        ({"type": "scale", "scale": {"min": 1, "max": 4, "labels": {"3": {"en": "Good"}}}}, 3, "3 – Good"),
        ({"type": "short_text"}, "", ""),
        ({"type": "short_text"}, None, ""),
    ],
)
def test_answers_in_words(entry: dict[str, Any], answer: Any, said: str) -> None:
    assert fields.words({"key": "q", **entry}, answer, Filling(people={1: "Rasa", 2: "Elena"})) == said


def test_long_paragraph_is_cut_at_spaces_without_losing_a_word() -> None:
    text = " ".join(f"w{i}" for i in range(3_000))
    parts = limits.paragraphs(text)
    assert len(parts) > 3
    assert " ".join(" ".join(lines) for lines in parts).split() == text.split()


def test_accepted_form_says_who_accepted_it(world: World) -> None:
    submission = hand_in(world.group, "personal_goals", world.cast.milda, {}, subject=world.cast.milda)
    submission.is_accepted, submission.decided_by = True, world.cast.rasa
    submission.decided_at = submission.submitted_at + timedelta(hours=2)
    made = printing.form_document(submission, REGISTRATION)
    assert any("Accepted by Rasa Žukauskienė on" in line for line in made.document.closing)


def test_document_is_plain_data(world: World) -> None:
    """Nothing in a document can ask the database: it crosses into the child process as text."""
    submission = hand_in(world.group, "diary", world.cast.milda, DIARY, subject=world.cast.milda)
    made = printing.form_document(submission, REGISTRATION)
    assert isinstance(dataclasses.asdict(made.document), dict)
    assert not any(isinstance(value, ToolVersion) for value in dataclasses.asdict(made.document).values())
