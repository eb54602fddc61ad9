"""What people do in the stories: each act is a function that calls the services as that person, at that moment.

The function's name is the name of the act in a story, its keyword arguments are the act's entries there;
`stories/schema/story.schema.json` says which of them an act needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from accounts.models import User
from checklist.services import items as checklist
from conversations.models import Board, BoardKind, Topic
from conversations.services import posts, reading, topics
from core.policy.roles import ProgrammeRole, Stage
from demo import scan
from demo.story import Entry, Story, StoryError
from mentoring.models import Membership, MentoringGroup, Programme
from mentoring.services import groups, invitations, memberships, stages
from rendering.models import Rendering
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormSubmission
from sessions_app.models import CatalogueSession, PlannedSession
from sessions_app.services import agreement, plans
from tools.models import Tool
from uploads.services import uploads

SATURDAY, SUNDAY = 5, 6
SATURDAY_MORNING: Final = time(11)


@dataclass(frozen=True, slots=True)
class Days:
    """Turns "14 days ago at 17:30" into a moment."""

    today: date
    zone: ZoneInfo

    def day(self, number: int) -> date:
        """Return the day that is `number` days from today."""
        return self.today + timedelta(days=number)

    def moment(self, number: int, clock: str) -> datetime:
        """Return a moment of that day."""
        return datetime.combine(self.day(number), time.fromisoformat(clock), tzinfo=self.zone)


@dataclass(slots=True)
class Play:
    """A story while it is played: who is who, what day it is, and what has come to be so far."""

    story: Story
    programme: Programme
    people: dict[str, User]
    days: Days
    group_id: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    documents: dict[tuple[str, int, str], int] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)

    def perform(self) -> None:
        """Play all acts in the order of time; what is still to come today happens now.

        Raises:
            StoryError: an act was not possible; it names the act's line.
        """
        now, acts = timezone.now(), self.story.acts
        for at, number in sorted((min(self.when(act), now), number) for number, act in enumerate(acts)):
            arguments = {key: value for key, value in acts[number].items() if key not in {"day", "at", "by", "act"}}
            try:
                with translation.override(self.story.group["language"]), timezone.override(self.days.zone):
                    ACTS[acts[number]["act"]](self, self.people[acts[number]["by"]], at, **arguments)
            except Exception as error:  # whatever a service raises, the writer of a story needs to know where
                raise self.story.wrong(number, str(error) or type(error).__name__) from error

    def begins(self, session: str) -> datetime:
        """Return when a session begins: nobody meets on Sundays, and on Saturdays in the morning."""
        entry = self.story.sessions[session]
        planned = self.days.moment(entry["day"], entry["at"])
        if planned.weekday() == SUNDAY:
            planned -= timedelta(days=1)
        morning = datetime.combine(planned, SATURDAY_MORNING, tzinfo=self.days.zone)
        return morning if planned.weekday() == SATURDAY else planned

    def when(self, act: Entry) -> datetime:
        """Return when an act happens; what follows a session moves with it."""
        at = self.days.moment(act["day"], act["at"])
        if act["act"] not in FOLLOWS_SESSION:
            return at
        entry = self.story.sessions[act["session"]]
        begins, planned = self.begins(entry["key"]), self.days.moment(entry["day"], entry["at"])
        return at + (begins - planned if act["act"] == "hold_session" else begins.date() - planned.date())

    @property
    def group(self) -> MentoringGroup:
        """The group as it is stored now, with nothing remembered from an earlier act."""
        found = MentoringGroup.objects.select_related("programme__pack", "programme__organisation")
        group: MentoringGroup = found.get(pk=self.group_id)
        return group

    def tool(self, key: str) -> Tool:
        """Return a tool of the programme."""
        tool: Tool = Tool.objects.of_pack(self.programme.pack_id).get(key=key)
        return tool

    def row(self, session: str) -> PlannedSession:
        """Return the row of the session plan."""
        if session not in self.rows:
            raise StoryError(f"The session “{session}” is not in the plan yet.")
        found = PlannedSession.objects.select_related("catalogue", "plan")
        row: PlannedSession = found.get(pk=self.rows[session])
        return row

    def document(self, tool: str, of: str, session: str = "") -> FormResponse:
        """Return what a person wrote earlier in the story."""
        found = self.documents.get((tool, self.people[of].pk, session))
        if found is None:
            raise StoryError(f"{of} has not written “{tool}” yet.")
        form: FormResponse = FormResponse.objects.for_page().get(pk=found)
        return form

    def topic(self, name: str) -> Topic:
        """Return a topic that was begun earlier in the story."""
        if name not in self.topics:
            raise StoryError(f"The topic “{name}” is not begun yet.")
        topic: Topic = Topic.objects.select_related("board").get(pk=self.topics[name])
        return topic

    def answers(self, answer: Any) -> Any:
        """Return answers with their days and people filled in."""
        if isinstance(answer, dict):
            if set(answer) == {"day"}:
                return self.days.day(answer["day"]).isoformat()
            if set(answer) == {"person"}:
                return self.people[answer["person"]].pk
            return {key: self.answers(part) for key, part in answer.items()}
        return [self.answers(part) for part in answer] if isinstance(answer, list) else answer


# --- the group -------------------------------------------------------------------------------------------------------


def open_group(play: Play, by: User, at: datetime) -> None:
    """Open the group; the first session gets its date at once."""
    told = play.story.group
    group = groups.open_group(
        programme=play.programme,
        name=told["name"],
        motto=told.get("motto", ""),
        kind=told.get("kind", "group"),
        form="blended",
        opened_by=by,
        mentors=[play.people[key] for key in told["mentors"]],
        mentees=[play.people[key] for key in told["mentees"]],
        starts_on=play.days.day(told["starts"]),
        ends_on=play.days.day(told["ends"]),
        communication_schedule=told.get("schedule", ""),
        initial_channel=told.get("place", ""),
        at=at,
    )
    play.group_id = group.pk
    first = PlannedSession.objects.get(plan__group=group)
    for session in list(play.story.sessions)[:1]:
        mentor = play.people[told["mentors"][0]]
        _arrange(play, mentor, at, first, session)


def match_group(play: Play, by: User, at: datetime) -> None:
    """Agree that Mentor and Mentees fit together."""
    stages.advance_if_ready(group=play.group, by=by, to=Stage.MATCHED, at=at)


def advance_group(play: Play, by: User, at: datetime, *, reason: str = "") -> None:
    """Take the next stage by hand."""
    stages.advance(group=play.group, by=by, reason=reason, at=at)


def end_early(play: Play, by: User, at: datetime, *, reason: str) -> None:
    """End the mentoring before its time."""
    stages.end_early(group=play.group, by=by, reason=reason, at=at)


def end_membership(play: Play, by: User, at: datetime, *, of: str, reason: str) -> None:
    """Let a person leave the group."""
    membership = Membership.objects.live().get(group=play.group_id, user=play.people[of])
    memberships.end_membership(membership=membership, by=by, reason=reason, on=timezone.localdate(at), at=at)


def waive_tool(play: Play, by: User, at: datetime, *, tool: str, reason: str) -> None:
    """Let the group go without a tool."""
    checklist.waive(group=play.group, tool=play.tool(tool), by=by, reason=reason, at=at)


def invite(play: Play, by: User, at: datetime, *, email: str, full_name: str, role: str, language: str) -> None:
    """Invite somebody who has not answered yet. It is open from the moment it is sent, so `at` is not used."""
    invitations.invite(
        programme=play.programme,
        group=play.group,
        email=email,
        full_name=full_name,
        role=ProgrammeRole(role),
        language=language,
        invited_by=by,
    )


# --- sessions --------------------------------------------------------------------------------------------------------


def plan_sessions(play: Play, by: User, at: datetime, *, course_of_action: str = "", notes: str = "") -> None:
    """Choose all sessions after the first from the catalogue and give them their dates."""
    plan = play.group.plan
    offered = {each.key: each for each in CatalogueSession.objects.offered(play.programme.pack_id)}
    chosen = list(play.story.sessions)[1:]
    rows = plans.add_sessions(plan=plan, by=by, catalogue=[offered[key] for key in chosen], at=at)
    for row, session in zip(rows, chosen, strict=True):
        _arrange(play, by, at, row, session)
    plan.refresh_from_db()
    plans.change_texts(plan=plan, by=by, lock=plan.lock, at=at, course_of_action=course_of_action, notes=notes)


def _arrange(play: Play, by: User, at: datetime, row: PlannedSession, session: str) -> None:
    """Give a row of the plan its date, place and people."""
    entry = play.story.sessions[session]
    place, link = entry.get("place", ""), entry.get("link", "")
    play.rows[session] = row.pk
    plans.change_session(
        session=row,
        by=by,
        lock=row.lock,
        prepared_by=[play.people[key] for key in entry.get("prepared_by", ())],
        at=at,
        starts_at=play.begins(session),
        form="hybrid" if place and link else "in_person" if place else "online" if link else "open",
        place=place,
        link=link,
        aim=entry.get("aim", ""),
        homework=entry.get("homework", ""),
    )


def agree_plan(play: Play, by: User, at: datetime) -> None:
    """Agree the session plan as it is."""
    plan = play.group.plan
    agreement.agree_plan(plan=plan, by=by, lock=plan.lock, at=at)


def cancel_session(play: Play, by: User, at: datetime, *, session: str, reason: str) -> None:
    """Call a session off."""
    plans.cancel_session(session=play.row(session), by=by, reason=reason, at=at)


def hold_session(play: Play, by: User, at: datetime, *, session: str, absent: Sequence[str] = ()) -> None:
    """Note after a session who was there."""
    away = {play.people[key].pk for key in absent}
    members = set(Membership.objects.live().filter(group=play.group_id).values_list("user_id", flat=True))
    plans.hold_session(session=play.row(session), by=by, present=members - away, at=at)


# --- documents --------------------------------------------------------------------------------------------------------


def write(
    play: Play,
    by: User,
    at: datetime,
    *,
    tool: str,
    answers: Entry,
    about: str = "",
    session: str = "",
    audience: str = "",
    language: str = "",
    hand_in: bool = True,
) -> None:
    """Fill in the form of a tool, and hand it in unless it is to stay a draft.

    Args:
        about: the person it is about, where somebody else writes it.
        audience: narrower than the tool's, where the writer chose so.
        language: in which it is written, where not in the group's.
    """
    with translation.override(language or play.story.group["language"]):
        form = forms.start_form(
            group=play.group,
            tool=play.tool(tool),
            user=by,
            subject=play.people[about] if about else None,
            session_key=play.row(session).session_key if session else "",
            at=at - timedelta(minutes=25),
        )
        if audience:
            form = forms.choose_audience(form=form, user=by, audience=audience, at=at)
        form = forms.save_answers(form=form, user=by, lock=form.lock, answers=play.answers(answers), at=at)
        if hand_in:
            forms.submit_form(form=form, user=by, lock=form.lock, at=at)
    play.documents[tool, by.pk, session] = form.pk


def accept(play: Play, by: User, at: datetime, *, tool: str, of: str, answers: Entry | None = None) -> None:
    """Read what somebody handed in, add the own part, and accept it."""
    form, submission = _read(play, by, at, tool, of)
    if answers:
        forms.save_answers(form=form, user=by, lock=form.lock, answers=play.answers(answers), at=at)
    forms.accept_form(submission=submission, user=by, at=at)


def give_back(play: Play, by: User, at: datetime, *, tool: str, of: str, note: str) -> None:
    """Read what somebody handed in, and give it back with a word on what to change."""
    forms.return_form(submission=_read(play, by, at, tool, of)[1], user=by, note=note, at=at)


def _read(play: Play, by: User, at: datetime, tool: str, of: str) -> tuple[FormResponse, FormSubmission]:
    """Mark a document as read just before its reader decides, and return it."""
    form = play.document(tool, of)
    if form.latest is None:
        raise StoryError(f"{of} has not handed in “{tool}” yet.")
    forms.mark_read(form=form, user=by, at=at - timedelta(minutes=5))
    return form, form.latest


def write_diary(play: Play, by: User, at: datetime, *, session: str, answers: Entry, audience: str = "") -> None:
    """Write the diary of a session and hand it in."""
    write(play, by, at, tool="diary", session=session, answers=answers, audience=audience)


def read_diary(play: Play, by: User, at: datetime, *, session: str, of: str, reply: str = "") -> None:
    """Read somebody's diary, and comment on it."""
    form = play.document("diary", of, session)
    forms.mark_read(form=form, user=by, at=at)
    if reply:
        forms.add_comment(form=form, user=by, text=reply, at=at)
        if (seen_at := at + timedelta(days=1)) < timezone.now():
            forms.mark_seen(form=form, user=form.author, at=seen_at)


