"""Adding a document: begun, pages in order, filed. For Mentors and Managers; a batch is seen by whoever began it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from core.policy.guard import access
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest, render_page
from core.web.once import create_once
from core.web.toasts import tell
from core.web.way_back import carried, way_back
from documents.access import groups_with_folder
from documents.services.downloads import record_download, record_look
from documents.serving import serve
from mentoring.models import MentoringGroup
from uploads import choices as upload_choices
from uploads.forms import UploadForm
from uploads.intake.refusals import RefusedError
from uploads.models import BatchState, UploadBatch, UploadPage
from uploads.naming import original_names
from uploads.pages import uploads as upload_page
from uploads.photos import turned_preview
from uploads.querysets import version_of
from uploads.services import uploads

EDIT = "uploads/upload_edit.html"


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.UPLOAD, area=Area.FOLDER, among=groups_with_folder, for_page=True)
def upload_create(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Begin a document: say what it is, and add its first pages."""
    sent = request.POST if request.method == "POST" else request.GET
    tools = upload_choices.tools(group, request.standing)
    if not tools or sent.get("group", str(group.pk)) != str(group.pk):
        raise Http404
    replaced = upload_page.replaced_document(sent.get("replaces", ""), group, request.standing)
    if sent.get("replaces") and replaced is None:
        raise Http404
    key = replaced.tool_version.tool.key if replaced else sent.get("tool", "")
    tool = next((each for each in tools if each.tool.key == key), None)
    if request.method == "POST" and group.accepts_work:
        return _begin(request, group, tool, replaced)
    context = upload_page.start_context(request.standing, group, tools, tool, replaced)
    return render(request, "uploads/upload_create.html", context, status=409 if request.method == "POST" else 200)


def _begin(request: SignedInRequest, group: MentoringGroup, tool: Any, replaced: Any) -> HttpResponse:
    about = {}
    if replaced:
        about = {each: getattr(replaced, each) for each in ("subject", "session_key", "session_title")}
    batch = create_once(
        request,
        UploadBatch,
        lambda: uploads.start_batch(group=group, user=request.user, tool_version=tool, **about),
    )
    if batch.group_id != group.pk:  # a key that was used in another group, which the person may have left
        raise Http404
    files = request.FILES.getlist("files")
    refusals = upload_page.add_all(batch, files, is_again=True) if files else []  # a double click
    if refusals:
        return _edit_page(request, batch, refusals=refusals)
    return redirect(carried(request, reverse("uploads:upload-edit", args=[batch.pk])))


def _edit_page(
    request: SignedInRequest, batch: UploadBatch, *, partial: str | None = None, **more: Any
) -> HttpResponse:
    """Show the step page, or the part of it that a script asked for; refusals and errors give the status."""
    batch = UploadBatch.objects.for_page().get(pk=batch.pk)
    context = upload_page.edit_context(batch, request.standing, is_part=bool(partial), **more)
    refusals = context["refusals"]
    status = refusals[0].status if refusals else 422 if context["form"].errors else 200
    response = render_page(request, EDIT, context, partial=partial, status=status)
    if partial == "refusals" and request.htmx:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#refusals", "innerHTML"
    if status == 503:  # noqa: PLR2004 -- the one status that says when to come back
        response.headers["Retry-After"] = "60"
    return response


