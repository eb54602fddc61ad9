"""A diary is asked for from the end of its session, no more from the beginning of its day: also of those planned now."""

from collections import defaultdict
from datetime import date, time, timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone


def ask_from_the_end(apps: Any, schema_editor: Any) -> None:
    """Give the rows about sessions to come the moment of their end, and count their summaries anew."""
    sessions = apps.get_model("sessions_app", "PlannedSession").objects.select_related("plan")
    items = apps.get_model("checklist", "ChecklistItem").objects
    changed: set[tuple[int, int]] = set()
    for session in sessions.filter(state="planned", starts_at__gte=timezone.now() - timedelta(days=2)):
        over = timezone.localtime(session.starts_at + timedelta(minutes=session.minutes))
        found = items.filter(group=session.plan.group_id, session_key=f"session-{session.pk}", opens_on__isnull=False)
        found.update(opens_on=over.date(), opens_at=over.time().replace(second=0, microsecond=0))
        changed |= set(found.values_list("group", "tool_version__tool"))
    for group, tool in sorted(changed):
        _count(apps.get_model("checklist", "ChecklistSummary").objects, items, group, tool)


def _count(summaries: Any, items: Any, group: int, tool: int) -> None:
    """Write down when what one group owes of one tool is asked for; a diary that was handed in is not owed."""
    counted: dict[tuple[date | None, time | None, date | None], int] = defaultdict(int)
    for item in items.filter(group=group, tool_version__tool=tool, tool_version__mandatory=True, state="todo"):
        counted[item.opens_on, item.opens_at, item.due_on] += 1
    days = sorted(
        ([f"{day}T{at:%H:%M}" if day and at else day and str(day), due and str(due), n]
         for (day, at, due), n in counted.items()),
        key=lambda each: (each[1] or "9999", each[0] or ""),
    )  # fmt: skip
    opens = [(day, at or time.min, at) for day, at, due in counted if day or due]
    first = min(opens) if opens and all(day for day, *_at in opens) else (None, None, None)
    summaries.filter(group=group, tool=tool).update(open_days=days, first_opens=first[0], first_opens_at=first[2])


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0004_one_line_per_person"), ("checklist", "0004_from_the_end_of_a_session")]

    operations = [migrations.RunPython(ask_from_the_end, migrations.RunPython.noop)]
