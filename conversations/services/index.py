"""What posts are found by: written in the transaction that changes the post."""

from collections.abc import Iterable
from typing import Final

from conversations.models import Post, PostIndex
from core.full_text import AsWords
from core.markdown import plain

_BATCH: Final = 200


def add(posts: Iterable[Post]) -> None:
    """Let posts be found by what they say now; idempotent.

    Args:
        posts: with their topic and author, whose language theirs probably is.
    """
    rows = [PostIndex(post=post, words=_words_of(post)) for post in posts]
    PostIndex.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["post"], update_fields=["words"]
    )


def remove(post: Post) -> None:
    """Let a post be found no more."""
    PostIndex.objects.filter(post=post).delete()


def make_anew() -> None:
    """Let every post that is there be found by what it says, and no other."""
    PostIndex.objects.filter(post__deleted_at__isnull=False).delete()
    there = Post.objects.filter(deleted_at__isnull=True).select_related("topic", "author").order_by("pk")
    batch: list[Post] = []
    for post in there.iterator(_BATCH):
        batch.append(post)
        if len(batch) == _BATCH:
            add(batch)
            batch = []
    add(batch)


def _words_of(post: Post) -> AsWords:
    title = post.topic.title if post.is_first else ""
    return AsWords(f"{title}\n{plain(post.body)}", post.author.language)
