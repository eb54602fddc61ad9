"""Forms: begin, write, hand in, read, accept or return, comment, choose who reads."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import NotPossibleError
from core.keys import key_from
from core.policy.guard import access
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest
from core.web.once import act_once, create_once, new_key
from core.web.toasts import tell
from core.web.way_back import carried, way_back
from documents.models import Document, DocumentVersion
from documents.services.downloads import record_download
from documents.serving import document_names
from mentoring.models import MentoringGroup
from rendering.serving import hand_out
from responses_app import copies
from responses_app import services as forms
from responses_app.filled_in import is_out_of_date
from responses_app.models import FormComment, FormResponse, FormSubmission
from responses_app.pages import forms as form_pages
from responses_app.pages import moving, starting
from responses_app.pages import words as form_words
from responses_app.querysets import read_conversation
from responses_app.requests import Sent, read_sent, wants_json
from tools import related_sessions
from tools.models import Tool

Work = Callable[[SignedInRequest, FormResponse, Sent], HttpResponse]
DISCARDED = "form_changes_discarded"
"""Key of the session under which discarded changes wait to be brought back."""


# --- begin -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.FILL, area=Area.FORM)
def form_start(request: SignedInRequest, group: MentoringGroup, key: str) -> HttpResponse:
    """Say what a tool is for, and begin it: GET asks whom or which session it is about, POST makes the form."""
    group = MentoringGroup.objects.for_page().get(pk=group.pk)
    tool = get_object_or_404(Tool.objects.of_pack(group.programme.pack_id), key=key)
    start = starting.start_context(request, group, tool)
    if start is None:
        raise Http404
    if start["editor_url"]:
        return redirect(start["editor_url"])
    if request.method != "POST":
        begun = starting.begun_already(request.standing, group, tool, start)
        return _opened(request, begun) if begun else render(request, "responses/form_start.html", start)
    try:
        form = forms.start_form(group=group, tool=tool, user=request.user, **starting.chosen(request, start))
    except forms.NotPossibleError as error:
        return render(request, "responses/form_start.html", start | {"stop": error.reason}, status=409)
    return _opened(request, form)


def _opened(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Go where a form is written or, once it is handed in, read."""
    page = "responses:form-edit" if form.is_open else "responses:form-detail"
    return redirect(carried(request, reverse(page, args=[form.pk])))


# --- write -----------------------------------------------------------------------------------------------------------


