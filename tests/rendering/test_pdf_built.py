"""How the PDFs of documents are built: tagged and archival, with the letters of every language."""

import pytest

from rendering.pdf import engine, library_documents
from responses_app import printing
from tests.cast import World
from tests.documents.making import DIARY, hand_in, opened, text_of, words_of
from tests.pack_tools import version_of
from tests.rendering.papers import REGISTRATION, check_archival, diary_pdf, structure
from tools.fields.placeholders import GAP, substitute
from tools.models import Tool

# WeasyPrint 70 leaves its colour profile's file to the garbage collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


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
