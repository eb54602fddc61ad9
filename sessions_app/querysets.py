"""Who sees which plans and sessions."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from core.built_once import Keys, built_once
from core.days import programme_day
from core.lines import Lines
from core.policy.querysets import AccessQuerySet
from core.policy.roles import READ_ONLY_STAGES, Action, Area, Stage, audiences_of
from core.search import LONGEST, folded
from mentoring.models import Membership
from mentoring.querysets import AreaQuerySet


@built_once
def _outline(groups: Keys) -> Any:
    from sessions_app.models import PlannedSession  # noqa: PLC0415 -- models import this module

    return PlannedSession.objects.of_groups(groups).not_cancelled().for_outline()


def _reader_of(standing: Any) -> Any:
    from responses_app.querysets import reader_of  # noqa: PLC0415 -- models import this module

    return reader_of(standing)


def _unread(group: int, reader: Any, audiences: Collection[str], versions: Keys) -> Any:
    from responses_app.models import FormResponse  # noqa: PLC0415 -- models import this module

    return FormResponse.objects.filter(tool_version__in=versions).unread_of(group, reader, audiences)


@built_once
def _outline_with_unread(group: int, reader: Any, audiences: Collection[str], versions: Keys) -> Any:
    return _outline.build([group]).with_count_of(_unread(group, reader, audiences, versions))


@built_once
def _plan_with_unread(group: int, reader: Any, audiences: Collection[str], versions: Keys) -> Any:
    from sessions_app.models import PlannedSession  # noqa: PLC0415 -- models import this module

    unread = _unread(group, reader, audiences, versions)
    return PlannedSession.objects.of_groups([group]).for_plan().with_count_of(unread)


@built_once
def _absences(sessions: Keys) -> Any:
    from sessions_app.models import Attendance  # noqa: PLC0415 -- models import this module

    person = [f"person__{name}" for name in ("call_name", "full_name", "email")]
    found = Attendance.objects.filter(session__in=sessions, was_present=False)
    return found.select_related("person").only("session_id", *person)


@built_once
def _offered_kinds(pack: int) -> Any:
    from sessions_app.models import CatalogueSession  # noqa: PLC0415 -- models import this module

    return CatalogueSession.objects.offered(pack).order_by().values_list("kind").annotate(n=Count("pk"))


@built_once
def _plan_of(group: int) -> Any:
    from sessions_app.models import SessionPlan  # noqa: PLC0415 -- models import this module

    return SessionPlan.objects.filter(group=group).select_related("form").defer("form__answers")


_folded = lru_cache(maxsize=2048)(folded)


class FoundSession(NamedTuple):
    """A session of the catalogue that was searched for; `titles` by language."""

    pk: int
    kind: str
    pack: int
    is_current: bool
    plan: int | None
    titles: dict[str, str]

    def is_called(self, words: Collection[str]) -> bool:
        """Return whether its title holds all these folded words, in one of its languages."""
        return any(all(word in _folded(title) for word in words) for title in self.titles.values())


class SectionQuerySet(models.QuerySet[Any]):
    """The pages of sections; they belong to a pack."""

    def of_kind(self, pack_id: int, kind: str) -> Any:
        """Return the page of one section of a pack, or None."""
        return self.filter(pack=pack_id, kind=kind).first()


class CatalogueSessionQuerySet(AccessQuerySet):
    """The catalogue."""

    area = Area.PLAN

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the sessions of the packs of one's groups; nobody but the pack changes them."""
        packs = self.filter(pack__in=standing.group_packs(), plan__isnull=True)
        return packs if action == Action.VIEW else self.none()

    def shown_to(self, group: Any) -> Self:
        """Return the sessions of the group's pack, in whatever version, and the group's own."""
        return self.filter(Q(plan__isnull=True) | Q(plan__group=group.pk), pack=group.programme.pack_id)

    def offered(self, pack_id: int, kind: str = "") -> Self:
        """Return the sessions a plan can pick, in order."""
        found = self.filter(pack=pack_id, is_current=True, plan__isnull=True)
        return (found.filter(kind=kind) if kind else found).order_by("kind", "number")

    def known_to(self, standing: Any) -> Self:
        """Return the sessions that plans of the person's groups can hold: of the packs, and the groups' own."""
        own = Q(plan__group__in=standing.groups(Area.PLAN, Action.VIEW))
        return self.filter(Q(pack__in=standing.group_packs(), plan__isnull=True) | own)

    def search(self, words: str) -> list[FoundSession]:
        """Return those whose title holds all the words, in any language, in the order of the catalogue.

        There are some dozens of them, and their titles are looked through here: without accents, in any script.
        """
        asked = folded(words[:LONGEST]).split()
        if not asked:
            return []
        columns = ("pk", "kind", "pack", "is_current", "plan", "content__title")
        rows = (FoundSession(*row) for row in self.order_by("kind", "number", "-version").values_list(*columns))
        return [
            row for row in rows if any(all(word in _folded(title) for word in asked) for title in row.titles.values())
        ]

    def count_offered(self, pack_id: int) -> dict[str, int]:
        """Return how many sessions of a pack a plan can pick, by section."""
        return dict(_offered_kinds(pack_id))

    def chosen(self, numbers: Any) -> Self:
        """Return those with these keys."""
        return self.filter(pk__in=numbers)


