"""PDFs of documents: what they say, and whom they say it to."""

import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest

from rendering.pdf import engine, fields, limits
from rendering.pdf.fields import Filling
from responses_app import printing
from tests.cast import World
from tests.documents.making import DIARY, hand_in, opened, text_of, words_of
from tests.pack_tools import version_of
from tests.rendering.papers import REGISTRATION, diary_pdf, structure
from tools.models import ToolVersion

# WeasyPrint 70 leaves its colour profile's file to the garbage collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

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
    narrow = [entry for entry in profile.fields if entry.get("audience") == "staff"]
    kept = {entry["key"]: "Zkept" for entry in narrow if entry["type"] != "heading"}
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
        # What is kept stands in its part, and names the readers that the part has, also the one who is still to come.
        heading, sentence = {
            "en": ("Practical things and your wishes", f"{len(kept)} answers are kept for the Mentor and the Manager."),
            "bg": ("Практически въпроси и Вашите желания", f"{len(kept)} отговора не са показани тук."),
        }[language]
        assert f"{heading} {sentence}" in said
        assert "Your group reads" not in said
        assert "групата Ви" not in said
        assert said.index(sentence) < said.index("Handed in by" if language == "en" else "Предадено от")


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
    narrow = [entry for entry in profile.fields if entry.get("audience") == "manager" and entry["type"] != "heading"]
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
