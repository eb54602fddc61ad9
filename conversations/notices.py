"""What people are told of the forum: named, answered, a topic begins on their board, something is announced."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import Following, Mention, Post, PostFiling
from conversations.querysets import members_of
from core.models import DomainEvent
from core.policy.roles import Action
from documents.models import Document, DocumentVersion
from documents.notices import EXAMPLE as DOCUMENT
from documents.notices import document_url, facts_of, reads_the_document, tell_otherwise, what
from mentoring.standing import Standing
from notices.kinds import NoticeKind, Said, Told, by_role, register, tell_about
from notices.models import Notice, Topic, Way

AT_ONCE = {**by_role(Way.AT_ONCE), "": Way.AT_ONCE}
GATHERED = {**by_role(Way.DAILY), "": Way.DAILY}
NAMED = "forum_named"
EXAMPLE = {"topic": {"en": "Day of our next meeting", "bg": "Ден на следващата ни среща"}}
ANNOUNCED = {"topic": {"en": "Closed on Friday", "bg": "Затворено в петък"}, "confirm": True}


def _reads_the_post(standing: Standing) -> Q:
    """Return the condition for posts that the person reads now: there, and in a topic whose title is shown."""
    there = Post.objects.readable(standing, Action.VIEW).filter(topic__is_headless=False)
    return Q(Exists(there.filter(pk=OuterRef("target_id"))))


def _post_url(notice: Notice) -> str:
    """Return the permanent link of the post."""
    return reverse("conversations:post-detail", args=[notice.target_id])


def _post(event: DomainEvent) -> Post | None:
    """Return the post of an event, with its topic; None when it is gone. A topic stands for its first post."""
    key = event.data.get("post_id") or int(event.target.rpartition(":")[2])
    return Post.objects.for_page().filter(pk=key, deleted_at__isnull=True).first()


def _told(post: Post, people: Any, reason: str, **facts: Any) -> Told:
    return Told(dict.fromkeys(people, reason), post.pk, {"topic": post.topic.title, **facts})


def _named(event: DomainEvent) -> Told | None:
    """Tell whom the post names anew, but for those who have muted the topic; nobody twice of the same post."""
    if (post := _post(event)) is None:
        return None
    named = {int(key) for key in event.data["people"].split(",")}
    untold = named - Following.objects.people_muting(post.topic) - Notice.objects.people_told(NAMED, post.pk, named)
    return _told(post, untold, "named")


def _answered(event: DomainEvent) -> Told | None:
    """Tell who follows; whom the post names is told that instead."""
    if (post := _post(event)) is None:
        return None
    people = set(Following.objects.people_told(post.topic))
    return _told(post, people - set(Mention.objects.people_of(post)), "follows")


def _begun(event: DomainEvent) -> Told | None:
    """Tell everybody of a group's board, but for those who have muted it; elsewhere who follows the board."""
    if (post := _post(event)) is None:
        return None
    board = post.topic.board
    if not board.is_of_group:
        return _told(post, Following.objects.people_told(post.topic), "follows")
    people = set(members_of(board).order_by().values_list("pk", flat=True))
    named = set(Mention.objects.people_of(post))
    return _told(post, people - named - Following.objects.people_muting(post.topic), "role")


def _announced(event: DomainEvent) -> Told | None:
    """Tell everybody of the programme."""
    if (post := _post(event)) is None:
        return None
    people = members_of(post.topic.board).order_by().values_list("pk", flat=True)
    return _told(post, people, "programme", confirm=post.topic.needs_confirmation)


def _posts_of_its_topic(event: DomainEvent) -> Any:
    """Return the posts whose notices are shown or not with the post of an event: a topic hides with its first."""
    return Post.objects.filter(topic=event.data["topic_id"]).values("pk")


for closing in ("post.deleted", "post.restored"):
    tell_about(closing, _posts_of_its_topic)


def _sees_the_trace(standing: Standing) -> Q:
    """Return the condition for deleted posts in topics that the person reads; brought back, they are no news."""
    gone = Post.objects.allowing(standing, Action.VIEW).filter(deleted_at__isnull=False)
    return Q(Exists(gone.filter(pk=OuterRef("target_id"))))


def _deleted(event: DomainEvent) -> Told | None:
    """Tell the author that somebody else deleted the post; nothing of what it said, nor the title it may have had."""
    post = Post.objects.filter(pk=int(event.target.rpartition(":")[2]), deleted_at__isnull=False).first()
    return Told({post.author_id: "writer"}, post.pk, {"deleted": True}) if post is not None else None


