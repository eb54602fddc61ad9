"""The seeded world: one programme, its people and groups, and what each group has written so far."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.models import DomainEvent
from core.policy.roles import ProgrammeRole, Role, Stage
from demo.seeding.documents import PdfDocument, write_documents
from demo.seeding.forum import Talk, write_forum
from demo.seeding.names import name_of
from documents.models import Folder
from home.services.packs import load_pack
from mentoring.models import Enrolment, Membership, MentoringGroup, Organisation, Pack, Programme, StageChange
from mentoring.services.groups import open_group
from mentoring.services.memberships import enrol, sync_role_groups
from sessions_app.models import (
    Attendance,
    CatalogueSession,
    MeetingForm,
    MeetingState,
    PlannedSession,
    SessionPlan,
    SessionResponse,
)
from sessions_app.services.due import follow_plan
from tools.models import Tool, ToolVersion

PACK: Final = "blended-employment"
PASSWORD: Final = "seeded-people-2026"  # noqa: S105 -- of invented people, printed by the command
SESSIONS: Final = (("e1", -28), ("e3", -14), ("e4", -3), ("e7", 11), ("m2", 200))
FIRST_SESSION: Final = -42
LARGE, LARGE_GROUPS = 200 * 1024, 10
"""The contract of the first groups is as large as a scan, for whoever measures downloads."""
ROAD: Final = (Stage.FORMING, Stage.MATCHED, Stage.CONTRACTED, Stage.RUNNING, Stage.CLOSING, Stage.CLOSED)
NOT_RUNNING: Final = {7: Stage.FORMING, 9: Stage.MATCHED, 11: Stage.CLOSING}
CLOSED_GROUP: Final = 4
RATING: Final = (
    *("know_strengths", "clear_goal", "know_market", "documents", "search"),
    *("present", "network", "digital", "confidence", "motivation"),
)


@dataclass
class World:
    """What was made, as plain data, ready to be printed as JSON."""

    programme: Programme
    password: str
    people: list[dict[str, Any]]
    groups: list[dict[str, Any]]

    def as_data(self) -> dict[str, Any]:
        """Return everything a test needs to know, in plain values."""
        return {
            "programme": {"id": self.programme.pk, "code": self.programme.code, "title": str(self.programme)},
            "password": self.password,
            "people": self.people,
            "groups": self.groups,
        }


class Seeder:
    """Makes a world; each one beside those that are there already."""

    def __init__(self, *, groups: int, people: int, password: str = PASSWORD) -> None:
        self.number = Programme.objects.filter(code__startswith="SEED").count() + 1
        self.now = timezone.now()
        self.group_count, self.password = groups, password
        self.mentee_count = max(people - 4 - groups, groups)
        self.secret = make_password(password)
        self.told: list[dict[str, Any]] = []
        loaded = Pack.objects.filter(key=PACK).first()
        self.pack = loaded or load_pack(path=Path(settings.BASE_DIR) / "packs" / PACK)[0]
        self.tools: dict[str, ToolVersion] = {
            template.key: template.current
            for template in Tool.objects.of_pack(self.pack.pk).select_related("current__tool")
            if template.current
        }
        self.catalogue = {each.key: each for each in CatalogueSession.objects.offered(self.pack.pk)}

    @transaction.atomic
    def make(self) -> World:
        """Make everything, in one transaction."""
        programme = self._programme()
        admin = self._person("admin", 1)
        managers = [self._person("manager", number) for number in (1, 2)]
        mentors = [self._person("mentor", number) for number in range(1, self.group_count + 1)]
        mentees = [self._person("mentee", number) for number in range(1, self.mentee_count + 1)]
        outsider = self._person("outsider", 1)
        User.objects.bulk_create([admin, *managers, *mentors, *mentees, outsider], batch_size=500)
        enrol(programme_id=programme.pk, user=admin, role=ProgrammeRole.ADMIN, at=self._ago(90))
        for manager in managers:
            enrol(programme_id=programme.pk, user=manager, role=ProgrammeRole.MANAGER, at=self._ago(90))
        groups, documents, talks = [], [], []
        for index, mentor in enumerate(mentors):
            own = mentees[index :: self.group_count]
            # The last group belongs to the second Manager, so that even a Manager has a group that is not hers.
            is_other = self.group_count > 1 and index == self.group_count - 1
            group, told, written = self._group(programme, index, managers[is_other], mentor, own)
            groups.append((group, told))
            documents += written
            talks.append(Talk(group, [mentor, *own], told["markers"]["group"], index < LARGE_GROUPS))
        write_documents(programme, documents)
        self._tie(documents)
        write_forum(programme, talks, self.now)
        for (group, told), talk in zip(groups, talks, strict=True):
            told |= talk.told
            told["documents"] = [
                {"id": document.document.pk, "version": document.document.current_id, "tool": document.version.tool.key}
                for document in documents
                if document.group is group and document.document
            ]
        people = [self._told(user) for user in (admin, *managers, *mentors, *mentees, outsider)]
        return World(programme, self.password, people, [told for _group, told in groups])

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _programme(self) -> Programme:
        organisation, _made = Organisation.objects.get_or_create(name=f"Seeded organisation {self.number}")
        return Programme.objects.create(
            organisation=organisation,
            title=f"Seeded programme {self.number}",
            code=f"SEED{self.number}",
            pack=self.pack,
            starts_on=self._ago(90).date(),
            ends_on=self._ago(-300).date(),
        )

    def _person(self, role: str, number: int) -> User:
        serial = {"admin": 0, "manager": 1, "mentor": 10, "mentee": 10 + self.group_count, "outsider": 5}[role] + number
        return User(
            email=f"{role}{number}@w{self.number}.seed.example",
            full_name=name_of(serial),
            password=self.secret,
            date_joined=self._ago(90),
            is_staff=role == "admin",
        )

    @staticmethod
    def _told(user: User) -> dict[str, Any]:
        return {
            "id": user.pk,
            "email": user.email,
            "name": user.full_name,
            "role": user.email.split("@")[0].rstrip("0123456789"),
        }

    @staticmethod
    def _tie(documents: list[PdfDocument]) -> None:
        """Tie diaries to their sessions, and plans to the forms that were made of them."""
        links, plans = [], []
        stored = {
            plan.group_id: plan
            for plan in SessionPlan.objects.filter(group__in={document.group.pk for document in documents})
        }
        for document in documents:
            if document.form and document.session:
                links.append(SessionResponse(session=document.session, form=document.form))
            if document.form and document.version.content.get("editor") == "session_plan":
                stored[document.group.pk].form = document.form
                plans.append(stored[document.group.pk])
        SessionResponse.objects.bulk_create(links, batch_size=500)
        SessionPlan.objects.bulk_update(plans, ["form"], batch_size=200)

    # --- one group ---------------------------------------------------------------------------------------------------

    def _group(
        self, programme: Programme, index: int, manager: User, mentor: User, mentees: list[User]
    ) -> tuple[MentoringGroup, dict[str, Any], list[PdfDocument]]:
        number = index + 1
        group = open_group(
            programme=programme,
            name=f"Group {number:03d} Žą Щъ",
            motto="One step every week",
            opened_by=manager,
            starts_on=self._ago(50).date(),
            ends_on=self._ago(-220).date(),
            communication_schedule="Every second week at 17:30.",
            at=self._ago(60),
        )
        self._join(group, {mentor: Role.MENTOR, **dict.fromkeys(mentees, Role.MENTEE)}, by=manager)
        stage = self._stage(index)
        markers = {
            kind: f"hush-{kind}-{self.number}-{number:04d}"
            for kind in ("group", "mentor", "staff", "manager", "author")
        }
        sessions: list[PlannedSession] = []
        documents: list[PdfDocument] = []
        if stage != Stage.FORMING:
            documents += self._first_documents(group, manager, mentor, mentees, markers, large=index < LARGE_GROUPS)
        if stage not in {Stage.FORMING, Stage.MATCHED}:
            sessions = self._plan(group, mentor, [manager, mentor, *mentees])
            documents += self._later_documents(
                group, manager, mentor, mentees, markers, sessions, is_late=index % 4 == 1
            )
        self._go_to(group, stage, manager)
        folders = dict(Folder.objects.filter(group=group).values_list("kind", "pk"))
        told = {
            "id": group.pk,
            "name": group.name,
            "stage": stage.value,
            "manager": manager.email,
            "mentor": mentor.email,
            "mentees": [mentee.email for mentee in mentees],
            "folders": folders,
            "sessions": [session.pk for session in sessions],
            "markers": markers,
        }
        return group, told, documents

    def _join(self, group: MentoringGroup, people: dict[User, Role], *, by: User) -> None:
        """Let people join, as `add_member` would one by one: what follows the people of a group follows once."""
        at = self._ago(60)
        members = [Membership(group=group, user=user, role=role, starts_on=at.date()) for user, role in people.items()]
        Membership.objects.bulk_create(members)
        Enrolment.objects.bulk_create(
            [
                Enrolment(programme=group.programme, user=user, role=role.value, created_at=at)
                for user, role in people.items()
            ],
            ignore_conflicts=True,
        )
        sync_role_groups(group=group)
        DomainEvent.objects.bulk_create(
            [
                DomainEvent(
                    kind="membership.started",
                    actor=by,
                    group_id=group.pk,
                    target=f"mentoring.membership:{member.pk}",
                    data={"user_id": member.user_id, "role": member.role},
                    happened_at=at,
                )
                for member in members
            ]
        )
        follow_plan(group=group)

    @staticmethod
    def _stage(index: int) -> Stage:
        """Return the stage of a group: one is closed, of every twenty some are not running."""
        return Stage.CLOSED if index == CLOSED_GROUP else NOT_RUNNING.get(index % 20, Stage.RUNNING)

    def _go_to(self, group: MentoringGroup, stage: Stage, manager: User) -> None:
        """Write the steps of the road up to `stage`."""
        steps = ROAD[: ROAD.index(stage) + 1]
        StageChange.objects.bulk_create(
            [
                StageChange(
                    group=group, from_stage=before, to_stage=after, actor=manager, changed_at=self._ago(50 - 5 * place)
                )
                for place, (before, after) in enumerate(zip(steps, steps[1:], strict=False))
            ]
        )
        group.stage = stage
        group.save(update_fields=["stage"])

    def _plan(self, group: MentoringGroup, mentor: User, members: list[User]) -> list[PlannedSession]:
        """Put an agreed plan in place: the first session and five more, four of them held."""
        plan = SessionPlan.objects.get(group=group)
        first = PlannedSession.objects.get(plan=plan)
        start = self.now.replace(hour=15, minute=30, second=0, microsecond=0)
        rows = [first]
        for position, (key, _day) in enumerate(SESSIONS, start=2):
            rows.append(PlannedSession(plan=plan, catalogue=self.catalogue[key], position=position))
        for row, day in zip(rows, (FIRST_SESSION, *(day for _key, day in SESSIONS)), strict=True):
            row.starts_at = start + timedelta(days=day)
            row.form, row.place, row.minutes = MeetingForm.IN_PERSON, "Room 204", row.catalogue.minutes
            row.agreed_version = 1
            if day < 0:
                row.state, row.held_at = MeetingState.HELD, row.starts_at + timedelta(hours=2)
        first.save()
        PlannedSession.objects.bulk_create(rows[1:])
        held = [row for row in rows if row.state == MeetingState.HELD]
        Attendance.objects.bulk_create([Attendance(session=row, person=person) for row in held for person in members])
        plan.agreed_version, plan.agreed_at, plan.agreed_by = 1, self._ago(40), mentor
        plan.course_of_action = "First what each of us can do, then papers and talks."
        plan.save()
        follow_plan(group=group)
        return rows

    # --- what the group has written ----------------------------------------------------------------------------------

    def _first_documents(
        self,
        group: MentoringGroup,
        manager: User,
        mentor: User,
        mentees: list[User],
        markers: dict[str, str],
        *,
        large: bool,
    ) -> list[PdfDocument]:
        """Return profiles, goals, questionnaires and the signed contract."""
        documents = []
        for mentee in mentees:
            about: dict[str, Any] = {"group": group, "author": mentee, "subject": mentee}
            profile = {
                "full_name": mentee.full_name,
                "languages": "English",
                "status": "job_seeker",
                "interest": "employability",
                "goals": "A job that suits me.",
                "email": mentee.email,
                "consent": True,
                "weaknesses": f"I wait too long. {markers['manager']}",
            }
            goals = {
                "goals": [
                    {
                        "goal": f"A CV that I like {markers['group']}",
                        "measure": "Sent",
                        "target_date": self._ago(-60).date().isoformat(),
                    }
                ]
            }
            start = {
                "status": "searching",
                "self_rating": dict.fromkeys(RATING, 3),
                "expect_process": f"That I find work. {markers['staff']}",
            }
            documents += [
                PdfDocument(
                    version=self.tools["mentee_profile"],
                    at=self._ago(55),
                    line="Profile",
                    answers=profile,
                    accepted_by=manager,
                    **about,
                ),
                PdfDocument(
                    version=self.tools["personal_goals"],
                    at=self._ago(38),
                    line=f"Goals {markers['group']}",
                    answers=goals,
                    accepted_by=mentor,
                    **about,
                ),
                PdfDocument(
                    version=self.tools["initial_questionnaire"],
                    at=self._ago(40),
                    line=f"Questionnaire {markers['staff']}",
                    answers=start,
                    **about,
                ),
            ]
        documents.append(
            PdfDocument(
                group=group,
                version=self.tools["mentor_self_check"],
                author=mentor,
                subject=mentor,
                at=self._ago(58),
                line=f"Self-check {markers['author']}",
                answers={"why": f"Somebody helped me once. {markers['author']}"},
            )
        )
        documents.append(
            PdfDocument(
                group=group,
                version=self.tools["contract"],
                author=mentor,
                at=self._ago(39),
                line=f"Contract {markers['group']}",
                signed_by=[manager, mentor, *mentees],
                size=LARGE if large else 0,
            )
        )
        return documents

    def _later_documents(
        self,
        group: MentoringGroup,
        manager: User,
        mentor: User,
        mentees: list[User],
        markers: dict[str, str],
        sessions: list[PlannedSession],
        *,
        is_late: bool,
    ) -> list[PdfDocument]:
        """Return group goals, plan and diaries; of the last session only the first Mentee has written."""
        together = {
            "goals": [{"goal": "Everybody has papers that can be sent"}],
            "agreed_by": [person.pk for person in (manager, mentor, *mentees)],
        }
        documents = [
            PdfDocument(
                group=group,
                version=self.tools["group_goals"],
                author=mentor,
                at=self._ago(37),
                line=f"Group goals {markers['group']}",
                answers={"group_name": group.name, **together},
                accepted_by=manager,
            ),
            PdfDocument(
                group=group,
                version=self.tools["session_plan"],
                author=mentor,
                at=self._ago(40),
                line=f"Session plan {markers['group']}",
                answers={"course_of_action": "Step by step", "sessions": [{"session": "Getting to know one another"}]},
            ),
        ]
        held = [row for row in sessions if row.state == MeetingState.HELD]
        for row in held:
            for place, mentee in enumerate(mentees):
                if row is held[-1] and place:
                    continue
                if is_late and row is held[-2] and place == len(mentees) - 1:
                    continue
                documents.append(
                    self._diary(group, mentor, mentee, row, markers, is_private=row is held[0] and not place)
                )
        return documents

    def _diary(
        self,
        group: MentoringGroup,
        mentor: User,
        mentee: User,
        row: PlannedSession,
        markers: dict[str, str],
        *,
        is_private: bool,
    ) -> PdfDocument:
        marker = markers["mentor"] if is_private else markers["group"]
        answers = {
            "mood": 3,
            "done": f"We read our lists to each other and found the skill behind each line. {marker}",
            "learned": "Planning is a skill even when nobody pays for it.",
            "next_steps": "Ask two people who know me.",
        }
        return PdfDocument(
            group=group,
            version=self.tools["diary"],
            author=mentee,
            subject=mentee,
            at=(row.starts_at or self.now) + timedelta(days=1),
            line=f"Diary {marker}",
            answers=answers,
            session_key=row.session_key,
            session_title=row.session_title,
            session=row,
            audience="mentor" if is_private else "group",
            comment=(mentor, f"Well seen. {marker}"),
        )


def make_world(*, groups: int, people: int, password: str = PASSWORD) -> World:
    """Make a world beside what is there.

    Args:
        people: of the whole world: an Admin, two Managers, a Mentor for each group, one outsider, the rest Mentees.
    """
    return Seeder(groups=groups, people=people, password=password).make()
