"""Forms and filed documents of a seeded group, gathered first and written together."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F

from accounts.models import User
from checklist.models import ChecklistItem, ItemState
from checklist.services.summary import summarise
from core.models import DomainEvent
from core.policy.roles import Role
from demo.seeding.pdf import small_pdf
from documents.models import Document, DocumentVersion, Folder, Signature, Source, version_name
from documents.services.filing import new_code
from mentoring.models import MentoringGroup, Programme
from rendering.models import Rendering, RenderingKind, RenderingState
from responses_app.models import FormComment, FormResponse, FormState, FormSubmission
from responses_app.rendering import form_digest
from tools.models import ToolVersion


@dataclass(slots=True)
class PdfDocument:
    """One handed-in form with its document; or only the document, when it came as an upload.

    Attributes:
        line: what stands in the PDF.
        size: of the PDF in bytes, at least.
        session: of the plan, that it is about.
    """

    group: MentoringGroup
    version: ToolVersion
    author: User
    at: datetime
    line: str
    answers: dict[str, Any] = field(default_factory=dict)
    subject: User | None = None
    session_key: str = ""
    session_title: dict[str, str] = field(default_factory=dict)
    audience: str = ""
    signed_by: list[User] = field(default_factory=list)
    accepted_by: User | None = None
    comment: tuple[User, str] | None = None
    size: int = 0
    session: Any = None
    form: FormResponse | None = None
    submission: FormSubmission | None = None
    rendering: Rendering | None = None
    document: Document | None = None


def write_documents(programme: Programme, documents: list[PdfDocument]) -> None:
    """Write the rows and files of all documents, a kind at a time: as filing them one by one would have."""
    with_form = [document for document in documents if document.answers]
    _write_forms(with_form)
    _write_renderings(with_form)
    _write_documents(programme, documents)
    versions = _write_versions(documents)
    _write_rest(documents, versions)


def _write_forms(documents: list[PdfDocument]) -> None:
    for document in documents:
        document.form = FormResponse(
            group=document.group,
            tool_version=document.version,
            author=document.author,
            subject=document.subject,
            session_key=document.session_key,
            session_title=document.session_title,
            answers=document.answers,
            lock=1,
            state=FormState.FILED,
            audience=document.audience or document.version.audience,
            created_at=document.at - timedelta(minutes=20),
            saved_at=document.at,
            saved_by=document.author,
        )
    FormResponse.objects.bulk_create([document.form for document in documents if document.form], batch_size=500)
    for document in documents:
        document.submission = FormSubmission(
            form=document.form,
            number=1,
            answers=document.answers,
            language="en",
            audience=document.audience or document.version.audience,
            submitted_by=document.author,
            submitted_at=document.at,
            decided_by=document.accepted_by,
            decided_at=document.at if document.accepted_by else None,
            is_accepted=True if document.accepted_by else None,
        )
    FormSubmission.objects.bulk_create(
        [document.submission for document in documents if document.submission], batch_size=500
    )
    for document in documents:
        if document.form:
            document.form.latest = document.submission
    FormResponse.objects.bulk_update(
        [document.form for document in documents if document.form], ["latest"], batch_size=200
    )


def _write_renderings(documents: list[PdfDocument]) -> None:
    for document in documents:
        if document.submission is None:
            continue
        document.rendering = Rendering(
            kind=RenderingKind.FORM,
            digest=form_digest(document.submission),
            group=document.group,
            tool_version=document.version,
            language="en",
            requested_by=document.author,
            state=RenderingState.READY,
            attempts=1,
            pages=1,
            queued_at=document.at,
            sent_at=document.at,
            started_at=document.at,
            finished_at=document.at,
            next_try_at=document.at,
        )
    Rendering.objects.bulk_create([document.rendering for document in documents if document.rendering], batch_size=500)


def _write_documents(programme: Programme, documents: list[PdfDocument]) -> None:
    folders = {(folder.group_id, folder.kind): folder for folder in Folder.objects.filter(group__programme=programme)}
    programme.refresh_from_db(fields=["documents_numbered"])
    first = programme.documents_numbered + 1
    for number, document in enumerate(documents, start=first):
        document.document = Document(
            folder=folders[document.group.pk, document.version.folder_kind],
            tool_version=document.version,
            subject=document.subject,
            session_key=document.session_key,
            session_title=document.session_title,
            author=document.author,
            audience=document.audience or document.version.audience,
            number=f"{programme.code}-{document.at.year}-{number:05d}",
            check_code=new_code(),
            created_at=document.at,
            changed_at=document.at,
        )
    Document.objects.bulk_create([document.document for document in documents if document.document], batch_size=500)
    Programme.objects.filter(pk=programme.pk).update(documents_numbered=F("documents_numbered") + len(documents))


def _write_versions(documents: list[PdfDocument]) -> list[DocumentVersion]:
    versions = []
    for document in documents:
        content = small_pdf(f"{document.line} {secrets.token_hex(4)}", size=document.size)
        versions.append(
            DocumentVersion(
                document=document.document,
                number=1,
                file=default_storage.save(version_name(DocumentVersion(), ""), ContentFile(content)),
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                pages=1,
                language="en",
                source=Source.RENDERED if document.rendering else Source.UPLOADED,
                audience=document.submission.audience if document.submission else "",
                written_by=document.author if document.submission else None,
                created_by=document.author,
                created_at=document.at,
            )
        )
    DocumentVersion.objects.bulk_create(versions, batch_size=500)
    _point_at(documents, versions)
    for version in versions:
        version.document.current = version
    Document.objects.bulk_update([version.document for version in versions], ["current"], batch_size=200)
    return versions


def _point_at(documents: list[PdfDocument], versions: list[DocumentVersion]) -> None:
    """Let renderings know the version they became, and what was handed in its rendering."""
    for document, version in zip(documents, versions, strict=True):
        if document.rendering and document.submission:
            document.rendering.version = version
            document.submission.rendering = document.rendering
    Rendering.objects.bulk_update([each.rendering for each in documents if each.rendering], ["version"], batch_size=200)
    submissions = [each.submission for each in documents if each.submission]
    FormSubmission.objects.bulk_update(submissions, ["rendering"], batch_size=200)


def _write_rest(documents: list[PdfDocument], versions: list[DocumentVersion]) -> None:
    """Write signatures, comments, events, and what the checklist knows of it."""
    Signature.objects.bulk_create(
        [
            Signature(version=version, person=person, recorded_by=document.author, recorded_at=document.at)
            for document, version in zip(documents, versions, strict=True)
            for person in document.signed_by
        ]
    )
    FormComment.objects.bulk_create(
        [
            FormComment(
                form=document.form,
                author=document.comment[0],
                author_role=Role.MENTOR,
                text=document.comment[1],
                written_at=document.at,
            )  # fmt: skip
            for document in documents
            if document.comment
        ]
    )
    DomainEvent.objects.bulk_create(
        [
            DomainEvent(
                kind="document.filed",
                actor=document.author,
                group_id=document.group.pk,
                target=f"documents.documentversion:{version.pk}",
                data={"document": version.document_id, "source": str(version.source)},
                happened_at=document.at,
            )
            for document, version in zip(documents, versions, strict=True)
        ],
        batch_size=500,
    )
    done = {
        (
            document.group.pk,
            document.version.pk,
            document.subject.pk if document.subject else None,
            document.session_key,
        ): document.at
        for document in documents
    }
    items = []
    for item in ChecklistItem.objects.filter(group__in={document.group.pk for document in documents}):
        at = done.get((item.group_id, item.tool_version_id, item.subject_id, item.session_key))
        if at is not None:
            item.state, item.done_at = ItemState.DONE, at
            items.append(item)
    ChecklistItem.objects.bulk_update(items, ["state", "done_at"], batch_size=200)
    summarise(groups=sorted({document.group.pk for document in documents}))
