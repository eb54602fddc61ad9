"""The stories of the demo: what is wrong in a file is said with its place; each act finds what it needs, or says so."""

import inspect
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from demo.acts import ACTS, Days, Play
from demo.load import load_demo
from demo.story import STORIES, Story, StoryError, read_programme, read_story
from mentoring.models import MentoringGroup, Organisation, Pack, Programme

COMMON = {"day", "at", "by", "act"}
ZONE = ZoneInfo("Europe/Vilnius")


@pytest.fixture
def people() -> dict[str, Any]:
    return dict(read_programme()["people"])


def changed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """Return a copy of a file of the stories with its first `old` replaced."""
    text = (STORIES / name).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_schema_knows_the_acts_as_they_are() -> None:
    schema = json.loads((STORIES / "schema" / "story.schema.json").read_text(encoding="utf-8"))
    shapes = schema["$defs"]
    assert set(shapes["act"]["properties"]["act"]["enum"]) == set(ACTS)
    assert {each["if"]["properties"]["act"]["const"] for each in shapes["act"]["allOf"]} == set(ACTS)
    for name, act in ACTS.items():
        arguments = [each for each in inspect.signature(act).parameters.values() if each.kind is each.KEYWORD_ONLY]
        assert set(shapes[name]["properties"]) == COMMON | {each.name for each in arguments}, name
        needed = {each.name for each in arguments if each.default is each.empty}
        assert set(shapes[name].get("required", ())) == needed, name


def test_all_stories_can_be_read(people: dict[str, Any]) -> None:
    names = read_programme()["groups"]
    assert {f"{name}.yaml" for name in names} == {path.name for path in STORIES.glob("*.yaml")} - {"programme.yaml"}
    for name in names:
        assert read_story(STORIES / f"{name}.yaml", people).acts[0]["act"] == "open_group"


@pytest.mark.parametrize(
    ("old", "new", "below", "place", "said"),
    [
        ("act: hold_session", "act: hold_sesion", 0, ".act", "“hold_sesion” is not known here. Did you mean “hold_ses"),
        ("by: dovile", "by: dovilė", 0, "acts[2].by", "“dovilė” is not known here. Did you mean “dovile”?"),
        ("of: dovile", "of: nobody", 0, "acts[3].of", "“nobody” is not known here."),
        ("mentees: [dovile]", "mentees: [anna]", 0, "mentees[1]", "“anna” is not known here."),
        ("prepared_by: [egle, rasa]", "prepared_by: [eglė]", 0, "[i1].prepared_by[1]", "Did you mean “egle”?"),
        ("place: Kaunas\n", "place: {person: ana}\n", 0, ".answers.place.person", "“ana” is not known here."),
        ("interviewed_on: {day: -34}", "interviewed_on: {day: soon}", 0, ".interviewed_on.day", "a whole number"),
        ("session: i1", "session: e1", 0, ".session", "The group has no session “e1”."),
        ("day: -36", "day: -39", 0, "acts[2].day", "Acts stand in the order of time; the one above is on day -38 at"),
        ("day: -38", "day: 3", 0, "acts[1].day", "The number must be 0 or less."),
        ('at: "09:10"', 'at: "9:10"', 0, "acts[1].at", "A time of the day is written like"),
        ("act: open_group", "act: match_group", 0, "acts[1].act", "A story begins with “open_group”"),
        ("act: match_group", "act: open_group", 0, "acts[4].act", "has no other act like it"),
        ("act: match_group", "act: match_group\n    sun: 1", 1, "acts[4].sun", "“sun” is not a known entry."),
        ("    tool: mentee_profile\n", "", -4, "acts[2]", "The entry “tool” is missing."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, people: dict[str, Any], old: str, new: str, below: int, place: str, said: str
) -> None:
    original = (STORIES / "tiltas.yaml").read_text(encoding="utf-8")
    line = original[: original.index(old)].count("\n") + 1 + below
    with pytest.raises(StoryError) as caught:
        read_story(changed(tmp_path, "tiltas.yaml", old, new), people)
    where, reason = str(caught.value).splitlines()[0].split(": ", 1)
    assert where.startswith(f"tiltas.yaml, line {line}, at ")
    assert where.endswith(place)
    assert said in reason


def test_a_file_that_is_no_yaml_or_not_there(tmp_path: Path, people: dict[str, Any]) -> None:
    with pytest.raises(StoryError, match=r"tiltas\.yaml, line \d+: The YAML cannot be read here"):
        read_story(changed(tmp_path, "tiltas.yaml", "language: en", "language: [en"), people)
    with pytest.raises(StoryError, match=r"^none\.yaml: The file is missing\.$"):
        read_story(tmp_path / "none.yaml", people)


def test_the_admin_is_one_of_the_people(tmp_path: Path) -> None:
    changed(tmp_path, "programme.yaml", "admin: lina", "admin: linas")
    with pytest.raises(StoryError, match=r"programme\.yaml, line \d+, at admin: “linas” is not known here\. Did you"):
        read_programme(tmp_path)


def play_forming_group(tmp_path: Path, old: str, new: str) -> None:
    """Load a programme that has only the group that is forming, with a change in its story."""
    changed(tmp_path, "nov-pat.yaml", old, new)
    changed(tmp_path, "programme.yaml", "groups: [polku, horizont, zingsnis, tiltas, nov-pat]", "groups: [nov-pat]")
    load_demo(folder=tmp_path)


LAST = '  - day: 0\n    at: "23:59"\n'


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("act: accept\n    tool: mentee_profile\n    of: egle", "egle has not written “mentee_profile” yet."),
        ("act: accept\n    tool: mentee_profile\n    of: ieva", "ieva has not handed in “mentee_profile” yet."),
        ("act: give_back\n    tool: contract\n    of: egle\n    note: No", "egle has not written “contract” yet."),
        (
            "act: write\n    tool: horoscope\n    answers: {place: Varna}",
            "Tool matching query does not exist.",
        ),
        ("act: write\n    tool: diary\n    answers: {mood: 3}", "NotYoursError"),
    ],
)
def test_an_act_that_is_not_possible_is_named_and_leaves_no_group(
    pack: Pack,  # noqa: ARG001 -- loads the tools
    tmp_path: Path,
    act: str,
    reason: str,
) -> None:
    with pytest.raises(StoryError) as caught:
        play_forming_group(tmp_path, LAST, f"  - day: -1\n    at: '12:00'\n    by: egle\n    {act}\n{LAST}")
    name = act.split("\n")[0].removeprefix("act: ")
    assert f"at acts[5]: egle cannot do “{name}” on day -1 at 12:00: {reason}" in str(caught.value)
    assert not MentoringGroup.objects.exists()


