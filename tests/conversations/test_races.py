"""People write at the same moment: each post has its number, and the same form posts once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conversations.models import Post, PostDraft, Reaction, Topic, TopicMark
from conversations.services import posts, topics
from core.ops.integrity import faults
from core.web.once import new_key
from tests.cast import World
from tests.conversations.talking import begun, board_of

SignIn = Callable[[User], Client]
Sent = tuple[Client, str, dict[str, Any]]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def at_once(*sent: Sent) -> list[int]:
    """Send each at the same moment; returns the status of the answers, sorted."""
    answers: list[int] = []
    ready = threading.Barrier(len(sent))

    def one(client: Client, url: str, values: dict[str, Any]) -> None:
        own = Client()
        own.cookies = client.cookies
        ready.wait()
        try:
            answers.append(own.post(url, values).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each) for each in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_the_limit_of_an_hour_holds_for_topics_at_the_same_moment(
    world: World, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "MOST_TOPICS_PER_HOUR", 2)
    url, milda = reverse("conversations:topic-create", args=[board_of(world).pk]), as_user(world.cast.milda)
    answers = at_once(*((milda, url, {"title": f"Topic {number}", "body": "x"}) for number in range(5)))
    assert answers == [302] * 2 + [422] * 3
    assert Topic.objects.count() == 2


def test_answers_at_the_same_moment_get_numbers_of_their_own(world: World, as_user: SignIn) -> None:
    topic = begun(world)
    url = reverse("conversations:post-create", args=[topic.pk])
    people = [as_user(person) for person in (world.cast.egle, world.cast.rasa, world.cast.tomas, world.cast.elena)]
    answers = at_once(*((client, url, {"body": f"x {number}"}) for number, client in enumerate(people * 2)))
    assert answers == [302] * 8
    topic.refresh_from_db()
    assert [post.number for post in topic.posts.all()] == list(range(1, 10))
    assert (topic.last_number, topic.living) == (9, 9)
    assert list(faults(thorough=False)) == []


def test_the_same_form_at_the_same_moment_posts_once(world: World, as_user: SignIn) -> None:
    milda, key = as_user(world.cast.milda), new_key()
    url = reverse("conversations:topic-create", args=[board_of(world).pk])
    assert at_once(*[(milda, url, {"title": "Once", "body": "x", "once": key})] * 8) == [302] * 8
    topic = Topic.objects.get()
    url, key = reverse("conversations:post-create", args=[topic.pk]), new_key()
    assert at_once(*[(milda, url, {"body": "Once", "once": key})] * 8) == [302] * 8
    assert Post.objects.count() == 2


def test_a_post_is_deleted_while_it_is_edited_and_answered(world: World, as_user: SignIn) -> None:
    topic = begun(world)
    post = topic.posts.get()
    milda, egle = as_user(world.cast.milda), as_user(world.cast.egle)
    answers = at_once(
        (milda, reverse("conversations:post-edit", args=[post.pk]), {"title": "T", "body": "y", "lock": "0"}),
        (egle, reverse("conversations:post-delete", args=[post.pk]), {"reason": "x"}),
        (milda, reverse("conversations:post-create", args=[topic.pk]), {"body": "z", "quoted": post.pk}),
    )
    assert max(answers) < 500
    post.refresh_from_db()
    assert post.is_deleted
    assert list(faults(thorough=False)) == []


def test_the_last_free_place_at_the_top_is_given_once(
    world: World, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "MOST_PINNED", 1)
    found = [begun(world), begun(world)]
    egle = as_user(world.cast.egle)
    at_once(*((egle, reverse("conversations:topic-pin", args=[topic.pk]), {"on": "1"}) for topic in found))
    assert Topic.objects.filter(is_pinned=True).count() == 1


def test_marks_drafts_and_reactions_at_the_same_moment_are_one_row_each(world: World, as_user: SignIn) -> None:
    topic = begun(world)
    post, rasa = topic.posts.get(), as_user(world.cast.rasa)
    react = reverse("conversations:post-react", args=[post.pk])
    draft = reverse("conversations:topic-draft", args=[topic.pk])
    page = reverse("conversations:topic-detail", args=[topic.pk])
    assert (
        at_once(*[(rasa, react, {"say": "agree:1"})] * 4, *[(rasa, draft, {"body": "Same", "lock": "0"})] * 4)
        == [302] * 8
    )
    readers = [threading.Thread(target=read, args=(rasa, page)) for _number in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    counts = [kind.objects.filter(user=world.cast.rasa).count() for kind in (Reaction, PostDraft, TopicMark)]
    assert counts == [1, 1, 1]


def read(client: Client, page: str) -> None:
    """Open a page in a thread of its own."""
    own = Client()
    own.cookies = client.cookies
    try:
        own.get(page)
    finally:
        connection.close()
