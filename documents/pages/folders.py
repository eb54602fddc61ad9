"""What the page of a folder shows: who reads it, what is in it, what is being made, what was taken out."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policy.roles import Action, FolderKind
from core.typed_text import clean_text
from core.web.http import SignedInRequest
from documents import contributions
from documents.folder_rights import rights_in, without
from documents.models import Document, Folder
from documents.pages import rows as document_rows
from mentoring import stops
from mentoring.navigation import rail_for
from mentoring.roles import people_in
from mentoring.standing import Standing
from tools import wording
from tools.memory import give_versions, tools_of
from tools.models import Tool

if TYPE_CHECKING:
    from accounts.models import User

PAGE_SIZE: Final = 25
BY_TYPE: Final = "type"


def size_limit() -> str:
    """Return “25 MB”."""
    return re.sub(r"[.,]0\b", "", str(filesizeformat(settings.UPLOAD_MAX_BYTES)))


def keepers(folder: Folder, user: "User") -> str:
    """Return who puts documents in: “you and Rasa”; empty when nobody may."""
    closed = without(folder, Action.UPLOAD)
    people = [person for person in people_in(folder.group) if person.pk not in closed]
    names = [_("you")] if user in people else []
    return wording.listed(names + [person.get_short_name() for person in people if person != user])


def everyone(folder: Folder) -> str:
    """Return who reads what is for the whole group: “All 6 people of “Žingsnis””, or fewer where it is narrowed."""
    group = folder.group
    count, closed = len(people_in(group)), len(without(folder, Action.VIEW))
    if closed:
        words = _("%(n)s of the %(all)s people of “%(group)s”")
        return words % {"n": count - closed, "all": count, "group": group.name}
    words = ngettext("%(n)s person of “%(group)s”", "All %(n)s people of “%(group)s”", count)
    return words % {"n": count, "group": group.name}


def audience_words(folder: Folder, user: "User", *, is_keeper: bool) -> str:
    """Return the one sentence on who reads the folder and who puts documents in."""
    if folder.kind == FolderKind.PERSONAL:
        return _("Everyone finds only their own documents here; nobody else reads them.")
    names = {"everyone": everyone(folder), "keepers": keepers(folder, user)}
    if folder.kind == FolderKind.MONITORING:
        reads = _("%(everyone)s can open this folder; some documents show to fewer, as written on them.") % names
    else:
        reads = _("%(everyone)s can read what is here, unless a document says otherwise.") % names
    if not names["keepers"]:
        return f"{reads} " + _("Nobody can add documents now; forms that are handed in are filed automatically.")
    if is_keeper:
        return f"{reads} " + _("Only %(keepers)s can add documents.") % names
    return f"{reads} " + _("%(keepers)s add documents; your own forms are filed automatically.") % names


class DocumentPages(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """The pages of a folder: counted without what only a row needs; folders of one page are not counted at all."""

    def __init__(self, documents: Any, order: str, first: list[Document] | None = None) -> None:
        super().__init__([], PAGE_SIZE)
        self._documents, self._order, self._read = documents, order, first

    @cached_property
    def _first(self) -> list[Document]:
        """Return the rows of the first page, and one more if there is one."""
        return list(self._rows()[: PAGE_SIZE + 1]) if self._read is None else self._read

    def _rows(self) -> Any:
        return self._documents.sorted_by(self._order).for_rows()

    @cached_property
    def count(self) -> int:
        """Return how many documents there are."""
        return len(self._first) if len(self._first) <= PAGE_SIZE else self._documents.count()

    def page(self, number: Any) -> Page[Document]:
        """Return a page; the first one was read to count."""
        number = self.validate_number(number)
        if number == 1:
            return Page(self._first[:PAGE_SIZE], int(number), self)
        self.object_list = self._rows()
        return super().page(number)


def _types(folder: Folder, standing: Standing) -> list[Tool]:
    """Return the tools that go to this folder."""
    offered = tools_of(folder.group.programme.pack_id, standing).offered
    return [each for each in offered if each.current and each.current.folder_kind == folder.kind]


def _rows(
    page: "Page[Document]", folder: Folder, standing: Standing, may: set[Action], order: str
) -> list[document_rows.DocumentRow]:
    documents = list(page)
    document_rows.complete(documents, folder, standing)
    known = contributions.states_of(documents, standing)
    return document_rows.rows_of(documents, standing.user, may=may, known=known, by_kind=order == BY_TYPE)


def folder_context(request: SignedInRequest, folder: Folder) -> dict[str, Any]:
    """Return the context of the folder's page, with search, type, order and page taken from the address."""
    words = clean_text(request.GET.get("q", ""), lines=False)[:100]
    kind, order = request.GET.get("type", ""), request.GET.get("sort", BY_TYPE)
    standing, user = request.standing, request.user
    may = rights_in(standing, folder)
    people_in(folder.group)
    acts = document_rows.folder_rights(folder, may)
    found: Any = SimpleLazyObject(lambda: Document.objects.open_in([folder], standing).with_bytes())
    is_filtered = bool(words or kind)
    if is_filtered:
        pages = DocumentPages(found.matching(words).of_tool(kind), order)
    else:
        pages = DocumentPages(found, order, Document.objects.first_open_in(folder, standing, order, PAGE_SIZE + 1))
    page = pages.get_page(request.GET.get("page"))
    making = [] if is_filtered or page.number > 1 else contributions.rows_for(folder, standing)
    started = contributions.started_in(folder, standing) if Action.UPLOAD in acts else []
    total = page.paginator.count
    types = _types(folder, standing)
    return {
        "folder": folder,
        "group": folder.group,
        "rail": rail_for(request, folder.group, current=folder.kind),
        "audience": audience_words(folder, user, is_keeper=Action.UPLOAD in may),
        "acts": acts,
        "may_add": Action.UPLOAD in acts,
        "started": started,
        "is_keeper": Action.UPLOAD in may,
        "withheld": stops.adding(folder.group),
        "size_limit": size_limit(),
        "types": types,
        "first_type": next((each for each in types if each.current and each.current.signed_by), None),
        "keepers": keepers(folder, user),
        "may_manage": Action.MANAGE in may,
        "words": words,
        "kind": kind,
        "order": order,
        "orders": [(BY_TYPE, _("By type")), ("newest", _("Newest first")), ("oldest", _("Oldest first"))],
        "is_filtered": is_filtered,
        "page": page,
        "rows": _rows(page, folder, standing, acts, order),
        "making": making,
        "is_empty": not total and not making and not is_filtered,
        "all_count": found.count() if is_filtered and not total else total,
        "removed": [] if is_filtered else _removed(folder, standing, may),
        "may_restore": Action.REMOVE in may,
    }


