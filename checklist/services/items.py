"""What a group owes: rows of the checklist made, kept true, waived and asked for.

Every mandatory tool of the programme gives rows by its `one_per`: one for the group, one per Mentee, one per Mentee
and planned session. A row is done when its document is filed (and, where the tool is signed, signed by all).

Whoever changes rows holds their group first: of two who did so in another order, the database would undo one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models import ChecklistItem, ItemState
from checklist.services.summary import summarise
from core import events
from core.days import programme_day, programme_zone
from core.policy.roles import Role
from documents.models import Document, Signature
from mentoring import stops
from mentoring.models import Membership, MentoringGroup
from mentoring.stays import Stay, stays_in
from responses_app.models import FormResponse, FormState
from tools.models import OnePer, Tool, ToolVersion
from tools.subjects import about

if TYPE_CHECKING:
    from accounts.models import User

FIRST_WEEK = timedelta(days=7)
"""What was due before somebody came is due then."""


def _mandatory(group: MentoringGroup) -> list[ToolVersion]:
    """Return the mandatory tools of the group, each in the version the group uses already, else the newest."""
    tools = list(Tool.objects.of_pack(group.programme.pack_id).filter(current__mandatory=True))
    columns = ("tool_version__tool", "tool_version")
    used: dict[int, int] = dict(ChecklistItem.objects.filter(group=group).order_by().values_list(*columns).distinct())
    older = ToolVersion.objects.in_bulk(set(used.values()) - {tool.current_id for tool in tools})
    return [older.get(used.get(tool.pk, 0)) or tool.current for tool in tools if tool.current]


def due_day(
    version: ToolVersion, group: MentoringGroup, *, initial: date | None = None, since: date | None = None
) -> date | None:
    """Return the day on which a tool without a session is due, by its due rule.

    The clock of a rule begins when there is somebody to keep it: not before the group was opened here, nor before the
    person joined; what should have been done before that has a week. What hangs on the end of the group stays there.

    Args:
        initial: day of the initial session; the group's first day when None.
        since: first day of the person it is about.
    """
    rule = version.content.get("due") or {}
    start, end = group.starts_on, group.ends_on
    begins = max(programme_day(group.created_at), since or start)
    base = {
        "group_start": max(start, begins),
        "initial_session": max(initial or start, begins),
        "group_middle": max(start + (end - start) / 2, begins),
        "group_end": end,
    }.get(rule.get("from", ""))
    if base is None:
        return None
    due = base + timedelta(days=int(rule.get("days", 0)))
    return due if due >= begins or rule["from"] == "group_end" else begins + FIRST_WEEK


def _opening_day(version: ToolVersion, due: date | None, group: MentoringGroup) -> date | None:
    """Return the first day on which a tool is asked for: final tools four weeks before they are due."""
    if due is None or version.content.get("due", {}).get("from") not in {"group_end", "group_middle"}:
        return group.starts_on - timedelta(days=30)
    return due - timedelta(days=28)


@transaction.atomic
def ensure_items(*, group: MentoringGroup, initial: date | None = None) -> list[ChecklistItem]:
    """Make the rows that the group and its people of today need and do not have; idempotent.

    Rows of people who left and have nothing filed are taken away; due days follow the group's dates. What all sign is
    asked for anew when somebody came who has not signed, and is done when who was missing left.
    """
    MentoringGroup.objects.hold_key(group.pk)
    people = stays_in(group)
    existing = {
        (item.tool_version_id, item.subject_id): item
        for item in ChecklistItem.objects.filter(group=group, session_key="").select_related("tool_version")
    }
    made, wanted_keys = [], set()
    for version in _mandatory(group):
        roles = about(version).roles
        if about(version).needs_session:
            continue
        subjects: list[tuple[int | None, date | None]] = [(None, None)]
        if roles:
            subjects = [(stay.user_id, stay.since) for stay in people if stay.role in roles]
        elif version.needs_signatures and (row := existing.get((version.pk, None))):
            subjects = [(None, _signed_since(row, group, people))]
        for subject_id, since in subjects:
            due = due_day(version, group, initial=initial, since=since)
            key = (version.pk, subject_id)
            wanted_keys.add(key)
            item = existing.get(key)
            if item is None:
                made.append(
                    ChecklistItem(
                        group=group,
                        tool_version=version,
                        subject_id=subject_id,
                        due_on=due,
                        opens_on=_opening_day(version, due, group),
                    )
                )
            elif item.due_on != due and item.state in {ItemState.TODO, ItemState.WAITING}:
                item.due_on, item.opens_on = due, _opening_day(version, due, group)
                item.save(update_fields=["due_on", "opens_on"])
    ChecklistItem.objects.bulk_create(made)
    _catch_up(group, made)
    gone = [item.pk for key, item in existing.items() if key not in wanted_keys and item.state == ItemState.TODO]
    ChecklistItem.objects.filter(pk__in=gone).delete()
    summarise(groups=[group.pk])
    return made


def _signed_since(row: ChecklistItem, group: MentoringGroup, people: Iterable[Stay]) -> date | None:
    """Set the state of what all sign for the people of today; returns since when it is asked for, as `_asked_since`."""
    paper = _paper_of(row, group)
    if paper is None:
        return None
    tool_id = row.tool_version.tool_id
    settled = _settle(group_id=group.pk, tool_id=tool_id, subject_id=None, session_key="", at=None)
    row.state = settled.state if settled else row.state
    return _asked_since(row, paper, people)


def _paper_of(row: ChecklistItem, group: MentoringGroup) -> Document | None:
    """Return the paper of the whole group, if it has a version."""
    papers = Document.objects.about_the_same(group, row.tool_version.tool_id, None, "")
    found: Document | None = papers.filter(current__isnull=False).first()
    return found


def _asked_since(row: ChecklistItem, paper: Document, people: Iterable[Stay]) -> date | None:
    """Return since when the first of those is there who have not signed what others have; None while nobody has.

    Who had signed an earlier version is asked again since the one of today is there: a scan, or one written anew.
    """
    signed = _signers_of(paper)
    earlier = paper.versions.added().exclude(pk=paper.current_id)
    again = set(Signature.objects.filter(version__in=earlier).values_list("person", flat=True))
    missing = [stay for stay in people if stay.role in row.tool_version.signed_by and stay.user_id not in signed]
    if paper.current is None or not missing or not (signed or again):
        return None
    asked_again = programme_day(paper.current.created_at)
    return min(max(stay.since, asked_again) if stay.user_id in again else stay.since for stay in missing)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A session as the checklist knows it: its key and title, its day, when it is over, since when it is asked about.

    The three moments are None without a date; `asked_since` is a later day where it was logged afterwards.
    """

    key: str
    title: dict[str, Any]
    day: date | None
    over_at: datetime | None
    asked_since: date | None


