"""Plays the script of a group: every step through the services, at the moment that the script says."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone, translation

from accounts.models import User
from core.roles import ProgrammeRole, Stage
from demo import signing
from demo.days import Days
from demo.people import MANAGER
from demo.script import Answers, Contract, Diary, Meeting, On, Paper, Script, Who
from documents.models import DocumentTemplate, FilledForm
from documents.services import checklist, forms
from mentoring.models import Membership, MentoringGroup, Programme
from mentoring.services import groups, invitations, memberships, stages
from sessions_app.models import CatalogueSession, PlannedSession
from sessions_app.services import agreement, plans

Step = Callable[[datetime], object]


class Story:
    """The story of one group: steps are gathered from its script, put in the order of time, and played."""

    def __init__(self, *, script: Script, programme: Programme, people: dict[str, User], days: Days) -> None:
        self.script, self.programme, self.people, self.days = script, programme, people, days
        self.manager = people[MANAGER]
        self.mentor = people[script.mentors[0]] if script.mentors else self.manager
        self.steps: list[tuple[datetime, int, str, Step]] = []
        self.rows: dict[str, int] = {}
        self.group_id = 0

    def play(self) -> MentoringGroup:
        """Play everything up to today, and return the group as it is now."""
        self._gather()
        self.steps.sort(key=lambda step: step[:2])
        for moment, _number, language, step in self.steps:
            with translation.override(language), timezone.override(self.days.zone):
                step(moment)
        return self.group

    @property
    def group(self) -> MentoringGroup:
        """The group as it is stored now, with nothing remembered from an earlier step."""
        found = MentoringGroup.objects.select_related("programme__pack", "programme__organisation")
        group: MentoringGroup = found.get(pk=self.group_id)
        return group

    def _on(self, moment: datetime, step: Step, language: str = "") -> None:
        self.steps.append((min(moment, timezone.now()), len(self.steps), language or self.script.language, step))

    def _at(self, day: int, clock: str, step: Step, language: str = "") -> None:
        self._on(self.days.moment(day, clock), step, language)

    def _gather(self) -> None:
        script = self.script
        self._at(script.opened, "09:10", self._open)
        if script.matched is not None:
            self._at(script.matched, "12:00", self._match)
        for contract in (script.contract,) if script.contract else ():
            self._contract(contract)
        for paper in script.papers:
            self._paper(paper)
        for meeting in script.meetings:
            self._meeting(meeting)
        self._decisions()

    def _decisions(self) -> None:
        """Gather what Manager and Mentor decided about the group."""
        script = self.script
        for number, day in enumerate(script.planned):
            if number == 0:
                self._at(day, "20:30", self._plan)
            self._at(day, "21:00", self._agree)
        for waiver in script.waivers:
            self._at(waiver.day, "11:05", partial(self._waive, waiver.tool, waiver.reason))
        for key, day, reason in script.left:
            self._at(day, "09:30", partial(self._leave, key, reason))
        for day, reason in script.steps:
            self._at(day, "09:45", partial(self._advance, reason))
        if script.ended_early:
            day, reason = script.ended_early
            self._at(day, "15:00", partial(self._end, reason))
        if script.invited:
            self._on(timezone.now(), self._invite)

    # --- the group ---------------------------------------------------------------------------------------------------

    def _open(self, at: datetime) -> None:
        script, days = self.script, self.days
        group = groups.open_group(
            programme=self.programme,
            name=script.name,
            motto=script.motto,
            kind=script.kind,
            form=script.form,
            opened_by=self.manager,
            mentors=[self.people[key] for key in script.mentors],
            mentees=[self.people[key] for key in script.mentees],
            starts_on=days.day(script.starts),
            ends_on=days.day(script.ends),
            communication_schedule=script.schedule,
            initial_channel=script.place,
            at=at,
        )
        self.group_id = group.pk
        first = PlannedSession.objects.get(plan__group=group)
        for meeting in script.meetings[:1]:
            self._arrange(first, meeting, at)

    def _match(self, at: datetime) -> None:
        stages.advance_if_ready(group=self.group, by=self.manager, to=Stage.MATCHED, at=at)

    def _advance(self, reason: str, at: datetime) -> None:
        stages.advance(group=self.group, by=self.manager, reason=reason, at=at)

    def _end(self, reason: str, at: datetime) -> None:
        stages.end_early(group=self.group, by=self.manager, reason=reason, at=at)

    def _leave(self, key: str, reason: str, at: datetime) -> None:
        membership = Membership.objects.live().get(group=self.group_id, user=self.people[key])
        memberships.end_membership(
            membership=membership, by=self.manager, reason=reason, on=timezone.localdate(at), at=at
        )

    def _waive(self, tool: str, reason: str, at: datetime) -> None:
        checklist.waive(group=self.group, template=self._tool(tool), by=self.manager, reason=reason, at=at)

    def _invite(self, at: datetime) -> None:  # noqa: ARG002 -- an invitation is open from the moment it is sent
        for invited in self.script.invited:
            invitations.invite(
                programme=self.programme,
                group=self.group,
                email=invited.email,
                full_name=invited.full_name,
                role=ProgrammeRole(invited.role),
                language=invited.language,
                invited_by=self.manager,
            )

    # --- sessions ----------------------------------------------------------------------------------------------------

    def _arrange(self, row: PlannedSession, meeting: Meeting, at: datetime) -> None:
        """Give a row of the plan its date, place and people."""
        self.rows[meeting.session] = row.pk
        plans.change_session(
            session=row,
            by=self.mentor,
            lock=row.lock,
            prepared_by=[self.people[key] for key in meeting.prepared_by],
            at=at,
            starts_at=self.days.meeting(meeting.day, meeting.clock),
            form=meeting.form,
            place=meeting.place,
            link=meeting.link,
            aim=meeting.aim,
            homework=meeting.homework,
        )

    def _plan(self, at: datetime) -> None:
        """Choose the sessions from the catalogue and give them their dates."""
        plan = self.group.plan
        chosen = self.script.meetings[1:]
        offered = {each.key: each for each in CatalogueSession.objects.offered(self.programme.pack_id)}
        rows = plans.add_sessions(
            plan=plan, by=self.mentor, catalogue=[offered[each.session] for each in chosen], at=at
        )
        for row, meeting in zip(rows, chosen, strict=True):
            self._arrange(row, meeting, at)
        plan.refresh_from_db()
        texts = {"course_of_action": self.script.course_of_action, "notes": self.script.notes}
        plans.change_texts(plan=plan, by=self.mentor, lock=plan.lock, at=at, **texts)

    def _agree(self, at: datetime) -> None:
        plan = self.group.plan
        agreement.agree_plan(plan=plan, by=self.mentor, lock=plan.lock, at=at)

    def _row(self, meeting: Meeting) -> PlannedSession:
        row: PlannedSession = PlannedSession.objects.select_related("catalogue", "plan").get(
            pk=self.rows[meeting.session]
        )
        return row

    def _meeting(self, meeting: Meeting) -> None:
        begins = self.days.meeting(meeting.day, meeting.clock)
        if meeting.cancelled:
            called_off = self.days.moment(meeting.day - meeting.cancelled_before, "12:20")
            self._on(
                called_off,
                lambda at: plans.cancel_session(
                    session=self._row(meeting), by=self.mentor, reason=meeting.cancelled, at=at
                ),
            )
        elif begins + timedelta(hours=2) < timezone.now():
            self._on(begins + timedelta(hours=2), lambda at: self._hold(meeting, at))
            for diary in meeting.diaries:
                self._diary(meeting, diary, begins)

    def _hold(self, meeting: Meeting, at: datetime) -> None:
        absent = {self.people[key].pk for key in meeting.absent}
        present = set(Membership.objects.live().filter(group=self.group_id).values_list("user_id", flat=True))
        plans.hold_session(session=self._row(meeting), by=self.mentor, present=present - absent, at=at)

    def _diary(self, meeting: Meeting, diary: Diary, begins: datetime) -> None:
        number = self.script.mentees.index(diary.by)
        written = begins.replace(hour=21, minute=10 + 7 * number) + timedelta(days=diary.after)
        paper = Paper("diary", diary.by, 0, diary.answers, meeting=meeting.session)
        self._on(written, lambda at: self._write(paper, at, audience=diary.audience))
        if diary.read is not None:
            read = written.replace(hour=8, minute=5 + 6 * number) + timedelta(days=max(diary.read, 1))
            self._on(read, lambda at: self._read(meeting, diary, at))

    def _read(self, meeting: Meeting, diary: Diary, at: datetime) -> None:
        form = FilledForm.objects.for_page().get(
            group=self.group_id,
            occasion=self._row(meeting).occasion,
            subject=self.people[diary.by],
            template_version__template=self._tool("diary"),
        )
        forms.mark_read(form=form, user=self.mentor, at=at)
        if diary.reply:
            forms.add_comment(form=form, user=self.mentor, text=diary.reply, at=at)

    # --- papers ------------------------------------------------------------------------------------------------------

    def _tool(self, key: str) -> DocumentTemplate:
        tool: DocumentTemplate = DocumentTemplate.objects.of_pack(self.programme.pack_id).get(key=key)
        return tool

    def _value(self, answer: Any) -> Any:
        """Return an answer with its days and people filled in."""
        if isinstance(answer, On):
            return self.days.day(answer.day).isoformat()
        if isinstance(answer, Who):
            return self.people[answer.key].pk
        if isinstance(answer, dict):
            return {key: self._value(part) for key, part in answer.items()}
        return [self._value(part) for part in answer] if isinstance(answer, list) else answer

    def _paper(self, paper: Paper) -> None:
        self._at(paper.day, paper.clock, lambda at: self._write(paper, at), paper.language)
        for by, later in (paper.accepted,) if paper.accepted else ():
            self._at(paper.day + later, "10:15", partial(self._accept, paper, by), paper.language)
        for by, later, note in (paper.returned,) if paper.returned else ():
            self._at(paper.day + later, "10:35", partial(self._return, paper, by, note))

    def _begin(self, paper: Paper, at: datetime) -> FilledForm:
        """Return the form of a paper; the same one each time."""
        occasion = ""
        if paper.meeting:
            occasion = PlannedSession.objects.get(pk=self.rows[paper.meeting]).occasion
        return forms.start_form(
            group=self.group,
            template=self._tool(paper.tool),
            user=self.people[paper.by],
            subject=self.people[paper.about] if paper.about else None,
            occasion=occasion,
            at=at,
        )

    def _write(self, paper: Paper, at: datetime, *, audience: str = "") -> FilledForm:
        user = self.people[paper.by]
        form = self._begin(paper, at - timedelta(minutes=25))
        if audience:
            form = forms.choose_audience(form=form, user=user, audience=audience, at=at)
        answers: Answers = self._value(paper.answers)
        form = forms.save_answers(form=form, user=user, lock=form.lock, answers=answers, at=at)
        if paper.handed_in:
            forms.submit_form(form=form, user=user, lock=form.lock, at=at)
        return form

    def _stored(self, paper: Paper, at: datetime) -> FilledForm:
        form: FilledForm = FilledForm.objects.for_page().get(pk=self._begin(paper, at).pk)
        return form

    def _accept(self, paper: Paper, by: str, at: datetime) -> None:
        form, user = self._stored(paper, at), self.people[by]
        forms.mark_read(form=form, user=user, at=at - timedelta(minutes=5))
        if paper.part:
            answers = self._value(paper.part)
            form = forms.save_answers(form=form, user=user, lock=form.lock, answers=answers, at=at)
        if form.latest is not None:
            forms.accept_form(submission=form.latest, user=user, at=at)

    def _return(self, paper: Paper, by: str, note: str, at: datetime) -> None:
        form, user = self._stored(paper, at), self.people[by]
        forms.mark_read(form=form, user=user, at=at - timedelta(minutes=5))
        if form.latest is not None:
            forms.return_form(submission=form.latest, user=user, note=note, at=at)

    # --- the contract ------------------------------------------------------------------------------------------------

    def _contract(self, contract: Contract) -> None:
        dates = {"starts_on": On(self.script.starts), "ends_on": On(self.script.ends), "concluded_on": On(contract.day)}
        paper = Paper("contract", MANAGER, contract.day, dates | contract.answers, clock="10:30")
        self._paper(paper)
        if contract.scanned is not None:
            self._at(contract.scanned, "16:20", lambda at: self._sign(paper, contract, at))

    def _sign(self, paper: Paper, contract: Contract, at: datetime) -> None:
        """Print the contract, let everybody sign it, and bring the paper back through the ordinary upload."""
        group = self.group
        keys = [MANAGER, *self.script.mentors, *self.script.mentees]
        signing.file_signed(
            form=self._stored(paper, at),
            group=group,
            user=self.people[contract.by],
            signers=[self.people[key] for key in keys],
            as_photos=contract.photos,
            at=at,
        )
