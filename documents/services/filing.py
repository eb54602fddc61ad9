"""Filing: bytes become a version of a document in the folder that the tool names."""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Model, Q
from django.utils import timezone

from core import events
from core.days import programme_day
from documents.models import Document, DocumentVersion, Folder, Signature, version_name
from mentoring.models import MentoringGroup, Programme
from tools.fields.questions import is_narrower, narrowest
from tools.models import ToolVersion

if TYPE_CHECKING:
    from accounts.models import User

# Without the letters and figures that look alike in print or sound alike on the telephone.
CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 12


class VersionTakenError(Exception):
    """Another version was filed meanwhile, so the number printed in these bytes is no longer right."""


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What a document is about: with the group, that finds it."""

    tool_version: ToolVersion
    subject: "User | None"
    session_key: str
    session_title: dict[str, Any]


def new_code() -> str:
    """Return a verification code that nobody can guess: 59 bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _each in range(CODE_LENGTH))


def store_bytes(content: bytes) -> str:
    """Write a document's bytes under a random name and return it; its row comes after.

    A crash in between leaves a file without a row, which `sweep_files` removes after a day.
    """
    name = version_name(DocumentVersion(), "")
    return default_storage.save(name, ContentFile(content))


def _next_number(programme: Programme, at: datetime) -> str:
    """Return the next number of the programme's documents; the update locks the row until the commit."""
    Programme.objects.filter(pk=programme.pk).update(documents_numbered=F("documents_numbered") + 1)
    count = Programme.objects.values_list("documents_numbered", flat=True).get(pk=programme.pk)
    return f"{programme.code}-{programme_day(at).year}-{count:04d}"


def _find(folder: Folder, place: DocumentKey) -> Document | None:
    """Return the document of this tool (in any version), subject and session, locked for the transaction."""
    found = Document.objects.select_for_update(of=("self",)).filter(
        folder=folder,
        tool_version__tool=place.tool_version.tool_id,
        subject=place.subject,
        session_key=place.session_key,
        removed_at__isnull=True,
    )
    document: Document | None = found.first()
    return document


@transaction.atomic
def open_document(
    *, group: MentoringGroup, place: DocumentKey, author: "User", audience: str, at: datetime | None = None
) -> Document:
    """Return the document that a version belongs to, made with number and code if it is the first.

    A document without a version is not shown anywhere yet; a rendering needs its number before there are bytes.
    Idempotent.
    """
    when = at or timezone.now()
    folder = Folder.objects.select_for_update(of=("self",)).get(group=group, kind=place.tool_version.folder_kind)
    if document := _find(folder, place):
        return document
    return Document.objects.create(
        folder=folder,
        tool_version=place.tool_version,
        subject=place.subject,
        session_key=place.session_key,
        session_title=place.session_title,
        author=author,
        audience=audience,
        number=_next_number(group.programme, when),
        check_code=new_code(),
        created_at=when,
        changed_at=when,
    )


def next_version(document: Document) -> int:
    """Return the number that the document's next version will have."""
    newest: int | None = document.versions.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def _already_filed(causes: Sequence[Model]) -> DocumentVersion | None:
    """Return the version that one of the causes became."""
    for cause in causes:
        known = type(cause)._default_manager.filter(pk=cause.pk).values("version")
        filed: DocumentVersion | None = DocumentVersion.objects.select_related("document").filter(pk__in=known).first()
        if filed is not None:
            return filed
    return None


def _mark(causes: Sequence[Model], version: DocumentVersion) -> None:
    """Let the causes point at the version they became."""
    for cause in causes:
        type(cause)._default_manager.filter(pk=cause.pk).update(version=version)


