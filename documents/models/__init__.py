"""Models of the documents app, by what they are about."""

from documents.models.checklist import ChecklistItem, ChecklistSummary
from documents.models.folders import (
    Document,
    DocumentVersion,
    Download,
    Folder,
    FolderGroupObjectPermission,
    Signature,
)
from documents.models.forms import FilledForm, FormComment, FormRead, FormSubmission
from documents.models.renderings import Rendering
from documents.models.restrictions import FolderRestriction
from documents.models.templates import DocumentTemplate, TemplateVersion
from documents.models.uploads import UploadBatch, UploadPage

__all__ = [
    "ChecklistItem",
    "ChecklistSummary",
    "Document",
    "DocumentTemplate",
    "DocumentVersion",
    "Download",
    "FilledForm",
    "Folder",
    "FolderGroupObjectPermission",
    "FolderRestriction",
    "FormComment",
    "FormRead",
    "FormSubmission",
    "Rendering",
    "Signature",
    "TemplateVersion",
    "UploadBatch",
    "UploadPage",
]