@transaction.atomic
def ensure_session_items(
    *,
    group: MentoringGroup,
    sessions: Iterable[Occasion],
    absent: Collection[tuple[str, int]] = (),
) -> None:
    """Make and keep the rows of tools that every Mentee owes after a session (the diary).

    Args:
        sessions: of the agreed plan, without the cancelled ones; a diary is asked for once its session is over.
        absent: session and person, of those who were not there and therefore owe nothing.

    Rows of sessions that are no longer among them go, unless something was handed in.
    """
    MentoringGroup.objects.hold_key(group.pk)
    mentees = [stay for stay in stays_in(group) if stay.role == Role.MENTEE]
    versions = [version for version in _mandatory(group) if version.one_per == OnePer.MENTEE_SESSION]
    existing = {
        (item.tool_version_id, item.subject_id, item.session_key): item
        for item in ChecklistItem.objects.filter(group=group, tool_version__in=versions)
    }
    wanted: set[tuple[int, int | None, str]] = set()
    made: list[ChecklistItem] = []
    for session in sessions:
        day = session.day
        over = timezone.localtime(session.over_at, programme_zone()) if session.over_at else None
        opens = (over.date(), over.time().replace(second=0, microsecond=0)) if over else (None, None)
        for version in versions:
            days = int(group.programme.diary_due_days or version.content.get("due", {}).get("days", 5))
            for stay in mentees:
                if (day and not stay.covers(day)) or (session.key, stay.user_id) in absent:
                    continue
                due = max(session.asked_since or day, stay.since) + timedelta(days=days) if day else None
                key = (version.pk, stay.user_id, session.key)
                wanted.add(key)
                item = existing.get(key)
                if item is None:
                    made.append(
                        ChecklistItem(
                            group=group,
                            tool_version=version,
                            subject_id=stay.user_id,
                            session_key=session.key,
                            session_title=session.title,
                            due_on=due,
                            opens_on=opens[0],
                            opens_at=opens[1],
                        )
                    )
                elif (item.due_on, item.opens_on, item.opens_at) != (due, *opens):
                    item.due_on, (item.opens_on, item.opens_at) = due, opens
                    item.save(update_fields=["due_on", "opens_on", "opens_at"])
    ChecklistItem.objects.bulk_create(made)
    _catch_up(group, made)
    gone = [i.pk for key, i in existing.items() if key not in wanted and i.state in {ItemState.TODO, ItemState.WAIVED}]
    ChecklistItem.objects.filter(pk__in=gone).delete()
    summarise(groups=[group.pk])