@require_safe
@access(FormResponse, Action.FILL)
def form_edit(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Write in a form; what cannot be written now is read instead, with the reason."""
    form = form_pages.full(form)
    rights = forms.response_rights(form, request.user)
    if editor := related_sessions.editor_url(form.tool_version.content.get("editor", ""), form.group):
        return redirect(editor)
    if not rights.fillable:
        return redirect("responses:form-detail", form.pk)
    context = form_pages.edit_context(request, form, rights) | {"is_out_of_date": is_out_of_date(form)}
    return render(request, "responses/form_edit.html", context)


@require_POST
@access(FormResponse, Action.FILL)
def form_save(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Save answers: JSON for a script, a redirect without."""
    return _answer(request, form, _save)


@require_http_methods(["GET", "HEAD", "POST"])
@access(FormResponse, Action.FILL)
def form_submit(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Save and hand in. Who opens the address again, as after a refusal, comes back to the form."""
    if request.method != "POST":
        return redirect("responses:form-edit", pk=form.pk)
    return _answer(request, form, _submit)


def _save(request: SignedInRequest, form: FormResponse, sent: Sent) -> HttpResponse:
    answers = form_pages.with_row_brought_back(request, form, sent)
    saved = forms.save_answers(form=form, user=request.user, lock=sent.lock, answers=answers, writer=sent.writer)
    form_pages.keep_removed_row(request, form, sent)
    if wants_json(request):
        return JsonResponse(form_pages.saved_json(request, saved, sent))
    if sent.then == "leave":
        tell(request, _("Saved. You can continue at any time."))
        return redirect(way_back(request, form_pages.usual_way_back(saved)).url)
    return redirect(carried(request, form_pages.edit_url(saved, sent)))


@require_POST
@access(FormResponse, Action.FILL)
def form_fill_in(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Save answers, and fill in once more what is known of people and session."""
    return _answer(request, form, _fill_in)


def _fill_in(request: SignedInRequest, form: FormResponse, sent: Sent) -> HttpResponse:
    forms.save_answers(form=form, user=request.user, lock=sent.lock, answers=sent.answers, writer=sent.writer)
    filled_in = forms.fill_in_anew(form=form, user=request.user)
    tell(request, _("It is up to date now."))
    return redirect(carried(request, form_pages.edit_url(filled_in, sent)))


def _submit(request: SignedInRequest, form: FormResponse, sent: Sent) -> HttpResponse:
    is_part = forms.files_part(form, forms.response_rights(form, request.user))
    hand_in = forms.file_part if is_part else forms.submit_form
    hand_in(form=form, user=request.user, lock=sent.lock, answers=sent.answers, writer=sent.writer)
    url = reverse("responses:form-detail", args=[form.pk])
    if wants_json(request):
        return JsonResponse({"url": url})
    tell(request, _("Saved. The PDF is being made.") if is_part else _("Handed in."))
    return redirect(f"{url}{form_pages.settled(sent)}")


def _answer(request: SignedInRequest, form: FormResponse, work: Work) -> HttpResponse:
    """Do `work` with what was sent, and answer what went wrong in the shape that was asked for."""
    form = form_pages.full(form)
    sent = Sent()
    try:
        rights = forms.response_rights(form, request.user)
        sent = read_sent(request, form, rights)
        if sent.person and sent.person != request.user.pk:
            reason = _("You are now signed in as someone else.")
            return _stopped(request, form, sent, reason, status=409, code="person")
        return work(request, form, sent)
    except forms.RefusedAnswersError as error:
        reason = " ".join(dict.fromkeys(error.reasons.values()))
        return _stopped(request, form, sent, reason, status=422, code="refused", errors=error.reasons)
    except forms.NotPossibleError as error:
        return _stopped(request, form, sent, error.reason, status=409, code="stopped")
    except forms.EditConflictError as error:
        return _conflict(request, error, sent)
    except forms.IncompleteError as error:
        return _incomplete(request, error, sent)


def _stopped(
    request: SignedInRequest, form: FormResponse, sent: Sent, reason: str, *, status: int, code: str, **more: Any
) -> HttpResponse:
    """Say why nothing was saved, and show what was written so that it can be taken along."""
    if wants_json(request):
        return JsonResponse({"code": code, "reason": reason, **more}, status=status)
    context = form_pages.stopped_context(request, form, sent, reason)
    return render(request, "responses/form_stopped.html", context, status=status)


def _conflict(request: SignedInRequest, error: forms.EditConflictError, sent: Sent) -> HttpResponse:
    """Show both answers, side by side."""
    context = form_pages.conflict_context(request, error.form, error.conflicts, sent)
    if wants_json(request):
        return JsonResponse(form_pages.conflict_json(context), status=409)
    return render(request, "responses/form_conflict.html", context, status=409)


def _incomplete(request: SignedInRequest, error: forms.IncompleteError, sent: Sent) -> HttpResponse:
    """Show the writing page again, with what needs a look."""
    if wants_json(request):
        problems = [{"label": str(each.label), "reason": each.sentence} for each in error.problems]
        return JsonResponse({"code": "incomplete", "problems": problems}, status=422)
    rights = forms.response_rights(error.form, request.user)
    context = form_pages.edit_context(request, error.form, rights, problems=error.problems, enforce=True, sent=sent)
    return render(request, "responses/form_edit.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@access(FormResponse, Action.FILL)
def form_audience(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Choose who will read one's form."""
    form = form_pages.full(form)
    context = form_pages.audience_context(request, form)
    if context is None:
        raise Http404
    if request.method != "POST":
        return render(request, "responses/form_audience.html", context)
    try:
        forms.choose_audience(form=form, user=request.user, audience=request.POST.get("audience", ""))
    except forms.NotPossibleError as error:
        return render(request, "responses/form_audience.html", context | {"error": error.reason}, status=409)
    except ValidationError as error:
        return render(request, "responses/form_audience.html", context | {"error": error.messages[0]}, status=422)
    return redirect("responses:form-edit", form.pk)


# --- read ------------------------------------------------------------------------------------------------------------


@require_safe
@access(FormResponse, Action.VIEW, for_page=True)
def form_detail(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Read a form, with what was said about it; the writer sees that it was opened, and what is new."""
    read_conversation(form)
    forms.mark_read(form=form, user=request.user)
    return _detail(request, form, new_comments=forms.mark_seen(form=form, user=request.user))


def _detail(request: SignedInRequest, form: FormResponse, *, status: int = 200, **further: Any) -> HttpResponse:
    context = form_pages.detail_context(request, form, once=new_key(), is_out_of_date=is_out_of_date(form), **further)
    return render(request, "responses/form_detail.html", context, status=status)


@require_POST
@access(FormResponse, Action.FILL)
def form_reopen(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Open one's own form again to change it."""
    form = form_pages.for_reading(form)
    try:
        forms.reopen_form(form=form, user=request.user)
    except forms.NotPossibleError as error:
        return _detail(request, form, status=409, problem=error.reason)
    return redirect("responses:form-edit", form.pk)


@require_POST
@access(FormResponse, Action.FILL)
def form_discard(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Throw away what one has changed since it was handed in; the next page offers to undo it."""
    form = form_pages.for_reading(form)
    try:
        kept = forms.discard_changes(form=form, user=request.user)
    except forms.NotPossibleError as error:
        return _detail(request, form, status=409, problem=error.reason)
    request.session[DISCARDED] = {"form": form.pk, "kept": kept}
    undo = reverse("responses:form-bring-back", args=[form.pk])
    tell(request, _("Your changes were discarded."), undo_url=undo, icon="trash3")
    query = form_pages.settled(Sent(writer=request.POST.get("writer", "")[:40]))
    return redirect(f"{reverse('responses:form-detail', args=[form.pk])}{query}")


@require_POST
@access(FormResponse, Action.FILL)
def form_bring_back(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Bring back the changes that one has thrown away last."""
    form = form_pages.for_reading(form)
    discarded = request.session.get(DISCARDED)
    if not discarded or discarded["form"] != form.pk:
        return _detail(request, form, status=409, problem=_("These changes can no longer be brought back."))
    try:
        forms.bring_back_changes(form=form, user=request.user, kept=discarded["kept"])
    except forms.NotPossibleError as error:
        return _detail(request, form, status=409, problem=error.reason)
    del request.session[DISCARDED]
    return redirect("responses:form-edit", form.pk)


# --- decide ----------------------------------------------------------------------------------------------------------


def _named_submission(request: SignedInRequest, form: FormResponse) -> FormSubmission:
    """Return the submission that the person was looking at."""
    number = key_from(request.POST.get("number", ""))
    submission: FormSubmission = get_object_or_404(form.submissions.with_writer(), number=number)
    return submission


@require_POST
@access(FormResponse, Action.DECIDE)
def form_accept(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Accept what was handed in; who has a part in it and has not filled it in is asked first."""
    form = form_pages.for_reading(form)
    submission = _named_submission(request, form)
    rights = forms.response_rights(form, request.user)
    if forms.may_decide(form, rights.role) and forms.is_part_empty(form, rights) and "without_part" not in request.POST:
        return redirect(f"{reverse('responses:form-detail', args=[form.pk])}?ask=part#decision")
    try:
        forms.accept_form(submission=submission, user=request.user, note=request.POST.get("note", ""))
    except forms.NotPossibleError as error:
        kept = {"problem": error.reason, "note": request.POST.get("note", "")}
        return _detail(request, form_pages.for_reading(form), status=409, **kept)
    tell(request, _("Accepted. The PDF is being made."))
    return redirect(carried(request, reverse("responses:form-detail", args=[form.pk])))


@require_POST
@access(FormResponse, Action.DECIDE)
def form_return(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Give back what was handed in, with a note."""
    form = form_pages.for_reading(form)
    submission = _named_submission(request, form)
    try:
        forms.return_form(submission=submission, user=request.user, note=request.POST.get("note", ""))
    except forms.NotPossibleError as error:
        kept = {"problem": error.reason, "note": request.POST.get("note", "")}
        return _detail(request, form_pages.for_reading(form), status=409, **kept)
    except ValidationError as error:
        note = request.POST.get("note", "")
        return _detail(request, form, status=422, return_error=error.messages[0], note=note)
    tell(request, _("Returned to %(name)s.") % {"name": form.author.get_short_name()})
    return redirect(carried(request, reverse("responses:form-detail", args=[form.pk])))


# --- put right -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@access(FormResponse, Action.VIEW)
def form_move(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Say which session or person a form is really about."""
    form = form_pages.full(form)
    page = moving.form_page(request, form)
    if page is None:
        raise Http404
    if page.is_sent():
        try:
            act_once(
                request,
                FormResponse,
                lambda: forms.move_form(form=form, user=request.user, **page.described()),
                stands=page.is_so,
            )
        except ValidationError as error:
            page.add_refusal(error)
        else:
            tell(request, _("Saved: session and person."))
            return redirect("responses:form-detail", form.pk)
    return moving.shown(request, page, reverse("responses:form-detail", args=[form.pk]), form_words.title_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@access(Document, Action.REPLACE, for_page=True)
def document_about(request: SignedInRequest, document: Document) -> HttpResponse:
    """Say which session or person a paper is really about; without sending it again."""
    page = moving.document_page(request, document)
    if page is None:
        raise Http404
    if page.is_sent():
        try:
            act_once(
                request,
                Document,
                lambda: forms.correct_document(document=document, user=request.user, **page.described()),
                stands=page.is_so,
            )
        except forms.NotPossibleError as error:
            page.add_error(None, error.reason)
        except ValidationError as error:
            page.add_refusal(error)
        else:
            if Document.objects.allowing(request.standing, Action.VIEW).contains(document):
                tell(request, _("Saved: session and person of the document."))
                return redirect("documents:document-detail", document.pk)
            tell(request, _("Saved. What it is about is kept for fewer people, so you cannot open it any more."))
            return redirect("documents:folder-detail", document.folder_id)
    return moving.shown(request, page, reverse("documents:document-detail", args=[document.pk]), document.title)


@require_safe
@access(DocumentVersion, Action.VIEW)
def copy_download(request: SignedInRequest, version: DocumentVersion) -> HttpResponseBase:
    """Hand out what was handed in, in another language than it is filed in, and write down who opened it."""
    version = DocumentVersion.objects.for_download().get(pk=version.pk)
    submission = FormSubmission.objects.for_making(rendering__version=version)
    if submission is None:
        raise Http404
    try:
        rendering = copies.request_copy(
            submission=submission, language=request.GET.get("lang", ""), requested_by=request.user
        )
    except ValueError as error:
        raise Http404 from error
    answer = hand_out(request, rendering, names=document_names(version, rendering.language))
    if answer.status_code != HTTPStatus.ACCEPTED:
        record_download(version=version, user=request.user, is_head_only=request.method == "HEAD")
    return answer


# --- talk ------------------------------------------------------------------------------------------------------------


@require_POST
@access(FormResponse, Action.COMMENT)
def form_comment(request: SignedInRequest, form: FormResponse) -> HttpResponse:
    """Add a comment."""
    form = form_pages.for_reading(form)
    text = request.POST.get("text", "")
    try:
        comment = create_once(request, FormComment, lambda: forms.add_comment(form=form, user=request.user, text=text))
    except forms.NotPossibleError as error:
        return _detail(request, form, status=409, problem=error.reason, comment_text=text)
    except ValidationError as error:
        return _detail(request, form, status=422, comment_error=error.messages[0], comment_text=text)
    return redirect(carried(request, f"{reverse('responses:form-detail', args=[form.pk])}#comment-{comment.pk}"))


@require_POST
@access(FormResponse, Action.COMMENT)
def comment_remove(request: SignedInRequest, form: FormResponse, comment: int) -> HttpResponse:
    """Take one's own comment back; the page offers to undo it."""
    try:
        forms.remove_comment(form=form, comment_id=comment, user=request.user)
    except NotPossibleError as error:
        tell(request, str(error), icon="exclamation-triangle")
    else:
        undo = reverse("responses:comment-restore", args=[form.pk, comment])
        tell(request, _("Comment removed."), undo_url=undo, icon="trash3")
    return redirect("responses:form-detail", form.pk)


@require_POST
@access(FormResponse, Action.COMMENT)
def comment_restore(request: SignedInRequest, form: FormResponse, comment: int) -> HttpResponse:
    """Bring one's own comment back."""
    try:
        forms.restore_comment(form=form, comment_id=comment, user=request.user)
    except NotPossibleError as error:
        tell(request, str(error), icon="exclamation-triangle")
    return HttpResponseRedirect(f"{reverse('responses:form-detail', args=[form.pk])}#comment-{comment}")