def file_signed(
    play: Play, by: User, at: datetime, *, tool: str, of: str, signed_by: Sequence[str], photos: bool = False
) -> None:
    """Print a document that was handed in, let everybody sign it, and bring it back through the ordinary upload.

    The unsigned PDF is made here and now, since its print is what people sign. With `photos` it comes back as photos of
    a telephone, which become a PDF in the worker; else as one PDF from an office scanner.
    """
    form = play.document(tool, of)
    printed = _printed(form)
    signers = [play.people[key] for key in signed_by]
    names = [person.full_name for person in signers]
    if photos:
        files = [
            SimpleUploadedFile(f"IMG_{at:%Y%m%d}_{number:03}.jpg", photo, "image/jpeg")
            for number, photo in enumerate(scan.photos(printed, names), start=1)
        ]
    else:
        files = [SimpleUploadedFile(f"scan-{at:%Y%m%d-%H%M}.pdf", scan.scanned_pdf(printed, names), "application/pdf")]
    batch = uploads.start_batch(group=play.group, user=by, tool_version=form.tool_version, signed_by=signers, at=at)
    for file in files:
        uploads.add_file(batch=batch, file=file, at=at)
    uploads.file_batch(batch=batch, user=by, at=at)


def _printed(form: FormResponse) -> bytes:
    """Return the filed PDF of a form, made now if it is still waiting for the worker."""
    rendering = Rendering.objects.get(submission=form.latest)
    renderings.run(rendering.pk)
    version = Rendering.objects.select_related("version").get(pk=rendering.pk).version
    if version is None:
        raise StoryError(f"“{form.title}” could not be printed: {rendering.error or 'see the log'}")
    with version.file.open("rb") as file:
        content: bytes = file.read()
    return content


