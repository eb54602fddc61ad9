"""Topics: begin one, read it, answer, follow, pin, lock, confirm."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.forms import PostForm
from conversations.models import Board, Post, Topic
from conversations.pages.boards import frame_of
from conversations.pages.posts import confirmations_context
from conversations.pages.topics import Place, page_number, sent_form, topic_context, topic_url, writing_context
from conversations.services import attachments, posts, reading, topics
from conversations.services.boards import why_not_answering, why_not_writing
from conversations.views.attachments import take_files
from core.errors import NotPossibleError
from core.policy.guard import access
from core.policy.roles import Action
from core.web.http import SignedInRequest
from core.web.once import create_once, made_before
from core.web.toasts import tell

CREATE = ["GET", "HEAD", "POST"]


@require_http_methods(CREATE)
@access(Board, Action.WRITE, for_page=True)
def topic_create(request: SignedInRequest, board: Board) -> HttpResponse:
    """Begin a topic."""
    place, form, status = Place(board), None, 200
    if request.method == "POST":
        form = sent_form(place, request.POST)
        if (topic := _begun(request, board, form)) is not None:
            return redirect(topic_url(topic))
        status = 422
    stop = why_not_writing(board)
    context = frame_of(request, board) | writing_context(request, place, form) | {"stop": stop}
    return render(request, "conversations/topic_create.html", context, status=409 if stop and form else status)


def _begun(request: SignedInRequest, board: Board, form: PostForm) -> Topic | None:
    """Return the topic that was sent; None where it is refused, with the reason beside its field."""
    if request.FILES and (sent := made_before(request, Topic)) is not None:
        return sent
    new = take_files(request, Place(board), form)
    if not form.is_valid():
        return None
    said, keys = form.cleaned_data, [*form.attached_keys, *(each.pk for each in new)]
    confirm = bool(said.get("needs_confirmation"))
    try:
        topic = create_once(
            request,
            Topic,
            lambda: posts.begin_topic(
                board=board, by=request.user, title=said["title"], body=said["body"], needs_confirmation=confirm,
                attached=keys,
            ),
        )  # fmt: skip
        attachments.detach(attachments=new)  # where the same press came twice at once, the other has them
        return topic
    except (ValidationError, NotPossibleError) as error:
        refuse(form, error)
    return None


def refuse(form: PostForm, error: ValidationError | NotPossibleError) -> None:
    """Put the sentences of a service beside the fields that they are about."""
    if isinstance(error, NotPossibleError):
        form.add_error(None, error.reason)
    elif hasattr(error, "error_dict"):
        for name, sentences in error.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
    else:
        form.add_error(None, error.messages)


@require_safe
@access(Topic, Action.VIEW, for_page=True)
def topic_detail(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Read a page of a topic; what is on it is not new any more."""
    context = topic_context(request, topic, number=page_number(request, topic))
    response = render(request, "conversations/topic_detail.html", context)
    reading.mark_read(topic=topic, user_id=request.user.pk, number=context["shown"])
    reading.see_notices(topic=topic, user=request.user, number=context["shown"])
    return response


@require_safe
@access(Topic, Action.VIEW, for_page=True)
def topic_new(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Go to the first post that the person has not seen; without one to the newest."""
    return redirect(topic_url(topic, Post.objects.first_after(topic, topic.my_number or 0)))


@require_http_methods(CREATE)
@access(Topic, Action.WRITE, among=Topic.objects.reached)
def post_create(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Answer in a topic; GET shows its last page with the place to write."""
    form, status = None, 200
    if request.method == "POST":
        form = sent_form(Place(topic.board, topic), request.POST)
        if (post := _answered(request, topic, form)) is not None:
            return redirect(topic_url(topic, post))
        status = 409 if why_not_answering(topic) else 422
    context = topic_context(request, topic, number=topic.last_page, form=form)
    return render(request, "conversations/topic_detail.html", context | {"refused": form}, status=status)


def _answered(request: SignedInRequest, topic: Topic, form: PostForm) -> Post | None:
    """Return the post that was sent; None where it is refused, with the reason beside its field."""
    if request.FILES and (sent := made_before(request, Post)) is not None:
        return sent
    new = take_files(request, Place(topic.board, topic), form)
    if not form.is_valid():
        return None
    body, quoted = form.cleaned_data["body"], form.quoted_id
    keys = [*form.attached_keys, *(each.pk for each in new)]
    try:
        post = create_once(
            request,
            Post,
            lambda: posts.answer(topic=topic, by=request.user, body=body, quoted_id=quoted, attached=keys),
        )
        attachments.detach(attachments=new)  # where the same press came twice at once, the other has them
        return post
    except (ValidationError, NotPossibleError) as error:
        if (sent := made_before(request, Post)) is not None:
            return sent
        refuse(form, error)
    return None


@require_POST
@access(Topic, Action.VIEW, for_page=True)
def topic_follow(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Follow a topic, mute it, or neither."""
    choice = request.POST.get("choice", "")
    try:
        reading.choose_following(user_id=request.user.pk, choice=choice, topic=topic)
    except ValidationError as error:
        raise Http404 from error
    words = {"following": _("You follow this topic."), "muted": _("This topic is muted: nothing in it counts as new.")}
    tell(request, words.get(choice, _("You follow this topic no longer, and it is not muted.")))
    return redirect(topic_url(topic))


@require_POST
@access(Topic, Action.MODERATE, for_page=True)
def topic_pin(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Keep a topic at the top of its board, or no longer."""
    is_on = request.POST.get("on") == "1"
    words = _("The topic is pinned to the top of the board now.") if is_on else _("The topic is no longer pinned.")
    return _done(request, topic, lambda: topics.pin_topic(topic=topic, by=request.user, is_pinned=is_on), words)


@require_POST
@access(Topic, Action.MODERATE, for_page=True)
def topic_lock(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Let nobody answer any more, or again."""
    is_on = request.POST.get("on") == "1"
    words = _("The topic is locked.") if is_on else _("The topic is open again.")
    return _done(request, topic, lambda: topics.lock_topic(topic=topic, by=request.user, is_locked=is_on), words)


@require_POST
@access(Topic, Action.VIEW, among=Topic.objects.announcements)
def topic_confirm(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Confirm that one has read an announcement."""
    words = _("Confirmed. Whoever wrote it sees that you have read it.")
    return _done(request, topic, lambda: topics.confirm_reading(topic=topic, by=request.user), words)


def _done(request: SignedInRequest, topic: Topic, act: Any, words: str) -> HttpResponse:
    """Do something to a topic, and say so or why not."""
    try:
        act()
    except NotPossibleError as error:
        messages.error(request, error.reason)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        tell(request, words)
    return redirect(topic_url(topic))


@require_safe
@access(Topic, Action.MODERATE, among=Topic.objects.announcements)
def topic_confirmations(request: SignedInRequest, topic: Topic) -> HttpResponse:
    """Say who has confirmed an announcement."""
    return render(request, "conversations/topic_confirmations.html", confirmations_context(request, topic))