def _removed(folder: Folder, standing: Standing, may: set[Action]) -> list[Document]:
    """Return what was taken out: all of it for those who may bring it back, for others what is theirs."""
    if not folder.has_removed:
        return []
    if Action.REMOVE in may:
        found = Document.objects.removed_from(folder, standing)
    else:
        found = Document.objects.removed_about(folder, standing)
    known = contributions.hindrances() if Action.REMOVE in may else {}
    others = {name: each.number() for name, each in known.items()}
    documents = list(found.for_removed().with_hindrances(folder, standing, others)[:PAGE_SIZE])
    give_versions(standing, documents)
    for document in documents if Action.REMOVE in may else ():
        document.hindrance = _hindrance(document, known)
    return documents


def removed_context(request: SignedInRequest, document: Document) -> dict[str, Any]:
    """Return what the address of a removed document says: to who could read it, that it was removed.

    Why, only to who may bring it back, and to those whom it is about or who wrote it.
    """
    folder, reader = document.folder, request.user.pk
    folder.has_removed = True
    removes = Action.REMOVE in rights_in(request.standing, folder) and not folder.group.is_read_only
    listed = _removed(folder, request.standing, {Action.REMOVE}) if removes else []
    known = next((each for each in listed if each.pk == document.pk), None)
    return {
        "document": document,
        "folder": folder,
        "folder_url": reverse("documents:folder-detail", args=[folder.pk]),
        "sees_reason": removes or reader in {document.subject_id, document.author_id},
        "hindrance": known.hindrance if known else "",
        "may_restore": known is not None and not known.hindrance,
    }


def _hindrance(document: Any, known: Mapping[str, contributions.Hindrance]) -> str:
    """Say why it cannot be restored; empty where it can."""
    if document.taken_by:
        return _("%(number)s has taken its place. Remove that one first.") % {"number": document.taken_by}
    if document.taken_by is not None:
        return _("Another document has taken its place. Remove that one first.")
    return next((each.words(number) for name, each in known.items() if (number := getattr(document, name))), "")
