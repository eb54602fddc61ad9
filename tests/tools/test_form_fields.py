"""Questions as data become fields: what is understood, what is refused with which words, what is kept as typed."""

import json
import unicodedata
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from core.typed_text import clean_text, storable
from tools.fields.answers import as_typed, field_for
from tools.fields.forms import AnswerForm, data_from_raw, raw_from_data
from tools.fields.questions import Question, for_paper, questions_of, readable_by
from tools.fields.reading import part_of
from tools.models import Tool

PEOPLE = {"mentor": [(7, "Rasa")], "mentee": [(8, "Milda"), (9, "Tomas")], "former": [(10, "Jonas")]}


def question(type_: str, **content: object) -> Question:
    """Return a question as a tool would have it."""
    entry = {"key": "q", "type": type_, "label": {"en": "Question", "bg": "Въпрос"}, **content}
    return Question("q", type_, entry, frozenset({"mentee"}))


OPTIONS = [{"key": "a", "label": {"en": "First"}}, {"key": "b", "label": {"en": "Second"}}]
SCALE = {"min": 1, "max": 3, "labels": {"1": {"en": "Low"}, "3": {"en": "High"}}}
ROWS = [
    {"key": "goal", "type": "short_text", "label": {"en": "Goal"}, "required": True},
    {"key": "day", "type": "date", "label": {"en": "Day"}},
    {"key": "who", "type": "person", "label": {"en": "Who"}, "roles": ["mentee"], "multiple": True},
]


@pytest.mark.parametrize(
    ("asked", "sent", "stored"),
    [
        (question("short_text"), "  two\nlines\tand\x00 a bell\x07 ", "two lines and a bell"),
        (question("long_text"), "one\r\ntwo\x0b \n\n\n\n\n\nthree  \n", "one\ntwo\n\n\nthree"),
        (question("short_text"), "Cafe\u0301", "Café"),
        (question("short_text"), "\ud800 lone half", "lone half"),
        (question("short_text"), " \n ", None),
        (question("date"), "30.11.2026", "2026-11-30"),
        (question("date"), " 2026-11-30 ", "2026-11-30"),
        (question("date"), "3/4/2026", "2026-04-03"),
        (question("date"), "1.2.26", "2026-02-01"),
        (question("date"), "", None),
        (question("time"), "17.30", "17:30"),
        (question("time"), "7:05", "07:05"),
        (question("number", min=0, max=60), "3,5", 3.5),
        (question("number", min=0, max=60), " 12 ", 12),
        (question("choice", options=OPTIONS), "b", "b"),
        (question("choices", options=OPTIONS), ["b", "a"], ["a", "b"]),
        (question("choices", options=OPTIONS), [], None),
        (question("yes_no"), "yes", True),
        (question("yes_no"), "no", False),
        (question("scale", scale=SCALE), "3", 3),
        (question("person", roles=["mentor"]), "7", 7),
        (question("person", roles=["mentee"], multiple=True), ["9", "8"], [8, 9]),
    ],
)
def test_what_is_understood(asked, sent, stored):
    assert field_for(asked, people=PEOPLE).clean(sent) == stored


@pytest.mark.parametrize(
    ("asked", "sent", "sentence"),
    [
        (question("date"), "31.11.2026", "November has 30 days. Write the date like 30.11.2026."),
        (question("date"), "30.2.2027", "February 2027 has 28 days. Write the date like 28.02.2027."),
        (question("date"), "5.13.2026", "A year has 12 months. Write the date like 30.11.2026."),
        (question("date"), "5.5.202", "Write the year with four digits, like 30.11.2026."),
        (question("date"), "5.5.0026", "Write the year with four digits, like 30.11.2026."),
        (question("date"), "next Thursday", "Write the date like 30.11.2026."),
        (question("time"), "25:00", "Write the time like 17:30."),
        (question("number", min=0, max=60), "61", "A number from 0 to 60."),
        (question("number"), "many", "Enter a number in digits."),
        (question("number"), "1e9", "Enter a number in digits."),
        (question("number"), "nan", "Enter a number in digits."),
        (question("choice", options=OPTIONS), "c", "Choose one of the answers shown."),
        (question("choices", options=OPTIONS), ["a", "c"], "Choose from the answers shown."),
        (question("scale", scale=SCALE), "4", "Choose one of the answers shown."),
        (question("person", roles=["mentor"]), "8", "Choose one of the answers shown."),
        (question("short_text", max_length=5), "123456", "5 characters fit here. Shorten it by 1 character."),
        (question("long_text", max_length=5), "1234567", "5 characters fit here. Shorten it by 2 characters."),
    ],
)
def test_what_is_refused_says_how_to_put_it_right(asked, sent, sentence):
    with pytest.raises(ValidationError) as refused:
        field_for(asked, people=PEOPLE).clean(sent)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize("type_", ["short_text", "date", "time", "number", "yes_no"])
def test_an_empty_answer_is_refused_only_when_handing_in(type_):
    asked = question(type_, required=True)
    assert field_for(asked, people=PEOPLE).clean("") is None
    with pytest.raises(ValidationError):
        field_for(asked, people=PEOPLE, enforce=True).clean("")


