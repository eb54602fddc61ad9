"""The Mentee's first screen: the one next thing, my people, the road, my documents."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from checklist.gates import CONTRACT
from checklist.models import ChecklistItem
from core.days import programme_day
from core.policy.roles import FolderKind, Role
from core.templatetags.ui import day_month, since
from core.texts import text
from core.web.http import address
from documents.folder_rights import read_folders
from documents.models import Document
from documents.pages.rows import complete
from home.outlines import read_outlines
from home.pages.drafts import SHOWN, begun, form_rows
from home.pages.next_step import is_ripe, next_thing
from home.pages.road import stations_of
from mentoring.models import MentoringGroup
from mentoring.pages.messages import new_words
from mentoring.standing import Standing
from responses_app.models import FormComment, FormResponse
from responses_app.querysets import Answer
from sessions_app.pages.outline import outline_of
from tools.memory import give_versions, own_tools

if TYPE_CHECKING:
    from accounts.models import User

ANSWERS_SHOWN = 3
DOCUMENTS_SHOWN = 3


def mentee_context(standing: Standing) -> dict[str, Any]:
    """Return what the Mentee's screen shows: the next thing over all groups, the rest of the group that it is about."""
    user = standing.user
    every = MentoringGroup.objects.of_reader(standing, Role.MENTEE, newest_first=True)
    running = [group for group in every if not group.is_read_only] or every[:1]
    read_outlines(running)
    items = ChecklistItem.objects.owed_in(running, user.pk)
    forms = FormResponse.objects.unsettled_of(user.pk, running)
    give_versions(standing, items, forms)
    items = [item for item in items if item.tool_version.by_mentee]
    answers = FormComment.objects.last_answers_to(user.pk, running)
    documents, document_count = _documents(standing, running)
    upcoming = next_thing(running, items, forms)
    names = {group.pk: group.name for group in running if group.accepts_work}
    others = [form for form in begun(forms) if form.pk != upcoming.draft]  # the next thing says it already
    drafts = form_rows([form for form in others if form.group_id in names], names)
    return {
        "next": upcoming,
        "new_messages": new_words(sum(group.unread_messages for group in every)),
        "answers": _new_answers(standing, running, answers),
        "groups": [
            {
                "group": group,
                "leaders": _leaders(user, group, answers),
                **_others(user, group),
                "stations": stations_of(outline_of(group), _open_sessions(group, items), _since(user, group)),
            }
            for group in running
        ],
        "drafts": drafts[:SHOWN],
        "has_more_drafts": len(drafts) > SHOWN,
        "over": [group for group in every if group not in running],
        "documents": documents,
        "document_count": document_count,
        "documents_url": _documents_url(documents),
    }


def _since(user: "User", group: MentoringGroup) -> date:
    """Return the day on which the Mentee joined the group."""
    members: list[Any] = group.live_memberships  # type: ignore[attr-defined]  # read by `with_people`
    return min((each.starts_on for each in members if each.user_id == user.pk), default=date.min)


def _open_sessions(group: MentoringGroup, items: list[ChecklistItem]) -> set[str]:
    """Return the sessions whose diary the Mentee still owes."""
    if not group.accepts_work:
        return set()
    outline = outline_of(group)
    return {
        item.session_key for item in items if item.group_id == group.pk and item.session_key and is_ripe(item, outline)
    }


def _leaders(user: "User", group: MentoringGroup, answers: list[Answer]) -> list[dict[str, Any]]:
    """Return Mentor and Manager with one fact each, and the way to write to them."""
    words = {Role.MENTOR: _("Your Mentor."), Role.MANAGER: _("Your Manager.")}
    people = []
    for each in group.live_memberships:  # type: ignore[attr-defined]  # read by `with_people`
        if each.role not in words or each.user_id == user.pk:
            continue
        line, answered, answer_url = words[Role(each.role)], "", ""
        last = next((a for a in answers if (a.group, a.author) == (group.pk, each.user_id)), None)
        if last is not None:
            answered = _("Answered you %(when)s") % {"when": since(last.last)}
            answer_url = address("responses:form-detail", last.form)
        elif each.user.about:
            line = f"{line} {each.user.about}"
        people.append(
            {
                "person": each.user,
                "role": each.role,
                "size": "l" if each.role == Role.MENTOR else "m",
                "line": line,
                "answered": answered,
                "answer_url": answer_url,
                "write": address("mentoring:message-list", each.pk),
                "spoken": _("Write to %(name)s") % {"name": each.user.get_short_name()},
            }
        )
    return people


