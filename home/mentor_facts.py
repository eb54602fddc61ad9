"""What a Mentor's first screen needs to know of forms, read for all groups at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from checklist.models import ChecklistItem
from core.policy.roles import Role
from mentoring.models import MentoringGroup
from mentoring.roles import give_people
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormState
from responses_app.services.rights import may_read
from tools.fields.questions import questions_of
from tools.memory import PackTools, give_versions, own_tools
from tools.models import OnePer
from tools.parties import names_its_people

if TYPE_CHECKING:
    from accounts.models import User

GOALS = "personal_goals"
"""The tool of a pack that holds what a Mentee wants to reach; a pack without it has no such column."""

DiaryKey = tuple[int, int, str]
PersonKey = tuple[int, int]


@dataclass(slots=True)
class Facts:
    """Forms with `is_readable` and `is_read`, and checklist rows, by group, person and session.

    `handed_in`: what others handed in and this Mentor may read, the oldest first. `items`: all open rows.
    """

    diaries: dict[DiaryKey, Any] = field(default_factory=dict)
    goals: dict[PersonKey, Any] = field(default_factory=dict)
    handed_in: list[Any] = field(default_factory=list)
    own: list[Any] = field(default_factory=list)
    diary_items: dict[DiaryKey, ChecklistItem] = field(default_factory=dict)
    goal_items: dict[PersonKey, ChecklistItem] = field(default_factory=dict)
    items: list[ChecklistItem] = field(default_factory=list)
    last_sign: dict[PersonKey, datetime] = field(default_factory=dict)

    @property
    def has_goals(self) -> bool:
        """Whether the groups have such a tool."""
        return bool(self.goals or self.goal_items)


def read_facts(standing: Standing, groups: Sequence[MentoringGroup], session_keys: Collection[str]) -> Facts:
    """Read forms, checklist rows and last signs of life of these groups: four queries.

    Args:
        sessions: the last session of each group, whose diaries the table shows.
    """
    facts = Facts()
    if not groups:
        return facts
    tools = own_tools(standing)
    goals = tools.versions_where(lambda version: version.tool.key == GOALS)
    diaries = tools.versions_where(lambda version: version.one_per == OnePer.MENTEE_SESSION)
    forms = FormResponse.objects.handed_in_to(
        groups, standing, session_keys=session_keys, goals=goals, diaries=diaries, asking=_asking(tools)
    )
    signed = tools.versions_where(lambda version: version.needs_signatures and names_its_people(version))
    items = ChecklistItem.objects.of_screen(groups, session_keys=session_keys, versions=goals, signed=signed)
    give_versions(standing, forms, items)
    by_key = {group.pk: group for group in groups}
    for form in forms:
        give_people(by_key[form.group_id], form, "author", "subject")
        form.is_readable = may_read(standing, form)
    _sort_forms(standing.user, forms, facts)
    _sort_items(items, facts)
    _read_signs(groups, facts)
    return facts


def _asking(tools: PackTools) -> dict[int, list[str]]:
    """Return which fields ask the Mentor something, by version."""
    keys = {
        key: [each.key for each in questions_of(version) if each.asks == Role.MENTOR.value]
        for key, version in tools.versions.items()
        if version.one_per == OnePer.MENTEE_SESSION
    }
    return {version: found for version, found in keys.items() if found}


def _sort_forms(user: "User", forms: Sequence[Any], facts: Facts) -> None:
    for form in forms:
        version, about = form.tool_version, form.subject_id or form.author_id
        if form.author_id == user.pk:
            facts.own.append(form)
            continue
        if form.is_readable and form.state != FormState.RETURNED:
            facts.handed_in.append(form)
        if version.one_per == OnePer.MENTEE_SESSION:
            facts.diaries[form.group_id, about, form.session_key] = form
        elif version.tool.key == GOALS:
            facts.goals[form.group_id, about] = form


def _sort_items(items: Sequence[ChecklistItem], facts: Facts) -> None:
    for item in items:
        version = item.tool_version
        if item.subject_id and version.one_per == OnePer.MENTEE_SESSION:
            facts.diary_items[item.group_id, item.subject_id, item.session_key] = item
        elif item.subject_id and version.tool.key == GOALS:
            facts.goal_items[item.group_id, item.subject_id] = item
        if item.state not in ChecklistItem.SETTLED:
            facts.items.append(item)


def _read_signs(groups: Sequence[MentoringGroup], facts: Facts) -> None:
    """Read when each person last did something in these groups."""
    for group, person, last in FormResponse.objects.last_signs(groups):
        known = facts.last_sign.get((group, person))
        facts.last_sign[group, person] = max(known, last) if known else last
