"""What waits for somebody's word, and what of middle and end is written without the checklist asking for it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import programme_day
from core.policy.roles import Action, Audience, Role
from mentoring.standing import Standing
from notices.due import NOT_WORKING, Asked, Due, DueKind, Group, register, when
from notices.kinds import Said
from notices.models import Side, Topic
from responses_app.models import FormComment, FormResponse, FormState
from responses_app.notices import EXAMPLE, reads_the_form, what
from tools.models import Filing, OnePer, Tool

WITH_MENTOR = (Audience.GROUP, Audience.STAFF, Audience.MENTOR)
HANDED_IN = (FormState.SUBMITTED, FormState.ACCEPTED, FormState.FILED)


def find(asked: Asked) -> Iterator[Due]:
    """Yield what waits for a decision, diaries without an answer, and questionnaires of middle and end."""
    yield from _handed_in(asked)
    yield from _monitoring(asked)


def _handed_in(asked: Asked) -> Iterator[Due]:
    """One statement for both kinds: what was handed in, by the day on which it was."""
    if (span := asked.span(("decision", "answer"))) is None:
        return
    days = (span[0] - timedelta(days=1), span[1] + timedelta(days=1))
    found = FormResponse.objects.filter(asked.working(), _waits_for_a_word(), latest__submitted_at__date__range=days)
    columns = (
        "pk", "group", "group__programme", "author", "audience", "state", "tool_version__filing",
        "tool_version__content__accepted_by", "tool_version__content__title", "session_title", "latest__submitted_at",
    )  # fmt: skip
    for row in found.order_by("latest__submitted_at", "pk").values_list(*columns):
        key, group, programme, author, audience, state, filing, deciders, title, session, at = row
        to_decide = state == FormState.SUBMITTED and filing == Filing.AFTER_ACCEPTANCE
        roles = (deciders or [Role.MENTOR, Role.MANAGER]) if to_decide else [Role.MENTOR]
        people = tuple(each for each in asked.people(group, *_readers(audience, roles)) if each != author)
        day = programme_day(at)
        facts = {
            "tool": title, "session": session, "person_id": author, "since": day.isoformat(),
            "url": reverse("responses:form-detail", args=[key]),
        }  # fmt: skip
        yield Due("decision" if to_decide else "answer", programme, group, key, day, people, facts)


def _readers(audience: str, roles: list[str]) -> list[str]:
    """Return those of the roles that read what has this audience."""
    if audience == Audience.MENTOR:
        return [role for role in roles if role == Role.MENTOR]
    if audience == Audience.MANAGER:
        return [role for role in roles if role == Role.MANAGER]
    return [] if audience == Audience.AUTHOR else roles


def _waits_for_a_word() -> Q:
    """Return the condition: it waits to be decided, or it is a diary that no Mentor has answered."""
    decision = Q(state=FormState.SUBMITTED, tool_version__filing=Filing.AFTER_ACCEPTANCE)
    spoken = FormComment.objects.filter(form=OuterRef("pk"), author_role=Role.MENTOR, removed_at=None)
    diary = Q(state__in=HANDED_IN, tool_version__one_per=OnePer.MENTEE_SESSION, audience__in=WITH_MENTOR)
    diary &= ~Q(tool_version__filing=Filing.AFTER_ACCEPTANCE)
    return Q(latest__isnull=False) & (decision | (diary & Q(~Exists(spoken))))


def _monitoring(asked: Asked) -> Iterator[Due]:
    """Two statements: the tools that hang on middle or end, and what is written already."""
    if "monitoring" not in asked.days:
        return
    tools: dict[int, list[Any]] = defaultdict(list)
    for tool in _tools_of_middle_and_end().order_by("number").values_list(
        "pk", "pack", "key", "current__one_per", "current__content__due__from", "current__content__due__days",
        "current__content__filled_by", "current__content__title",
    ):  # fmt: skip
        tools[tool[1]].append(tool)
    if not tools:
        return
    due = [
        (group, tool, day)
        for group in asked.groups
        for tool in tools[group.pack]
        if (day := _day_of(tool, group)) and asked.within("monitoring", day)
    ]
    written = _written({group.pk for group, _tool, _day in due}, {tool[0] for _group, tool, _day in due})
    for group, (key, _pack, slug, _per, _from, _days, roles, title), day in due:
        done = written.get((group.pk, key), set())
        people = () if None in done else asked.people(group.pk, *(roles or ()))
        facts = {
            "tool": title, "due_on": day.isoformat(), "url": reverse("responses:form-start", args=[group.pk, slug]),
        }  # fmt: skip
        missing = tuple(each for each in people if each not in done)
        yield Due("monitoring", group.programme, group.pk, key, day, missing, facts)


def _tools_of_middle_and_end() -> Any:
    hangs = Q(current__content__due__from__in=["group_middle", "group_end"])
    return Tool.objects.filter(hangs, is_offered=True, current__mandatory=False)


def _day_of(tool: Any, group: Group) -> date | None:
    """Return when a tool is due in a group; None where that was before the group was opened here."""
    base = group.ends_on if tool[4] == "group_end" else group.starts_on + (group.ends_on - group.starts_on) / 2
    day: date = base + timedelta(days=int(tool[5] or 0))
    return day if day >= programme_day(group.created_at) else None


def _written(groups: set[int], tools: set[int]) -> dict[tuple[int, int], set[int | None]]:
    """Return by group and tool for whom it is written: None where one paper is for all, or about somebody else."""
    found: dict[tuple[int, int], set[int | None]] = defaultdict(set)
    if not groups:
        return found
    forms = FormResponse.objects.filter(group__in=groups, tool_version__tool__in=tools, latest__isnull=False)
    columns = ("group", "tool_version__tool", "subject", "author")
    for group, tool, subject, author in forms.order_by("pk").values_list(*columns):
        found[group, tool].add(subject if subject == author else None)
    return found


# --- who is asked, and the words --------------------------------------------------------------------------------------


def _waits(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    rows = FormResponse.objects.filter(_waits_for_a_word()).exclude(group__stage__in=NOT_WORKING)
    return Q(Exists(rows.filter(pk=OuterRef("target_id"))))


def _decides(standing: Standing) -> Q:
    rows = FormResponse.objects.allowing(standing, Action.DECIDE).filter(state=FormState.SUBMITTED)
    return Q(Exists(rows.exclude(group__stage__in=NOT_WORKING).filter(pk=OuterRef("target_id"))))


def _answers(standing: Standing) -> Q:
    rows = FormResponse.objects.allowing(standing, Action.VIEW).filter(_waits_for_a_word())
    rows = rows.filter(group__in=standing.groups_as(Role.MENTOR)).exclude(group__stage__in=NOT_WORKING)
    return Q(Exists(rows.filter(pk=OuterRef("target_id"))))


def _unwritten(person: int | None = None) -> Q:
    """Return the condition that a tool is not written yet in the group of a notice; by a person where one is named."""
    forms = FormResponse.objects.filter(
        group=OuterRef("group"), tool_version__tool=OuterRef("target_id"), latest__isnull=False
    )
    if person is not None:
        forms = forms.filter(Q(subject=None) | Q(subject=person) | Q(author=person))
    return ~Q(Exists(forms)) & ~Q(group__stage__in=NOT_WORKING)


def _not_written(standing: Standing) -> Q:  # noqa: ARG001 -- one of the conditions
    return _unwritten()


def _writes_it(standing: Standing) -> Q:
    return _unwritten(standing.user_id) & Q(group__in=standing.all_groups())


def _decision(said: Said) -> str:
    return _("Waits for your decision: %(what)s") % {"what": what(said)}


def _answer(said: Said) -> str:
    return _("Waits for your answer: %(what)s") % {"what": what(said)}


def _from(said: Said) -> str:
    return _("%(who)s handed it in.") % {"who": said.person("person_id")} if said.person("person_id") else ""


def _tool(said: Said) -> str:
    return said.text("tool")


def _still_to_do(said: Said) -> str:
    return _("Still to do: %(tool)s") % {"tool": said.text("tool")}


register(
    find,
    DueKind(
        code="decision", place=60, topic=Topic.ASKED,
        label=gettext_lazy("Something handed in that nobody has accepted or returned"),
        day_label=gettext_lazy("the day on which it was handed in"), what=what, title=_decision, line=_from,
        still_open=_waits, is_theirs=_decides, reads_it=reads_the_form, sides=(Side.AFTER,),
        example=EXAMPLE | {"person_id": 1},
    ),
    DueKind(
        code="answer", place=55, topic=Topic.ASKED, label=gettext_lazy("A diary without the Mentor’s answer"),
        day_label=gettext_lazy("the day on which it was handed in"), what=what, title=_answer, line=_from,
        still_open=_waits, is_theirs=_answers, reads_it=reads_the_form, sides=(Side.AFTER,),
        example=EXAMPLE | {"person_id": 1},
    ),
    DueKind(
        code="monitoring", place=80, topic=Topic.ASKED,
        label=gettext_lazy("Monitoring in the middle and at the end that is not on the checklist"),
        day_label=gettext_lazy("the day on which it is due"), what=_tool, title=_still_to_do, line=when,
        still_open=_not_written, is_theirs=_writes_it, replaces=False,
        example={"tool": {"en": "Final discussion", "bg": "Заключителен разговор"}, "due_on": "2027-06-30"},
    ),
)  # fmt: skip
