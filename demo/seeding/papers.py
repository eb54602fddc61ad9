"""Forms and filed papers of a seeded group, gathered first and written together."""

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
from demo.seeding.pdf import small_pdf
from documents.models import Document, DocumentVersion, Folder, Signature, Source, version_name
from documents.services.filing import new_code
from mentoring.models import MentoringGroup, Programme
from rendering.models import Rendering, RenderingKind, RenderingState
from responses_app.models import FormComment, FormResponse, FormState, FormSubmission
from responses_app.rendering import form_digest
from tools.models import ToolVersion


@dataclass(slots=True)
class Paper:
    """One handed-in form with its paper; or only the paper, when it came as an upload.

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
    occasion: str = ""
    occasion_title: dict[str, str] = field(default_factory=dict)
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


def write_papers(programme: Programme, papers: list[Paper]) -> None:
    """Write the rows and files of all papers, a kind at a time: as filing them one by one would have."""
    with_form = [paper for paper in papers if paper.answers]
    _write_forms(with_form)
    _write_renderings(with_form)
    _write_documents(programme, papers)
    versions = _write_versions(papers)
    _write_rest(papers, versions)


def _write_forms(papers: list[Paper]) -> None:
    for paper in papers:
        paper.form = FormResponse(
            group=paper.group,
            tool_version=paper.version,
            author=paper.author,
            subject=paper.subject,
            occasion=paper.occasion,
            occasion_title=paper.occasion_title,
            answers=paper.answers,
            lock=1,
            state=FormState.FILED,
            audience=paper.audience or paper.version.audience,
            created_at=paper.at - timedelta(minutes=20),
            saved_at=paper.at,
            saved_by=paper.author,
        )
    FormResponse.objects.bulk_create([paper.form for paper in papers if paper.form], batch_size=500)
    for paper in papers:
        paper.submission = FormSubmission(
            form=paper.form,
            number=1,
            answers=paper.answers,
            language="en",
            audience=paper.audience or paper.version.audience,
            submitted_by=paper.author,
            submitted_at=paper.at,
            decided_by=paper.accepted_by,
            decided_at=paper.at if paper.accepted_by else None,
            is_accepted=True if paper.accepted_by else None,
        )
    FormSubmission.objects.bulk_create([paper.submission for paper in papers if paper.submission], batch_size=500)
    for paper in papers:
        if paper.form:
            paper.form.latest = paper.submission
    FormResponse.objects.bulk_update([paper.form for paper in papers if paper.form], ["latest"], batch_size=200)


def _write_renderings(papers: list[Paper]) -> None:
    for paper in papers:
        if paper.submission is None:
            continue
        paper.rendering = Rendering(
            kind=RenderingKind.FORM,
            digest=form_digest(paper.submission),
            group=paper.group,
            tool_version=paper.version,
            language="en",
            requested_by=paper.author,
            state=RenderingState.READY,
            attempts=1,
            pages=1,
            queued_at=paper.at,
            sent_at=paper.at,
            started_at=paper.at,
            finished_at=paper.at,
            next_try_at=paper.at,
        )
    Rendering.objects.bulk_create([paper.rendering for paper in papers if paper.rendering], batch_size=500)


def _write_documents(programme: Programme, papers: list[Paper]) -> None:
    folders = {(folder.group_id, folder.kind): folder for folder in Folder.objects.filter(group__programme=programme)}
    programme.refresh_from_db(fields=["documents_numbered"])
    first = programme.documents_numbered + 1
    for number, paper in enumerate(papers, start=first):
        paper.document = Document(
            folder=folders[paper.group.pk, paper.version.folder_kind],
            tool_version=paper.version,
            subject=paper.subject,
            occasion=paper.occasion,
            occasion_title=paper.occasion_title,
            author=paper.author,
            audience=paper.audience or paper.version.audience,
            number=f"{programme.code}-{paper.at.year}-{number:05d}",
            check_code=new_code(),
            created_at=paper.at,
            changed_at=paper.at,
        )
    Document.objects.bulk_create([paper.document for paper in papers if paper.document], batch_size=500)
    Programme.objects.filter(pk=programme.pk).update(documents_numbered=F("documents_numbered") + len(papers))


def _write_versions(papers: list[Paper]) -> list[DocumentVersion]:
    versions = []
    for paper in papers:
        content = small_pdf(f"{paper.line} {secrets.token_hex(4)}", size=paper.size)
        versions.append(
            DocumentVersion(
                document=paper.document,
                number=1,
                file=default_storage.save(version_name(DocumentVersion(), ""), ContentFile(content)),
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                pages=1,
                language="en",
                source=Source.RENDERED if paper.rendering else Source.UPLOADED,
                audience=paper.submission.audience if paper.submission else "",
                written_by=paper.author if paper.submission else None,
                created_by=paper.author,
                created_at=paper.at,
            )
        )
    DocumentVersion.objects.bulk_create(versions, batch_size=500)
    _point_at(papers, versions)
    for version in versions:
        version.document.current = version
    Document.objects.bulk_update([version.document for version in versions], ["current"], batch_size=200)
    return versions


def _point_at(papers: list[Paper], versions: list[DocumentVersion]) -> None:
    """Let renderings know the version they became, and what was handed in its rendering."""
    for paper, version in zip(papers, versions, strict=True):
        if paper.rendering and paper.submission:
            paper.rendering.version = version
            paper.submission.rendering = paper.rendering
    Rendering.objects.bulk_update([each.rendering for each in papers if each.rendering], ["version"], batch_size=200)
    submissions = [each.submission for each in papers if each.submission]
    FormSubmission.objects.bulk_update(submissions, ["rendering"], batch_size=200)


def _write_rest(papers: list[Paper], versions: list[DocumentVersion]) -> None:
    """Write signatures, comments, events, and what the checklist knows of it."""
    Signature.objects.bulk_create(
        [
            Signature(version=version, person=person, recorded_by=paper.author, recorded_at=paper.at)
            for paper, version in zip(papers, versions, strict=True)
            for person in paper.signed_by
        ]
    )
    FormComment.objects.bulk_create(
        [
            FormComment(form=paper.form, author=paper.comment[0], text=paper.comment[1], written_at=paper.at)
            for paper in papers
            if paper.comment
        ]
    )
    DomainEvent.objects.bulk_create(
        [
            DomainEvent(
                kind="document.filed",
                actor=paper.author,
                group_id=paper.group.pk,
                target=f"documents.documentversion:{version.pk}",
                data={"document": version.document_id, "source": str(version.source)},
                happened_at=paper.at,
            )
            for paper, version in zip(papers, versions, strict=True)
        ],
        batch_size=500,
    )
    done = {
        (paper.group.pk, paper.version.pk, paper.subject.pk if paper.subject else None, paper.occasion): paper.at
        for paper in papers
    }
    items = []
    for item in ChecklistItem.objects.filter(group__in={paper.group.pk for paper in papers}):
        at = done.get((item.group_id, item.tool_version_id, item.subject_id, item.occasion))
        if at is not None:
            item.state, item.done_at = ItemState.DONE, at
            items.append(item)
    ChecklistItem.objects.bulk_update(items, ["state", "done_at"], batch_size=200)
    summarise(groups=sorted({paper.group.pk for paper in papers}))