# --- the forum --------------------------------------------------------------------------------------------------------


def begin_topic(
    play: Play,
    by: User,
    at: datetime,
    *,
    topic: str,
    title: str,
    text: str,
    board: str = "group",
    confirm: bool = False,
) -> None:
    """Begin a topic on the group's board or one of the programme's.

    Args:
        topic: its name in the story.
        confirm: everybody is asked to confirm that they have read it; announcements only.
    """
    if board == "group":
        place = Board.objects.get(group=play.group_id)
    else:
        role = "" if board == "announcements" else board.removesuffix("s")
        kind = BoardKind.COMMUNITY if role else BoardKind.ANNOUNCEMENTS
        place = Board.objects.get(programme=play.programme, kind=kind, role=role)
    begun = posts.begin_topic(board=place, by=by, title=title, body=text, needs_confirmation=confirm, at=at)
    play.topics[topic] = begun.pk


def answer_topic(play: Play, by: User, at: datetime, *, topic: str, text: str, quotes: int = 0) -> None:
    """Answer in a topic, and quote the post of a number there."""
    found = play.topic(topic)
    quoted = found.posts.get(number=quotes).pk if quotes else None
    posts.answer(topic=found, by=by, body=text, quoted_id=quoted, at=at)


def react(play: Play, by: User, at: datetime, *, topic: str, number: int, kind: str) -> None:
    """Say one of the few things to a post."""
    reading.react(post=play.topic(topic).posts.get(number=number), by=by, kind=kind, is_on=True, at=at)


def confirm(play: Play, by: User, at: datetime, *, topic: str) -> None:
    """Confirm that one has read an announcement."""
    topics.confirm_reading(topic=play.topic(topic), by=by, at=at)


ACTS: Final[dict[str, Callable[..., None]]] = {
    act.__name__: act
    for act in (
        *(open_group, match_group, advance_group, end_early, end_membership, waive_tool, invite),
        *(plan_sessions, agree_plan, cancel_session, hold_session),
        *(write, accept, give_back, write_diary, read_diary, file_signed),
        *(begin_topic, answer_topic, react, confirm),
    )
}
FOLLOWS_SESSION: Final = frozenset({"hold_session", "write_diary", "read_diary"})
