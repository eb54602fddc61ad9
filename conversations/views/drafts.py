"""What is being written: kept while one types, and shown as it will look."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.forms import PostForm
from conversations.models import Board, Topic
from conversations.pages.boards import frame_of
from conversations.pages.topics import Place, sent_form, writing_context
from conversations.services import reading
from conversations.services.texts import checked_text
from conversations.views.attachments import FILES, take_files, take_off
from core.markdown import post_to_html
from core.policy.guard import access
from core.policy.roles import Action
from core.templatetags.ui import clock_here
from core.web.http import SignedInRequest
from core.web.toasts import tell


@require_POST
@access(Board, Action.WRITE, for_page=True)
def board_draft(request: SignedInRequest, board: Board) -> HttpResponse:
    """Keep a topic that is being written."""
    return _keep(request, Place(board))


@require_POST
@access(Topic, Action.WRITE, for_page=True)
def topic_draft(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Keep an answer that is being written."""
    return _keep(request, Place(topic.board, topic))


def _keep(request: SignedInRequest, place: Place) -> HttpResponse:
    """Keep it: JSON for a script, a redirect without."""
    form = sent_form(place, request.POST)
    is_script = request.headers.get("Accept", "").startswith("application/json")
    try:
        draft = reading.save_draft(
            by=request.user, lock=form.lock_number, body=form.words("body"), title=form.words("title"),
            quoted_id=form.quoted_id, topic=place.topic, board=None if place.topic else place.board,
        )  # fmt: skip
    except ValidationError as error:
        return _refused(request, place, " ".join(error.messages), is_script=is_script, status=422)
    except reading.DraftChangedError as error:
        lock, body = error.draft.lock, error.draft.body
        if is_script:
            return JsonResponse({"lock": lock, "body": body, "title": error.draft.title}, status=409)
        return _other(request, place, lock, body)
    if is_script:
        at = clock_here(draft.saved_at) if draft is not None else ""
        return JsonResponse({"lock": draft.lock if draft is not None else 0, "at": at})
    return _kept(request, place, draft.lock if draft is not None else 0)


def _kept(request: SignedInRequest, place: Place, lock: int) -> HttpResponse:
    """Keep what was attached without a script, or take it off; then say so."""
    if take_off(request, place):
        tell(request, _("The file is removed. What you wrote is kept."), icon="trash3")
        return redirect(place.send_url)
    data = request.POST.copy()
    data["lock"] = str(lock)
    form = _with_files(request, place, data)
    if form.errors:
        return _shown(request, place, form, status=422)
    tell(request, _("Kept. Nobody but you sees it; you can go on at any time."))
    return redirect(place.send_url)


def _with_files(request: SignedInRequest, place: Place, data: QueryDict) -> PostForm:
    """Return the form after its files were kept, with nothing but what is said of them."""
    form = sent_form(place, data)
    take_files(request, place, form)
    for name in set(form.errors) - {FILES, NON_FIELD_ERRORS}:
        del form.errors[name]
    return form


def _refused(request: SignedInRequest, place: Place, words: str, *, is_script: bool, status: int) -> HttpResponse:
    """Say why it is not kept, and show what was typed."""
    if is_script:
        return JsonResponse({"reason": words}, status=status)
    messages.error(request, words)
    return _written(request, place, status=status)


def _other(request: SignedInRequest, place: Place, lock: int, body: str) -> HttpResponse:
    """Show what was kept from another page beside what was typed here; the next saving is this one's."""
    data = request.POST.copy()
    data["lock"] = str(lock)
    return _written(request, place, status=409, data=data, other=body)


def _written(request: SignedInRequest, place: Place, *, status: int = 200, **more: object) -> HttpResponse:
    """Show what is being written on a page of its own."""
    data = more.pop("data", None) or request.POST
    return _shown(request, place, sent_form(place, data), status=status, **more)  # type: ignore[arg-type]


def _shown(
    request: SignedInRequest, place: Place, form: PostForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = frame_of(request, place.board) | writing_context(request, place, form) | more | {"topic": place.topic}
    return render(request, "conversations/post_preview.html", context, status=status)


@require_POST
@access(Board, Action.WRITE, for_page=True)
def post_preview(request: SignedInRequest, board: Board) -> HttpResponse:
    """Show how a new topic will look."""
    return _preview(request, Place(board))


@require_POST
@access(Topic, Action.WRITE, for_page=True)
def answer_preview(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Show how an answer will look."""
    return _preview(request, Place(topic.board, topic))


def _preview(request: SignedInRequest, place: Place) -> HttpResponse:
    """Show it: the part alone for a script, a page with the text to go on writing without."""
    form = sent_form(place, request.POST)
    try:
        text = checked_text(place.board, form.words("body"))
        more: dict[str, Any] = {
            "shown": post_to_html(text.body, tuple(text.names)),
            "title_typed": request.POST.get("title", ""),
        }
    except ValidationError as error:
        more = {"wrong": " ".join(error.messages)}
    if getattr(request, "htmx", False):
        return render(request, "conversations/post_preview.html#shown", more)
    form = _with_files(request, place, request.POST)
    return _shown(request, place, form, status=422 if form.errors else 200, **more)
