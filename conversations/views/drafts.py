"""What is being written: kept while one types, and shown as it will look."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.models import Board, Topic
from conversations.pages.boards import frame_of
from conversations.pages.topics import Place, sent_form, writing_context
from conversations.services import reading
from conversations.services.texts import checked_text
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
    tell(request, _("Kept. Nobody but you sees it; you can go on at any time."))
    return redirect(place.send_url)


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
    form = sent_form(place, data)  # type: ignore[arg-type]
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
    return _written(request, place, **more)
