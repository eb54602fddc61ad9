"""Organisations, programmes, enrolments, mentoring groups, memberships, stages, invitations."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import Group as AuthGroup
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.days import programme_today
from core.policy.choices import label_of
from core.policy.roles import READ_ONLY_STAGES, ROAD, Audience, ProgrammeRole, Role, Stage
from core.search import FoldedField, FoldsOnSave
from core.texts import within
from mentoring.querysets import (
    EnrolmentQuerySet,
    InvitationQuerySet,
    MembershipProposalQuerySet,
    MembershipQuerySet,
    MentoringGroupQuerySet,
    MessageQuerySet,
    PackQuerySet,
    ProgrammeQuerySet,
)


class Organisation(models.Model):
    """A school, university, training centre or job service that runs programmes."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters: LT, BG, FI."))
    logo = models.ImageField(
        _("logo"), upload_to="logos/", blank=True, help_text=_("Printed on papers, at most 18 mm high.")
    )
    contact_email = models.EmailField(_("contact address"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MentoringForm(models.TextChoices):
    """The three forms of mentoring (domain.md 1.1)."""

    FACE_TO_FACE = "face_to_face", _("in person")
    ONLINE = "online", _("online")
    BLENDED = "blended", _("blended")


class GroupKind(models.TextChoices):
    """Pair (one Mentee) or group (domain.md 1.1)."""

    PAIR = "pair", _("pair")
    GROUP = "group", _("group")


def default_audiences() -> list[str]:
    """Return the audiences a diary may have unless a programme says otherwise."""
    return [Audience.GROUP.value, Audience.MENTOR.value]


class Programme(models.Model):
    """A programme of an organisation, with its settings; the pack gives the defaults (domain.md 7)."""

    class Sector(models.TextChoices):
        HIGHER_EDUCATION = "higher_education", _("higher education")
        VET = "vet", _("vocational education and training")
        ADULTS = "adults", _("adults in the labour market")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="programmes", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=120)
    season = models.CharField(_("season"), max_length=40, blank=True, help_text=_("Shown under the title: 2026–2027."))
    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        help_text=_("Two to eight letters; begins the numbers of all documents: STW."),
    )
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.ADULTS)
    pack = models.ForeignKey("mentoring.Pack", models.PROTECT, related_name="programmes", verbose_name=_("pack"))
    default_language = models.CharField(
        _("language of its documents"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    shows_emails = models.BooleanField(
        _("e-mail addresses are shown"),
        default=False,
        help_text=_("The people of a group see each other’s address. Otherwise everyone decides in their profile."),
    )
    is_open = models.BooleanField(_("open"), default=True, help_text=_("New groups can be opened."))

    duration_months = models.PositiveSmallIntegerField(
        _("length of a group, in months"), default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    sessions_target = models.PositiveSmallIntegerField(
        _("sessions planned"), default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    meeting_minutes = models.PositiveSmallIntegerField(
        _("length of a meeting, in minutes"),
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(600)],
    )
    in_person_target = models.PositiveSmallIntegerField(
        _("meetings in person"),
        default=3,
        validators=[MaxValueValidator(60)],
        help_text=_("A target: the plan warns below it and never blocks."),
    )
    group_size_max = models.PositiveSmallIntegerField(
        _("Mentees in a group"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("There may be more; a warning says so."),
    )
    diary_due_days = models.PositiveSmallIntegerField(
        _("days to write a diary"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    acceptance_days = models.PositiveSmallIntegerField(
        _("days to read what was handed in"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    diary_audiences = models.JSONField(_("who may read a diary"), default=default_audiences, blank=True)
    documents_numbered = models.PositiveIntegerField(default=0, editable=False)
    groups_numbered = models.PositiveIntegerField(default=0, editable=False)
    advances_groups = models.BooleanField(
        _("groups move to their next stage by themselves"),
        default=False,
        help_text=_("As soon as nothing is missing. Otherwise the Manager confirms each stage."),
    )
    absent_write_diaries = models.BooleanField(
        _("those who were absent write a diary too"),
        default=False,
        help_text=_("Otherwise only those who were at the session are asked for it."),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("months that documents are kept after the end"), default=36, validators=[MaxValueValidator(600)]
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-starts_on", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="programme_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.season}".strip()

    def clean(self) -> None:
        """Refuse dates in the wrong order."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The end is before the start.")})
        if (self.in_person_target or 0) > (self.sessions_target or 0) > 0:
            raise ValidationError({"in_person_target": _("These are more than the sessions planned.")})


class Pack(models.Model):
    """A loaded programme pack: what `load_pack` last read. Its tools and sessions are versioned rows elsewhere."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    version = models.CharField(_("version"), max_length=20)
    title = models.JSONField(_("title"))
    description = models.JSONField(_("description"), default=dict)
    languages = models.JSONField(_("languages"), default=list)
    settings = models.JSONField(_("defaults of a programme"), default=dict)
    pages = models.JSONField(_("pages"), default=dict)
    glossary = models.JSONField(_("glossary"), default=dict)
    role_names = models.JSONField(_("names of the roles"), default=dict)
    licence = models.CharField(_("licence"), max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Enrolment(models.Model):
    """A person in a programme role."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="enrolments", verbose_name=_("programme"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=ProgrammeRole)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [models.UniqueConstraint(fields=["programme", "user", "role"], name="one_enrolment_per_role")]

    def __str__(self) -> str:
        return f"{self.user}, {within(self.get_role_display())}"

    @property
    def memberships_here(self) -> "list[Membership]":
        """The memberships that the person holds in this role; after `for_list` only."""
        held: list[Membership] = self.user.shared_memberships  # type: ignore[attr-defined]
        return [each for each in held if each.role == self.role]

    def get_role_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return the role in words."""
        return label_of(ProgrammeRole, self.role)


class MentoringGroup(FoldsOnSave):
    """One Manager or more, one Mentor or two, and their Mentees; a pair is a group with one Mentee.

    The stage changes only through `mentoring.services.stages`.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="groups", verbose_name=_("programme"))
    name = models.CharField(_("name"), max_length=80)
    motto = models.CharField(_("motto"), max_length=160, blank=True)
    search_text = FoldedField(sources=("name", "motto"))
    kind = models.CharField(_("kind"), max_length=5, choices=GroupKind, default=GroupKind.GROUP)
    form = models.CharField(
        pgettext_lazy("of mentoring", "form"), max_length=12, choices=MentoringForm, default=MentoringForm.BLENDED
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    communication_schedule = models.TextField(
        _("communication schedule"),
        max_length=2000,
        blank=True,
        help_text=_("When and how you reach each other; everyone in the group reads it."),
    )
    initial_channel = models.CharField(
        _("place or link of the initial session"), max_length=300, blank=True, help_text=_("Chosen by the Manager.")
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.FORMING, db_index=True)
    paused_from = models.CharField(max_length=12, choices=Stage, blank=True)
    end_reason = models.CharField(_("why it ended early"), max_length=300, blank=True)
    number = models.PositiveIntegerField(_("number in the programme"))
    created_at = models.DateTimeField(_("opened at"), default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    objects = MentoringGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentoring group")
        verbose_name_plural = _("mentoring groups")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_number_per_group"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="group_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_stage_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return the stage in words."""
        return label_of(Stage, self.stage)

    @property
    def is_read_only(self) -> bool:
        """Whether the group is an archive now: closed or ended early."""
        return self.stage in READ_ONLY_STAGES

    @property
    def accepts_work(self) -> bool:
        """Whether people may fill in, upload and plan: neither archived nor paused."""
        return not self.is_read_only and self.stage != Stage.PAUSED


class RoleGroup(models.Model):
    """The auth group that holds the guardian grants of one role of one mentoring group."""

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="role_groups")
    role = models.CharField(max_length=10, choices=Role)
    auth_group = models.OneToOneField(AuthGroup, models.PROTECT, related_name="role_group")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "role"], name="one_role_group_per_role")]

    def __str__(self) -> str:
        return f"{self.group}: {self.role}"


class Membership(models.Model):
    """A person in a role of a group, from a day to a day (both included)."""

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="memberships", verbose_name=_("group"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"], condition=Q(ends_on__isnull=True), name="one_open_membership_per_person"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["user", "role", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.user}, {within(self.get_role_display())}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return the role in words."""
        return label_of(Role, self.role)

    @property
    def shows_address(self) -> bool:
        """Whether the people of the group see the address: the programme or the person says so."""
        return bool(self.group.programme.shows_emails or self.user.shows_email)

    @property
    def left_on(self) -> date | None:
        """The first day on which the person is no longer in the group."""
        return self.ends_on + timedelta(days=1) if self.ends_on else None

    def is_live(self, on: date | None = None) -> bool:
        """Return whether the membership holds on that day (today when None)."""
        day = on or programme_today()
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class StageChange(models.Model):
    """One step on the road of a group, and the gates that were waived for it."""

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=12, choices=Stage)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    waived_gates = models.JSONField(default=list, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.group}: {self.from_stage} → {self.to_stage}"

    @property
    def is_by_itself(self) -> bool:
        """Whether the group took this step by itself: on the road, named after nobody, with nothing to explain."""
        is_on_road = self.from_stage in ROAD and self.to_stage in ROAD
        return is_on_road and self.actor_id is None and not self.reason and not self.is_step_back

    @property
    def is_step_back(self) -> bool:
        """Whether the group was taken back on the road by this step."""
        before, after = self.from_stage, self.to_stage
        return before in ROAD and after in ROAD and ROAD.index(Stage(after)) < ROAD.index(Stage(before))


class MembershipProposal(models.Model):
    """Somebody from outside a group wants to put a person into it; somebody else must agree.

    Who sets up a programme does not read what its groups write. Making oneself, or a second account of one's own, a
    member would go round that; so it takes two.
    """

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="proposals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    was_accepted = models.BooleanField(default=False)

    objects = MembershipProposalQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"], condition=Q(decided_at__isnull=True), name="one_open_proposal_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.user_id}, {self.role}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return the role in words."""
        return label_of(Role, self.role)


class Invitation(models.Model):
    """A single-use, expiring invitation, bound to an address, a role and a programme; only its hash is kept."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="invitations", verbose_name=_("programme"))
    group = models.ForeignKey(
        MentoringGroup,
        models.CASCADE,
        related_name="invitations",
        null=True,
        blank=True,
        verbose_name=_("group"),
        help_text=_("Joins this group at once; may stay empty."),
    )
    role = models.CharField(_("role"), max_length=10, choices=ProgrammeRole)
    email = models.EmailField(_("e-mail"))
    full_name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language of the e-mail"), max_length=10, choices=settings.LANGUAGES, default="en")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email}, {within(self.get_role_display())}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return not self.why_closed

    @property
    def why_closed(self) -> str:
        """Why it cannot be accepted any more: used, withdrawn, expired; empty while it can."""
        if self.accepted_at is not None:
            return "used"
        if self.revoked_at is not None:
            return "withdrawn"
        return "" if self.expires_at > timezone.now() else "expired"


class Message(models.Model):
    """What one member of a group wrote to another; nobody else reads it."""

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="messages")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages_sent")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages_received")
    text = models.TextField(_("message"), max_length=4000)
    sent_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["recipient", "read_at"]), models.Index(fields=["group", "sender", "recipient"])]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.sender_id} → {self.recipient_id}"
