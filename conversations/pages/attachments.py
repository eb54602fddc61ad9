"""What a page shows of the files that hang on posts, and on what is being written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from conversations.models import MOST_ATTACHED, Attachment
from core.files.kinds import CSV, PDF, TXT
from core.policy.roles import FolderKind
from core.web.http import addresses
from rendering.models import RenderingState
from uploads.models import BatchState

ICONS: Final = {PDF: "file-earmark-pdf", TXT: "file-earmark-text", CSV: "file-earmark-text"}


@dataclass(slots=True)
class AttachmentRow:
    """A file with where it is opened and saved, and what became of it.

    `state` is empty, or one of `started`, `filing`, `failed`, `filed`; `may_be_filed`: the person can file it now.
    """

    key: int
    name: str
    about: str
    icon: str
    url: str
    open_url: str = ""
    picture_url: str = ""
    state: str = ""
    filed_in: str = ""
    filed_as: str = ""
    document_url: str = ""
    undo_url: str = ""
    batch_url: str = ""
    may_be_filed: bool = False


@dataclass(slots=True)
class Hanging:
    """What hangs on one post: each file, and which of them can be filed now, the pictures of a post together."""

    rows: list[AttachmentRow] = field(default_factory=list)
    pictures: list[AttachmentRow] = field(default_factory=list)


def hanging_of(attachments: Iterable[Attachment], user_id: int) -> dict[int, Hanging]:
    """Return what hangs on posts, by the post's key."""
    found: dict[int, Hanging] = {}
    for each in attachments:
        if each.post_id is None:
            continue
        hanging, row = found.setdefault(each.post_id, Hanging()), row_of(each)
        _say_what_became_of_it(row, each, user_id)
        hanging.rows.append(row)
        if row.may_be_filed and each.is_picture:
            hanging.pictures.append(row)
    return found


def row_of(attachment: Attachment) -> AttachmentRow:
    """Return a file as the list shows it."""
    download = addresses("conversations:attachment-download")(attachment.pk)
    kind = attachment.name.rpartition(".")[2].upper()
    is_drawn = bool(attachment.thumbnail)
    return AttachmentRow(
        key=attachment.pk,
        name=attachment.name,
        about=_("%(kind)s, %(size)s") % {"kind": kind, "size": _size(attachment.size)},
        icon="file-earmark-image" if attachment.is_picture else ICONS.get(attachment.content_type, "file-earmark"),
        url=download,
        open_url=f"{download}?inline=1" if attachment.opens_here else "",
        picture_url=addresses("conversations:attachment-page-preview")(attachment.pk) if is_drawn else "",
    )


def _say_what_became_of_it(row: AttachmentRow, attachment: Attachment, user_id: int) -> None:
    """Say how it stands with filing, as far as the person may know it."""
    can_be_filed = attachment.is_pdf or attachment.is_picture or attachment.is_office
    row.may_be_filed = attachment.may_be_filed and can_be_filed
    filing = attachment.filing
    if filing is None:
        return
    batch, is_mine = filing.batch, filing.filed_by_id == user_id
    if is_mine and batch.state != BatchState.FILED:
        row.batch_url = addresses("uploads:upload-detail")(batch.pk)
    if batch.state == BatchState.OPEN:
        row.state = "started" if is_mine else ""
    elif batch.state == BatchState.FILING:
        failed = batch.rendering is not None and batch.rendering.state == RenderingState.FAILED
        row.state = ("failed" if is_mine else "") if failed else "filing"
    elif batch.state == BatchState.FILED:
        _say_where(row, attachment)
    row.may_be_filed = row.may_be_filed and not row.state


def _say_where(row: AttachmentRow, attachment: Attachment) -> None:
    """Say where it is filed, to whoever may read it there; taken out of the folder again it can be filed anew."""
    version = attachment.filing.batch.version if attachment.filing else None
    if version is None or version.taken_back_at is not None or version.document.removed_at is not None:
        return
    row.state, document = "filed", version.document
    if not attachment.is_document_open:
        return
    row.filed_in, row.filed_as = str(FolderKind(document.folder.kind).label), document.title
    row.document_url = addresses("documents:document-detail")(document.pk)
    if attachment.may_be_filed:
        undo = "documents:version-take-back" if version.number > 1 else "documents:document-remove"
        row.undo_url = addresses(undo)(document.pk)


def room_words() -> str:
    """Return what can be attached, in a sentence."""
    words = _("Up to %(count)d files of %(size)s: PDF, pictures, text, DOCX, ODT, XLSX, ODS, PPTX, ODP.")
    return words % {"count": MOST_ATTACHED, "size": _size(settings.UPLOAD_MAX_BYTES)}


def _size(count: int) -> str:
    return filesizeformat(count).replace(".0", "")
