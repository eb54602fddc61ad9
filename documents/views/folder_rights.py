"""Who can do what in a folder: for its Manager, who narrows it, lifts that again, and sees it as a member does."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.policy.guard import access
from core.policy.roles import Action
from core.web import once
from core.web.http import SignedInRequest
from core.web.toasts import tell
from documents.folder_rights import members_of
from documents.forms import RestrictionForm
from documents.models import Folder, FolderRestriction
from documents.pages.folder_rights import narrowing, rights_context, seen_as_context
from documents.services import restrictions
from mentoring.forms import OptionalReasonForm


@require_http_methods(["GET", "HEAD", "POST"])
@access(Folder, Action.MANAGE, for_page=True)
def folder_rights(request: SignedInRequest, folder: Folder) -> HttpResponse:
    """Show what every member may do in a folder, and from where; withhold some of it from a role or a person."""
    form = RestrictionForm(request.POST if request.method == "POST" else None, folder=folder)
    if request.method == "POST" and form.is_valid():
        try:
            made = once.create_once(
                request,
                FolderRestriction,
                lambda: restrictions.restrict_folder(folder=folder, by=request.user, **form.described()),
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            if made.folder_id != folder.pk:  # a key that was used in another folder
                raise Http404
            undo = reverse("documents:restriction-lift", args=[made.pk])
            tell(request, _("The restriction is saved."), undo_url=undo, icon="lock")
            return redirect("documents:folder-rights", pk=folder.pk)
    context = rights_context(request, folder, form) | {"once": once.new_key()}
    return render(request, "documents/folder_rights.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(FolderRestriction, Action.MANAGE, for_page=True)
def restriction_lift(request: SignedInRequest, restriction: FolderRestriction) -> HttpResponse:
    """Ask whether to give back what is withheld, with a reason or without, and do so."""
    form = OptionalReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        restrictions.lift_restriction(restriction=restriction, by=request.user, reason=form.cleaned_data["reason"])
        tell(request, _("The restriction is lifted."))
        return redirect("documents:folder-rights", pk=restriction.folder_id)
    if restriction.lifted_at:
        return redirect("documents:folder-rights", pk=restriction.folder_id)
    context = {"restriction": narrowing(restriction), "folder": restriction.folder, "form": form}
    return render(request, "documents/restriction_lift.html", context, status=422 if form.errors else 200)


@require_safe
@access(Folder, Action.MANAGE, for_page=True)
def folder_seen_as(request: SignedInRequest, folder: Folder, member: int) -> HttpResponse:
    """Show a folder as a member of today sees it, without what one may not read oneself; that is written down."""
    membership = next((each for each in members_of(folder.group) if each.pk == member), None)
    if membership is None:
        raise Http404
    context = seen_as_context(request, folder, membership)
    restrictions.record_look(folder=folder, by=request.user, member=membership, is_head=request.method == "HEAD")
    return render(request, "documents/folder_seen_as.html", context)
