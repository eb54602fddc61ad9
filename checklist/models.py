"""What a group still owes: one row per mandatory tool, person and session."""

from datetime import date, time

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.querysets import ChecklistItemQuerySet, ChecklistSummaryQuerySet
from core.days import programme_clock
from mentoring.models import MentoringGroup
from tools.constraints import one_each
from tools.models import Tool, ToolVersion


def is_asked(opens: str | None, due: str | None, now: str) -> bool:
    """Return whether what opens and is due then is asked for by `now`; moments as of `programme_clock`, or days.

    What is late is asked for. What has neither day is about a session that has no date yet: its time has not come.
    """
    if due and due < now[:10]:
        return True
    return opens <= now if opens else due is not None


def opening(day: date | None, at: time | None) -> str | None:
    """Return from when something is asked for: the day, or the moment on it, as `is_asked` compares them."""
    return f"{day}T{at:%H:%M}" if day and at else str(day) if day else None


class ItemState(models.TextChoices):
    """todo → waiting (handed in, or drafted and not yet signed) → done; or waived with a reason."""

    TODO = "todo", _("to do")
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    WAIVED = "waived", _("waived")


class ChecklistItem(models.Model):
    """A mandatory tool that a group needs, about a subject, on a session.

    `opens_on` is the first day on which it can be asked for; before it the cell says "Later". What is about a session
    is asked for from its end, on that day at `opens_at` by the programme's clocks; other rows from the beginning of
    their day. A row about a session that has no date yet has neither `opens_on` nor `due_on`.
    """

    SETTLED = frozenset({ItemState.DONE, ItemState.WAIVED})

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="checklist")
    tool_version = models.ForeignKey(ToolVersion, models.PROTECT, related_name="checklist_items")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="checklist_items"
    )
    session_key = models.CharField(max_length=60, blank=True)
    session_title = models.JSONField(default=dict, blank=True)
    opens_on = models.DateField(_("from"), null=True, blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.TODO)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_reason = models.CharField(_("reason"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist row")
        verbose_name_plural = _("checklist rows")
        constraints = [
            *one_each("one_checklist_row", "group", "tool_version"),
        ]
        indexes = [models.Index(fields=["group", "state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.group_id} {self.tool_version_id} {self.subject_id} {self.session_key}"

    @property
    def is_to_sign(self) -> bool:
        """Whether there is something to put one's name under; before it is written, that is asked for, and of others.

        The one rule of who is asked for what is signed: on first screens, in reminders, on the page of the tool.
        """
        return self.state == ItemState.WAITING and self.tool_version.needs_signatures

    def is_asked_by(self, now: str | None = None) -> bool:
        """Return whether it is asked for by a moment of `programme_clock`; on every page, in every count and reminder.

        Args:
            now: this moment when None.
        """
        due = str(self.due_on) if self.due_on else None
        return is_asked(opening(self.opens_on, self.opens_at), due, now or programme_clock())


class ChecklistSummary(models.Model):
    """The checklist of one group and tool, counted: what the matrix sorts, filters and shows, without reading rows.

    Kept by `checklist.services.summary` in the transaction that changes a row or hands in a form. What
    depends on the day is not counted but follows from days that are stored, so that nothing grows old over night:
    `open_days` lists when what is owed is first asked for and due, and how many rows share that
    (`[["2026-09-01", "2026-09-06", 3], ["2026-09-08T17:30", "2026-09-13", 3], …]`, a day is null when there is none).
    `first_opens`, on that day `first_opens_at`, and `first_due` are the earliest of them, for the database to sort and
    filter by; `first_opens` is null when something is asked for at once.
    What is about a session without a date has neither day and is not asked for yet (`is_asked`).

    `handed_in`: waits to be read by somebody; what only waits for signatures is still owed. `to_decide`: forms that
    the Managers of the group accept or return, also of tools that are not mandatory; `oldest` is the first of them.
    """

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="checklist_summaries")
    tool = models.ForeignKey(Tool, models.CASCADE, related_name="checklist_summaries")
    done = models.PositiveIntegerField(default=0)
    waived = models.PositiveIntegerField(default=0)
    handed_in = models.PositiveIntegerField(default=0)
    owed = models.PositiveIntegerField(default=0)
    open_days = models.JSONField(default=list)
    first_opens = models.DateField(null=True)
    first_opens_at = models.TimeField(null=True)
    first_due = models.DateField(null=True)
    to_decide = models.PositiveIntegerField(default=0)
    to_decide_since = models.DateTimeField(null=True)
    oldest = models.ForeignKey("responses.FormResponse", models.SET_NULL, null=True, related_name="+")

    objects = ChecklistSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("summary of the checklist")
        verbose_name_plural = _("summaries of the checklist")
        constraints = [models.UniqueConstraint(fields=["group", "tool"], name="one_summary_per_group_and_tool")]
        indexes = [
            models.Index(fields=["first_due"], name="summary_by_due_day", condition=models.Q(first_due__isnull=False)),
            models.Index(fields=["to_decide_since"], name="summary_to_decide", condition=models.Q(to_decide__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.tool_id}"