def _new_answers(standing: Standing, groups: list[MentoringGroup], answers: list[Answer]) -> list[dict[str, str]]:
    """Return the answers that the Mentee has not seen yet, the newest first: who, about what, where it is read."""
    here = {group.pk: group for group in groups}
    versions = own_tools(standing).versions
    found = []
    for answer in answers:
        members: list[Any] = here[answer.group].live_memberships  # type: ignore[attr-defined]  # read by `with_people`
        author = next((each.user for each in members if each.user_id == answer.author), None)
        if not answer.unseen or author is None:
            continue
        session = next(
            (r.title for r in outline_of(here[answer.group]).rows if r.session_key == answer.session_key), ""
        )
        version = versions.get(answer.tool_version)
        found.append(
            {
                "title": _("%(name)s answered you") % {"name": author.get_short_name()},
                "line": ": ".join(filter(None, [version.title if version else "", session])),
                "url": f"{reverse('responses:form-detail', args=[answer.form])}#comments",
            }
        )
    return found[:ANSWERS_SHOWN]


def _others(user: "User", group: MentoringGroup) -> dict[str, Any]:
    """Return the other Mentees, by name."""
    members: list[Any] = group.live_memberships  # type: ignore[attr-defined]  # read by `with_people`
    others = [each.user for each in members if each.role == Role.MENTEE and each.user_id != user.pk]
    return {"others": others, "other_names": get_text_list([each.get_short_name() for each in others], _("and"))}


def _documents(standing: Standing, groups: list[MentoringGroup]) -> tuple[list[dict[str, Any]], int]:
    """Return the contract, the newest documents of one's own and of the whole group, and how many there are."""
    user = standing.user
    folders = read_folders(standing, groups)
    contracts = own_tools(standing).versions_where(lambda version: version.content.get("editor") == CONTRACT)
    mine = Document.objects.own_open_in(folders, standing, contracts, DOCUMENTS_SHOWN)
    found = sorted(mine, key=lambda document: document.changed_at, reverse=True)
    by_key = {folder.pk: folder for folder in folders}
    for document in found:
        complete([document], by_key[document.folder_id], standing)
    rows = [
        {
            "title": _own_title(document) if document.subject_id == user.pk else document.short_title,
            "url": address("documents:document-detail", document.pk),
            "icon_name": document.tool_version.tool.icon,
            "line": _document_line(document),
            "group": document.folder.group_id,
            "folder": document.folder_id,
            "kind": document.folder.kind,
        }
        for document in found
    ]
    return rows, found[0].total if found else 0


def _own_title(document: Document) -> str:
    """Return the title without one's own name: the session, or else the type."""
    return text(document.session_title) or document.tool_version.title


def _document_line(document: Any) -> str:
    """Return what happened to the document last, and its type where the title is the session's."""
    last = _last_words(document)
    return f"{document.tool_version.title}. {last}" if text(document.session_title) else last


def _last_words(document: Any) -> str:
    day = day_month(programme_day(document.changed_at))
    if document.current and document.current.number > 1:
        return _("Version %(number)d, %(day)s") % {"number": document.current.number, "day": day}
    return _("Filed on %(day)s") % {"day": day}


def _documents_url(documents: list[dict[str, Any]]) -> str:
    """Return the folder in which most of it lies; empty while there is nothing."""
    by_kind: dict[str, int] = defaultdict(int)
    for document in documents:
        by_kind.setdefault(document["kind"], document["folder"])
    folder = by_kind.get(FolderKind.MANAGING.value) or next(iter(by_kind.values()), 0)
    return address("documents:folder-detail", folder) if folder else ""
