"""What the pages of an upload show, and what is done with the files of a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.files import kinds
from core.keys import key_from
from core.policy.roles import Action, Audience, FolderKind
from core.templatetags.ui import since
from core.web.http import address
from documents import contributions
from documents.models import Document, Folder
from documents.pages import folders as folder_page
from documents.pages import rows as document_rows
from mentoring import stops
from mentoring.models import MentoringGroup
from mentoring.roles import people_in
from mentoring.standing import Standing
from rendering.models import RenderingState
from tools.models import ToolVersion
from uploads import choices as upload_choices
from uploads.forms import UploadForm
from uploads.intake.refusals import RefusedError
from uploads.models import UploadBatch, UploadPage
from uploads.services import uploads

NOTES = {
    "upright": ("done", gettext_lazy("Turned upright")),
    "dark": ("check", gettext_lazy("A little dark")),
    "blurred": ("check", gettext_lazy("Blurred")),
    "signed": ("check", gettext_lazy("Digitally signed")),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not added, in words."""

    title: str
    sentence: str
    status: int


def add_all(batch: UploadBatch, files: list[Any], *, is_again: bool = False) -> list[Refusal]:
    """Add every file that comes in; return the others. One refused file loses no other.

    Args:
        is_again: whether the files are sent again because no answer came: that they are here already is no news.
    """
    refusals = []
    before: set[int] = set() if is_again else batch.pages.present().keys()
    added: set[int] = set()
    for file in files:
        try:
            page = uploads.add_file(batch=batch, file=file)
            if page.pk in before | added:
                refusals.append(_here_already(batch, page, file.name))
            added.add(page.pk)
        except RefusedError as error:
            refusals.append(Refusal(error.title, error.sentence, error.status))
        except ValidationError as error:
            refusals.append(Refusal(RefusedError("missing").title, " ".join(error.messages), 409))
    if not files:
        missing = RefusedError("missing")
        refusals.append(Refusal(missing.title, missing.sentence, missing.status))
    return refusals


def _here_already(batch: UploadBatch, page: UploadPage, name: str) -> Refusal:
    """Say that the same photo was chosen twice."""
    sentence = _("It is the same file as page %(n)s.") % {"n": batch.pages.present().place_of(page)}
    return Refusal(_("“%(name)s” was not added again") % {"name": name}, sentence, 409)


def replaced_document(pk: str, group: MentoringGroup, standing: Standing) -> Document | None:
    """Return the document of this group that is to get a new version, if the person may add one."""
    if (key := key_from(pk)) is None:
        return None
    replaceable = Document.objects.allowing(standing, Action.REPLACE).in_folders_of(group)
    found: Document | None = replaceable.for_list().with_key(key)
    return found


def start_context(
    standing: Standing,
    group: MentoringGroup,
    tools: list[ToolVersion],
    tool: ToolVersion | None,
    replaced: Document | None,
) -> dict[str, Any]:
    """Return the context of the page on which a document is begun."""
    folder = folder_of(group, tool, standing)
    grouped: dict[str, list[ToolVersion]] = {}
    for each in tools:
        grouped.setdefault(str(FolderKind(each.folder_kind).label), []).append(each)
    return {
        "group": group,
        "tools": list(grouped.items()),
        "tool": tool,
        "replaced": replaced,
        "withheld": stops.adding(group),
        "unfinished": [] if replaced else unfinished(standing, [group]),
        "accept": kinds.ACCEPT,
        "size_limit": folder_page.size_limit(),
        "back": back_to(group, folder),
        "audience": audience_words(folder, tool),
    }


def unfinished(standing: Standing, groups: Iterable[MentoringGroup]) -> list[dict[str, Any]]:
    """Return what this person has begun to add in these groups and not filed: title, line, addresses."""
    return [
        {
            "group": batch.group_id,
            "title": batch.tool_version.title if batch.tool_version else _("Document without a type"),
            "line": ngettext("%(n)d page, started %(when)s", "%(n)d pages, started %(when)s", batch.page_count)
            % {"n": batch.page_count, "when": since(batch.created_at)},
            "begun": batch.created_at,
            "kind": batch.tool_version.folder_kind if batch.tool_version else "",
            "url": address("uploads:upload-edit", batch.pk),
            "discard_url": address("uploads:upload-cancel", batch.pk),
        }
        for batch in UploadBatch.objects.unfinished_of(standing.user_id, groups)
    ]


def folder_of(group: MentoringGroup, tool: ToolVersion | None, standing: Standing) -> Folder | None:
    """Return the folder the document goes to; None where it is not readable."""
    kind = tool.folder_kind if tool else FolderKind.MANAGING.value
    readable = Folder.objects.of_group(group).allowing(standing, Action.VIEW)
    folder: Folder | None = readable.with_narrowing().of_kind(kind)
    if folder is not None:
        folder.group = group  # the one whose people are known already
    return folder


def back_to(group: MentoringGroup, folder: Folder | None) -> dict[str, str]:
    """Return the way back: the folder the document goes to, else the group."""
    if folder is None:
        return {"url": address("mentoring:group-detail", group.pk), "label": group.name}
    return {"url": address("documents:folder-detail", folder.pk), "label": str(folder.get_kind_display())}


