"""The session catalogue, the session plan of a group, meetings with attendance, diaries."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.policy.choices import label_of
from core.texts import text
from mentoring.models import MentoringGroup, Pack
from responses_app.models import FormResponse
from sessions_app.querysets import (
    AttendanceCorrectionQuerySet,
    AttendanceQuerySet,
    CatalogueSessionQuerySet,
    CorrectedLine,
    PlannedSessionQuerySet,
    SectionQuerySet,
    SessionPlanQuerySet,
)


class SectionKind(models.TextChoices):
    """The four sections of the catalogue (domain.md 2.1 C-F)."""

    INITIAL = "initial", _("Initial session")
    EMPLOYABILITY = "employability", _("Employability sessions")
    ENTREPRENEURSHIP = "entrepreneurship", _("Entrepreneurship sessions")
    MONITORING = "monitoring", _("Monitoring sessions")


class Section(models.Model):
    """A section page of a pack: introduction, aims, outcomes."""

    pack = models.ForeignKey(Pack, models.CASCADE, related_name="sections")
    kind = models.CharField(_("section"), max_length=20, choices=SectionKind)
    content = models.JSONField(_("content"), default=dict)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [models.UniqueConstraint(fields=["pack", "kind"], name="one_section_per_kind")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.kind}"


class CatalogueSession(models.Model):
    """One session of the catalogue, in one version; immutable once a plan uses it.

    A group's own session has the `plan` that it was written for: only that plan shows it, and no pack changes it.
    """

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="sessions", verbose_name=_("pack"))
    kind = models.CharField(_("section"), max_length=20, choices=SectionKind)
    key = models.SlugField(_("key"), max_length=60)
    number = models.PositiveSmallIntegerField(_("number"))
    version = models.PositiveIntegerField(_("version"), default=1)
    content = models.JSONField(_("content"))
    digest = models.CharField(max_length=64)
    is_current = models.BooleanField(_("offered"), default=True)
    plan = models.ForeignKey(
        "sessions_app.SessionPlan", models.CASCADE, null=True, blank=True, related_name="own_sessions"
    )

    objects = CatalogueSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session of the catalogue")
        verbose_name_plural = _("session catalogue")
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "kind", "key", "version"], name="one_version_per_catalogue_session")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the active language."""
        return text(self.content.get("title"))

    @property
    def minutes(self) -> int:
        """The suggested length in minutes."""
        return int(self.content.get("minutes", 60))


class SessionPlan(models.Model):
    """The session plan of a group: drives calendar, diaries and what is due.

    `lock` counts the changes, as in a form. Agreeing renders it; a later change makes `is_changed` true until it is
    agreed again, as a new version.
    """

    group = models.OneToOneField(MentoringGroup, models.CASCADE, related_name="plan", verbose_name=_("group"))
    course_of_action = models.TextField(
        _("our course of action"),
        max_length=2000,
        blank=True,
        help_text=_("What comes first, what comes later, and why."),
    )
    notes = models.TextField(
        _("what we agreed about the plan"),
        max_length=2000,
        blank=True,
        help_text=_("Who says when a date changes, what each brings to every meeting."),
    )
    agreed_version = models.PositiveIntegerField(default=0)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_changed = models.BooleanField(default=False)
    lock = models.PositiveIntegerField(default=0)
    form = models.OneToOneField(FormResponse, models.PROTECT, null=True, related_name="session_plan")

    objects = SessionPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("session plan")
        verbose_name_plural = _("session plans")

    def __str__(self) -> str:
        return f"{self.group_id}"


class MeetingForm(models.TextChoices):
    """How a meeting takes place."""

    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")
    CHAT = "chat", _("In writing")
    OPEN = "open", _("Not chosen yet")


FACE_TO_FACE = frozenset({MeetingForm.IN_PERSON, MeetingForm.HYBRID})
"""Forms that count towards the programme's meetings in person and need a place."""


