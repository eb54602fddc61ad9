"""The standard pack is sound and complete; a broken pack says in plain words what is wrong and where."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.packs import PackError, Problem, canonical_digest, read_pack

STANDARD = Path(__file__).resolve().parents[2] / "packs" / "blended-employment"
LANGUAGES = ("en", "bg")
LATIN_INSIDE_CYRILLIC = re.compile(r"[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]")


@pytest.fixture(scope="module")
def pack():
    return read_pack(STANDARD)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STANDARD, tmp_path / "pack"))


@pytest.fixture
def spoil(copy: Path) -> Callable[..., list[Problem]]:
    """Change one passage of one file and return the problems that the reader then names."""

    def spoil(name: str, old: str, new: str, count: int = 1) -> list[Problem]:
        file = copy / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        file.write_text(text.replace(old, new, count), encoding="utf-8")
        with pytest.raises(PackError) as caught:
            read_pack(copy)
        return list(caught.value.problems)

    return spoil


def texts(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict):
        if "en" in node:
            yield place, node
        else:
            for key, child in node.items():
                yield from texts(child, f"{place}.{key}")
    elif isinstance(node, list | tuple):
        for index, child in enumerate(node):
            yield from texts(child, f"{place}[{index}]")


def all_texts(pack: Any) -> list[tuple[str, dict[str, str]]]:
    return [
        found
        for name in ("title", "description", "tools", "sections", "pages", "glossary")
        for found in texts(getattr(pack, name), name)
    ]


def tool(pack: Any, key: str) -> dict[str, Any]:
    return next(entry for entry in pack.tools if entry["key"] == key)


def field(pack: Any, key: str, name: str) -> dict[str, Any]:
    return next(entry for entry in tool(pack, key)["fields"] if entry["key"] == name)


# --- the standard pack -----------------------------------------------------------------------------------------------


def test_standard_pack_has_fourteen_tools_of_which_the_first_eight_are_mandatory(pack):
    assert [entry["number"] for entry in pack.tools] == list(range(1, 15))
    assert [entry["number"] for entry in pack.tools if entry["mandatory"]] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_standard_pack_is_complete_in_english_and_bulgarian(pack):
    assert pack.languages == LANGUAGES
    assert pack.incomplete == ()
    found = all_texts(pack)
    assert len(found) > 900
    assert [place for place, text in found if set(text) != set(LANGUAGES)] == []


def test_bulgarian_texts_are_written_in_cyrillic(pack):
    # A few names are the same in both scripts' readers: products and networks keep their own spelling.
    latin = {text["bg"] for _, text in all_texts(pack) if not re.search(r"[Ѐ-ӿ]", text["bg"])}
    assert latin == {"Europass", "№"}


def test_no_word_mixes_latin_and_cyrillic_letters(pack):
    mixed = [
        (place, language, match.group())
        for place, text in all_texts(pack)
        for language, value in text.items()
        if (match := LATIN_INSIDE_CYRILLIC.search(value))
    ]
    assert mixed == []
    assert [place for place, text in all_texts(pack) if re.search(r"[Ѐ-ӿ]", text["en"])] == []


def test_texts_keep_the_voice(pack):
    """No shouting, no straight quotation marks, no words that the interface avoids."""
    for place, text in all_texts(pack):
        for language, value in text.items():
            assert "!" not in value, place
            assert "'" not in value, place
            assert '"' not in value, place
            assert "  " not in value.replace("\n", ""), (place, language)
        assert not re.search(r"\b(Oops|Success|Submit|e\.g\.|i\.e\.|etc\.)", text["en"]), place


def test_texts_promise_nothing_the_platform_does_not_have(pack):
    """Chat and calendar come later; until then no text sends anybody there."""
    words = re.compile(r"\b(chat|calendar|чат(а|ът|ове|овете)?|календар\w*)\b", re.IGNORECASE)
    assert [place for place, text in all_texts(pack) for value in text.values() if words.search(value)] == []


def test_settings_are_those_of_a_ten_month_programme(pack):
    assert {name: value for name, value in pack.settings.items() if name != "reminders"} == {
        "duration_months": 10,
        "sessions_target": 10,
        "meeting_minutes": 60,
        "in_person_target": 3,
        "group_size_max": 5,
        "meetings_per_month": 1,
        "diary_due_days": 5,
        "reminder_lead_days": 3,
        "diary_audiences": ["group", "mentor"],
        "retention_months": 36,
        "monitoring_rhythm_months": 3,
        "acceptance_days": 7,
    }


def test_diary_asks_six_questions_and_lets_two_be_left_empty(pack):
    fields = tool(pack, "diary")["fields"]
    assert [entry["label"]["en"] for entry in fields] == [
        "How was the session for you?",
        "What did we do?",
        "What did I learn?",
        "What was hard, and what did I do about it?",
        "What will I do before the next session?",
        "A question for my Mentor",
    ]
    assert [entry["key"] for entry in fields if not entry.get("required")] == ["hard", "question"]
    labels = fields[0]["scale"]["labels"]
    assert [labels[step]["en"] for step in "1234"] == ["Hard", "So-so", "Good", "Very good"]


def test_final_questionnaire_repeats_the_questions_of_the_initial_one(pack):
    for name in ("self_rating", "status"):
        assert field(pack, "initial_questionnaire", name) == field(pack, "final_questionnaire", name)
    assert (
        field(pack, "mentor_final_questionnaire", "process_rating")["scale"]
        == (field(pack, "final_questionnaire", "process_rating")["scale"])
    )


def test_contract_is_signed_by_all_on_paper_and_has_numbered_clauses(pack):
    contract = tool(pack, "contract")
    assert contract["signed_by"] == ["manager", "mentor", "mentee"]
    assert contract["on_paper"] is True
    clauses = [entry for entry in contract["fields"] if entry.get("numbered")]
    assert len(clauses) == 7
    assert all(entry["help"]["bg"] for entry in clauses)
    assert contract["fields"][-1]["type"] == "signatures"


def test_each_tool_is_filed_by_its_kind(pack):
    assert {entry["key"]: (entry["folder"], entry["filing"]) for entry in pack.tools} == {
        "mentee_profile": ("managing", "after_acceptance"),
        "personal_goals": ("managing", "after_acceptance"),
        "group_goals": ("managing", "after_acceptance"),
        "contract": ("managing", "at_once"),
        "session_plan": ("managing", "at_once"),
        "diary": ("managing", "at_once"),
        "initial_questionnaire": ("monitoring", "at_once"),
        "final_questionnaire": ("monitoring", "at_once"),
        "mentor_self_check": ("personal", "at_once"),
        "participants_list": ("managing", "at_once"),
        "midterm_plan": ("monitoring", "at_once"),
        "midterm_interview": ("monitoring", "at_once"),
        "final_discussion": ("monitoring", "at_once"),
        "mentor_final_questionnaire": ("monitoring", "at_once"),
    }


def test_sensitive_answers_of_the_profile_are_for_the_manager_only(pack):
    narrow = {entry["key"] for entry in tool(pack, "mentee_profile")["fields"] if entry.get("audience") == "manager"}
    assert {"weaknesses", "life_difficulties", "support_needed", "interview_notes", "decision"} <= narrow
    managers_own = {e["key"] for e in tool(pack, "mentee_profile")["fields"] if e.get("filled_by") == ["manager"]}
    assert managers_own == {"interviewed_on", "interviewed_by", "interview_notes", "decision", "decision_reason"}


def test_catalogue_has_all_sessions_with_everything_a_mentor_needs(pack):
    keys = {section["kind"]: [session["key"] for session in section["sessions"]] for section in pack.sections}
    assert keys == {
        "initial": ["i1"],
        "employability": [f"e{number}" for number in range(1, 11)],
        "entrepreneurship": [f"b{number}" for number in range(1, 10)],
        "monitoring": ["m3", "m1", "m2"],
    }
    for section in pack.sections:
        for session in section["sessions"]:
            assert len(session["aims"]) >= 2
            assert len(session["outcomes"]) >= 2
            assert session["materials"]


def test_how_to_page_speaks_to_each_role(pack):
    (page,) = pack.pages
    assert page["key"] == "how-to"
    assert {role for section in page["sections"] for role in section.get("roles", ())} == {
        "mentee",
        "mentor",
        "manager",
    }


def test_glossary_has_the_words_of_the_process(pack):
    keys = {term["key"] for term in pack.glossary}
    assert len(keys) >= 25
    assert {"manager", "mentor", "mentee", "three-m", "contract", "session-plan", "diary", "blind-spot"} <= keys


# --- what the reader gives back --------------------------------------------------------------------------------------


def test_digest_is_the_same_for_the_same_content_in_another_order():
    assert canonical_digest({"a": 1, "b": ["ъ"]}) == canonical_digest({"b": ["ъ"], "a": 1})
    assert canonical_digest({"a": [1, 2]}) != canonical_digest({"a": [2, 1]})


def test_digest_ignores_comments_and_notices_a_changed_letter(pack, copy):
    head = copy / "pack.yaml"
    head.write_text("# A remark\n" + head.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_pack(copy).digest == pack.digest
    diary = copy / "tools/06-diary.yaml"
    diary.write_text(diary.read_text(encoding="utf-8").replace("One thing is enough", "Two things are enough"), "utf-8")
    assert read_pack(copy).digest != pack.digest


def test_language_codes_that_yaml_takes_for_truth_values_stay_words(copy):
    for file in copy.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("languages: [en, bg]", "languages: [en, bg, no]")
        file.write_text(text, encoding="utf-8")
    diary = copy / "tools/06-diary.yaml"
    text = diary.read_text(encoding="utf-8").replace("  bg: Дневник\n", "  bg: Дневник\n  no: Dagbok\n")
    diary.write_text(text, encoding="utf-8")
    pack = read_pack(copy)
    assert pack.languages == ("en", "bg", "no")
    assert tool(pack, "diary")["short_title"]["no"] == "Dagbok"
    assert any(problem.reason == "The no text (no) is missing." for problem in pack.incomplete)


def test_missing_translation_is_listed_and_does_not_stop_the_pack(copy):
    diary = copy / "tools/06-diary.yaml"
    diary.write_text(diary.read_text(encoding="utf-8").replace("      bg: Какво правихме?\n", ""), encoding="utf-8")
    (problem,) = read_pack(copy).incomplete
    assert problem.file == "tools/06-diary.yaml"
    assert problem.place == "fields[done].label"
    assert problem.line == 44
    assert problem.reason == "The Bulgarian text (bg) is missing."


# --- broken packs ----------------------------------------------------------------------------------------------------

DIARY = "tools/06-diary.yaml"
CONTRACT = "tools/04-contract.yaml"
GOALS = "tools/02-personal-goals.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "reason"),
    [
        (DIARY, "type: long_text", "type: essay", "fields[done].type", "“essay” is not known here."),
        (DIARY, "type: long_text", "type: long_texts", "fields[done].type", "Did you mean “long_text”?"),
        (DIARY, "key: learned", "key: done", "fields[done].key", "The key “done” stands in this list twice."),
        (DIARY, "      en: What did we do?\n", "", "fields[done].label", "The English text (en) is missing."),
        (DIARY, "en: What did we do?", 'en: " "', "fields[done].label.en", "The text is empty."),
        (DIARY, "minutes: 10", "minute: 10", "minute", "“minute” is not a known entry. Did you mean “minutes”?"),
        (DIARY, "minutes: 10", "", "", "The entry “minutes” is missing."),
        (DIARY, "minutes: 10", 'minutes: "10"', "minutes", "“10” stands here, but a whole number is expected."),
        (DIARY, "minutes: 10", "minutes: 0", "minutes", "The number must be 1 or more."),
        (DIARY, "key: done", "key: Done it", "fields[Done it].key", "“Done it” cannot stand here. A key has small"),
        (DIARY, "        4: {en", "        5: {en", "fields[mood].scale.labels.5", "there is no step 5 to label"),
        (DIARY, "max: 4", "max: 5", "fields[mood].scale.labels", "The step 5 needs a label"),
        (DIARY, "audience: group", "audience: staff", "audience_choices", "“staff” must be one of the choices"),
        (DIARY, "editor: form", "editor: contract", "editor", "is only for the tool “contract”"),
        (DIARY, "    max_length: 2000", "    options: []", "fields[question].options", "does not belong to a field of"),
        (DIARY, "    max_length: 2000", "    prefill: group.nam", "fields[question].prefill", "“group.name”"),
        (
            DIARY,
            "    max_length: 2000",
            "    filled_by: [mentor]",
            "fields[question].filled_by",
            "does not fill in this form",
        ),
        (DIARY, "number: 6", "number: 5", "number", "The number “5” is already taken by tools/05-session-plan.yaml."),
        (DIARY, "key: diary", "key: contract", "key", "The key “contract” is already taken by tools/04-contract.yaml."),
        (
            DIARY,
            "en: What did we do?",
            "en: What, {{ mentee.name }}?",
            "fields[done].label.en",
            "is not filled in here",
        ),
        (DIARY, "bg: Дневник\n", "bg: Дневник на менторинга на групата\n", "short_title.bg", "at most 28 letters"),
        (
            DIARY,
            "  bg: Дневник\n",
            "  gb: Дневник\n",
            "short_title.gb",
            "The language “gb” is not listed in pack.yaml",
        ),
        (GOALS, "accepted_by: [mentor, manager]\n", "", "", "The entry “accepted_by” is missing: say who accepts"),
        (GOALS, "filing: after_acceptance", "filing: at_once", "accepted_by", "is accepted by nobody"),
        (GOALS, "key: measure", "key: why", "fields[goals].columns[why].key", "“why” stands in this list twice"),
        (GOALS, "min_rows: 1", "min_rows: 9", "fields[goals].min_rows", "above the greatest"),
        (
            GOALS,
            "        type: date",
            "        type: rows",
            "fields[goals].columns[target_date].type",
            "“rows” is not known here.",
        ),
        (
            "tools/07-initial-questionnaire.yaml",
            "    type: choice\n",
            "    type: choice\n    audience: group\n",
            "fields[status].audience",
            "has readers who may not read the form itself",
        ),
        (
            "tools/04-contract.yaml",
            "{{ group.name }}",
            "{{ group.nome }}",
            "intro.en",
            "There is no placeholder “group.nome”.",
        ),
        ("tools/04-contract.yaml", "{{ group.name }}", "{{ group.name }", "intro.en", "A placeholder is not closed"),
        (
            "tools/04-contract.yaml",
            "  en: Contract\n",
            '  en: "{% now %}"\n',
            "short_title.en",
            "are not allowed in a pack",
        ),
        (
            "tools/04-contract.yaml",
            "signed_by: [manager, mentor, mentee]",
            "signed_by: []",
            "on_paper",
            "needs somebody in “signed_by”",
        ),
        (
            "tools/01-mentee-profile.yaml",
            "    options:\n      - key: student",
            "    choices:\n      - key: student",
            "fields[status]",
            "A field of the type “choice” needs the entry “options”.",
        ),
        ("sessions/initial.yaml", "key: i1", "key: e1", "sessions[e1].key", "has a key like “i1”"),
        ("sessions/initial.yaml", "minutes: 120", "minutes: 100", "sessions[i1].agenda", "adds up to 120 minutes"),
        (
            "sessions/initial.yaml",
            "kind: initial",
            "kind: monitoring",
            "kind",
            "is already taken by sessions/initial.yaml",
        ),
        (
            "sessions/employability.yaml",
            "https://esco",
            "http://esco",
            "sessions[e1].materials[2].url",
            "A link begins with https://",
        ),
        ("pages/how-to.yaml", "This space belongs", "<b>This</b> space belongs", "sections[places].body.en", "HTML"),
        (
            "pages/how-to.yaml",
            "This space belongs",
            "[This](javascript:x) space belongs",
            "sections[places].body.en",
            "must begin with https://",
        ),
        ("glossary.yaml", "see: [three-m]", "see: [three-n]", "terms[manager].see[1]", "Did you mean “three-m”?"),
        ("glossary.yaml", "see: [three-m]", "see: [manager]", "terms[manager].see[1]", "The term points to itself."),
        ("pack.yaml", 'version: "2026.1"', "version: 2026.1", "version", "Put the value in quotation marks."),
        ("pack.yaml", "format: 1", "format: 2", "format", "The only format known so far is 1."),
        ("pack.yaml", "default_language: en", "default_language: fi", "default_language", "is not among the languages"),
        (CONTRACT, "not_before: starts_on", "not_before: begins", "fields[ends_on].not_before", "no other question"),
        (CONTRACT, "not_before: starts_on", "not_before: form", "fields[ends_on].not_before", "of another type"),
        (
            CONTRACT,
            "not_before: starts_on",
            "at_most: starts_on",
            "fields[ends_on].at_most",
            "does not belong to a field",
        ),
        ("pack.yaml", "languages: [en, bg]", "languages: [bg]", "languages", "English (en) must be among"),
        ("pack.yaml", "[group, mentor]", "[group, group]", "settings.diary_audiences", "stands in this list twice"),
    ],
)
def test_mistake_is_named_with_file_place_line_and_reason(spoil, name, old, new, place, reason):
    problems = spoil(name, old, new)
    at_place = [problem for problem in problems if problem.place == place and reason in problem.reason]
    assert at_place, "\n".join(str(problem) for problem in problems)
    (problem, *_) = at_place
    assert problem.line is not None
    assert str(problem).startswith(f"{problem.file}, line {problem.line}")
    if place != "kind":
        assert problem.file == name


def test_line_points_at_the_mistake(spoil):
    (problem,) = spoil(DIARY, "type: long_text", "type: essay")
    lines = (STANDARD / DIARY).read_text(encoding="utf-8").splitlines()
    assert lines[problem.line - 1] == "    type: long_text"
    assert lines[problem.line - 2] == "  - key: done"


def test_all_mistakes_are_named_at_once(copy):
    diary, goals = copy / DIARY, copy / GOALS
    diary.write_text(diary.read_text(encoding="utf-8").replace("type: long_text", "type: essay"), encoding="utf-8")
    goals.write_text(goals.read_text(encoding="utf-8").replace("icon: bullseye", "icon: Bulls Eye"), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(copy)
    assert [problem.file for problem in caught.value.problems] == [GOALS] + [DIARY] * 5
    assert str(caught.value).count("\n") == 5


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("number: 6", "number: : 6", 2, "The YAML cannot be read here"),
        ("number: 6", "\tnumber: 6", 2, "The YAML cannot be read here"),
        ("number: 6", "number: 6\nnumber: 6", 3, "The entry “number” stands here twice."),
        ("number: 6", "number: &six 6", 2, "References with & and * are not allowed"),
        ("number: 6", "number: " + "[" * 40 + "]" * 40, 2, "nested too deeply"),
        ("number: 6", "number: !!python/name:os.system x", 2, "Tags with ! are not allowed"),
        ("number: 6", "number: !!float .nan", 2, "Tags with ! are not allowed"),
    ],
)
def test_unreadable_yaml_is_refused_with_its_line(spoil, old, new, line, reason):
    (problem,) = spoil(DIARY, old, new)
    assert (problem.file, problem.line) == (DIARY, line)
    assert reason in problem.reason


def test_file_in_another_encoding_is_refused_with_its_line(copy):
    (copy / DIARY).write_bytes((copy / DIARY).read_text(encoding="utf-8").encode("cp1251"))
    with pytest.raises(PackError) as caught:
        read_pack(copy)
    (problem,) = caught.value.problems
    assert problem.line == 7
    assert "UTF-8" in problem.reason


def test_empty_file_is_refused(copy):
    (copy / DIARY).write_text("", encoding="utf-8")
    with pytest.raises(PackError, match=r"tools/06-diary\.yaml, line 1: The file is empty\."):
        read_pack(copy)


def test_huge_file_is_refused(copy):
    with (copy / DIARY).open("a", encoding="utf-8") as file:
        file.write("# " + "x" * 1_000_000)
    with pytest.raises(PackError, match="larger than 1000 kB"):
        read_pack(copy)


def test_missing_files_are_named(copy):
    (copy / "glossary.yaml").unlink()
    shutil.rmtree(copy / "pages")
    with pytest.raises(PackError) as caught:
        read_pack(copy)
    assert [(problem.file, problem.reason) for problem in caught.value.problems] == [
        ("glossary.yaml", "The file is missing."),
        ("pages", "The folder “pages” has no file whose name ends in .yaml."),
    ]


def test_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(PackError, match=r"pack\.yaml: The file is missing\."):
        read_pack(tmp_path / "nowhere")


def test_file_that_nobody_reads_is_named(copy):
    (copy / "tools/15-extra.yml").write_text("key: extra", encoding="utf-8")
    (copy / "README.md").write_text("About this pack", encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(copy)
    (problem,) = caught.value.problems
    assert problem.file == "tools/15-extra.yml"
    assert "does not belong to a pack" in problem.reason
