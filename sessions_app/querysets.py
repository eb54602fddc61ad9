"""Who sees which plans and sessions."""

from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from core.days import programme_day
from core.lines import Lines
from core.policy.querysets import AccessQuerySet
from core.policy.roles import READ_ONLY_STAGES, Action, Area, Stage
from mentoring.models import Membership
from mentoring.querysets import AreaQuerySet


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

    def count_by_kind(self) -> dict[str, int]:
        """Return how many there are, by section."""
        return dict(self.order_by().values_list("kind").annotate(n=Count("pk")))

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
        plan = self.select_related("form").defer("form__answers").get(group=group.pk)
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

    def not_cancelled(self) -> Self:
        """Return rows that take place or took place."""
        return self.exclude(state="cancelled")

    def upcoming(self) -> Self:
        """Return rows still to come, soonest first."""
        return self.filter(state="planned", starts_at__gte=timezone.now()).order_by("starts_at")

    def for_outline(self) -> Self:
        """Return rows with the session's title alone, as `title_texts`; its other texts stay in the database."""
        own = ("position", "starts_at", "minutes", "form", "place", "link", "state", "held_at")
        found = self.select_related("catalogue").only(*own, "catalogue__kind", "catalogue__key")
        return found.annotate(title_texts=F("catalogue__content__title"), group_id=F("plan__group_id"))

    def for_plan(self) -> Self:
        """Return rows with what the plan shows: title, and who was absent as `absences`."""
        from sessions_app.models import Attendance  # noqa: PLC0415 -- models import this module

        person = [f"person__{name}" for name in ("call_name", "full_name", "email")]
        absent = Attendance.objects.filter(was_present=False).select_related("person").only("session_id", *person)
        own = ("plan_id", "position", "starts_at", "minutes", "form", "place", "state", "held_at")
        found = self.select_related("catalogue").only(
            *own, "agreed_version", "is_attendance_unknown", "cancel_reason", "catalogue__kind", "catalogue__key"
        )
        found = found.annotate(title_texts=F("catalogue__content__title"), group_id=F("plan__group_id"))
        return found.prefetch_related(Prefetch("attendance", absent, to_attr="absences"))

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
