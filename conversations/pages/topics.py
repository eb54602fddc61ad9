"""What the pages of a topic show: its posts, what may be done with each, and the place to answer."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.forms import PostForm, form_for
from conversations.models import (
    PAGE_OF_POSTS,
    REACTION_ICONS,
    Attachment,
    Board,
    Post,
    PostDraft,
    Reaction,
    Topic,
    page_of,
)
from conversations.names import title_of
from conversations.pages.attachments import Hanging, hanging_of, room_words, row_of
from conversations.pages.boards import frame_of
from conversations.querysets import is_new_since
from conversations.services.boards import why_not_answering, why_not_writing
from core.keys import key_from
from core.markdown import post_to_html
from core.policy.roles import Action
from core.web.http import SignedInRequest

_BLANK_LINES: Final = re.compile(r"\n{2,}")
EXCERPT: Final = 400
"""So many characters of a quoted post are shown; the rest is a link away."""


@dataclass(slots=True)
class Quoted:
    """The post that another one answers, as it is now: who changes or deletes theirs changes it here too."""

    name: str
    url: str
    words: str
    note: str = ""


@dataclass(slots=True)
class ReactionRow:
    """One of the few things to say to a post, and how many said it."""

    kind: str
    label: str
    icon: str
    count: int
    is_mine: bool

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        words = ngettext("%(label)s: %(count)d person", "%(label)s: %(count)d people", self.count)
        said = words % {"label": self.label, "count": self.count}
        return _("%(said)s, you too") % {"said": said} if self.is_mine else said


@dataclass(slots=True)
class PostRow:
    """A post on the page of its topic."""

    post: Post
    html: SafeString
    quoted: Quoted | None
    is_new: bool
    may_answer: bool
    may_edit: bool
    may_delete: bool
    may_restore: bool
    may_react: bool
    deleted_words: str = ""
    hanging: Hanging | None = None
    said: list[ReactionRow] = field(default_factory=list)
    unsaid: list[ReactionRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes: in a topic, or a new topic on a board; and where what is typed is sent."""

    board: Board
    topic: Topic | None = None

    @property
    def send_url(self) -> str:
        """Where the finished text goes."""
        if self.topic:
            return reverse("conversations:post-create", args=[self.topic.pk])
        return reverse("conversations:topic-create", args=[self.board.pk])

    @property
    def draft_url(self) -> str:
        """Where what is typed is kept meanwhile."""
        if self.topic:
            return reverse("conversations:topic-draft", args=[self.topic.pk])
        return reverse("conversations:board-draft", args=[self.board.pk])

    @property
    def attach_url(self) -> str:
        """Where a script sends files one by one."""
        if self.topic:
            return reverse("conversations:topic-attach", args=[self.topic.pk])
        return reverse("conversations:board-attach", args=[self.board.pk])

    @property
    def preview_url(self) -> str:
        """Where it is shown as it will look."""
        if self.topic:
            return reverse("conversations:answer-preview", args=[self.topic.pk])
        return reverse("conversations:post-preview", args=[self.board.pk])


def topic_url(topic: Topic, post: Post | None = None) -> str:
    """Return the address of a topic, or of the page and place of one of its posts."""
    url = reverse("conversations:topic-detail", args=[topic.pk])
    if post is None:
        return url
    page = page_of(post.number)
    return f"{url}?page={page}#post-{post.pk}" if page > 1 else f"{url}#post-{post.pk}"


def page_number(request: SignedInRequest, topic: Topic) -> int:
    """Return which page of a topic is asked for; one that there is."""
    return min(max(key_from(request.GET.get("page", "")) or 1, 1), topic.last_page)