def _who_deletes(said: Said) -> str:
    return _("%(who)s deleted a post of yours in the forum") % {"who": said.who}


def _is_deleted(said: Said) -> str:
    return _("A post was deleted by %(who)s") % {"who": said.who}


def _see_why(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("You can read the reason in the topic.")


def _who_names(said: Said) -> str:
    return _("%(who)s names you in “%(topic)s”") % {"who": said.who, "topic": said.text("topic")}


def _is_named(said: Said) -> str:
    return _("Named by %(who)s in “%(topic)s”") % {"who": said.who, "topic": said.text("topic")}


def _who_answers(said: Said) -> str:
    return _("%(who)s answered in “%(topic)s”") % {"who": said.who, "topic": said.text("topic")}


def _who_begins(said: Said) -> str:
    return _("%(who)s wrote in the forum: “%(topic)s”") % {"who": said.who, "topic": said.text("topic")}


def _what_is_announced(said: Said) -> str:
    return _("Announcement: “%(topic)s”") % {"topic": said.text("topic")}


def _to_confirm(said: Said) -> str:
    return _("Please confirm that you have read it.") if said.facts.get("confirm") else ""


def _is_filed(said: Said) -> str:
    return _("Filed by %(who)s: %(what)s") % {"who": said.who, "what": what(said)}


def _filed(event: DomainEvent) -> Told | None:
    """Tell who handed it in what became of it."""
    post = Post.objects.filter(pk=int(event.target.rpartition(":")[2])).first()
    there = Document.objects.select_related("tool_version").filter(removed_at__isnull=True)
    document = there.filter(pk=event.data["document_id"]).first()
    if post is None or document is None:
        return None
    return Told({post.author_id: "writer"}, document.pk, facts_of(document))


def _who_filed(said: Said) -> str:
    return _("%(who)s filed what you handed in: %(what)s") % {"who": said.who, "what": what(said)}


def _handed_in_by(version: DocumentVersion) -> set[int]:
    """Return who is told in the words above that a document was filed: once is enough."""
    filing = PostFiling.objects.of_version(version.pk)
    return {filing.post.author_id} if filing is not None else set()


tell_otherwise(_handed_in_by)
register(
    NoticeKind(
        code="forum_filed", topic=Topic.DOCUMENTS, label=gettext_lazy("What you handed in in the forum is filed"),
        events=("post.filed",), gather=_filed, title=_who_filed, logged=_is_filed, url=document_url,
        reached_by=reads_the_document, ways=by_role(Way.AT_ONCE), example=DOCUMENT,
    ),
    NoticeKind(
        code=NAMED, topic=Topic.FORUM, label=gettext_lazy("Somebody names you in the forum"),
        events=("post.mentioned",), gather=_named, title=_who_names, logged=_is_named, url=_post_url,
        reached_by=_reads_the_post, ways=AT_ONCE, example=EXAMPLE,
    ),
    NoticeKind(
        code="forum_answered", topic=Topic.FORUM, label=gettext_lazy("Somebody answers in a topic that you follow"),
        events=("post.created",), gather=_answered, title=_who_answers, url=_post_url, reached_by=_reads_the_post,
        ways=GATHERED, example=EXAMPLE,
    ),
    NoticeKind(
        code="forum_begun", topic=Topic.FORUM, label=gettext_lazy("A topic begins on a board of yours"),
        events=("topic.created",), gather=_begun, title=_who_begins, url=_post_url, reached_by=_reads_the_post,
        ways=GATHERED, example=EXAMPLE,
    ),
    NoticeKind(
        code="forum_announced", topic=Topic.FORUM, label=gettext_lazy("Something is announced in your programme"),
        events=("announcement.created",), gather=_announced, title=_what_is_announced, line=_to_confirm,
        url=_post_url, reached_by=_reads_the_post, ways=AT_ONCE, example=ANNOUNCED,
    ),
    NoticeKind(
        code="forum_deleted", topic=Topic.FORUM, label=gettext_lazy("Somebody deletes a post of yours"),
        events=("post.deleted",), gather=_deleted, title=_who_deletes, logged=_is_deleted, line=_see_why,
        url=_post_url, reached_by=_sees_the_trace, ways={}, example={"deleted": True},
    ),
)  # fmt: skip
