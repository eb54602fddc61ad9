"""What the groups of a seeded world have said on their boards, what they were told of it, and what they have read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.models import User
from conversations.models import Board, Post, Topic, TopicMark
from conversations.services import index
from core.models import DomainEvent
from mentoring.models import MentoringGroup, Programme
from notices.models import Notice, Way

FEW_TOPICS, MANY_TOPICS = 3, 25
FEW_POSTS, MANY_POSTS = 2, 50
"""The first groups have a board that fills its page, and a topic of fifty posts, for whoever measures them."""

TITLES: Final = (
    "How do I begin a letter?",
    "Papers for the interview",
    "Which day suits you?",
    "What I found at the fair",
)
SENTENCES: Final = (
    "I wrote two drafts and like **neither** of them. The first one is too long, the second says nothing about me.",
    "Look at the list we made together:\n\n- what you did\n- what came of it\n- what you want\n\nThen leave out half.",
    "Thank you, that helps. I send it to you before Friday, and we read it together at the library.",
    "> The second says nothing about me.\n\nBut it does: *you kept a house running for years*. Say that in one line.",
    "My sister keeps an example at https://example.org/letters, in two languages. Мотивационно писмо и автобиография.",
)


@dataclass
class Talk:
    """What one group says; `told` is what a test needs to know of it."""

    group: MentoringGroup
    people: Sequence[User]
    marker: str
    is_large: bool
    topics: list[Topic] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)


def write_forum(programme: Programme, talks: Sequence[Talk], now: datetime) -> None:
    """Let all groups talk, many rows at a time; one topic of each holds the group's confidential word.

    Args:
        talks: their `told` gets the keys of the board and of the topic with the most posts.
    """
    boards = {board.group_id: board for board in Board.objects.filter(group__programme=programme)}
    for talk in talks:
        talk.topics = [_topic(boards[talk.group.pk], talk, place, now) for place in range(_topic_count(talk))]
    topics = [topic for talk in talks for topic in talk.topics]
    Topic.objects.bulk_create(topics, batch_size=500)
    posts = [post for talk in talks for topic in talk.topics for post in _posts(topic, talk, now)]
    Post.objects.bulk_create(posts, batch_size=500)
    for start in range(0, len(posts), 500):
        index.add(posts[start : start + 500])
    first = {post.topic_id: post for post in posts if post.number == 1}
    events = {topic.pk: _event(topic, first[topic.pk]) for topic in topics}
    DomainEvent.objects.bulk_create(events.values(), batch_size=500)
    # Half of the topics are read; of the others the people of the large groups are told.
    marks = [
        TopicMark(topic=topic, user=person, number=topic.last_number)
        for talk in talks
        for topic in talk.topics[::2]
        for person in talk.people
    ]
    TopicMark.objects.bulk_create(marks, batch_size=500)
    notices = [
        _notice(person, talk.group, events[topic.pk], first[topic.pk])
        for talk in talks
        if talk.is_large
        for topic in talk.topics
        for person in talk.people
        if person.pk != topic.author_id
    ]
    Notice.objects.bulk_create(notices, batch_size=500)
    for talk in talks:
        talk.told |= {"board": boards[talk.group.pk].pk, "topic": talk.topics[0].pk}


def _topic_count(talk: Talk) -> int:
    return MANY_TOPICS if talk.is_large else FEW_TOPICS


def _post_count(talk: Talk, place: int) -> int:
    return MANY_POSTS if talk.is_large and place == 0 else FEW_POSTS


def _at(place: int, number: int, count: int, now: datetime) -> datetime:
    """Return when a post was written: the first topic is the newest, its last post an hour ago."""
    return now - timedelta(days=place, hours=1 + count - number)


def _topic(board: Board, talk: Talk, place: int, now: datetime) -> Topic:
    count = _post_count(talk, place)
    return Topic(
        board=board,
        title=TITLES[place % len(TITLES)],
        author=talk.people[place % len(talk.people)],
        created_at=_at(place, 1, count, now),
        last_post_at=_at(place, count, count, now),
        last_author=talk.people[(place + count - 1) % len(talk.people)],
        last_number=count,
        living=count,
    )


def _posts(topic: Topic, talk: Talk, now: datetime) -> list[Post]:
    place, count = talk.topics.index(topic), topic.last_number
    posts = []
    for number in range(1, count + 1):
        body = SENTENCES[(place + number) % len(SENTENCES)]
        if place == number - 1 == 0:
            body = f"{body} {talk.marker}"
        author = talk.people[(place + number - 1) % len(talk.people)]
        posts.append(
            Post(topic=topic, number=number, author=author, body=body, created_at=_at(place, number, count, now))
        )
    return posts


def _event(topic: Topic, post: Post) -> DomainEvent:
    return DomainEvent(
        kind="topic.created",
        actor=topic.author,
        group_id=topic.board.group_id,
        target=f"conversations.topic:{topic.pk}",
        data={"board_id": topic.board_id, "post_id": post.pk},
        happened_at=topic.created_at,
    )


def _notice(person: User, group: MentoringGroup, event: DomainEvent, post: Post) -> Notice:
    return Notice(
        person=person,
        kind="forum_begun",
        event=event,
        group=group,
        target_id=post.pk,
        reason="role",
        facts={"topic": post.topic.title},
        way=Way.IN_PAGE,
        created_at=event.happened_at,
    )
