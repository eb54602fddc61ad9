"""The page behind one cell of the matrix: one mandatory tool in one group, person by person."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models import ChecklistItem, ItemState
from checklist.services.reminders import may_be_reminded, missing_signers, unnamed_for_all, who_owes
from core.days import programme_day
from core.policy.roles import Action, Area, Role
from core.templatetags.ui import day_month, due_state, programmes_day, since
from core.texts import text
from documents.models import Document
from mentoring.models import Membership, MentoringGroup
from mentoring.roles import people_in
from mentoring.services.stages import Unfounded, unfounded
from mentoring.standing import Standing
from responses_app.models import FormResponse
from responses_app.services import may_decide
from tools.memory import tools_of
from tools.models import OnePer, Tool, ToolVersion

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(slots=True)
class Row:
    """One row of the checklist in words: whom it is about, how it stands, where it lies, what one can do."""

    item: ChecklistItem
    title: str
    state: str
    words: str
    is_later: bool = False
    line: str = ""
    url: str = ""
    link: str = ""
    message_url: str = ""
    may_remind: bool = False
    may_waive: bool = False
    may_take_back: bool = False


Key = tuple[int | None, str]
FOLD_FROM = 7
"""From so many rows on, what is done and what is not its time yet are folded."""


@dataclass(slots=True)
class Part:
    """Rows of the page; `title` is empty for those that need somebody."""

    title: str
    rows: list[Row]
    is_folded: bool = False


def cell_context(standing: Standing, group: MentoringGroup, key: str) -> dict[str, Any] | None:
    """Return what the page shows; None when nothing of it is asked for, or not to be seen by this person."""
    tool = tools_of(group.programme.pack_id, standing).named(key)
    if tool is None or tool.current is None or not standing.may(Area.CHECKLIST, Action.VIEW, group.pk):
        return None
    items = list(ChecklistItem.objects.allowing(standing, Action.VIEW).of_cell(group, tool))
    if not items and not tool.current.mandatory:
        return None
    manages = group.accepts_work and standing.may(Area.CHECKLIST, Action.MANAGE, group.pk)
    documents: dict[Key, Document] = {
        (document.subject_id, document.session_key): document
        for document in Document.objects.allowing(standing, Action.VIEW).of_cell(group, tool)
    }
    forms: dict[Key, FormResponse] = {
        (form.subject_id, form.session_key): form
        for form in FormResponse.objects.allowing(standing, Action.VIEW).of_cell(group, tool)
    }
    missing = _missing_signatures(group, items)
    unnamed = unnamed_for_all(group, tool, missing)
    if unnamed:  # written again, it is signed by all, also by those who have signed what is there
        missing = people_in(group, *(Role(role) for role in tool.current.signed_by))
    rows = _rows(standing, group, items, documents, forms, may_manage=manages, signs=not unnamed)
    version = items[0].tool_version if items else tool.current
    for_all = forms.get((None, ""))
    is_closed = for_all is not None and not for_all.is_open
    is_written = version.one_per == OnePer.GROUP and any(row.url for row in rows)
    return {
        "group": group,
        "tool": tool,
        "version": version,
        "parts": _parts(rows),
        "remind_count": sum(row.may_remind for row in rows),
        "waive_count": sum(row.may_waive for row in rows),
        "back_count": sum(row.may_take_back for row in rows),
        "missing": missing,
        "unnamed": unnamed,
        "writers": [] if is_written else _writers(group, version),
        "fill_url": _fill_url(standing, group, version, items) if unnamed or not is_written else "",
        "reopen_url": reverse("responses:form-reopen", args=[for_all.pk]) if unnamed and for_all and is_closed else "",
        "upload_url": _upload_url(group, tool, items),
        "unfounded": _unfounded(group, items),
        "may_move_back": manages,
    }


def _rows(
    standing: Standing,
    group: MentoringGroup,
    items: list[ChecklistItem],
    documents: dict[Key, Document],
    forms: dict[Key, FormResponse],
    *,
    may_manage: bool,
    signs: bool,
) -> list[Row]:
    role = standing.role_in(group.pk)
    members: list[Membership] = group.live_memberships  # type: ignore[attr-defined]  # read by `with_people`
    now = timezone.now()
    rows = []
    for item in items:
        key = (item.subject_id, item.session_key)
        form = forms.get(key)
        row = _row(group, item, decides=form is not None and may_decide(form, role))
        _link(row, documents.get(key), form)
        may_remind = may_manage and may_be_reminded(item, now=now)
        row.may_remind = may_remind and _is_owed_by_another(standing, item, members, signs=signs)
        if role == Role.MENTOR and item.state == ItemState.TODO and not row.is_later:
            row.message_url = _message_url(standing, item, members)
        row.may_waive = may_manage and item.state in {ItemState.TODO, ItemState.WAITING}
        row.may_take_back = may_manage and item.state == ItemState.WAIVED
        rows.append(row)
    return rows


def _is_owed_by_another(standing: Standing, item: ChecklistItem, members: list[Membership], *, signs: bool) -> bool:
    """Return whether somebody else than the reader can be asked for it; `signs`: it names all who sign it."""
    return bool(who_owes(item, members, standing.user_id, to_sign=signs and item.is_to_sign))


def _message_url(standing: Standing, item: ChecklistItem, members: list[Membership]) -> str:
    """Return where the reader writes to the person who owes a row; empty for what the group owes, or oneself."""
    found = (each.pk for each in members if each.user_id == item.subject_id != standing.user_id)
    return next((reverse("mentoring:message-list", args=[key]) for key in found), "")


def _parts(rows: list[Row]) -> list[Part]:
    """Return the rows that need somebody, the longest late first; then what is done, then what comes later."""
    done = [row for row in rows if row.item.state in ChecklistItem.SETTLED]
    later = [row for row in rows if row.is_later]
    now = [row for row in rows if row not in done and row not in later]
    folds = len(rows) >= FOLD_FROM
    parts = [
        Part("", now),
        Part(_("Done or waived"), list(reversed(done)), folds and bool(now)),
        Part(_("Not its time yet"), later, folds),
    ]
    return [part for part in parts if part.rows]


def _row(group: MentoringGroup, item: ChecklistItem, *, decides: bool) -> Row:
    """Return the row with its state in words."""
    about = text(item.session_title)
    title = ", ".join(filter(None, [str(item.subject) if item.subject else _("The whole group"), about]))
    row = Row(item, title, *_state(group, item, decides=decides))
    row.is_later = item.state == ItemState.TODO and not item.is_asked_by()
    if item.state == ItemState.WAIVED:
        row.line = item.waived_reason
        if item.waived_by and item.waived_at:
            when = day_month(programme_day(item.waived_at))
            row.line = _("“%(reason)s” %(who)s, %(when)s") % {
                "reason": item.waived_reason, "who": item.waived_by.full_name, "when": when,
            }  # fmt: skip
    elif item.state != ItemState.DONE and item.reminded_at:
        row.line = _("Reminded %(when)s") % {"when": since(item.reminded_at)}
    return row


def _state(group: MentoringGroup, item: ChecklistItem, *, decides: bool) -> tuple[str, str]:
    """Return shape and words of the state."""
    if item.state == ItemState.DONE:
        done = day_month(programmes_day(item.done_at))
        return "done", _("Done on %(day)s") % {"day": done} if done else _("Done")
    if item.state == ItemState.WAIVED:
        return "waived", _("Waived")
    if not group.accepts_work:
        return "paused", str(group.get_stage_display())
    if item.state == ItemState.WAITING and not item.tool_version.needs_signatures:
        return ("waiting", _("For you to read")) if decides else ("planned", _("Handed in"))
    return _owed(item)


def _owed(item: ChecklistItem) -> tuple[str, str]:
    if not item.is_asked_by():
        return "planned", _("Later")
    return due_state(item.due_on) if item.due_on else ("planned", _("To do"))


def _link(row: Row, document: Document | None, form: FormResponse | None) -> None:
    """Let the row lead to its document, else to what was handed in; to nothing the person may not read."""
    if document is not None and document.current_id:
        row.url, row.link = reverse("documents:document-detail", args=[document.pk]), _("Open the document")
    elif form is not None:
        row.url, row.link = reverse("responses:form-detail", args=[form.pk]), _("Read it")


def _missing_signatures(group: MentoringGroup, items: list[ChecklistItem]) -> list["User"]:
    """Return who has not signed yet, for a document of the whole group that is there and needs signatures."""
    for item in items:
        if item.subject_id is None and item.is_to_sign:
            return missing_signers(item=item, members=group.live_memberships)  # type: ignore[attr-defined]
    return []


def _unfounded(group: MentoringGroup, items: list[ChecklistItem]) -> Unfounded | None:
    """Return the stage that was reached with a contract that is not signed by all any more."""
    is_open = any(item.tool_version.is_contract and item.state not in ChecklistItem.SETTLED for item in items)
    return unfounded(group) if is_open else None


def _fill_url(standing: Standing, group: MentoringGroup, version: ToolVersion, items: list[ChecklistItem]) -> str:
    """Return where this person fills in a tool of the whole group, or for others; empty where it is theirs alone."""
    role = standing.role_in(group.pk)
    is_open = any(item.state not in ChecklistItem.SETTLED for item in items)
    if role not in version.filled_by or not is_open or not group.accepts_work:
        return ""
    return reverse("responses:form-start", args=[group.pk, version.tool.key])


def _writers(group: MentoringGroup, version: ToolVersion) -> list[str]:
    """Return the names of those who write a paper of the whole group before all sign it."""
    if version.one_per != OnePer.GROUP or not version.needs_signatures or not version.filled_by:
        return []
    return [person.full_name for person in people_in(group, *(Role(role) for role in version.filled_by))]


def _upload_url(group: MentoringGroup, tool: Tool, items: list[ChecklistItem]) -> str:
    """Return where a document on paper is added; empty when none is missing."""
    is_missing = any(item.state not in ChecklistItem.SETTLED for item in items)
    if not is_missing or not group.accepts_work:
        return ""
    return f"{reverse('uploads:upload-create', args=[group.pk])}?tool={tool.key}"