def topic_context(
    request: SignedInRequest, topic: Topic, *, number: int, form: PostForm | None = None
) -> dict[str, Any]:
    """Return one page of a topic, with the place to answer.

    Args:
        form: what was sent and refused, or is to be looked at once more; None for what the person has kept as a draft.
    """
    board, rights = topic.board, topic.board.rights(request.standing)
    first = (number - 1) * PAGE_OF_POSTS + 1
    posts = Post.objects.numbered(topic, first, number * PAGE_OF_POSTS)
    reactions = Reaction.objects.counted(posts, request.user.pk) if posts else {}
    writes, stop = Action.WRITE in rights, why_not_answering(topic)
    can = _Can(request.user.pk, writes and not stop, _may_delete(board, writes), Action.MODERATE in rights)
    can_react = can.views_may_react(board)
    rows = [_row(post, topic, reactions, can, can_react) for post in posts]
    attached = Attachment.objects.on_page(posts, topic, request.standing)
    hanging = hanging_of(attached, request.user.pk)
    for row in rows:
        row.hanging = hanging.get(row.post.pk)
    shown = min(number * PAGE_OF_POSTS, topic.last_number)
    return {
        **frame_of(request, board),
        "topic": topic,
        "title": title_of(topic),
        "rows": rows,
        "number": number,
        "pages": _pages(topic, number),
        "shown": shown,
        "has_new_later": _first_new(topic) is not None and shown < topic.last_number,
        "stop": stop if writes or topic.is_locked else "",
        "moderates": can.moderate and not why_not_writing(board),
        "choice": topic.my_choice or "",
        "board_choice": topic.my_board_choice or "",
        "may_confirm": topic.needs_confirmation
        and topic.my_confirmation is None
        and topic.author_id != request.user.pk,
        "sees_confirmations": topic.needs_confirmation and can.moderate,
        **(_answering(request, Place(board, topic), form, attached) if can.answer else {"form": None}),
    }


def _answering(
    request: SignedInRequest, place: Place, form: PostForm | None, attached: list[Attachment]
) -> dict[str, Any]:
    return writing_context(request, place, form, [each for each in attached if not each.is_posted])


@dataclass(frozen=True, slots=True)
class _Can:
    """What the person may do in a topic, as it is now."""

    user_id: int
    answer: bool
    delete: bool
    moderate: bool

    def views_may_react(self, board: Board) -> bool:
        """Whether they may say one of the few things: whoever reads may, while the group is not closed or paused."""
        return not why_not_writing(board)


def _may_delete(board: Board, writes: bool) -> bool:  # noqa: FBT001 -- one of two facts
    return writes and not (board.group is not None and board.group.is_read_only)


def _row(
    post: Post,
    topic: Topic,
    reactions: dict[tuple[int, str], tuple[int, bool]],
    can: _Can,
    can_react: bool,  # noqa: FBT001 -- a fact
) -> PostRow:
    is_own = post.author_id == can.user_id
    row = PostRow(
        post=post,
        html=SafeString(""),
        quoted=None,
        is_new=_is_new(post, topic),
        may_answer=can.answer and not post.is_deleted,
        may_edit=is_own and can.answer and not post.is_deleted,
        may_delete=(is_own or can.moderate) and can.delete and not post.is_deleted,
        may_restore=can.delete and post.may_be_brought_back_by(can.user_id),
        may_react=can_react and not is_own,
    )
    if post.is_deleted:
        row.deleted_words = _deleted_words(post)
        return row
    row.html, row.quoted = post_to_html(post.body, tuple(post.named)), quoted_of(post)
    for kind, icon in REACTION_ICONS.items():
        count, is_mine = reactions.get((post.pk, kind.value), (0, False))
        each = ReactionRow(kind.value, str(kind.label), icon, count, is_mine)
        if count:
            row.said.append(each)
        if row.may_react and not is_mine:
            row.unsaid.append(each)
    return row


def _deleted_words(post: Post) -> str:
    """Return who deleted it, and why where that was said."""
    who = post.deleted_by.full_name if post.deleted_by else ""
    if post.delete_reason:
        return _("Deleted by %(name)s: %(reason)s") % {"name": who, "reason": post.delete_reason}
    return _("Deleted by %(name)s") % {"name": who}


