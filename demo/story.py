"""The stories of the demo programme: read from `stories/*.yaml` and checked before anything is played.

`programme.yaml` holds the programme and its people; every group has a file of its own, with its sessions and, in the
order of time, its acts. `stories/README.md` explains them to those who write them.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from core.packs.files import PackFile, Problem, UnreadableFileError, parse
from core.packs.shapes import explained

STORIES: Final = Path(__file__).resolve().parent / "stories"
Entry = dict[str, Any]


class StoryError(Exception):
    """A story cannot be read or played; the message gives file, line, place and reason of everything that is wrong."""


@dataclass(frozen=True, slots=True)
class Story:
    """The story of one group, checked.

    Attributes:
        group: name, motto, people, dates and texts of the group.
        sessions: the rows of the session plan by their key in the catalogue, in the order of time.
        acts: who does what on which day, in the order of time.
    """

    file: PackFile
    group: Entry
    sessions: dict[str, Entry]
    acts: list[Entry]

    def wrong(self, number: int, reason: str) -> StoryError:
        """Return an error that says where in the file an act stands, and why it was not possible."""
        act = self.acts[number]
        sentence = f"{act['by']} cannot do “{act['act']}” on day {act['day']} at {act['at']}: {reason}"
        return StoryError(str(self.file.problem(("acts", number), sentence)))


def read_programme(folder: Path = STORIES) -> Entry:
    """Return what `programme.yaml` says: the programme, its people by key, and the names of its groups' files.

    Raises:
        StoryError: the file is not as it should be.
    """
    data: Entry = _read(folder / "programme.yaml", "programme", ()).data
    return data


def read_story(path: Path, people: Iterable[str]) -> Story:
    """Return the story of one group, whose people are among `people` (their keys).

    Raises:
        StoryError: the file is not as it should be.
    """
    file = _read(path, "story", people)
    _refuse(_meaningless(file))
    return Story(file, file.data, {session["key"]: session for session in file.data["sessions"]}, file.data["acts"])


def _read(path: Path, schema: str, people: Iterable[str]) -> PackFile:
    file = PackFile(path.name)
    try:
        parse(path, file)
    except UnreadableFileError as refusal:
        raise StoryError(str(Problem(path.name, "", refusal.line, refusal.reason))) from None
    shape = json.loads((STORIES / "schema" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    shape["$defs"]["person"] = {"enum": list(people or file.data.get("people", ()))}
    _refuse(explained(file, Draft202012Validator(shape)))
    return file


def _refuse(problems: Iterable[Problem]) -> None:
    if found := sorted(problems, key=lambda problem: problem.line or 0):
        raise StoryError("\n".join(map(str, found)))


def _meaningless(file: PackFile) -> Iterator[Problem]:
    """Give what no schema can say: acts that are not in the order of time, or are about no session of the group."""
    sessions = {session["key"] for session in file.data["sessions"]}
    before = ""
    last = (-1000, "")
    for number, act in enumerate(file.data["acts"]):
        if act.get("session", "") not in {"", *sessions}:
            yield file.problem(("acts", number, "session"), f"The group has no session “{act['session']}”.")
        if (act["act"] == "open_group") != (number == 0):
            yield file.problem(
                ("acts", number, "act"), "A story begins with “open_group”, and has no other act like it."
            )
        if (act["day"], act["at"]) < last:
            reason = f"Acts stand in the order of time; the one above is on day {before}."
            yield file.problem(("acts", number, "day"), reason)
        last, before = (act["day"], act["at"]), f"{act['day']} at {act['at']}"
