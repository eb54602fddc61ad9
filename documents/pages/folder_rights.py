"""The page “who can do what in this folder”, and the folder as a member sees it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.policy.roles import Action, Audience, FolderKind, Role
from core.policy.tables import FOLDER_POLICY
from core.templatetags.ui import day_month, programmes_day
from core.web.http import SignedInRequest
from documents.folder_rights import members_of, restrictions_of, withheld_from
from documents.forms import RestrictionForm
from documents.models import WITHHOLDABLE, Document, Folder, FolderRestriction
from documents.pages import folders as folder_page
from documents.pages import rows as document_rows
from mentoring import stops
from mentoring.models import Membership
from mentoring.navigation import rail_for
from mentoring.standing import Standing
from tools import wording

if TYPE_CHECKING:
    from accounts.models import User

MOST_LIFTED: Final = 20
_AS: Final = {
    Role.MANAGER: gettext_lazy("As every Manager"),
    Role.MENTOR: gettext_lazy("As every Mentor"),
    Role.MENTEE: gettext_lazy("As every Mentee"),
}


@dataclass(frozen=True, slots=True)
class Right:
    """One cell of the table: granted, withheld, or not of the role."""

    label: str
    state: str
    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """One member: what they may do here, and where that comes from."""

    person: "User"
    role: str
    role_label: str
    rights: list[Right]
    sources: list[str]
    see_url: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One restriction in words."""

    title: str
    line: str
    lift_url: str = ""
    lift_line: str = ""


def _listed(actions: frozenset[Action]) -> str:
    """Return “read” where nothing else is left without it, else “add files and add a new version”."""
    if Action.VIEW in actions:
        return str(Action.VIEW.label)
    return wording.listed([str(action.label) for action in WITHHOLDABLE if action in actions])


def whom(restriction: FolderRestriction) -> str:
    """Return for whom a restriction holds: “Every Mentor”, “Tomas Jankauskas”."""
    if restriction.person:
        return restriction.person.full_name
    return wording.every(Role(restriction.role))


def _source(restriction: FolderRestriction) -> str:
    """Return “Narrowed by Eglė on 26 November (add files): “…””."""
    return _("Restricted by %(who)s on %(day)s (%(what)s): “%(reason)s”") % {
        "who": restriction.made_by.get_short_name(),
        "day": day_month(programmes_day(restriction.made_at)),
        "what": _listed(restriction.actions),
        "reason": restriction.reason,
    }


def _right(folder: Folder, member: Membership, action: Action) -> Right:
    label = capfirst(str(action.label))
    if action not in FOLDER_POLICY[FolderKind(folder.kind)][Role(member.role)]:
        return Right(label, "no", _("No"), "dash-circle")
    if action in withheld_from(folder, member):
        return Right(label, "withheld", _("Restricted"), "lock")
    return Right(label, "yes", _("Yes"), "check2")


def _row(folder: Folder, member: Membership, user: "User") -> Row:
    role = Role(member.role)
    rights = [_right(folder, member, action) for action in WITHHOLDABLE]
    about = [each for each in restrictions_of(folder) if each.is_about(member.user_id, member.role)]
    see_url = "" if member.user_id == user.pk else reverse("documents:folder-seen-as", args=[folder.pk, member.pk])
    sources = [_source(each) for each in about]
    return Row(member.user, role.value, str(role.label), rights, [str(_AS[role]), *sources], see_url)


def narrowing(restriction: FolderRestriction) -> Narrowing:
    """Return a restriction in words: whose it is, what it withholds, who made and who lifted it."""
    title = _("%(whom)s, restricted: %(what)s") % {"whom": whom(restriction), "what": _listed(restriction.actions)}
    line = _("By %(who)s, %(day)s: “%(reason)s”") % {
        "who": restriction.made_by.get_short_name(),
        "day": day_month(programmes_day(restriction.made_at)),
        "reason": restriction.reason,
    }
    if restriction.lifted_by is None:
        return Narrowing(title, line, lift_url=reverse("documents:restriction-lift", args=[restriction.pk]))
    words = (
        _("Lifted by %(who)s, %(day)s: “%(reason)s”") if restriction.lift_reason else _("Lifted by %(who)s, %(day)s")
    )
    lifted = {
        "who": restriction.lifted_by.get_short_name(),
        "day": day_month(programmes_day(restriction.lifted_at)),
        "reason": restriction.lift_reason,
    }
    return Narrowing(title, line, lift_line=words % lifted)


def rights_context(request: SignedInRequest, folder: Folder, form: RestrictionForm) -> dict[str, Any]:
    """Return the context of the page: members and their rights, what is narrowed now, what was."""
    lifted = FolderRestriction.objects.lifted().of_folders([folder]).with_people()[:MOST_LIFTED]
    return {
        "folder": folder,
        "group": folder.group,
        "rail": rail_for(request, folder.group, current=folder.kind),
        "columns": [capfirst(str(action.label)) for action in WITHHOLDABLE],
        "rows": [_row(folder, member, request.user) for member in members_of(folder.group)],
        "narrowed": [narrowing(each) for each in restrictions_of(folder)],
        "lifted": [narrowing(each) for each in lifted],
        "withheld": stops.adding(folder.group),
        "form": form,
    }


def _unread_words(counts: dict[str, int]) -> list[str]:
    """Return how many documents the member reads and the Manager does not, by nothing but who reads them."""
    found = []
    for audience, count in sorted(counts.items()):
        if audience == Audience.MENTOR:
            words = ngettext(
                "%(n)s document that only the writer and the Mentor read",
                "%(n)s documents that only the writer and the Mentor read",
                count,
            )
        elif audience == Audience.AUTHOR:
            words = ngettext(
                "%(n)s document that only the writer reads", "%(n)s documents that only the writer reads", count
            )
        else:
            words = ngettext("%(n)s document that you may not read", "%(n)s documents that you may not read", count)
        found.append(words % {"n": count})
    return found


def _plain(row: document_rows.DocumentRow) -> document_rows.DocumentRow:
    """Return a row without state and acts, which would be those of the person who asks."""
    return replace(row, chip_state="", chip_text="", download_url="", menu=[])


def seen_as_context(request: SignedInRequest, folder: Folder, member: Membership) -> dict[str, Any]:
    """Return the context of the folder as `member` sees it: the rows that the person who asks may read too."""
    user = request.user
    theirs = Document.objects.allowing(Standing.of(member.user), Action.VIEW).in_folder(folder).with_bytes()
    shared = theirs.also_allowing(request.standing, Action.VIEW)
    page = folder_page.DocumentPages(shared, "newest").get_page(request.GET.get("page"))
    documents = list(page)
    document_rows.complete(documents, folder, request.standing)
    row = _row(folder, member, user)
    return {
        "folder": folder,
        "group": folder.group,
        "member": row,
        "may_read": row.rights[0].state == "yes",
        "page": page,
        "rows": [_plain(each) for each in document_rows.rows_of(documents, user, may=set(), known={})],
        "unread": wording.listed(_unread_words(theirs.not_allowing(request.standing, Action.VIEW).count_by_audience())),
    }
