"""One post: its permanent address, its history; change it, delete it, bring it back, react to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.forms import DeleteForm, PostForm
from conversations.models import Post
from conversations.pages.posts import edit_form, history_context, post_frame
from conversations.pages.topics import topic_url
from conversations.services import posts, reading
from conversations.views.topics import CREATE, refuse
from core.errors import NotPossibleError
from core.policy.guard import access
from core.policy.roles import Action
from core.web.http import SignedInRequest
from core.web.once import act_once
from core.web.toasts import tell


@require_safe
@access(Post, Action.VIEW, for_page=True)
def post_detail(request: SignedInRequest, post: Post) -> HttpResponse:
    """Lead to the page of the topic on which a post stands, and to its place there."""
    return redirect(topic_url(post.topic, post))


@require_safe
@access(Post, Action.VIEW, among=Post.objects.readable, for_page=True)
def post_history(request: SignedInRequest, post: Post) -> HttpResponse:
    """Say what a post said before it was changed."""
    return render(request, "conversations/post_history.html", history_context(request, post))


@require_http_methods(CREATE)
@access(Post, Action.WRITE, for_page=True)
def post_edit(request: SignedInRequest, post: Post) -> HttpResponse:
    """Change what one has written."""
    form, status, now = edit_form(post, request.POST if request.method == "POST" else None), 200, None
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                _edited(request, post, form)
                tell(request, _("Saved."))
                return redirect(topic_url(post.topic, post))
        except posts.ChangedMeanwhileError as error:
            status, now = 409, error.post
        except (ValidationError, NotPossibleError) as error:
            refuse(form, error)
    context = post_frame(request, post) | {"form": form, "now": now}
    return render(request, "conversations/post_edit.html", context, status=status)


def _edited(request: SignedInRequest, post: Post, form: PostForm) -> None:
    said = form.cleaned_data
    posts.edit_post(post=post, by=request.user, lock=form.lock_number, body=said["body"], title=said.get("title"))


@require_http_methods(CREATE)
@access(Post, Action.WRITE, among=Post.objects.deletable, for_page=True)
def post_delete(request: SignedInRequest, post: Post) -> HttpResponse:
    """Take a post away from every page."""
    form = DeleteForm(request.POST if request.method == "POST" else None, is_own=post.author_id == request.user.pk)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            posts.delete_post(post=post, by=request.user, reason=reason)
        except NotPossibleError as error:
            messages.error(request, error.reason)
        else:
            undo = reverse("conversations:post-restore", args=[post.pk])
            tell(request, _("The post is deleted."), undo_url=undo, icon="trash3")
        return redirect(topic_url(post.topic, post))
    context = post_frame(request, post) | {"form": form, "is_own": post.author_id == request.user.pk}
    return render(request, "conversations/post_delete.html", context, status=422 if form.errors else 200)


@require_POST
@access(Post, Action.WRITE, among=Post.objects.deleted_by, for_page=True)
def post_restore(request: SignedInRequest, post: Post) -> HttpResponse:
    """Bring back what one has deleted."""
    try:
        act_once(request, Post, lambda: posts.restore_post(post=post, by=request.user), stands=lambda _post: True)
    except NotPossibleError as error:
        messages.error(request, error.reason)
    else:
        tell(request, _("The post is back."))
    return redirect(topic_url(post.topic, post))


@require_POST
@access(Post, Action.VIEW, among=Post.objects.answerable, for_page=True)
def post_react(request: SignedInRequest, post: Post) -> HttpResponse:
    """Say one of the few things to a post, or take it back."""
    kind, _colon, wanted = request.POST.get("say", "").partition(":")
    try:
        reading.react(post=post, by=request.user, kind=kind, is_on=wanted != "0")
    except ValidationError as error:
        raise Http404 from error
    except NotPossibleError as error:
        messages.error(request, error.reason)
    return redirect(topic_url(post.topic, post))