def _first_new(topic: Topic) -> int | None:
    """Return the number after which everything is new to the person; None when nothing is."""
    recent = max(is_new_since(), topic.board_read_until or is_new_since())
    number = topic.my_number or 0
    return number if topic.last_post_at > recent and number < topic.last_number else None


def _is_new(post: Post, topic: Topic) -> bool:
    after = _first_new(topic)
    recent = max(is_new_since(), topic.board_read_until or is_new_since())
    return after is not None and post.number > after and post.created_at > recent and not post.is_deleted


def quoted_of(post: Post | PostDraft) -> Quoted | None:
    """Return what a post quotes, as that post says today; what is deleted is not shown by a quote either."""
    quoted = post.quoted
    if quoted is None:
        return None
    url = reverse("conversations:post-detail", args=[quoted.pk])
    name = quoted.author.full_name
    if quoted.is_deleted:
        return Quoted(name, url, "", _("The quoted post is deleted."))
    words = Truncator(_BLANK_LINES.sub("\n", quoted.body)).chars(EXCERPT)
    written = getattr(post, "created_at", None)
    changed = written is not None and quoted.edited_at is not None and quoted.edited_at > written
    return Quoted(name, url, words, _("Changed since it was quoted.") if changed else "")


def _pages(topic: Topic, number: int) -> dict[str, Any]:
    """Return where the pages before and after are; numbers of posts make pages, so none shifts."""
    last = topic.last_page
    return {
        "number": number,
        "total": last,
        "previous": f"?page={number - 1}" if number > 1 else "",
        "next": f"?page={number + 1}" if number < last else "",
        "last": f"?page={last}" if number < last - 1 else "",
        "first": "?page=1" if number > 2 else "",  # noqa: PLR2004 -- the page before is the first
    }


# --- writing ---------------------------------------------------------------------------------------------------------


def writing_context(
    request: SignedInRequest, place: Place, form: PostForm | None = None, attached: list[Attachment] | None = None
) -> dict[str, Any]:
    """Return the form in which a post is written, with the draft, its files and the quoted post.

    Args:
        attached: the files, where they are known already.
    """
    if attached is None:
        attached = list(Attachment.objects.pending(request.user.pk, board=place.board, topic=place.topic))
    draft = PostDraft.objects.of_person(request.user.pk, board=place.board, topic=place.topic) if form is None else None
    quoted = _quoted_in_form(request, place, form, draft)
    if form is None:
        form = _form_of(place, draft, quoted)
    return {
        "form": form,
        "place": place,
        "quoted": quoted_of(PostDraft(quoted=quoted)) if quoted is not None else None,
        "draft_saved_at": draft.saved_at if draft is not None else None,
        "attached": [row_of(each) for each in attached],
        "room_words": room_words(),
    }


def _quoted_in_form(
    request: SignedInRequest, place: Place, form: PostForm | None, draft: PostDraft | None
) -> Post | None:
    """Return the post that is quoted: the one just asked for, that of the refused form, or that of the draft."""
    if place.topic is None:
        return None
    asked = form.quoted_id if form is not None else key_from(request.GET.get("quote", ""))
    if asked is not None:
        found: Post | None = Post.objects.in_topic(place.topic, asked)
        return found
    return draft.quoted if draft is not None and "quote" not in request.GET else None


def _form_of(place: Place, draft: PostDraft | None, quoted: Post | None) -> PostForm:
    first = {"title": draft.title, "body": draft.body, "lock": draft.lock} if draft is not None else {"lock": 0}
    initial = {**first, "quoted": quoted.pk if quoted is not None else ""}
    return PostForm(initial=initial) if place.topic else form_for(place.board)(initial=initial)


def form_place(place: Place) -> dict[str, Any]:
    """Return the place as the services of files take it."""
    return {"topic": place.topic} if place.topic else {"board": place.board}


def sent_form(place: Place, data: QueryDict) -> PostForm:
    """Return the form with what was sent."""
    return PostForm(data) if place.topic else form_for(place.board)(data)
