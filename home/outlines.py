"""The plans of several groups, read at once."""

from collections.abc import Sequence

from mentoring.models import MentoringGroup
from sessions_app.models import PlannedSession
from sessions_app.pages.outline import keep_outline


def read_outlines(groups: Sequence[MentoringGroup]) -> None:
    """Read the plans of all groups in one query and keep each on its group."""
    by_group: dict[int, list[PlannedSession]] = {group.pk: [] for group in groups}
    for row in PlannedSession.objects.outline_of(*by_group):
        by_group[row.group_id].append(row)
    for group in groups:
        keep_outline(group, by_group[group.pk])
