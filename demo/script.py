"""What a script of a demo group is made of: who does what on which day. Data only; `story` plays it.

Days are counted from today: -2 is the day before yesterday, 5 is in five days. People are named by their key in `people`.
"""

from dataclasses import dataclass, field
from typing import Any

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class On:
    """A day inside an answer; becomes its date."""

    day: int


@dataclass(frozen=True, slots=True)
class Who:
    """A person inside an answer; becomes their number."""

    key: str


@dataclass(frozen=True, slots=True)
class Diary:
    """One diary, and what became of it.

    Attributes:
        after: days after the session on which it was handed in.
        read: days after that on which the Mentor read it; None when not yet.
        reply: the Mentor's comment, written when it was read.
        audience: narrower than the whole group, where the writer chose so.
    """

    by: str
    after: int
    mood: int
    done: str
    learned: str
    next_steps: str
    hard: str = ""
    question: str = ""
    read: int | None = 1
    reply: str = ""
    audience: str = ""

    @property
    def answers(self) -> Answers:
        """The answers as the form keeps them."""
        parts = ("mood", "done", "learned", "hard", "next_steps", "question")
        return {key: getattr(self, key) for key in parts if getattr(self, key)}


@dataclass(frozen=True, slots=True)
class Meeting:
    """One row of the session plan, and what became of it.

    Attributes:
        session: key in the catalogue.
        cancelled: why; empty when it was held or is still to come.
        cancelled_before: days before the meeting on which it was cancelled.
        absent: members who were not there.
        prepared_by: who prepares it.
    """

    session: str
    day: int
    clock: str = "17:30"
    place: str = ""
    link: str = ""
    aim: str = ""
    homework: str = ""
    prepared_by: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    cancelled: str = ""
    cancelled_before: int = 1
    diaries: tuple[Diary, ...] = ()

    @property
    def form(self) -> str:
        """How it takes place."""
        if self.place and self.link:
            return "hybrid"
        return "in_person" if self.place else "online" if self.link else "open"


@dataclass(frozen=True, slots=True)
class Paper:
    """One form of a tool that was filled in.

    Attributes:
        about: the person it is about, where somebody else writes it.
        meeting: key of the session it is about.
        handed_in: whether it left the writer's desk; else it is still a draft.
        accepted: who accepted it and how many days later; `part` is what that person added.
        returned: who gave it back, how many days later, and what to change.
        language: in which it is written, where not in the group's.
    """

    tool: str
    by: str
    day: int
    answers: Answers
    clock: str = "19:40"
    about: str = ""
    meeting: str = ""
    handed_in: bool = True
    accepted: tuple[str, int] | None = None
    part: Answers = field(default_factory=dict)
    returned: tuple[str, int, str] | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract: drafted here, signed on paper, brought back.

    Attributes:
        scanned: the day on which the signed paper was filed; None when it is still to be signed.
        by: who filed it.
        photos: whether it came as photos of a telephone; else as one PDF from an office scanner.
    """

    day: int
    answers: Answers
    scanned: int | None = None
    by: str = ""
    photos: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """A tool that this group goes without."""

    tool: str
    day: int
    reason: str


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was invited and has not answered yet."""

    email: str
    full_name: str
    role: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Script:
    """A group from its opening to today.

    Attributes:
        opened: day on which the Manager opened it.
        matched: the day on which Manager and Mentor agreed that they fit together.
        planned: the days on which the plan was agreed; the last one may be ahead of what changed since.
        steps: stages that the Manager took by hand: day, reason.
        ended_early: day and reason.
        language: in which its people write.
    """

    name: str
    motto: str
    opened: int
    starts: int
    ends: int
    schedule: str
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    kind: str = "group"
    form: str = "blended"
    place: str = ""
    language: str = "en"
    matched: int | None = None
    contract: Contract | None = None
    course_of_action: str = ""
    notes: str = ""
    planned: tuple[int, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    papers: tuple[Paper, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    invited: tuple[Invited, ...] = ()
    steps: tuple[tuple[int, str], ...] = ()
    ended_early: tuple[int, str] | None = None
    left: tuple[tuple[str, int, str], ...] = ()