class SessionPlanQuerySet(AreaQuerySet):
    """Session plans."""

    area = Area.PLAN

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return plans the person may read or change; an archived or paused group's plan cannot be changed."""
        found = super().allowing(standing, action)
        if action == Action.CHANGE:
            return found.exclude(group__stage__in=[*READ_ONLY_STAGES, Stage.PAUSED])
        return found

    def of_group(self, group: Any) -> Any:
        """Return the plan of a group."""
        plan = next(iter(_plan_of(group.pk)), None)
        if plan is None:
            raise self.model.DoesNotExist
        plan.group = group
        return plan

    def for_page(self) -> Self:
        """Return plans with their group."""
        return self.select_related("group__programme", "form")


class AttendanceQuerySet(models.QuerySet[Any]):
    """Who was at which meeting."""

    def with_people(self) -> Self:
        """Return them with their person."""
        return self.select_related("person")

    def candidates(self, session: Any) -> tuple[set[int], set[int]]:
        """Return the keys of those who were members on the day of a session, and of members who joined after it.

        A membership knows its day, not its hour: whoever is missing in an attendance that was recorded came after it.
        """
        day = programme_day(session.starts_at)
        of_group = Membership.objects.filter(group=session.plan.group_id)
        were_members = set(of_group.live(day).values_list("user_id", flat=True))
        later = set(of_group.filter(starts_on__gt=day).values_list("user_id", flat=True)) - were_members
        recorded = set(session.attendance.values_list("person_id", flat=True))
        came_after = were_members - recorded if recorded else set()
        return were_members - came_after, later | came_after


class CorrectedLine(NamedTuple):
    """A person of a correction: the name, whether they were there as said before and now; None where nothing is."""

    full_name: str
    was_present: bool | None
    is_present: bool | None


class AttendanceCorrectionQuerySet(models.QuerySet[Any]):
    """Corrections of who was at a meeting."""

    def of_session(self, session: Any) -> list[Any]:
        """Return those of a session, newest first, with who corrected them and `changed`: a line for each person."""
        line = {"name": "person__full_name", "was_present": "was_present", "is_present": "is_present", "key": "pk"}
        rows = self.filter(session=session).select_related("corrected_by")
        rows = rows.annotate(**{f"line_{name}": F(f"people__{column}") for name, column in line.items()})
        found: dict[int, Any] = {}
        for row in rows.order_by("-corrected_at", "-pk", "line_name", "line_key"):
            correction = found.setdefault(row.pk, row)
            correction.changed = getattr(correction, "changed", [])
            if row.line_key is not None:
                correction.changed.append(CorrectedLine(row.line_name, row.line_was_present, row.line_is_present))
        return list(found.values())


