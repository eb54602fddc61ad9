"""What is to be told, who was told what, and which way a person chose."""

from datetime import date, time, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Mail
from core.days import programme_today
from core.models import DomainEvent
from core.policy.choices import label_of
from core.policy.roles import ProgrammeRole
from mentoring.models import MentoringGroup, Programme
from notices.querysets import (
    FanoutQuerySet,
    HoursQuerySet,
    MailSettingQuerySet,
    NoticeChoiceQuerySet,
    NoticeQuerySet,
    ReminderQuerySet,
    ReminderRuleQuerySet,
    ReminderRunQuerySet,
)

GATHERED_AT = time(7)
"""When what was gathered leaves, unless a person chose another hour."""


class Way(models.TextChoices):
    """How somebody is told."""

    AT_ONCE = "at_once", _("On the page, and by e-mail at once")
    DAILY = "daily", _("On the page, and in one e-mail a day")
    WEEKLY = "weekly", _("On the page, and in one e-mail a week")
    IN_PAGE = "in_page", _("On the page only")
    OFF = "off", _("Not at all")


GATHERED = (Way.DAILY, Way.WEEKLY)


class Topic(models.TextChoices):
    """What one chooses a way for: kinds of notices that belong together."""

    FORMS = "forms", _("Forms and diaries")
    DOCUMENTS = "documents", _("Documents in the folders")
    SESSIONS = "sessions", _("Sessions and the plan")
    FORUM = "forum", _("The forum")
    PEOPLE = "people", _("People and stages of the group")
    ASKED = "asked", _("What you are asked for")


class Fanout(models.Model):
    """An event that somebody may have to be told of: written with it, worked off by a worker, however many it is."""

    event = models.OneToOneField(DomainEvent, models.CASCADE, related_name="fanout")
    done_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=100, blank=True)

    objects = FanoutQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], condition=Q(done_at=None), name="fanout_waiting")]

    def __str__(self) -> str:
        return f"{self.event_id}"


class Outcome(models.TextChoices):
    """What became of the e-mail about a notice."""

    NONE = "", _("on the page")
    WAITING = "waiting", _("e-mail waits")
    WRITTEN = "written", _("e-mail written")
    SEEN = "seen", _("seen before the e-mail left")
    CLOSED = "closed", _("no longer theirs to read")
    UNWANTED = "unwanted", _("e-mail switched off meanwhile")


class Notice(models.Model):
    """What one person is told of one event; once, whatever happens to worker and broker.

    `facts` are what its words are made of: ids, moments, titles; never what somebody wrote. Whether the person may
    know of it is asked whenever it is shown or sent (`querysets`), never remembered. `created_at` is when it happened.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    event = models.ForeignKey(DomainEvent, models.CASCADE, related_name="notices")
    group = models.ForeignKey(MentoringGroup, models.CASCADE, null=True, blank=True, related_name="+")
    target_id = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=20)
    facts = models.JSONField(default=dict, blank=True)
    way = models.CharField(max_length=10, choices=Way, default=Way.IN_PAGE)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.NONE, blank=True)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "person", "kind"], name="one_notice_per_event")]
        indexes = [
            models.Index(fields=["person", "-created_at"]),
            models.Index(fields=["person", "kind", "target_id"], condition=Q(seen_at=None), name="notice_unseen"),
            models.Index(fields=["person"], condition=Q(outcome="waiting", mail_due_at=None), name="notice_to_gather"),
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="notice_mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}"


class NoticeChoice(models.Model):
    """The way a person chose for a topic (any when empty), in a group (any when None)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices")
    topic = models.CharField(max_length=10, choices=Topic, blank=True)
    group = models.ForeignKey(MentoringGroup, models.CASCADE, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=10, choices=Way)

    objects = NoticeChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], condition=Q(group=None), name="one_choice_per_topic"),
            models.UniqueConstraint(fields=["person", "topic", "group"], name="one_choice_per_topic_and_group"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic} {self.group_id}: {self.way}"


class Hours(models.Model):
    """When e-mails about notices reach a person, by the clock of their time zone.

    Between `quiet_from` and `quiet_until` none leaves, over midnight too; both are empty without quiet hours. What is
    gathered for a day or a week leaves at `gathered_at`.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_hours")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    gathered_at = models.TimeField(default=GATHERED_AT)

    objects = HoursQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.gathered_at}, not {self.quiet_from}–{self.quiet_until}"


class Digest(models.Model):
    """What was gathered for a person and a day, or a week; one row for each, so that nothing is sent twice.

    `day` is the day in the person's time zone, of a week its Monday.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=Way)
    day = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "way", "day"], name="one_digest_per_period")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.way} {self.day}"


