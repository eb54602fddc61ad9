"""The list of boards, and the topics of one: what is new, in order, page by page."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conversations.models import Topic
from conversations.pages.boards import PAGE_OF_TOPICS
from conversations.services import posts, reading, topics
from mentoring.services import stages
from tests.cast import World
from tests.conversations.talking import announcements, begun, board_of, community

SignIn = Callable[[User], Client]


def of_group(world: World) -> str:
    return reverse("conversations:group-board", args=[world.group.pk])


def many(world: World, count: int) -> None:
    """Begin so many topics, one each hour, the highest number last."""
    now = timezone.now()
    for number in range(1, count + 1):
        posts.begin_topic(
            board=board_of(world), by=world.cast.milda, title=f"Topic {number:03}", body="x",
            at=now - timedelta(hours=count - number),
        )  # fmt: skip


def titles(page: str) -> list[str]:
    return re.findall(r"<bdi>(Topic \d+)</bdi></a>", page)


def test_an_empty_board_says_what_belongs_there_and_who_reads_it(world: World, as_user: SignIn) -> None:
    page = as_user(world.cast.milda).get(of_group(world)).text
    assert "Everyone in the group “Žingsnis” reads and writes here, nobody else." in page
    assert "Here you ask the group, share what you found" in page
    assert reverse("conversations:topic-create", args=[board_of(world).pk]) in page
    read_only = (
        as_user(world.cast.milda).get(reverse("conversations:board-detail", args=[announcements(world).pk])).text
    )
    assert "Everyone in “Steps to Work” reads this." in read_only
    assert "topics/new" not in read_only


def test_boards_are_listed_with_what_is_new(world: World, as_user: SignIn) -> None:
    begun(world)
    page = as_user(world.cast.rasa).get(reverse("conversations:board-list")).text
    assert [name for name in ("Announcements", "Community of Mentors", "Žingsnis") if f">{name}</a>" in page] == [
        "Announcements", "Community of Mentors", "Žingsnis"
    ]  # fmt: skip
    assert "Community of Managers" not in page
    assert "1 topic with something new" in page
    other = as_user(world.cast.petar).get(reverse("conversations:board-list")).text
    assert "something new" not in other
    assert "Žingsnis" not in other
    assert "You have no board yet" in as_user(world.cast.olga).get(reverse("conversations:board-list")).text


def test_the_board_of_a_group_stands_in_the_space_of_the_group(world: World, as_user: SignIn) -> None:
    answer = as_user(world.cast.milda).get(reverse("conversations:board-detail", args=[board_of(world).pk]))
    assert answer.url == of_group(world)
    rail = as_user(world.cast.milda).get(reverse("mentoring:group-detail", args=[world.group.pk])).text
    assert of_group(world) in rail


def test_topics_come_in_the_order_of_their_last_post_and_pinned_ones_first(world: World, as_user: SignIn) -> None:
    many(world, 3)
    first = Topic.objects.get(title="Topic 001")
    topics.pin_topic(topic=Topic.objects.get(title="Topic 002"), by=world.cast.rasa, is_pinned=True)
    posts.answer(topic=first, by=world.cast.tomas, body="x")
    client = as_user(world.cast.egle)
    assert titles(client.get(of_group(world)).text) == ["Topic 002", "Topic 001", "Topic 003"]
    assert titles(client.get(of_group(world) + "?order=begun").text) == ["Topic 002", "Topic 003", "Topic 001"]


@pytest.mark.parametrize("order", ["last", "begun"])
def test_every_topic_is_on_one_page(world: World, as_user: SignIn, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "MOST_TOPICS_PER_HOUR", 999)
    many(world, PAGE_OF_TOPICS * 2 + 5)
    topics.pin_topic(topic=Topic.objects.get(title="Topic 001"), by=world.cast.rasa, is_pinned=True)
    at = timezone.now()
    Topic.objects.filter(title__in=["Topic 024", "Topic 025", "Topic 026"]).update(last_post_at=at, created_at=at)
    client, url, seen = as_user(world.cast.egle), f"{of_group(world)}?order={order}", []
    while url:
        page = client.get(url).text
        seen += titles(page)
        older = re.search(r'href="(\?[^"]*before=[^"]*)" rel="next"', page)
        url = f"{of_group(world)}{older[1].replace('&amp;', '&')}" if older else ""
    assert sorted(seen) == [f"Topic {number:03}" for number in range(1, PAGE_OF_TOPICS * 2 + 6)]
    assert seen[0] == "Topic 001"


@pytest.mark.parametrize("strange", ["x", "1-", "9" * 18 + "-1", "-", "1-x", "²-²"])
def test_a_strange_page_is_the_first_one(world: World, as_user: SignIn, strange: str) -> None:
    many(world, 1)
    assert titles(as_user(world.cast.egle).get(of_group(world), {"before": strange}).text) == ["Topic 001"]


def test_new_followed_and_own_topics_can_be_asked_for(world: World, as_user: SignIn) -> None:
    many(world, 3)
    rasa = world.cast.rasa
    reading.choose_following(user_id=rasa.pk, choice="following", topic=Topic.objects.get(title="Topic 002"))
    posts.begin_topic(board=board_of(world), by=rasa, title="Topic 004", body="x")
    client = as_user(rasa)
    client.get(reverse("conversations:topic-detail", args=[Topic.objects.get(title="Topic 003").pk]))
    found = {show: titles(client.get(of_group(world), {"show": show}).text) for show in ("new", "followed", "mine")}
    assert found == {"new": ["Topic 002", "Topic 001"], "followed": ["Topic 004", "Topic 002"], "mine": ["Topic 004"]}
    client.post(reverse("conversations:board-read", args=[board_of(world).pk]))
    assert "There is no such topic here" in client.get(of_group(world), {"show": "new"}).text


def test_following_and_muting_a_board(world: World, as_user: SignIn) -> None:
    begun(world)
    client, url = as_user(world.cast.rasa), reverse("conversations:board-follow", args=[board_of(world).pk])
    assert "You follow this board." in client.post(url, {"choice": "following"}, follow=True).text
    page = client.post(url, {"choice": "muted"}, follow=True).text
    assert "Mute no longer" in page
    assert "something new" not in page
    assert client.post(url, {"choice": "strange"}).status_code == 404
    assert "1 topic with something new" in client.post(url, {"choice": ""}, follow=True).text


def test_a_paused_group_says_why_nothing_can_be_written(world: World, as_user: SignIn) -> None:
    topic = begun(world)
    stages.pause(group=world.group, by=world.cast.egle, reason="Holidays")
    client = as_user(world.cast.milda)
    for url in (
        of_group(world), reverse("conversations:topic-detail", args=[topic.pk]),
        reverse("conversations:topic-create", args=[board_of(world).pk]),
    ):  # fmt: skip
        page = client.get(url).text
        assert "is paused. You can write again when it resumes." in page
        assert "<textarea" not in page
    answer = client.post(reverse("conversations:post-create", args=[topic.pk]), {"body": "What I typed"})
    assert answer.status_code == 409
    assert "What I typed" in answer.text


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(world: World, as_user: SignIn, django_assert_num_queries: Any, count: int) -> None:
    many(world, count)
    for number in range(count):
        posts.begin_topic(board=community(world, "mentor"), by=world.cast.rasa, title=f"x {number}", body="x")
    client = as_user(world.cast.rasa)
    for url, queries in (
        (reverse("conversations:board-list"), 3),
        (of_group(world), 6),
        (reverse("conversations:board-detail", args=[community(world, "mentor").pk]), 4),
        (reverse("conversations:topic-create", args=[board_of(world).pk]), 7),
    ):
        client.get(url)
        with django_assert_num_queries(queries):
            client.get(url)