def audience_words(folder: Folder | None, tool: ToolVersion | None, audience: str = "") -> str:
    """Return who will read the document and where it goes."""
    if tool is None or folder is None:
        return _("Choose what it is: the type decides the folder and who can read it.")
    who = folder_page.everyone(folder)
    audience = audience or tool.audience
    if audience != Audience.GROUP:
        who = capfirst(str(Audience(audience).label))
    words = {"who": who, "folder": str(FolderKind(tool.folder_kind).label), "type": tool.title}
    return _("%(who)s will be able to read it. It goes to: %(folder)s, because its type is “%(type)s”.") % words


def _cards(pages: list[UploadPage]) -> list[dict[str, Any]]:
    """Return the pages with what can be done to each."""
    cards, number = [], 1
    for index, page in enumerate(pages):
        label = _("Page %(n)s") % {"n": number}
        if page.pages > 1:
            label = _("Pages %(n)s to %(last)s") % {"n": number, "last": number + page.pages - 1}
        notes = [NOTES[note] for note in page.notes if note in NOTES]
        cards.append(
            {
                "page": page,
                "label": label,
                "notes": notes,
                "is_pdf": not page.preview,
                "is_first": index == 0,
                "is_last": index == len(pages) - 1,
            }
        )
        number += page.pages
    return cards


def is_filed_as_it_is(pages: list[UploadPage]) -> bool:
    """Return whether what was sent is one PDF that nobody turned: its bytes are filed."""
    return len(pages) == 1 and pages[0].content_type == kinds.PDF and not pages[0].rotation


def _headline(pages: list[UploadPage]) -> str:
    """Return what the sent files become: “3 photos become one PDF”."""
    photos = sum(page.content_type in kinds.IMAGE_FORMATS for page in pages)
    if not pages:
        return _("No page yet")
    if any(page.content_type in kinds.OFFICE_ENDINGS for page in pages):
        return ngettext("%(n)s file becomes one PDF", "%(n)s files become one PDF", len(pages)) % {"n": len(pages)}
    if not photos and is_filed_as_it_is(pages):
        return _("The PDF is filed as it is")
    if not photos:
        return ngettext("The PDF is turned, then filed", "%(n)s PDFs become one", len(pages)) % {"n": len(pages)}
    if photos < len(pages):
        return ngettext("%(n)s file becomes one PDF", "%(n)s files become one PDF", len(pages)) % {"n": len(pages)}
    return ngettext("%(n)s photo becomes a PDF", "%(n)s photos become one PDF", photos) % {"n": photos}


def edit_context(
    batch: UploadBatch,
    standing: Standing,
    *,
    form: UploadForm | None = None,
    refusals: list[Refusal] | None = None,
    is_part: bool = False,
) -> dict[str, Any]:
    """Return the context of the page on which a document is put together.

    Args:
        is_part: a script asked for a part of the page, which it puts in place by itself.
    """
    people_in(batch.group)
    form = form or UploadForm(batch=batch, standing=standing)
    everything = list(batch.pages.all())
    pages = [page for page in everything if page.removed_at is None]
    earlier = form.earlier
    folder = folder_of(batch.group, form.tool, standing)
    return {
        "batch": batch,
        "group": batch.group,
        "form": form,
        "tool": form.tool,
        "earlier": earlier,
        "earlier_number": earlier.current.number if earlier and earlier.current else 0,
        "audience": audience_words(folder, form.tool, upload_choices.audience_of(batch) if form.tool else ""),
        "cards": _cards(pages),
        "taken_out": [page for page in everything if page.removed_at],
        "headline": _headline(pages),
        "received": ngettext("%(n)s file received", "All %(n)s files received", len(pages)) % {"n": len(pages)},
        "is_part": is_part,
        "is_one_pdf": is_filed_as_it_is(pages),
        "breaks_signature": not is_filed_as_it_is(pages) and any("signed" in page.notes for page in pages),
        "refusals": refusals or [],
        "withheld": stops.adding(batch.group),
        "accept": kinds.ACCEPT,
        "size_limit": folder_page.size_limit(),
        "back": back_to(batch.group, folder),
    }


def detail_context(batch: UploadBatch, standing: Standing) -> dict[str, Any]:
    """Return the context of the page that says what became of a document."""
    people_in(batch.group)
    folder = folder_of(batch.group, batch.tool_version, standing)
    version = batch.version
    context: dict[str, Any] = {
        "batch": batch,
        "group": batch.group,
        "tool": batch.tool_version,
        "title": batch.tool_version.title if batch.tool_version else "",
        "back": back_to(batch.group, folder),
        "version": version,
        "pages": list(batch.pages.present()),
        "rendering": batch.rendering,
    }
    if version is not None:
        document = Document.objects.for_list().with_key(version.document_id)
        if document is not None:
            known = contributions.states_of([document], standing)
            document_rows.count_signed_at_sessions(batch.group, [document])
            state, words = document_rows.state_of(document, known.get(document.pk))
            context |= {"document": document, "state": state, "state_words": words}
            context["everyone"] = folder_page.everyone(folder) if folder else ""
            context["is_for_all"] = document.audience == Audience.GROUP
    rendering = context["rendering"]
    context["is_given_up"] = bool(version is None and rendering and rendering.state == RenderingState.FAILED)
    return context
