"""What is about a session without a date is not asked for yet: `first_opens` of the summaries leaves it out."""

from typing import Any

from django.db import migrations


def leave_out_what_has_no_day(apps: Any, schema_editor: Any) -> None:
    """Read `first_opens` anew from the days that are stored beside it."""
    summaries = apps.get_model("checklist", "ChecklistSummary").objects
    changed = []
    for row in summaries.filter(first_opens__isnull=True, owed__gt=0).iterator():
        opens = [opens_on for opens_on, due_on, _count in row.open_days if opens_on or due_on]
        if opens and None not in opens:
            row.first_opens = min(opens)
            changed.append(row)
    summaries.bulk_update(changed, ["first_opens"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("checklist", "0002_initial")]

    operations = [migrations.RunPython(leave_out_what_has_no_day, migrations.RunPython.noop)]