def file_version(
    *,
    group: MentoringGroup,
    tool_version: ToolVersion,
    subject: "User | None",
    session_key: str,
    session_title: dict[str, Any],
    author: "User",
    audience: str,
    content: bytes,
    pages: int,
    language: str,
    source: str,
    created_by: "User",
    read_by: str = "",
    written_by: "User | None" = None,
    causes: Sequence[Model] = (),
    signed_by: "Iterable[User]" = (),
    note: str = "",
    at: datetime | None = None,
    expected_number: int | None = None,
) -> DocumentVersion:
    """File bytes as the newest version of their document: file before row, row before answer.

    Idempotent per cause: the same one again returns the version that is there. Writes who signed, records
    `document.filed`, to which the apps above listen.

    Args:
        audience: of the document.
        read_by: the audience that this version is read by at most; empty: whoever reads the document.
        written_by: who reads it always.
        causes: rows with a one-to-one `version` that this becomes: an upload, a rendering.
        expected_number: the version number printed in the bytes, if one is.

    Raises:
        VersionTakenError: the document's next version has another number than the bytes say.
    """
    if (filed := _already_filed(causes)) is not None:
        return filed
    when = at or timezone.now()
    name = store_bytes(content)
    place = DocumentKey(tool_version, subject, session_key, session_title)
    try:
        with transaction.atomic():
            document = open_document(group=group, place=place, author=author, audience=audience, at=when)
            # Again, now that the folder is locked: another worker may have been quicker.
            if (filed := _already_filed(causes)) is not None:
                default_storage.delete(name)
                return filed
            number = next_version(document)
            if expected_number is not None and number != expected_number:
                raise VersionTakenError(document.number)
            version = DocumentVersion.objects.create(
                document=document,
                number=number,
                file=name,
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                pages=pages,
                language=language,
                source=source,
                audience=read_by,
                written_by=written_by,
                created_by=created_by,
                created_at=when,
                note=note,
            )
            _sign(version, signed_by, created_by, when)
            _make_current(document, version, tool_version, audience, session_title)
            _mark(causes, version)
            events.record(
                "document.filed",
                actor=created_by,
                group_id=group.pk,
                target=version,
                at=when,
                document=document.pk,
                tool=tool_version.tool.key,
                tool_id=tool_version.tool_id,
                subject=subject.pk if subject else None,
                session_key=session_key,
                source=str(source),
            )
    except (IntegrityError, VersionTakenError):
        default_storage.delete(name)
        # Another worker may have filed it between our question and the folder's lock.
        if (filed := _already_filed(causes)) is not None:
            return filed
        raise
    return version


def _sign(version: DocumentVersion, people: "Iterable[User]", by: "User", at: datetime) -> None:
    Signature.objects.bulk_create(
        [Signature(version=version, person=person, recorded_by=by, recorded_at=at) for person in people]
    )


@transaction.atomic
def narrow_documents(
    *, group: MentoringGroup, place: DocumentKey, audience: str, author: "User", made: Collection[int] = ()
) -> None:
    """Keep out at once who may not read what was handed in now; its own version may come later, or never.

    Documents that were taken out are narrowed too, since they can be brought back.

    Args:
        author: who wrote it. Whoever began a document with a file about the same is no longer the one who always
            reads it.
        made: keys of documents that were made from the same, wherever they are now.
    """
    here = Q(
        folder__group=group,
        tool_version__tool=place.tool_version.tool_id,
        subject=place.subject,
        session_key=place.session_key,
    )
    there = Document.objects.select_for_update(of=("self",)).filter(here | Q(pk__in=made))
    for document in there.order_by("pk"):
        narrower = narrowest([audience, document.audience])
        if (document.audience, document.author_id) != (narrower, author.pk):
            document.audience, document.author = narrower, author
            document.save(update_fields=["audience", "author"])


def _make_current(
    document: Document,
    version: DocumentVersion,
    tool_version: ToolVersion,
    audience: str,
    session_title: dict[str, Any],
) -> None:
    """Let the document follow its newest version; its author stays who it is, and its readers grow no more."""
    document.current = version
    document.tool_version = tool_version
    if is_narrower(audience, document.audience):  # a new version lets nobody in who was kept out before
        document.audience = audience
    document.session_title = session_title
    document.changed_at = version.created_at
    document.save(update_fields=["current", "tool_version", "audience", "session_title", "changed_at"])
