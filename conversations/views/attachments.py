"""Files of posts: sent with the text or one by one, taken off again, opened, and filed as documents."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.forms import PostForm
from conversations.models import MOST_ATTACHED, Attachment, Board, Post, Topic
from conversations.pages.attachments import row_of
from conversations.pages.topics import Place, form_place, topic_url
from conversations.services import attachments
from conversations.services import filing as filing_service
from core.errors import NotPossibleError
from core.keys import key_from
from core.policy.guard import access
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest
from core.web.toasts import tell
from documents.serving import serve
from uploads.intake.refusals import TRY_LATER, RefusedError
from uploads.models import BatchState

FILES = "attachments"


def take_files(request: SignedInRequest, place: Place, form: PostForm) -> list[Attachment]:
    """Keep the files that came with a text; why one is not kept stands beside the field. One loses no other."""
    files, kept = request.FILES.getlist(FILES), []
    try:
        if files:
            attachments.check_room(by=request.user, count=len(files), **form_place(place))
        for file in files:
            try:
                kept.append(attachments.attach(by=request.user, file=file, **form_place(place)))
            except RefusedError as error:
                form.add_error(FILES, f"{error.title}. {error.sentence}")
    except ValidationError as error:
        form.add_error(FILES, error.messages)
    except NotPossibleError as error:
        form.add_error(None, error.reason)
    return kept


def take_off(request: SignedInRequest, place: Place) -> bool:
    """Take off the file whose button was pressed, without scripts; return whether one was."""
    sent = request.POST.get("detach", "")
    there = Attachment.objects.pending(request.user.pk, board=place.board, topic=place.topic)
    found = [each for each in there if str(each.pk) == sent]
    attachments.detach(attachments=found)
    return bool(found)


@require_POST
@access(Board, Action.WRITE, for_page=True)
def board_attach(request: SignedInRequest, board: Board) -> HttpResponse:
    """Keep one file with a topic that is being written, for a script."""
    return _attach(request, Place(board))


@require_POST
@access(Topic, Action.WRITE, for_page=True)
def topic_attach(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Keep one file with an answer that is being written, for a script."""
    return _attach(request, Place(topic.board, topic))


def _attach(request: SignedInRequest, place: Place) -> HttpResponse:
    """Keep it and say under which key, or why not."""
    files = request.FILES.getlist(FILES)
    try:
        if len(files) != 1:
            raise RefusedError("missing")
        attachments.check_room(by=request.user, count=0, **form_place(place))
        row = row_of(attachments.attach(by=request.user, file=files[0], **form_place(place)))
    except RefusedError as error:
        answer = JsonResponse({"reason": f"{error.title}. {error.sentence}"}, status=error.status)
        if error.status == TRY_LATER:
            answer["Retry-After"] = "60"
        return answer
    except ValidationError as error:
        return JsonResponse({"reason": " ".join(error.messages)}, status=422)
    except NotPossibleError as error:
        return JsonResponse({"reason": error.reason}, status=409)
    remove = reverse("conversations:attachment-remove", args=[row.key])
    url = row.open_url or row.url
    return JsonResponse({"key": row.key, "name": row.name, "about": row.about, "url": url, "remove": remove})


@require_POST
@access(Attachment, Action.WRITE)
def attachment_remove(request: SignedInRequest, attachment: Attachment) -> HttpResponse:
    """Take a file off what is being written."""
    attachments.detach(attachments=[attachment])
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({})
    tell(request, _("The file is removed."), icon="trash3")
    topic, board = attachment.topic, attachment.board
    return redirect(Place(topic.board, topic).send_url if topic else Place(board).send_url)  # type: ignore[arg-type]


@require_safe
@access(Attachment, Action.VIEW)
def attachment_download(request: SignedInRequest, attachment: Attachment) -> HttpResponseBase:
    """Hand out a file of a post, and write down who opened it."""
    attachments.record_opening(attachment=attachment, by=request.user, is_head_only=request.method == "HEAD")
    ending = attachment.name.rpartition(".")[2]
    plain = f"file-{attachment.pk}.{ending}" if ending.isascii() and ending.isalnum() else f"file-{attachment.pk}"
    kind = f"{attachment.content_type}; charset=utf-8" if attachment.content_type.startswith("text/") else ""
    is_inline = request.GET.get("inline") == "1"
    return serve(
        request, attachment.file, names=(attachment.name, plain), content_type=kind or attachment.content_type,
        is_inline=is_inline,
    )  # fmt: skip


@require_safe
@access(Attachment, Action.VIEW)
def attachment_page_preview(request: SignedInRequest, attachment: Attachment) -> HttpResponse:
    """Hand out the small picture of a file."""
    if not attachment.thumbnail:
        raise Http404
    with attachment.thumbnail.open("rb") as stored:  # from here, wherever files lie: pages show pictures of ours only
        content = stored.read()
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@require_POST
@access(Post, Action.UPLOAD, area=Area.FOLDER, among=Post.objects.fileable, for_page=True)
def post_file(request: SignedInRequest, post: Post) -> HttpResponse:
    """File a PDF or the pictures of a post; what is not known of them is asked on the page of the upload."""
    keys = [key for each in request.POST.getlist("file")[:MOST_ATTACHED] if (key := key_from(each)) is not None]
    if not keys:
        messages.error(request, _("Choose at least one picture."))
        return redirect(topic_url(post.topic, post))
    try:
        filing = filing_service.file_attachments(post=post, keys=keys, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(topic_url(post.topic, post))
    if filing.batch.state == BatchState.OPEN:
        return redirect("uploads:upload-edit", pk=filing.batch_id)
    if filing.batch.state == BatchState.FILED:
        tell(request, _("It is in the folder now."))
    else:
        tell(request, _("The PDF is being made. It is in the folder in a moment."))
    return redirect(topic_url(post.topic, post))
