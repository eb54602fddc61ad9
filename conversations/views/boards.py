"""Boards: the list of them, one with its topics, following, reading; and who can be named there."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.models import Board
from conversations.pages.boards import board_context, board_list_context, board_url
from conversations.querysets import members_of, named_like
from conversations.services import reading
from core.policy.guard import access, signed_in
from core.policy.roles import Action
from core.search import LONGEST
from core.web.http import SignedInRequest
from core.web.toasts import tell


@require_safe
@signed_in
def board_list(request: SignedInRequest) -> HttpResponse:
    """List one's boards."""
    return render(request, "conversations/board_list.html", board_list_context(request))


@require_safe
@access(Board, Action.VIEW, among=Board.objects.reached)
def board_detail(request: SignedInRequest, board: Board) -> HttpResponse:
    """Show the topics of a board of a programme; that of a group stands in the group's space."""
    if board.group_id is not None:
        return redirect(board_url(board))
    return render(request, "conversations/board_detail.html", board_context(request, board))


@require_safe
@access(Board, Action.VIEW, among=Board.objects.reached, lookup="group")
def group_board(request: SignedInRequest, board: Board) -> HttpResponse:
    """Show the topics of a group's board."""
    return render(request, "conversations/board_detail.html", board_context(request, board))


@require_POST
@access(Board, Action.VIEW, for_page=True)
def board_read(request: SignedInRequest, board: Board) -> HttpResponse:
    """Let nothing on a board be new any more."""
    reading.mark_board_read(board=board, user_id=request.user.pk)
    tell(request, _("Everything here is marked as read."))
    return redirect(board_url(board))


@require_POST
@access(Board, Action.VIEW, for_page=True)
def board_follow(request: SignedInRequest, board: Board) -> HttpResponse:
    """Follow a board, mute it, or neither."""
    choice = request.POST.get("choice", "")
    try:
        reading.choose_following(user_id=request.user.pk, choice=choice, board=board)
    except ValidationError as error:
        raise Http404 from error
    words = {"following": _("You follow this board."), "muted": _("This board is muted: nothing here counts as new.")}
    tell(request, words.get(choice, _("You follow this board no longer, and it is not muted.")))
    return redirect(board_url(board))


@require_safe
@access(Board, Action.WRITE)
def person_list(request: SignedInRequest, board: Board) -> JsonResponse:
    """Name the members of a board whose names hold what was typed after an `@`, for the list beside the text."""
    words = request.GET.get("q", "")[:LONGEST]
    return JsonResponse({"people": named_like(members_of(board), words)})
