"""What the pages of one post show: its history, the form that changes it; and who confirmed an announcement."""

from typing import Any, Final

from django.core.paginator import Paginator

from conversations.forms import PostForm, TopicForm
from conversations.models import Confirmation, Post, PostVersion, Topic
from conversations.names import title_of
from conversations.pages.boards import frame_of
from conversations.pages.topics import topic_url
from conversations.querysets import asked_to_confirm
from core.markdown import post_to_html
from core.web.http import SignedInRequest

PAGE_OF_PEOPLE: Final = 100
PAGE_OF_VERSIONS: Final = 10


def post_frame(request: SignedInRequest, post: Post) -> dict[str, Any]:
    """Return what every page of a post needs."""
    topic = post.topic
    return {
        **frame_of(request, topic.board),
        "post": post,
        "topic": topic,
        "title": title_of(topic),
        "post_url": topic_url(topic, post),
    }


def edit_form(post: Post, data: Any = None) -> PostForm:
    """Return the form that changes a post, with the title where it opens its topic."""
    kind = TopicForm if post.is_first else PostForm
    return kind(data, initial={"title": post.topic.title, "body": post.body, "lock": post.lock})


def history_context(request: SignedInRequest, post: Post) -> dict[str, Any]:
    """Return what a post says and said, the newest first; a page of its versions."""
    page = Paginator(PostVersion.objects.of_post(post), PAGE_OF_VERSIONS).get_page(request.GET.get("page"))
    now = {
        "title": post.topic.title if post.is_first else "",
        "html": _html(post),
        "at": post.edited_at,
        "is_now": True,
    }
    before = [{"title": each.title, "html": _html(each), "at": each.written_at, "is_now": False} for each in page]
    return {**post_frame(request, post), "page": page, "versions": before if page.has_previous() else [now, *before]}


def _html(said: Post | PostVersion) -> str:
    return post_to_html(said.body, tuple(said.named))


def confirmations_context(request: SignedInRequest, topic: Topic) -> dict[str, Any]:
    """Return who has confirmed an announcement, and who has not yet; a page of the people of its programme.

    Whoever wrote it is not asked, and not counted.
    """
    confirmed = Confirmation.objects.moments_of(topic)
    confirmed.pop(topic.author_id, None)
    people = asked_to_confirm(topic)
    page = Paginator(people, PAGE_OF_PEOPLE).get_page(request.GET.get("page"))
    return {
        **frame_of(request, topic.board),
        "topic": topic,
        "title": title_of(topic),
        "page": page,
        "people": [(person, confirmed.get(person.pk)) for person in page],
        "confirmed": len(confirmed),
    }
