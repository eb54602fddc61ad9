"""What topics say of their posts and what posts are found by, worked out anew and compared."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from conversations.models import Post, Topic
from conversations.services import index
from conversations.services.posts import follow_posts
from core.policy.roles import Role
from mentoring.models import MentoringGroup, Programme


def _compared() -> Any:
    posts = Post.objects.filter(topic=OuterRef("pk")).order_by()
    there = posts.filter(deleted_at__isnull=True)
    counted = there.values("topic").annotate(n=Count("pk")).values("n")
    highest = posts.values("topic").annotate(n=Max("number")).values("n")
    newest = there.order_by("-number").values("created_at")[:1]
    headless = posts.filter(number=1, deleted_at__isnull=False)
    return Topic.objects.annotate(
        counted=Coalesce(Subquery(counted), 0),
        highest=Coalesce(Subquery(highest), 0),
        newest=Subquery(newest),
        beheaded=Case(When(Exists(headless), then=True), default=False),
    )


def wrong_topics() -> Iterator[int]:
    """Yield the keys of the topics that do not say what their posts say."""
    wrong = ~Q(counted=F("living")) | Q(highest__gt=F("last_number")) | ~Q(beheaded=F("is_headless"))
    wrong |= Q(newest__isnull=False) & ~Q(newest=F("last_post_at"))
    yield from _compared().filter(wrong).order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def repair() -> None:
    """Let every topic say what its posts say, and every post be found by its words."""
    for topic in Topic.objects.filter(pk__in=list(wrong_topics())).select_for_update():
        highest = Post.objects.filter(topic=topic).aggregate(n=Max("number"))["n"] or 0
        if highest > topic.last_number:
            topic.last_number = highest
            topic.save(update_fields=["last_number"])
        follow_posts(topic)
    index.make_anew()


def wrong_index() -> Iterator[int]:
    """Yield the keys of the posts that are there and cannot be found, and of deleted ones that could be."""
    wrong = Q(deleted_at__isnull=True, index__isnull=True) | Q(deleted_at__isnull=False, index__isnull=False)
    yield from Post.objects.filter(wrong).order_by("pk").values_list("pk", flat=True)


def places_without_board() -> Iterator[str]:
    """Yield the groups and programmes that lack a board."""
    for key in MentoringGroup.objects.filter(boards__isnull=True).values_list("pk", flat=True):
        yield f"mentoring.mentoringgroup:{key}"
    wanted = len(Role) + 1
    for key in Programme.objects.annotate(n=Count("boards")).filter(n__lt=wanted, enrolments__isnull=False).distinct():
        yield f"mentoring.programme:{key.pk}"