class Side(models.TextChoices):
    """On which side of the day a reminder comes."""

    BEFORE = "before", _("before it")
    AFTER = "after", _("after it")


ESCALATES_TO = (ProgrammeRole.MENTOR, ProgrammeRole.MANAGER, ProgrammeRole.ADMIN)
MOST_DAYS = 120
KEPT_FOR = 24
"""Months after which notices and the traces of reminders go, unless a programme says otherwise."""


class ReminderRule(models.Model):
    """When a programme reminds of one kind of what falls due: `days` on a `side` of the day, again `every` some days.

    `times` is how often at most; None: until it is done. `every` of 0 is once. With `escalate_to` those of that role
    are told `escalate_after` days after the day, if it is still not done. Only reminders of `since` and later are sent,
    so that a rule that is added, changed or switched on tells nobody of the past. A rule by which somebody was reminded
    is switched off, never deleted: the log names it.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="reminder_rules")
    kind = models.CharField(_("what falls due"), max_length=30)
    days = models.PositiveSmallIntegerField(_("days"), default=1, validators=[MaxValueValidator(MOST_DAYS)])
    side = models.CharField(_("before or after"), max_length=6, choices=Side, default=Side.BEFORE)
    every = models.PositiveSmallIntegerField(_("again every"), default=0, validators=[MaxValueValidator(MOST_DAYS)])
    times = models.PositiveSmallIntegerField(
        _("how often at most"),
        null=True,
        blank=True,
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    escalate_to = models.CharField(
        max_length=10, choices=[(each.value, each.label) for each in ESCALATES_TO], blank=True
    )
    escalate_after = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_DAYS)])
    is_on = models.BooleanField(default=True)
    since = models.DateField(default=programme_today)

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of reminders")
        verbose_name_plural = _("rules of reminders")
        ordering = ["kind", "-side", "-days", "pk"]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.kind}: {self.days} {self.side}"

    def get_escalate_to_display(self) -> str:  # type: ignore[no-redef]  # the plugin adds it too
        """Return in words who is told when it is late."""
        return label_of(ProgrammeRole, self.escalate_to) if self.escalate_to else ""

    @property
    def offset(self) -> int:
        """Days from the day on which something is due to the first reminder; less than 0 before it."""
        return -self.days if self.side == Side.BEFORE else self.days

    def occurrence(self, due: date, today: date) -> date | None:
        """Return the day of the newest reminder of something due on a day; None before the first one."""
        first = due + timedelta(days=self.offset)
        if today < first:
            return None
        number = (today - first).days // self.every if self.every else 0
        if self.times is not None:
            number = min(number, self.times - 1)
        return first + timedelta(days=number * self.every)


class ReminderRun(models.Model):
    """A day's reminders: whoever makes them holds the row; of two who begin at once one waits, and finds them."""

    day = models.DateField(unique=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.day}"


class Reminder(models.Model):
    """One reminder to one person: by which rule, of what, which time; the key that makes it happen once.

    `place` is the group's key, 0 for what belongs to none; `target` what the kind is about. `day` is the one on which
    the rule asks for it. What was told of it is the notice of `event`.
    """

    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.BigIntegerField(default=0)
    target = models.BigIntegerField()
    day = models.DateField()
    is_escalation = models.BooleanField(default=False)
    event = models.ForeignKey(DomainEvent, models.CASCADE, related_name="reminders")
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "place", "target", "person", "day", "is_escalation"], name="one_reminder_per_occurrence"
            )
        ]
        indexes = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.rule_id} → {self.person_id}: {self.target}, {self.day}"


class MailSetting(models.Model):
    """How a programme writes to its people: where answers go, and how long what was told is kept."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="mail_setting")
    reply_to = models.EmailField(
        _("Answers go to"), blank=True,
        help_text=_("Who answers an e-mail of the platform writes to this address. Empty: nobody reads answers."),
    )  # fmt: skip
    kept_months = models.PositiveSmallIntegerField(
        _("Months that notices are kept"), default=KEPT_FOR, validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Then what was told to whom is removed from everybody’s list and from the log."),
    )  # fmt: skip

    objects = MailSettingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.reply_to}"
