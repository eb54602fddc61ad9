"""How documents read in a folder: one row each, with whose it is and what state it is in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.days import programme_day
from core.policy.roles import Action, Role
from core.templatetags.ui import day_month
from core.web.http import address, addresses
from documents.contributions import DocumentState
from documents.models import Document, DocumentVersion, Folder, Signature, Source
from mentoring.models import MentoringGroup
from mentoring.roles import people_by_key, people_in
from mentoring.standing import Standing
from tools import related_sessions
from tools.memory import give_versions

if TYPE_CHECKING:
    from accounts.models import User


@dataclass
class DocumentRow:
    """One row, in the words of `components/doc_row.html`; `kind` is the heading it stands under, if there are any."""

    title: str
    url: str
    icon_name: str
    line: str
    version: str = ""
    older_url: str = ""
    older_label: str = ""
    chip_state: str = ""
    chip_text: str = ""
    making: str = ""
    download_url: str = ""
    spoken_download: str = ""
    spoken_menu: str = ""
    rendering: Any = None
    kind: str = ""
    menu: list[dict[str, str]] = field(default_factory=list)
    more_url: str = ""


def complete(documents: Sequence[Document], folder: Folder, standing: Standing) -> None:
    """Give documents from `for_rows()` the folder, the people and the tools that the page has read anyway."""
    give_versions(standing, documents)
    versions = [each.current for each in documents if each.current]
    keys = {key for each in documents for key in (each.subject_id, each.author_id)}
    people = people_by_key(folder.group, keys | {each.created_by_id for each in versions})
    for document in documents:
        document.folder = folder
        document.author = people[document.author_id]  # type: ignore[assignment]  # never None
        document.subject = people[document.subject_id]
    count_signed_at_sessions(folder.group, documents)
    for version in versions:
        version.created_by = people[version.created_by_id]  # type: ignore[assignment]  # never None


def by_whom(person: "User", user: "User") -> str:
    """Return “By you” or “By Rasa”."""
    return _("By you") if person == user else _("By %(name)s") % {"name": person.get_short_name()}


def _what(version: DocumentVersion, title: str, tool: str) -> str:
    """Return what kind of document a version is: “Signed document, 3 pages”, or the type where the title says more."""
    if version.source == Source.RENDERED:
        return tool if title != tool else _("Made from the form")
    pages = ngettext("%(n)s page", "%(n)s pages", version.pages) % {"n": version.pages}
    kind = _("Signed document") if version.document.tool_version.signed_by else _("Added document")
    return f"{kind}, {pages}"


def count_signed_at_sessions(group: MentoringGroup, documents: Sequence[Document]) -> None:
    """Let papers about a session count who was there; two questions for all of them, none where there is none."""
    about_sessions = [each for each in documents if each.session_key and each.tool_version.signed_by and each.current]
    attending = related_sessions.attending(group, [each.session_key for each in about_sessions])
    if not attending:
        return
    signed = Signature.objects.signers_of([each.current for each in about_sessions])
    for document in about_sessions:
        if (found := attending.get(document.session_key)) is not None:
            expected = [
                person for person, role in found.expected if not role or role in document.tool_version.signed_by
            ]
            document.expected_signers = expected
            document.signature_count = len(set(signed.get(document.current_id or 0, [])) & set(expected))


def needed_signers(group: MentoringGroup, document: Document) -> list["User"]:
    """Return the people who sign this paper: those who were at its session, else those who sign its type today."""
    expected: list[User] | None = getattr(document, "expected_signers", None)
    if expected is not None:
        return expected
    roles = [Role(role) for role in document.tool_version.signed_by]
    return people_in(group, *roles) if roles else []


def _signed_state(count: int, needed: int) -> tuple[str, str]:
    if count == 0:
        return "due", _("To be signed")
    if count >= needed:
        return "done", ngettext("Signed", "Signed by all %(n)s", count) % {"n": count}
    return "due", _("Signed by %(count)s of %(needed)s") % {"count": count, "needed": needed}


def state_of(document: Document, known: DocumentState | None) -> tuple[str, str]:
    """Return chip and words for a document with its row.

    Args:
        known: what `contributions.states_of` says of it.
    """
    if document.current is None:
        return "", ""
    if document.tool_version.signed_by:
        needed = needed_signers(document.folder.group, document)
        return _signed_state(document.signature_count, len(needed))
    return (known.state, known.words) if known else ("done", _("Filed"))


def further_acts(document: Document, may: set[Action]) -> list[dict[str, str]]:
    """Return what only keepers do with a document: the part of its menu that is fetched when the menu is opened."""
    acts = []
    if Action.REPLACE in may:
        page = address("documents:document-detail", document.pk)
        acts.append({"url": replace_url(document), "label": _("Add a new version"), "icon": "upload"})
        acts.append({"url": page + "#opened", "label": _("Who opened it"), "icon": "eye"})
    if Action.REMOVE in may:
        removal = address("documents:document-remove", document.pk)
        acts.append({"url": removal, "label": _("Remove it"), "icon": "trash3"})
    return acts


def replace_url(document: Document) -> str:
    """Return where a new version of a document is added."""
    page = address("uploads:upload-create", document.folder.group_id)
    return f"{page}?replaces={document.pk}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the rows of a list lead, by key."""

    page: Callable[[int], str] = field(default_factory=lambda: addresses("documents:document-detail"))
    download: Callable[[int], str] = field(default_factory=lambda: addresses("documents:version-download"))