@require_safe
@access(UploadBatch, Action.UPLOAD, for_page=True)
def upload_edit(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Show the pages of a document that is being put together."""
    if batch.state in {BatchState.FILING, BatchState.FILED}:
        return redirect("uploads:upload-detail", pk=batch.pk)
    if batch.state == BatchState.CANCELLED:
        return redirect("uploads:upload-create", pk=batch.group_id)
    return _edit_page(request, batch)


@require_POST
@access(UploadBatch, Action.UPLOAD, for_page=True)
def upload_page_add(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Add the sent files as pages; one that is refused loses no other."""
    refusals = upload_page.add_all(batch, request.FILES.getlist("files"), is_again="again" in request.POST)
    if refusals:
        return _edit_page(request, batch, partial="refusals", refusals=refusals)
    return _pages(request, batch)


def _pages(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Answer an act on a page: its part for a script, else the page again."""
    if request.htmx:
        return _edit_page(request, batch, partial="pages")
    return HttpResponseRedirect(reverse("uploads:upload-edit", args=[batch.pk]) + "#pages")


def _closed(request: SignedInRequest, batch: UploadBatch, error: ValidationError) -> HttpResponse:
    """Say that the document is no longer being put together, on the page that shows what became of it."""
    messages.error(request, " ".join(error.messages))
    address = reverse("uploads:upload-detail", args=[batch.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _act(request: SignedInRequest, page: UploadPage, act: Any, **more: Any) -> HttpResponse:
    try:
        act(page=page, **more)
    except ValidationError as error:
        return _closed(request, page.batch, error)
    except RefusedError as error:
        refusal = upload_page.Refusal(error.title, error.sentence, error.status)
        return _edit_page(request, page.batch, partial="refusals", refusals=[refusal])
    return _pages(request, page.batch)


@require_POST
@access(UploadPage, Action.UPLOAD)
def upload_page_move(request: SignedInRequest, page: UploadPage) -> HttpResponse:
    """Swap a page with its neighbour."""
    direction = "earlier" if request.POST.get("direction") == "earlier" else "later"
    return _act(request, page, uploads.move_page, direction=direction)


@require_POST
@access(UploadPage, Action.UPLOAD)
def upload_page_rotate(request: SignedInRequest, page: UploadPage) -> HttpResponse:
    """Turn a page clockwise by a quarter."""
    return _act(request, page, uploads.rotate_page)


@require_POST
@access(UploadPage, Action.UPLOAD)
def upload_page_remove(request: SignedInRequest, page: UploadPage) -> HttpResponse:
    """Take a page out."""
    return _act(request, page, uploads.remove_page)


@require_POST
@access(UploadPage, Action.UPLOAD)
def upload_page_restore(request: SignedInRequest, page: UploadPage) -> HttpResponse:
    """Bring a page back."""
    return _act(request, page, uploads.restore_page)


@require_safe
@access(UploadPage, Action.VIEW)
def upload_page_preview(request: SignedInRequest, page: UploadPage) -> HttpResponse:
    """Hand out the small picture of a page, turned as asked."""
    if not page.preview:
        raise Http404
    if (version := version_of(page)) is not None:
        record_look(version=version, user=request.user, original=page.position, is_head_only=request.method == "HEAD")
    with page.preview.open("rb") as stored:
        content = stored.read()
    if page.rotation:
        content = turned_preview(content, page.rotation)
    return HttpResponse(content, content_type="image/jpeg")


@require_POST
@access(UploadBatch, Action.UPLOAD, for_page=True)
def upload_describe(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Keep what was said about the document so far, and ask what its type needs."""
    data = request.POST.copy()
    data["describe"] = "yes"
    form = UploadForm(data, batch=batch, standing=request.standing)
    form.is_valid()
    try:
        uploads.describe_batch(batch=batch, **form.described())
    except ValidationError as error:
        return _closed(request, batch, error)
    if request.POST.get("then") == "leave":
        tell(request, _("Saved. You can continue at any time."))
        return _left(request, batch)
    if request.htmx:
        return _edit_page(request, batch, partial="description")
    return redirect("uploads:upload-edit", pk=batch.pk)


def _left(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Go back to where the person came from, else to the folder."""
    folder = upload_page.folder_of(batch.group, batch.tool_version, request.standing)
    return redirect(way_back(request, upload_page.back_to(batch.group, folder)["url"]).url)


@require_POST
@access(UploadBatch, Action.UPLOAD, for_page=True)
def upload_file(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """File the document."""
    if batch.state in {BatchState.FILING, BatchState.FILED}:
        return redirect("uploads:upload-detail", pk=batch.pk)
    form = UploadForm(request.POST, batch=batch, standing=request.standing)
    is_valid = form.is_valid()
    try:
        described = uploads.describe_batch(batch=batch, **form.described())
        if is_valid:
            uploads.file_batch(batch=described, user=request.user)
            return redirect("uploads:upload-detail", pk=batch.pk)
        form.add_refusal(ValidationError(uploads.problems_before_filing(described, request.user)))  # all of it at once
    except ValidationError as error:
        form.add_refusal(error)
    return _edit_page(request, batch, form=form)


@require_POST
@access(UploadBatch, Action.UPLOAD, for_page=True)
def upload_cancel(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Put the document aside."""
    try:
        uploads.cancel_batch(batch=batch)
    except ValidationError as error:
        return _closed(request, batch, error)
    undo = reverse("uploads:upload-reopen", args=[batch.pk])
    tell(request, _("Upload cancelled. Nothing was filed."), undo_url=undo, icon="trash3")
    return _left(request, batch)


@require_POST
@access(UploadBatch, Action.UPLOAD, for_page=True)
def upload_reopen(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Let the pages be changed again."""
    try:
        uploads.reopen_batch(batch=batch)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("uploads:upload-edit", pk=batch.pk)


@require_safe
@access(UploadBatch, Action.UPLOAD, for_page=True)
def upload_detail(request: SignedInRequest, batch: UploadBatch) -> HttpResponse:
    """Say what became of the document."""
    if batch.state == BatchState.OPEN:
        return redirect("uploads:upload-edit", pk=batch.pk)
    return render(request, "uploads/upload_detail.html", upload_page.detail_context(batch, request.standing))


@require_safe
@access(UploadPage, Action.VIEW)
def original_download(request: SignedInRequest, page: UploadPage) -> HttpResponseBase:
    """Hand out an original byte by byte as it was sent: to its sender, and to those who keep the folder."""
    version = version_of(page)
    if version is not None:
        is_head_only = request.method == "HEAD"
        record_download(version=version, user=request.user, original=page.position, is_head_only=is_head_only)
    return serve(request, page.original, names=original_names(page, version), content_type=page.content_type)