def test_a_length_counts_characters_not_bytes():
    assert field_for(question("short_text", max_length=3), people=PEOPLE).clean("ЩЪЯ") == "ЩЪЯ"


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_becomes_text_that_can_be_stored(text):
    for lines in (True, False):
        cleaned = clean_text(text, lines=lines)
        cleaned.encode("utf-8")
        json.dumps(cleaned)
        assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]
        assert clean_text(cleaned, lines=lines) == cleaned


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_nothing_typed_is_lost_to_a_field_that_does_not_understand_it(text):
    kinds = ("date", "time", "number", "short_text", "long_text")
    for asked in (question(kind, max_length=20) for kind in kinds):
        form = AnswerForm([asked], MultiValueDict({"q": [text]}), people=PEOPLE)
        cleaned = form.cleaned_answers()
        if cleaned.typed:
            assert cleaned.typed == {"q": storable(text)[:100_000]}
        again = data_from_raw([asked], cleaned.typed or cleaned.answers, people=PEOPLE)
        assert AnswerForm([asked], again, people=PEOPLE).cleaned_answers() == cleaned


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["goal", "day", "who", "a", "x"]), inner)
    ),
    max_leaves=6,
)


def read_or_refused(asked, value):
    """Return the value as data, or None where it was refused in words."""
    try:
        return data_from_raw([asked], {"q": value}, people=PEOPLE)
    except ValidationError as error:
        return None if error.message_dict == {"q": ["This is not an answer to “Question”."]} else error


@given(json_like)
def test_any_json_is_an_answer_or_refused_with_words(value):
    asked = [
        question("rows", columns=ROWS),
        question("rating_grid", items=OPTIONS, scale=SCALE),
        question("choices", options=OPTIONS),
        question("yes_no"),
        question("number"),
        question("date"),
        question("person", roles=["mentee"], multiple=True),
    ]
    for each in asked:
        data = read_or_refused(each, value)
        if data is None:
            continue
        cleaned = AnswerForm([each], data, people=PEOPLE).cleaned_answers()
        json.dumps([cleaned.answers, cleaned.typed])
        assert not (cleaned.answers and cleaned.typed)


def test_rows_are_read_by_their_numbers_and_blank_ones_are_dropped():
    asked = question("rows", columns=ROWS, max_rows=3)
    data = MultiValueDict(
        {
            "q-5-goal": ["Second"],
            "q-2-goal": ["First"],
            "q-2-who": ["9", "8"],
            "q-3-goal": [" "],
            "q-5-day": ["1.2.2026"],
        }
    )
    raw = raw_from_data(asked, data)
    cleaned = AnswerForm([asked], data_from_raw([asked], {"q": raw}, people=PEOPLE), people=PEOPLE).cleaned_answers()
    assert cleaned.answers == {"q": [{"goal": "First", "who": [8, 9]}, {"goal": "Second", "day": "2026-02-01"}]}
    assert cleaned.typed == {}


def test_a_row_with_a_wrong_day_keeps_all_rows_as_typed():
    asked = question("rows", columns=ROWS)
    raw = [{"goal": "First", "day": "31.11.2026", "who": []}, {"goal": "Second", "day": "", "who": ["8"]}]
    form = AnswerForm([asked], data_from_raw([asked], {"q": raw}, people=PEOPLE), people=PEOPLE)
    assert form.cleaned_answers().typed == {"q": raw}
    assert [problem.anchor for problem in form.problems()] == ["id_q-0-day"]


def test_rows_beyond_the_limit_are_kept_and_complained_about():
    asked = question("rows", columns=ROWS, max_rows=1)
    data = MultiValueDict({"q-0-goal": ["First"], "q-1-goal": ["Second"]})
    form = AnswerForm([asked], data, people=PEOPLE)
    assert len(form.cleaned_answers().typed["q"]) == 2
    assert [problem.sentence for problem in form.problems()] == ["Add at most 1 row."]


def test_handing_in_asks_for_rows_and_their_required_cells():
    asked = question("rows", columns=ROWS, required=True, min_rows=2)
    data = MultiValueDict({"q-0-day": ["1.2.2026"]})
    found = AnswerForm([asked], data, people=PEOPLE, enforce=True).problems()
    assert [problem.sentence for problem in found] == ["Fill in at least 2 rows.", "Answer this question."]


def test_a_grid_is_one_answer():
    asked = question("rating_grid", items=OPTIONS, scale=SCALE, required=True)
    data = MultiValueDict({"q-a": ["2"]})
    assert AnswerForm([asked], data, people=PEOPLE).cleaned_answers().answers == {"q": {"a": 2}}
    found = AnswerForm([asked], data, people=PEOPLE, enforce=True).problems()
    assert [(problem.label, problem.anchor) for problem in found] == [("Question", "id_q-b_0")]


def test_somebody_who_left_stays_in_an_answer_but_cannot_be_chosen_anew():
    asked = question("person", roles=["mentee"], multiple=True)
    kept = AnswerForm([asked], MultiValueDict({"q": ["8", "10"]}), people=PEOPLE).cleaned_answers()
    assert kept.answers == {"q": [8, 10]}
    assert "10" not in field_for(asked, people=PEOPLE).options


