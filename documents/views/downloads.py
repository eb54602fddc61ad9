"""Handing out papers and their kept originals."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from core.access import access
from core.http import SignedInRequest
from core.roles import Action
from documents.models import DocumentVersion, UploadPage
from documents.querysets.uploads import version_of
from documents.services.downloads import record_download
from documents.serving import original_names, paper_names, serve


@require_safe
@access(DocumentVersion, Action.VIEW)
def version_download(request: SignedInRequest, version: DocumentVersion) -> HttpResponseBase:
    """Hand out one version of a paper, and write down who opened it."""
    version = DocumentVersion.objects.for_download().get(pk=version.pk)
    record_download(version=version, user=request.user, is_look=request.method == "HEAD")
    is_inline = request.GET.get("inline") == "1"
    return serve(
        request, version.file, names=paper_names(version), content_type=version.content_type, is_inline=is_inline
    )


@require_safe
@access(UploadPage, Action.VIEW)
def original_download(request: SignedInRequest, page: UploadPage) -> HttpResponseBase:
    """Hand out an original byte by byte as it was sent: to its sender, and to those who keep the folder."""
    version = version_of(page)
    if version is not None:
        is_look = request.method == "HEAD"
        record_download(version=version, user=request.user, original=page.position + 1, is_look=is_look)
    return serve(request, page.original, names=original_names(page, version), content_type=page.content_type)
