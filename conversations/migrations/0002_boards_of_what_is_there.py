"""Make the boards of the groups and programmes that are there already."""

from typing import Any

from django.db import migrations

ROLES = ("manager", "mentor", "mentee")


def open_boards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 -- Django's signature
    """Make one board for each group; for each programme with people its communities and announcements."""
    board = apps.get_model("conversations", "Board")
    groups = apps.get_model("mentoring", "MentoringGroup").objects.values_list("pk", flat=True)
    programmes = apps.get_model("mentoring", "Enrolment").objects.values_list("programme", flat=True)
    boards = [board(kind="group", group_id=key) for key in groups.order_by("pk")]
    for key in programmes.order_by("programme").distinct():
        boards += [board(kind="community", programme_id=key, role=role) for role in ROLES]
        boards.append(board(kind="announcements", programme_id=key))
    board.objects.bulk_create(boards, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Boards of what is there."""

    dependencies = [("conversations", "0001_initial"), ("mentoring", "0002_bounds_of_programmes")]
    operations = [migrations.RunPython(open_boards, migrations.RunPython.noop)]
