"""What a Mentor's first screen needs to know of forms, read for all groups at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from checklist.models import ChecklistItem
from mentoring.models import MentoringGroup
from mentoring.roles import give_people
from mentoring.standing import Standing
from responses_app.models import FormComment, FormRead, FormResponse, FormState
from responses_app.services.rights import may_read
from tools.memory import give_versions, tools_of
from tools.models import OnePer

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
    """Read forms, checklist rows and last signs of life of these groups: five queries.

    Args:
        sessions: the last session of each group, whose diaries the table shows.
    """
    facts = Facts()
    if not groups:
        return facts
    forms, items = list(_forms(standing, groups, session_keys)), list(_items(standing, groups, session_keys))
    give_versions(standing, forms, items)
    by_key = {group.pk: group for group in groups}
    for form in forms:
        give_people(by_key[form.group_id], form, "author", "subject")
        form.is_readable = may_read(standing, form)
    _sort_forms(standing.user, forms, facts)
    _sort_items(items, facts)
    _read_signs(groups, facts)
    return facts


def _forms(
    standing: Standing, groups: Sequence[MentoringGroup], session_keys: Collection[str]
) -> QuerySet[FormResponse]:
    """Return what the page may have to show: last diaries, goals, what waits to be read, own ones that came back."""
    versions = [version for pack in standing.group_packs() for version in tools_of(pack, standing).versions.values()]
    goals = [version.pk for version in versions if version.tool.key == GOALS]
    diaries = [version.pk for version in versions if version.one_per == OnePer.MENTEE_SESSION]
    read = FormRead.objects.filter(submission=OuterRef("latest"), user=standing.user)
    handed_in = (
        Q(session_key__in=session_keys)
        | Q(tool_version__in=goals)
        | Q(state=FormState.SUBMITTED)
        | (Q(tool_version__in=diaries) & ~Exists(read))
    )
    found: QuerySet[FormResponse] = FormResponse.objects.filter(
        Q(author=standing.user, state=FormState.RETURNED) | (Q(latest__isnull=False) & handed_in), group__in=groups
    )
    return found.for_overview(standing).order_by("latest__submitted_at", "pk")  # type: ignore[attr-defined,no-any-return]


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


def _items(
    standing: Standing, groups: Sequence[MentoringGroup], session_keys: Collection[str]
) -> QuerySet[ChecklistItem]:
    """Return the open rows, and those of the last diaries and the goals."""
    versions = [version for pack in standing.group_packs() for version in tools_of(pack, standing).versions.values()]
    goals = [version.pk for version in versions if version.tool.key == GOALS]
    found: QuerySet[ChecklistItem] = ChecklistItem.objects.filter(group__in=groups).filter(
        ~Q(state__in=ChecklistItem.SETTLED) | Q(session_key__in=session_keys) | Q(tool_version__in=goals)
    )
    return found.order_by("due_on", "pk")


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
    """Read when each person last saved, handed in or commented something."""
    saved = FormResponse.objects.filter(group__in=groups, saved_by__isnull=False).order_by()
    said = FormComment.objects.filter(form__group__in=groups, removed_at__isnull=True).order_by()
    for rows in (
        saved.values_list("group_id", "saved_by_id").annotate(last=Max("saved_at")),
        said.values_list("form__group_id", "author_id").annotate(last=Max("written_at")),
    ):
        for group, person, last in rows:
            known = facts.last_sign.get((group, person))
            facts.last_sign[group, person] = max(known, last) if known else last
