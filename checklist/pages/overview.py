"""What a group still owes, tool by tool, with the names of those who owe it: the matrix of one group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.models import ChecklistItem, ItemState
from core.days import programme_clock, programme_today
from core.policy.roles import Action, Role
from core.templatetags.ui import due_state
from mentoring.models import MentoringGroup
from mentoring.roles import people_by_key
from mentoring.standing import Standing
from tools.memory import give_versions, tools_of
from tools.models import ToolVersion

NAMED = 4
"""So many people are named in a row; of more it says how many."""


@dataclass(slots=True)
class Row:
    """One tool: how it stands, and who still owes it."""

    title: str
    url: str
    state: str
    words: str
    line: str


def overview_context(standing: Standing, group: MentoringGroup) -> dict[str, Any]:
    """Return the tools that somebody still has to do something for, and those that nobody has."""
    items = list(ChecklistItem.objects.allowing(standing, Action.VIEW).of_group(group).by_due_day())
    give_versions(standing, items)
    people = people_by_key(group, {item.subject_id for item in items})
    for item in items:
        item.subject = people[item.subject_id]
    role = standing.role_in(group.pk)
    missing: list[Row] = []
    settled: list[Row] = []
    for tool in tools_of(group.programme.pack_id, standing).offered:
        own = [item for item in items if item.tool_version.tool_id == tool.pk]
        if not own or tool.current is None:
            continue
        row = _row(group, tool.current, own, role)
        (settled if row.state in {"done", "planned", "later"} else missing).append(row)
    order = {"late": 0, "waiting": 1, "due": 2}
    missing.sort(key=lambda row: order.get(row.state, 3))
    return {"group": group, "missing": missing, "settled": settled}


def _row(group: MentoringGroup, version: ToolVersion, items: Sequence[ChecklistItem], role: Role | None) -> Row:
    """Return the row of a tool; its state is that of its most pressing item."""
    now = programme_clock()
    today = programme_today()
    url = reverse("checklist:checklist-cell", args=[group.pk, version.tool.key])
    done = sum(item.state in ChecklistItem.SETTLED for item in items)
    asked = [item for item in items if item.state != ItemState.TODO or item.is_asked_by(now)]
    counted = _("%(done)d of %(count)d done") % {"done": done, "count": len(asked)} if len(asked) > 1 else ""
    still = [item for item in items if item.state not in ChecklistItem.SETTLED]
    if not still:
        return Row(version.title, url, "done", _("Done"), counted)
    if not group.accepts_work:
        return Row(version.title, url, "paused", str(group.get_stage_display()), counted)
    handed_in = [item for item in still if item.state == ItemState.WAITING and not version.needs_signatures]
    owed = [item for item in still if item not in handed_in]
    late = [item for item in owed if item.due_on and item.due_on < today]
    begun = [item for item in owed if item.is_asked_by(now)]
    due = [item for item in begun if item.due_on]
    if late:
        words = ngettext("%(n)d late", "%(n)d late", len(late)) % {"n": len(late)}
        return Row(version.title, url, "late", words, _line(late, counted))
    if handed_in and role is not None and role.value in version.accepted_by:
        words = ngettext("%(n)d to read", "%(n)d to read", len(handed_in)) % {"n": len(handed_in)}
        return Row(version.title, url, "waiting", words, _line(handed_in, counted))
    if due:
        state, words = due_state(due[0].due_on)
        soon = [item for item in due if due_state(item.due_on)[0] == "due"]
        return Row(version.title, url, state, words, _line(soon, counted))
    words = _("To do") if begun else _("Handed in") if handed_in else _("Later")
    return Row(version.title, url, "planned", words, counted)


def _line(items: Sequence[ChecklistItem], counted: str) -> str:
    """Return who it is about, each once, and how many are done."""
    names = list(dict.fromkeys(item.subject.get_short_name() for item in items if item.subject))
    shown = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        shown = _("%(names)s and %(n)d more") % {"names": shown, "n": len(names) - NAMED}
    return ". ".join(filter(None, [shown, counted]))
