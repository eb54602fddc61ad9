"""Reminding people of what they still owe: a notice each, at most once a day for every row, the way they chose."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from checklist.models import ChecklistItem, ItemState
from core import events
from core.days import programme_clock
from documents.models import Document, Signature
from mentoring import stops
from mentoring.models import Membership, MentoringGroup
from responses_app.models import FormResponse
from tools.models import Tool
from tools.parties import names_its_people, unnamed_in

if TYPE_CHECKING:
    from accounts.models import User

PAUSE = timedelta(days=1)


def may_be_reminded(item: ChecklistItem, *, now: datetime) -> bool:
    """Return whether somebody can be asked for this row now: open, its time has come, not asked within a day."""
    return is_owed_by(item, now) and (item.reminded_at is None or item.reminded_at <= now - PAUSE)


def is_owed_by(item: ChecklistItem, now: datetime) -> bool:
    """Return whether somebody still has to do something for a row, and its time has come."""
    return (item.state == ItemState.TODO or item.is_to_sign) and item.is_asked_by(programme_clock(now))


def missing_signers(*, item: ChecklistItem, members: Iterable[Membership]) -> list["User"]:
    """Return those of `members` whose signature the document still needs.

    What was written anew is signed anew: all who sign, until a paper of it is added.
    """
    papers = Document.objects.about_the_same(
        item.group_id, item.tool_version.tool_id, item.subject_id, item.session_key
    )
    signed = set(Signature.objects.filter(version__in=papers.values("current")).values_list("person_id", flat=True))
    signers = [each for each in members if each.role in item.tool_version.signed_by]
    return [each.user for each in signers if each.user_id not in signed]


def unnamed_for_all(group: MentoringGroup, tool: Tool, people: "Sequence[User]") -> list["User"]:
    """Return whom of these the paper of the whole group does not name: it is written again before they sign it.

    Args:
        people: those whose signature is missing; nothing is asked of the database without one.
    """
    if not people or tool.current is None or not names_its_people(tool.current):
        return []
    return unnamed_in(tool.current, FormResponse.objects.said_for_all(group, tool), people)


def who_owes(item: ChecklistItem, members: list[Membership], by: int | None, *, to_sign: bool) -> list["User"]:
    """Return whom to ask for a row: its person; for a row of the whole group those who sign or fill in.

    Args:
        by: who asks; nobody asks themselves.
        to_sign: there is something to put one's name under (`is_to_sign`); before that, and while it does not name
            all of them, it is asked of those who fill it in.
    """
    version = item.tool_version
    if item.subject_id is not None:
        people = [each.user for each in members if each.user_id == item.subject_id]
    elif to_sign:
        people = missing_signers(item=item, members=members)
    else:
        people = [each.user for each in members if each.role in version.filled_by]
    return [person for person in people if person.is_active and person.pk != by]


@transaction.atomic
def remind(
    *,
    group: MentoringGroup,
    tool: Tool,
    by: "User",
    items: Iterable[int] | None = None,
    at: datetime | None = None,
) -> list["User"]:
    """Remind everybody who owes an open row of a tool; once a person, whatever the number of rows.

    Records `checklist.reminded` for each; the notices tell of it (`checklist/notices.py`).

    Args:
        items: only these rows; all open rows of the tool when None.

    Returns:
        The people who are reminded; empty when everybody was reminded within the last day, or only `by` is left.

    Raises:
        ValidationError: the group is paused or over.
    """
    if stop := stops.reminding(group):
        raise ValidationError(stop)
    now = at or timezone.now()
    MentoringGroup.objects.hold_key(group.pk)
    rows = ChecklistItem.objects.select_for_update(of=("self",)).filter(
        Q(pk__in=list(items)) if items is not None else Q(), group=group, tool_version__tool=tool
    )
    rows = rows.select_related("tool_version").order_by("due_on", "pk")
    members = list(Membership.objects.live().of_group(group).with_people())
    signs = not is_written_again_first(group, tool, rows, members)
    asked: dict[int, tuple[User, list[ChecklistItem]]] = {}
    reminded = []
    for item in rows:
        if not may_be_reminded(item, now=now):
            continue
        people = who_owes(item, members, by.pk, to_sign=signs and item.is_to_sign)
        for person in people:
            asked.setdefault(person.pk, (person, []))[1].append(item)
        if people:
            reminded.append(item.pk)
    ChecklistItem.objects.filter(pk__in=reminded).update(reminded_at=now)
    for person, owed in asked.values():
        events.record(
            "checklist.reminded",
            actor=by,
            group_id=group.pk,
            target=tool,
            at=at,
            user_id=person.pk,
            items=",".join(str(item.pk) for item in owed),
            to_sign=signs and owed[0].is_to_sign,
        )
    return [person for person, _owed in asked.values()]


def is_written_again_first(
    group: MentoringGroup, tool: Tool, rows: Iterable[ChecklistItem], members: list[Membership]
) -> bool:
    """Return whether the paper of the whole group does not name all who sign it: it is written again before that."""
    for_all = next((item for item in rows if item.subject_id is None and item.is_to_sign), None)
    if for_all is None:
        return False
    return bool(unnamed_for_all(group, tool, missing_signers(item=for_all, members=members)))


def place_of(item: ChecklistItem, person_id: int, *, to_sign: bool) -> str:
    """Return the address where a person does what a row asks for; who only signs goes to the document."""
    group, tool = item.group, item.tool_version.tool
    if item.subject_id == person_id or (item.subject_id is None and not to_sign):
        return reverse("responses:form-start", args=[group.pk, tool.key])
    document = Document.objects.about_the_same(group, tool.pk, item.subject_id, item.session_key).first()
    if document is not None and document.current_id:
        return reverse("documents:document-detail", args=[document.pk])
    return reverse("mentoring:group-detail", args=[group.pk])