def _catch_up(group: MentoringGroup, made: list[ChecklistItem]) -> None:
    """Let new rows know what was handed in or filed before they were there: a diary before the plan was agreed."""
    if not made:
        return
    these = {"tool_version__tool__in": {item.tool_version.tool_id for item in made}}
    columns = ("tool_version__tool", "subject", "session_key")
    written = set(FormResponse.objects.filter(group=group, latest__isnull=False, **these).values_list(*columns))
    written |= set(Document.objects.filter(folder__group=group, removed_at__isnull=True, **these).values_list(*columns))
    for item in made:
        if (item.tool_version.tool_id, item.subject_id, item.session_key) in written:
            _settle(
                group_id=group.pk,
                tool_id=item.tool_version.tool_id,
                subject_id=item.subject_id,
                session_key=item.session_key,
                at=None,
            )


def _signed_by_all(document: Document, roles: Iterable[str]) -> bool:
    """Return whether every live member of these roles has signed the newest version that was added."""
    needed = set(
        Membership.objects.live()
        .filter(group=document.folder.group_id, role__in=list(roles))
        .values_list("user_id", flat=True)
    )
    return bool(needed) and needed <= _signers_of(document)


def _signers_of(document: Document) -> set[int]:
    """Return who has signed the document as it reads now: one written anew is signed anew."""
    return set(Signature.objects.filter(version=document.current_id).values_list("person_id", flat=True))


def _fact(group_id: int, tool_id: int, subject_id: int | None, session_key: str) -> str:
    """Return the state that the documents and forms themselves show."""
    those = {"subject": subject_id, "session_key": session_key, "tool_version__tool": tool_id}
    documents = Document.objects.filter(folder__group=group_id, removed_at__isnull=True, current__isnull=False, **those)
    document = documents.select_related("folder", "tool_version").first()
    form = FormResponse.objects.filter(group=group_id, **those).first()
    if document is not None:
        roles = document.tool_version.signed_by
        if roles:
            return ItemState.DONE if _signed_by_all(document, roles) else ItemState.WAITING
        if form is None or form.state in {FormState.FILED, FormState.ACCEPTED, FormState.DRAFT}:
            return ItemState.DONE
    if form is not None and form.state in {FormState.SUBMITTED, FormState.ACCEPTED}:
        return ItemState.WAITING
    return ItemState.TODO


@transaction.atomic
def refresh(
    *,
    group_id: int,
    tool_id: int,
    subject_id: int | None = None,
    session_key: str = "",
    at: datetime | None = None,
) -> ChecklistItem | None:
    """Set the row's state from what is filed and handed in; a waived row stays waived until something is filed.

    Returns:
        The row, or None when the tool is not on the checklist of this group. Records `checklist.done` when the row
        became done, so that higher layers can move the group on.
    """
    MentoringGroup.objects.hold_key(group_id)
    item = _settle(group_id=group_id, tool_id=tool_id, subject_id=subject_id, session_key=session_key, at=at)
    summarise(groups=[group_id], tool=tool_id)
    return item


