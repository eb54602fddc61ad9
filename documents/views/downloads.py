"""Handing out documents and their kept originals."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from core.policy.guard import access
from core.policy.roles import Action
from core.web.http import SignedInRequest
from documents.models import DocumentVersion
from documents.services.downloads import record_download
from documents.serving import document_names, serve


@require_safe
@access(DocumentVersion, Action.VIEW)
def version_download(request: SignedInRequest, version: DocumentVersion) -> HttpResponseBase:
    """Hand out one version of a document, and write down who opened it."""
    version = DocumentVersion.objects.for_download().get(pk=version.pk)
    record_download(version=version, user=request.user, is_head_only=request.method == "HEAD")
    is_inline = request.GET.get("inline") == "1"
    return serve(
        request, version.file, names=document_names(version), content_type=version.content_type, is_inline=is_inline
    )
