"""What a group still owes: one row per mandatory tool, person and occasion."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models.constraints import one_each
from documents.models.templates import TemplateVersion
from documents.querysets import ChecklistItemQuerySet
from mentoring.models import MentoringGroup


class ItemState(models.TextChoices):
    """todo → waiting (handed in, or drafted and not yet signed) → done; or waived with a reason."""

    TODO = "todo", _("to do")
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    WAIVED = "waived", _("waived")


class ChecklistItem(models.Model):
    """A mandatory tool that a group needs, about a subject, on an occasion.

    `opens_on` is the first day on which it can be asked for; before it the cell says "Later".
    """

    SETTLED = frozenset({ItemState.DONE, ItemState.WAIVED})

    group = models.ForeignKey(MentoringGroup, models.CASCADE, related_name="checklist")
    template_version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="checklist_items")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="checklist_items"
    )
    occasion = models.CharField(max_length=60, blank=True)
    occasion_title = models.JSONField(default=dict, blank=True)
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
            *one_each("one_checklist_row", "group", "template_version"),
        ]
        indexes = [models.Index(fields=["group", "state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.group_id} {self.template_version_id} {self.subject_id} {self.occasion}"