def test_as_typed_keeps_shape_and_drops_what_cannot_be_stored():
    assert as_typed({"a": ["x\x00", None, 3], "b": True}) == {"a": ["x", "", "3"], "b": "True"}


def test_labels_in_another_language_say_so():
    asked = question("short_text", label={"en": "Only English"})
    with translation.override("bg"):
        assert str(field_for(asked, people=PEOPLE).label) == '<span lang="en">Only English</span>'
        assert field_for(question("short_text"), people=PEOPLE).label == "Въпрос"


def test_bulgarian_says_how_to_write_a_day():
    with translation.override("bg"), pytest.raises(ValidationError) as refused:
        field_for(question("date"), people=PEOPLE).clean("31.11.2026")
    assert "30.11.2026" in refused.value.messages[0]


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        (question("date"), "2026-11-30", "30 November 2026"),
        (question("yes_no"), False, "No"),
        (question("choice", options=OPTIONS), "b", "Second"),
        (question("scale", scale=SCALE), 2, "2 of 3"),
        (question("scale", scale=SCALE), 3, "3 of 3: High"),
        (question("person", roles=["mentor"]), 7, "Rasa"),
        (question("number", unit={"en": "hours"}), 3, "3 hours"),
    ],
)
def test_answers_in_words(asked, answer, words):
    assert part_of(asked, answer, people={7: "Rasa"}, values={}).text == words


def test_who_sees_which_question():
    content = {
        "filled_by": ["mentee", "manager"],
        "fields": [
            {"key": "open", "type": "short_text", "label": {"en": "Open"}},
            {"key": "head", "type": "heading", "label": {"en": "Manager"}, "audience": "manager"},
            {"key": "secret", "type": "short_text", "label": {"en": "Secret"}, "audience": "manager"},
            {"key": "part", "type": "heading", "label": {"en": "Manager's part"}, "audience": "manager"},
            {
                "key": "notes",
                "type": "short_text",
                "label": {"en": "N"},
                "audience": "manager",
                "filled_by": ["manager"],
            },
        ],
    }
    version = SimpleNamespace(filled_by=content["filled_by"], fields=content["fields"])

    def keys(role, is_writer):
        return [each.key for each in readable_by(version, role=role, is_writer=is_writer)]

    assert keys("mentee", True) == ["open", "head", "secret"]
    assert keys("mentee", False) == ["open"]
    assert keys("mentor", False) == ["open"]
    assert keys("manager", False) == ["open", "head", "secret", "part", "notes"]
    assert [each.key for each in for_paper(version, "group")] == ["open"]
    assert [each.key for each in for_paper(version, "manager", writer_role="mentee")] == ["open", "head", "secret"]


@pytest.mark.django_db
def test_every_tool_of_the_pack_becomes_a_form(pack):
    for template in Tool.objects.of_pack(pack.pk):
        asked = [each for each in questions_of(template.current) if each.is_asked]
        for language in ("en", "bg"):
            with translation.override(language):
                form = AnswerForm(asked, MultiValueDict(), people=PEOPLE, enforce=True)
                cleaned, problems = form.cleaned_answers(), form.problems()
        assert cleaned.answers == {}, template.key
        required = [each.key for each in asked if each.is_required]
        assert len(problems) == len(required), template.key


def named(key: str, type_: str, **content: object) -> Question:
    """Return a question with its own key and name."""
    return Question(key, type_, {"key": key, "type": type_, "label": {"en": key.title()}, **content}, frozenset())


@pytest.mark.parametrize(
    ("type_", "rule", "first", "second", "words"),
    [
        ("date", "not_before", "28.11.2026", "1.1.2026", "This is before “First”."),
        ("time", "not_before", "17:30", "9:00", "This is before “First”."),
        ("number", "at_most", "5", "9", "This is more than “First”."),
        ("date", "not_before", "28.11.2026", "28.11.2026", ""),
        ("number", "at_most", "10", "9,5", ""),
        ("date", "not_before", "", "1.1.2026", ""),
        ("date", "not_before", "28.11.2026", "", ""),
    ],
)
def test_two_answers_that_do_not_go_together_are_refused_when_handing_in(
    type_: str, rule: str, first: str, second: str, words: str
) -> None:
    asked = [named("first", type_), named("second", type_, **{rule: "first"})]
    data = MultiValueDict({"first": [first], "second": [second]})
    found = AnswerForm(asked, data, people=PEOPLE, enforce=True).problems()
    assert [(each.label, each.sentence) for each in found] == ([("Second", words)] if words else [])
    draft = AnswerForm(asked, data, people=PEOPLE)
    assert draft.problems() == []
    assert draft.cleaned_answers().typed == {}


def test_a_rule_about_a_question_that_is_asked_of_others_is_left_out() -> None:
    asked = [named("second", "date", not_before="first")]
    data = MultiValueDict({"second": ["1.1.2026"]})
    assert AnswerForm(asked, data, people=PEOPLE, enforce=True).problems() == []