def test_a_session_is_held_after_it_was_planned(pack: Pack, tmp_path: Path) -> None:  # noqa: ARG001 -- loads the tools
    session = "sessions:\n  - {key: i1, day: -4, at: '10:00'}\n  - {key: e1, day: -3, at: '10:00'}\n"
    path = changed(tmp_path, "nov-pat.yaml", "sessions: []\n", session)
    text = path.read_text(encoding="utf-8").replace("mentors: []", "mentors: [rasa]")
    held = "  - day: -1\n    at: '12:00'\n    by: rasa\n    act: hold_session\n    session: e1\n"
    path.write_text(text.replace(LAST, held + LAST), encoding="utf-8")
    changed(tmp_path, "programme.yaml", "groups: [polku, horizont, zingsnis, tiltas, nov-pat]", "groups: [nov-pat]")
    with pytest.raises(StoryError, match="rasa cannot do “hold_session” .* The session “e1” is not in the plan yet"):
        load_demo(folder=tmp_path)


@pytest.mark.parametrize("ahead", range(7))
def test_nobody_meets_on_sundays_and_what_follows_moves_along(people: dict[str, Any], ahead: int) -> None:
    story = read_story(STORIES / "tiltas.yaml", people)
    today = date(2026, 11, 23) + timedelta(days=ahead)
    met = story.sessions["i1"]
    days = Days(today, ZONE)
    begins = Play(story, None, {}, days).begins("i1")  # type: ignore[arg-type]
    planned = days.moment(met["day"], met["at"])
    moved = {5: (0, "11:00"), 6: (1, "11:00")}.get(planned.weekday(), (0, "18:00"))
    assert ((planned.date() - begins.date()).days, f"{begins:%H:%M}") == moved
    written = {act["act"]: when(story, days, act) for act in story.acts if act.get("session") == "i1"}
    assert written["hold_session"] == begins + timedelta(hours=2)
    assert written["write_diary"].date() == begins.date() + timedelta(days=2)
    assert f"{written['write_diary']:%H:%M}" == "21:10"


def when(story: Story, days: Days, act: dict[str, Any]) -> Any:
    return Play(story, None, {}, days).when(act)  # type: ignore[arg-type]


def test_a_code_that_another_organisation_uses_is_left_to_it(pack: Pack) -> None:
    other = Organisation.objects.create(name="Someone else")
    today = date(2026, 11, 23)
    Programme.objects.create(
        organisation=other,
        title="Steps to Wisdom",
        season="2026",
        code="STW",
        pack=pack,
        starts_on=today,
        ends_on=today,
    )
    with pytest.raises(StoryError, match="The programme “Steps to Wisdom.*” has the code STW already"):
        load_demo()
    assert not User.objects.filter(email__endswith="@demo.example").exists()
