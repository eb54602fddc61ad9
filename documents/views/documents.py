"""The page of a document: its versions, signatures and originals; taking it out and bringing it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.policy.guard import access
from core.policy.roles import Action
from core.templatetags.ui import menu_items
from core.web.http import SignedInRequest
from core.web.toasts import tell
from documents.folder_rights import rights_in
from documents.forms import RemovalForm, SignaturesForm, TakeBackForm
from documents.models import Document
from documents.pages import rows as document_rows
from documents.pages.documents import document_context, may_take_back, signers_to_choose
from documents.pages.folders import removed_context
from documents.services import removal, signatures


@require_safe
@access(Document, Action.VIEW, among=Document.objects.shown_or_removed, for_page=True)
def document_detail(request: SignedInRequest, document: Document) -> HttpResponse:
    """Show a document with its history; the menu of its row in the folder fetches only the other acts."""
    if document.removed_at is not None:
        return render(request, "documents/document_removed.html", removed_context(request, document), status=410)
    if request.htmx:
        may = document_rows.folder_rights(document.folder, rights_in(request.standing, document.folder))
        return HttpResponse(menu_items(document_rows.further_acts(document, may)))
    return render(request, "documents/document_detail.html", document_context(request, document))


@require_http_methods(["GET", "HEAD", "POST"])
@access(Document, Action.REMOVE, for_page=True)
def document_remove(request: SignedInRequest, document: Document) -> HttpResponse:
    """Ask for the reason, then take the document out of its folder."""
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            removal.remove_document(document=document, user=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            undo = reverse("documents:document-restore", args=[document.pk])
            tell(
                request,
                _("“%(title)s” was removed from the folder.") % {"title": document.title},
                undo_url=undo,
                icon="trash3",
            )
            return redirect("documents:folder-detail", pk=document.folder_id)
    context = {"document": document, "form": form}
    return render(request, "documents/document_remove.html", context, status=422 if form.errors else 200)


def _signatures_form(request: SignedInRequest, document: Document) -> SignaturesForm:
    """Return the form with what is said now.

    Raises:
        Http404: nobody signs it on paper.
    """
    people, signed, version = signers_to_choose(document)
    if not people:
        raise Http404
    return SignaturesForm(request.POST or None, people=people, signed=signed, version=version)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Document, Action.REPLACE, for_page=True)
def document_signatures(request: SignedInRequest, document: Document) -> HttpResponse:
    """Say anew who has signed a paper, with a reason; without sending it again."""
    form = _signatures_form(request, document)
    if request.method == "POST" and form.is_valid():
        try:
            signatures.correct_signatures(
                document=document,
                signed_by=form.chosen(),
                by=request.user,
                reason=form.cleaned_data["reason"],
                seen=form.seen,
            )
        except signatures.SaidMeanwhileError:
            form = _signatures_form(request, document)
            form.ask_again()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("Saved: who has signed “%(title)s”.") % {"title": document.title})
            return redirect("documents:document-detail", pk=document.pk)
    context = {"document": document, "form": form}
    return render(request, "documents/document_signatures.html", context, status=form.refused)


@require_POST
@access(Document, Action.REMOVE)
def document_restore(request: SignedInRequest, document: Document) -> HttpResponse:
    """Bring a document back into its folder."""
    try:
        removal.restore_document(document=document, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        tell(request, _("The document is back in its folder."))
        return redirect("documents:document-detail", pk=document.pk)
    return redirect("documents:folder-detail", pk=document.folder_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Document, Action.REMOVE, for_page=True)
def version_take_back(request: SignedInRequest, document: Document) -> HttpResponse:
    """Ask for the reason, then take the current version back: the one before is the current again."""
    version = document.current
    if version is None or document.removed_at is not None or not may_take_back(document):
        tell(request, _("There is no version that could be taken back."), icon="exclamation-triangle")
        return redirect("documents:document-detail", pk=document.pk)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            removal.take_back_version(version=version, user=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            undo = reverse("documents:version-bring-back", args=[document.pk, version.number])
            tell(request, _("Version %(n)s was taken back.") % {"n": version.number}, undo_url=undo, icon="trash3")
            return redirect("documents:document-detail", pk=document.pk)
    context = {"document": document, "version": version, "form": form}
    return render(request, "documents/version_take_back.html", context, status=422 if form.errors else 200)


@require_POST
@access(Document, Action.REMOVE)
def version_bring_back(request: SignedInRequest, document: Document, number: int) -> HttpResponse:
    """Bring a version back that was taken back."""
    version = get_object_or_404(document.versions, number=number)
    try:
        removal.bring_back_version(version=version, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        tell(request, _("Version %(n)s is there again.") % {"n": version.number})
    return redirect("documents:document-detail", pk=document.pk)
