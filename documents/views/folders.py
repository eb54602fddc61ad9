"""The page of a folder."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from core.policy.guard import access
from core.policy.roles import Action
from core.web.http import SignedInRequest, render_page
from documents.models import Folder
from documents.pages.folders import folder_context


@require_safe
@access(Folder, Action.VIEW, for_page=True)
def folder_detail(request: SignedInRequest, folder: Folder) -> HttpResponse:
    """List the documents of a folder: search, type, order, pages; all by the address."""
    return render_page(request, "documents/folder_detail.html", folder_context(request, folder), partial="documents")