class MeetingState(models.TextChoices):
    """planned → held or cancelled."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class PlannedSession(models.Model):
    """One row of a session plan.

    `guests` are the names of people without an account, one in a line. `agreed_version` is the version of the plan in
    which it was first agreed; 0 for a draft. `dated_at` is when its date was set; None is before it took place.
    """

    plan = models.ForeignKey(SessionPlan, models.CASCADE, related_name="sessions")
    catalogue = models.ForeignKey(CatalogueSession, models.RESTRICT, related_name="planned", verbose_name=_("session"))
    position = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True, db_index=True)
    dated_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(10), MaxValueValidator(600)]
    )
    form = models.CharField(
        pgettext_lazy("of mentoring", "form"), max_length=10, choices=MeetingForm, default=MeetingForm.OPEN
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=400, blank=True)
    aim = models.CharField(_("aim"), max_length=300, blank=True)
    homework = models.TextField(_("homework"), max_length=1000, blank=True)
    prepared_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("who prepares")
    )
    agreed_version = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    guests = models.TextField(_("guests"), max_length=2000, blank=True)
    is_attendance_unknown = models.BooleanField(_("who was there is not known"), default=False)
    lock = models.PositiveIntegerField(default=0)

    # What `with_count_of()`, `for_plan()` and `for_page()` add.
    others_count: int | None
    absences: list["Attendance"]
    is_attendance_corrected: bool
    preparers: str | None

    objects = PlannedSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned session")
        verbose_name_plural = _("planned sessions")
        ordering = [models.F("starts_at").asc(nulls_last=True), "position", "pk"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.pk}"

    def get_form_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return the form of the meeting in words."""
        return label_of(MeetingForm, self.form)

    @property
    def title(self) -> str:
        """The session's title in the active language, also of a row read for an outline."""
        titles = self.__dict__.get("title_texts")
        return text(titles) if titles is not None else self.catalogue.title

    @property
    def ends_at(self) -> datetime | None:
        """When it ends; None without a date."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def is_over(self) -> bool:
        """Whether it has taken place: marked as held, or its time has passed and nobody cancelled it."""
        if self.state == MeetingState.PLANNED:
            return self.ends_at is not None and self.ends_at <= timezone.now()
        return self.state == MeetingState.HELD

    @property
    def has_begun(self) -> bool:
        """Whether its time has come, so that one can say who was there."""
        return self.state == MeetingState.PLANNED and self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def guest_names(self) -> list[str]:
        """Who was there and has no account here."""
        return self.guests.splitlines()

    @property
    def session_key(self) -> str:
        """The key that forms about it carry."""
        return f"session-{self.pk}"

    @property
    def session_title(self) -> dict[str, Any]:
        """The session in words, by language."""
        return dict(self.catalogue.content.get("title", {}))


class Attendance(models.Model):
    """Whether a member was at a meeting."""

    session = models.ForeignKey(PlannedSession, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attendance")
    was_present = models.BooleanField(_("was there"), default=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_attendance_per_person")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.person_id}"


class AttendanceCorrection(models.Model):
    """What was said about who was at a meeting turned out wrong: the trace of putting it right.

    The guests are kept as on the session: one name in a line.
    """

    session = models.ForeignKey(PlannedSession, models.CASCADE, related_name="attendance_corrections")
    guests_before = models.TextField(_("guests before"), max_length=2000, blank=True)
    guests = models.TextField(_("guests"), max_length=2000, blank=True)
    was_unknown = models.BooleanField(_("who was there was not known before"), default=False)
    is_unknown = models.BooleanField(_("who was there is not known"), default=False)
    reason = models.CharField(_("why"), max_length=300)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    # What `of_session()` adds.
    changed: list[CorrectedLine]

    objects = AttendanceCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.corrected_at:%Y-%m-%d}"


class CorrectedAttendance(models.Model):
    """What a correction changed for one person: whether they were there, before and now; None where nothing is said."""

    correction = models.ForeignKey(AttendanceCorrection, models.CASCADE, related_name="people")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    was_present = models.BooleanField(_("was there, as said before"), null=True)
    is_present = models.BooleanField(_("was there, as said now"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "person"], name="one_person_per_attendance_correction")
        ]

    def __str__(self) -> str:
        return f"{self.correction_id}: {self.person_id}"


class SessionResponse(models.Model):
    """A form about a planned session: a diary of one Mentee, a list of participants."""

    session = models.ForeignKey(PlannedSession, models.PROTECT, related_name="documents")
    form = models.OneToOneField(FormResponse, models.CASCADE, related_name="session_response")

    def __str__(self) -> str:
        return f"{self.session_id}: {self.form_id}"
