"""Why nobody was reminded, in words, with a link to what comes first."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models import ChecklistItem, ItemState
from checklist.services.reminders import is_owed_by, is_written_again_first, may_be_reminded
from mentoring.models import Membership, MentoringGroup
from mentoring.standing import Standing
from tools.models import Tool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nobody was reminded, and where one goes on from there."""

    text: str
    url: str = ""
    label: str = ""


def why_nobody(standing: Standing, group: MentoringGroup, tool: Tool, items: list[ChecklistItem]) -> Reason:
    """Return why nobody got a mail for these rows."""
    now = timezone.now()
    owed = [item for item in items if is_owed_by(item, now)]
    if not owed:
        is_later = any(item.state == ItemState.TODO for item in items)
        return Reason(_("It is not asked for yet.") if is_later else _("There is nothing left to do here."))
    title = {"title": owed[0].tool_version.title}
    members = list(Membership.objects.live().of_group(group).with_people())
    if is_written_again_first(group, tool, owed, members):
        words = _("“%(title)s” is written again with the people of today first, then signed by all.") % title
        return Reason(words, _start_url(standing, group, owed[0]), _("Write it again"))
    if any(item.subject_id is None and item.state == ItemState.TODO for item in owed):
        is_signed = owed[0].tool_version.needs_signatures
        if is_signed and (url := _start_url(standing, group, owed[0])):
            return Reason(_("“%(title)s” is written first, then signed by all.") % title, url, _("Fill it in"))
    if any(may_be_reminded(item, now=now) for item in owed):
        return Reason(_("Nobody was reminded: it is asked of nobody but you."))
    return Reason(_("Nobody was reminded: everyone concerned was reminded within the last day."))


def _start_url(standing: Standing, group: MentoringGroup, item: ChecklistItem) -> str:
    """Return where this person writes it; empty where it is for others."""
    if standing.role_in(group.pk) not in item.tool_version.filled_by:
        return ""
    return reverse("responses:form-start", args=[group.pk, item.tool_version.tool.key])
