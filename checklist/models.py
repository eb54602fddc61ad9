"""What a group still owes: one row per mandatory tool, person and session."""

from datetime import date
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.querysets import ChecklistItemQuerySet, ChecklistSummaryQuerySet
from mentoring.models import MentoringGroup
from tools.constraints import one_each
from tools.models import Tool, ToolVersion

Day = TypeVar("Day", date, str)


def is_asked(opens_on: Day | None, due_on: Day | None, day: Day) -> bool:
    """Return whether what opens and is due on these days is asked for by `day`; all three may be written as in JSON.

    What is late is asked for. What has neither day is about a session that has no date yet: its time has not come.
    """
    if due_on and due_on < day:
        return True
    return opens_on <= day if opens_on else due_on is not None


class ItemState(models.TextChoices):
    """todo → waiting (handed in, or drafted and not yet signed) → done; or waived with a reason."""

    TODO = "todo", _("to do")
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    WAIVED = "waived", _("waived")


class ChecklistItem(models.Model):
    """A mandatory tool that a group needs, about a subject, on a session.

    `opens_on` is the first day on which it can be asked for; before it the cell says "Later". A row about a session
    that has no date yet has neither `opens_on` nor `due_on`.
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

    def is_asked_on(self, day: date) -> bool:
        """Return whether it is asked for by that day; on every page, in every count, export and reminder."""
        return is_asked(self.opens_on, self.due_on, day)


class ChecklistSummary(models.Model):
    """The checklist of one group and tool, counted: what the matrix sorts, filters and shows, without reading rows.

    Kept by `checklist.services.summary` in the transaction that changes a row or hands in a form. What
    depends on the day is not counted but follows from days that are stored, so that nothing grows old over night:
    `open_days` lists when what is owed is first asked for and due, and how many rows share that
    (`[["2026-09-01", "2026-09-06", 3], …]`, a day is null when there is none). `first_opens` and `first_due` are the
    earliest of them, for the database to sort and filter by; `first_opens` is null when something is asked for at once.
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