class PlannedSessionQuerySet(AreaQuerySet):
    """Rows of plans."""

    area = Area.PLAN
    group_path = "plan__group"

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return rows of plans the person may read or change."""
        found = super().allowing(standing, action)
        if action == Action.CHANGE:
            return found.exclude(plan__group__stage__in=[*READ_ONLY_STAGES, Stage.PAUSED])
        return found

    def of_group(self, group: Any) -> Self:
        """Return the rows of one group's plan, in time."""
        return self.filter(plan__group=group)

    def of_groups(self, groups: Any) -> Self:
        """Return the rows of the plans of some groups, in time."""
        return self.filter(plan__group__in=groups)

    def of_plan(self, plan: Any) -> Self:
        """Return the rows of a plan, in time."""
        return self.filter(plan=plan.pk)

    def search(self, catalogue: Collection[int], group: Any = None) -> Self:
        """Return the rows of these sessions of the catalogue, in one group or in all, the latest first."""
        found = self.filter(catalogue__in=catalogue)
        found = found if group is None else found.filter(plan__group=group)
        shown = found.select_related("plan__group", "catalogue").only(
            "starts_at", "state", "catalogue__kind", "plan__group__name"
        )
        titled = shown.annotate(title_texts=F("catalogue__content__title"))
        return titled.order_by(F("starts_at").desc(nulls_last=True), "-pk")

    def with_attendance(self) -> Self:
        """Return sessions with who was recorded at them."""
        from sessions_app.models import Attendance  # noqa: PLC0415 -- models import this module

        return self.prefetch_related(Prefetch("attendance", Attendance.objects.select_related("person")))

    def not_cancelled(self) -> Self:
        """Return rows that take place or took place."""
        return self.exclude(state="cancelled")

    def upcoming(self) -> Self:
        """Return rows still to come, soonest first."""
        return self.filter(state="planned", starts_at__gte=timezone.now()).order_by("starts_at")

    def outline_of(self, *groups: int) -> list[Any]:
        """Return the rows of the plans of these groups that were not cancelled, for an outline."""
        return _outline(groups)

    def outline_with_unread(self, standing: Any, group: Any, versions: Keys) -> list[Any]:
        """Return the rows of an outline that all carry `others_count`: how many of these forms are unread."""
        return _outline_with_unread(group.pk, _reader_of(standing), audiences_of(standing.role_in(group.pk)), versions)

    def of_plan_page(self, standing: Any, group: Any, versions: Keys) -> list[Any]:
        """Return the rows of a group's plan with `absences`, and `others_count` as above."""
        audiences = audiences_of(standing.role_in(group.pk))
        found = _plan_with_unread(group.pk, _reader_of(standing), audiences, versions)
        rows = {row.pk: row for row in found}
        for row in rows.values():
            row.absences = []
        for each in _absences(tuple(rows)):
            rows[each.session_id].absences.append(each)
        return list(rows.values())

    def for_outline(self) -> Self:
        """Return rows with the session's title alone, as `title_texts`; its other texts stay in the database."""
        own = ("position", "starts_at", "minutes", "form", "place", "link", "state", "held_at")
        found = self.select_related("catalogue").only(*own, "catalogue__kind", "catalogue__key")
        return found.annotate(title_texts=F("catalogue__content__title"), group_id=F("plan__group_id"))

    def for_plan(self) -> Self:
        """Return rows with what the plan shows."""
        own = ("plan_id", "position", "starts_at", "minutes", "form", "place", "state", "held_at")
        found = self.select_related("catalogue").only(
            *own, "agreed_version", "is_attendance_unknown", "cancel_reason", "catalogue__kind", "catalogue__key"
        )
        return found.annotate(title_texts=F("catalogue__content__title"), group_id=F("plan__group_id"))

    def with_count_of(self, others: Any) -> Self:
        """Return rows that all carry `others_count`, the number of rows of another query about one group."""
        counted = others.order_by().values("group").annotate(n=Count("pk")).values("n")
        return self.annotate(others_count=Subquery(counted))

    def for_page(self) -> Self:
        """Return rows with what the page of a session shows, and whether its attendance was corrected.

        Who prepares it is named in the lines of `preparers`.
        """
        from sessions_app.models import Attendance, AttendanceCorrection  # noqa: PLC0415 -- models import this module

        corrections = AttendanceCorrection.objects.filter(session=OuterRef("pk")).order_by()
        prepares = self.model.prepared_by.through.objects.filter(plannedsession=OuterRef("pk"))
        names = prepares.order_by().values("plannedsession").annotate(names=Lines("user__full_name")).values("names")
        found = self.select_related("catalogue", "plan__group__programme").prefetch_related(
            Prefetch("attendance", Attendance.objects.select_related("person"))
        )
        return found.annotate(is_attendance_corrected=Exists(corrections), preparers=Subquery(names))

    def for_list(self) -> Self:
        """Return rows with their session and how many were absent."""
        return self.select_related("catalogue", "plan__group").annotate(
            absent_count=Count("attendance", filter=Q(attendance__was_present=False))
        )
