"""Who sees which folders, documents, forms and uploads."""

from documents.querysets.access import audience_open, folder_granted, is_subject
from documents.querysets.checklist import ChecklistItemQuerySet, ChecklistSummaryQuerySet
from documents.querysets.forms import FilledFormQuerySet, FormSubmissionQuerySet
from documents.querysets.papers import DocumentQuerySet, DocumentVersionQuerySet, DownloadQuerySet, FolderQuerySet
from documents.querysets.renderings import RENDERING_LEASE, RenderingQuerySet
from documents.querysets.restrictions import FolderRestrictionQuerySet
from documents.querysets.tools import DocumentTemplateQuerySet
from documents.querysets.uploads import UploadBatchQuerySet, UploadPageQuerySet

__all__ = [
    "ChecklistItemQuerySet",
    "ChecklistSummaryQuerySet",
    "DocumentQuerySet",
    "DocumentTemplateQuerySet",
    "DocumentVersionQuerySet",
    "DownloadQuerySet",
    "FilledFormQuerySet",
    "FolderQuerySet",
    "FolderRestrictionQuerySet",
    "FormSubmissionQuerySet",
    "RENDERING_LEASE",
    "RenderingQuerySet",
    "UploadBatchQuerySet",
    "UploadPageQuerySet",
    "audience_open",
    "folder_granted",
    "is_subject",
]