def _settle(
    *, group_id: int, tool_id: int, subject_id: int | None, session_key: str, at: datetime | None
) -> ChecklistItem | None:
    """Set the state of one row; the caller counts the rows anew."""
    item: ChecklistItem | None = (
        ChecklistItem.objects.select_for_update(of=("self",))
        .select_related("tool_version__tool")
        .filter(group=group_id, tool_version__tool=tool_id, subject=subject_id, session_key=session_key)
        .first()
    )
    if item is None:
        return None
    state = _fact(group_id, tool_id, subject_id, session_key)
    if item.state == ItemState.WAIVED and state == ItemState.TODO:
        return item
    if state == item.state:
        return item
    if item.state == ItemState.DONE and subject_id is None and item.tool_version.needs_signatures:
        item.due_on = _due_again(item)
    item.state = state
    item.done_at = (at or timezone.now()) if state == ItemState.DONE else None
    item.save(update_fields=["state", "done_at", "due_on"])
    if state == ItemState.DONE:
        key = item.tool_version.tool.key
        events.record("checklist.done", group_id=group_id, target=item, at=at, tool=key)
    return item


def _due_again(row: ChecklistItem) -> date | None:
    """Return when what all had signed is due once it was written anew: nobody is late with it at once."""
    group = MentoringGroup.objects.get(pk=row.group_id)
    paper = _paper_of(row, group)
    since = _asked_since(row, paper, stays_in(group)) if paper else None
    if since is None or row.due_on is None:
        return row.due_on
    return max(row.due_on, due_day(row.tool_version, group, since=since) or row.due_on)


def done_since(*, group_id: int, tool_id: int, subject_id: int | None, session_key: str, moment: datetime) -> None:
    """Let a row that is done say since when, where that was known before."""
    rows = ChecklistItem.objects.filter(group=group_id, tool_version__tool=tool_id, subject=subject_id)
    rows.filter(session_key=session_key, state=ItemState.DONE).update(done_at=moment)


def _matching(group: MentoringGroup, tool: Tool, items: Iterable[int] | None) -> Any:
    """Return the rows of a tool in a group, held; all or only the given ones."""
    found = ChecklistItem.objects.filter(group=group, tool_version__tool=tool).select_for_update(of=("self",))
    return found if items is None else found.filter(pk__in=list(items))


@transaction.atomic
def waive(
    *,
    group: MentoringGroup,
    tool: Tool,
    by: "User",
    reason: str,
    items: Iterable[int] | None = None,
    at: datetime | None = None,
) -> int:
    """Waive what is still open of a tool in a group, with a reason that Mentor and Managers read.

    Args:
        items: only these rows; all open rows of the tool when None.

    Raises:
        ValidationError: without a reason, or when the group is an archive.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason. The group’s Mentor and Managers read it.")})
    if stop := stops.waiving(group):
        raise ValidationError(stop)
    MentoringGroup.objects.hold_key(group.pk)
    open_rows = _matching(group, tool, items).exclude(state__in=[ItemState.DONE, ItemState.WAIVED])
    keys = list(open_rows.order_by("pk").values_list("pk", flat=True))  # held: of two who waive, one does
    count: int = ChecklistItem.objects.filter(pk__in=keys).update(
        state=ItemState.WAIVED, waived_by=by, waived_at=at or timezone.now(), waived_reason=reason.strip()[:300]
    )
    if count:
        summarise(groups=[group.pk], tool=tool.pk)
        events.record("checklist.waived", actor=by, group_id=group.pk, target=tool, at=at, rows=count)
    return count


@transaction.atomic
def unwaive(*, group: MentoringGroup, tool: Tool, by: "User", items: Iterable[int] | None = None) -> int:
    """Take a waiver back: the rows ask again.

    Raises:
        ValidationError: the group is an archive.
    """
    if stop := stops.waiving(group):
        raise ValidationError(stop)
    MentoringGroup.objects.hold_key(group.pk)
    rows = list(_matching(group, tool, items).filter(state=ItemState.WAIVED).order_by("pk"))
    for item in rows:
        item.state, item.waived_by, item.waived_at, item.waived_reason = ItemState.TODO, None, None, ""
        item.save(update_fields=["state", "waived_by", "waived_at", "waived_reason"])
        _settle(group_id=group.pk, tool_id=tool.pk, subject_id=item.subject_id, session_key=item.session_key, at=None)
    if rows:
        summarise(groups=[group.pk], tool=tool.pk)
        events.record("checklist.unwaived", actor=by, group_id=group.pk, target=tool, rows=len(rows))
    return len(rows)