def rows_of(
    documents: Sequence[Document],
    user: "User",
    *,
    may: set[Action],
    known: Mapping[int, DocumentState],
    by_kind: bool = False,
) -> list[DocumentRow]:
    """Return the rows of documents that are `complete`.

    Args:
        by_kind: each row names the heading it stands under, and not its type once more.
    """
    to = Addresses()
    return [_row(document, user, to, may=may, known=known.get(document.pk), by_kind=by_kind) for document in documents]


def _row(
    document: Document, user: "User", to: Addresses, *, may: set[Action], known: DocumentState | None, by_kind: bool
) -> DocumentRow:
    version = document.current
    assert version is not None  # noqa: S101 -- `with_bytes()` leaves the others out
    version.document = document
    page, download = to.page(document.pk), to.download(version.pk)
    title, tool = document.title, document.tool_version.title
    older = version.number - 1
    state, words = state_of(document, known)
    # Who wrote it, and when it was filed: what waited to be accepted was filed later than it was written.
    whose = _("%(who)s, filed %(day)s") % {
        "who": by_whom(version.created_by, user), "day": day_month(programme_day(version.created_at)),
    }  # fmt: skip
    is_named = by_kind and title != tool and version.source == Source.RENDERED  # the heading says what it is
    return DocumentRow(
        title=document.short_title,
        kind=tool if by_kind else "",
        url=page,
        icon_name=document.tool_version.tool.icon,
        line=whose if is_named else f"{_what(version, title, tool)}. {whose}",
        version=_("Version %(n)s") % {"n": version.number},
        older_url=f"{page}#versions" if older else "",
        older_label=ngettext("%(n)s older version", "%(n)s older versions", older) % {"n": older} if older else "",
        chip_state=state,
        chip_text=words,
        download_url=download,
        spoken_download=_("Download “%(title)s”") % {"title": title},
        spoken_menu=_("More actions for “%(title)s”") % {"title": title},
        menu=[
            {"url": f"{download}?inline=1", "label": _("Open the PDF"), "icon": "file-earmark-pdf"},
            {"url": f"{page}#versions", "label": _("All versions"), "icon": "clock"},
        ],
        more_url=page if may & {Action.REPLACE, Action.REMOVE} else "",
    )


def folder_rights(folder: Folder, granted: set[Action]) -> set[Action]:
    """Return what of the granted rights the state of the group lets through now."""
    if folder.group.is_read_only:
        return granted & {Action.VIEW}
    return granted if folder.group.accepts_work else granted & {Action.VIEW, Action.REMOVE}
