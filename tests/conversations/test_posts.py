"""Topics and posts: written, answered, changed, deleted, brought back; nothing typed is in an event."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from conversations.models import LONGEST_POST, UNDO_WITHIN, Following, Mention, Post, PostVersion, Topic
from conversations.services import posts, reading, texts, topics
from core.errors import NotPossibleError
from core.models import DomainEvent
from mentoring.services import stages
from tests.cast import World
from tests.conversations.talking import announcements, begun, board_of, community


def kinds() -> list[str]:
    return list(
        DomainEvent.objects.filter(target__startswith="conversations.").order_by("pk").values_list("kind", flat=True)
    )


def test_a_topic_and_its_answers_are_numbered_and_counted(world: World) -> None:
    topic = begun(world)
    first = posts.answer(topic=topic, by=world.cast.rasa, body="Write it down.")
    second = posts.answer(topic=topic, by=world.cast.milda, body="Thank you.", quoted_id=first.pk)
    topic.refresh_from_db()
    assert [post.number for post in topic.posts.all()] == [1, 2, 3]
    assert (topic.last_number, topic.living, topic.last_author) == (3, 3, world.cast.milda)
    assert second.quoted == first
    assert kinds() == ["topic.created", "post.created", "post.created"]
    event = DomainEvent.objects.get(target=f"conversations.post:{second.pk}")
    assert event.data == {"topic_id": topic.pk, "board_id": topic.board_id}
    assert event.group_id == world.group.pk


def test_no_event_holds_what_was_typed(world: World) -> None:
    topic = begun(world, title="Zsecret", body="Zsecret @Rasa Žukauskienė")
    post = posts.answer(topic=topic, by=world.cast.rasa, body="Zsecret")
    posts.edit_post(post=post, by=world.cast.rasa, lock=0, body="Zsecret too")
    posts.delete_post(post=post, by=world.cast.egle, reason="Zsecret reason")
    assert not [event for event in DomainEvent.objects.all() if "Zsecret" in str(event.data)]
    assert kinds() == ["topic.created", "post.mentioned", "post.created", "post.edited", "post.deleted"]


def test_a_post_of_another_topic_or_a_deleted_one_is_not_quoted(world: World) -> None:
    topic, other = begun(world), begun(world, title="Another")
    strange = other.posts.get()
    gone = posts.answer(topic=topic, by=world.cast.rasa, body="x")
    posts.delete_post(post=gone, by=world.cast.rasa)
    for key in (strange.pk, gone.pk, 999_999):
        assert posts.answer(topic=topic, by=world.cast.milda, body="y", quoted_id=key).quoted is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("  \n ", "Write something first."),
        ("x" * (LONGEST_POST + 1), "20000"),
        ("> " * 9 + "x", "deep in each other"),
        ("- a\n" * 501, "Use at most 500 lines. You have 501."),
        ("\u200b\u3164 \u00ad\u2060", "Write something first."),
    ],
)
def test_too_little_or_too_much_is_refused_in_words(world: World, body: str, words: str) -> None:
    for act in (
        lambda: begun(world, body=body),
        lambda: posts.answer(topic=begun(world), by=world.cast.milda, body=body),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert words in refusal.value.message_dict["body"][0]


def test_far_too_much_is_refused_before_it_is_looked_at(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(texts, "clean_text", lambda typed, **_more: seen.append(len(typed)) or typed)
    for act in (
        lambda: begun(world, body="x" * 4_000_000),
        lambda: begun(world, title="x" * 4_000_000),
        lambda: reading.save_draft(by=world.cast.milda, lock=0, body="x" * 4_000_000, board=board_of(world)),
    ):
        with pytest.raises(ValidationError, match="You have 4000000"):
            act()
    assert max(seen) < 100


@pytest.mark.parametrize("lock", [2**31 - 1, 10**17])
def test_a_count_that_somebody_made_up_is_not_stored(world: World, lock: int) -> None:
    draft = reading.save_draft(by=world.cast.milda, lock=lock, body="Words", board=board_of(world))
    assert draft is not None
    assert draft.lock == 1


def test_many_posts_in_a_short_time_are_refused_and_an_hour_later_are_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "MOST_PER_HOUR", 3)
    topic = begun(world)
    for _number in range(2):
        posts.answer(topic=topic, by=world.cast.milda, body="Again")
    with pytest.raises(ValidationError, match="many posts in a short time"):
        posts.answer(topic=topic, by=world.cast.milda, body="Again")
    posts.answer(topic=topic, by=world.cast.tomas, body="I may")
    Post.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    posts.answer(topic=topic, by=world.cast.milda, body="Again")


# --- changing --------------------------------------------------------------------------------------------------------


def test_what_a_post_said_before_is_kept(world: World) -> None:
    topic = begun(world, title="First title", body="First words")
    post = topic.posts.get()
    posts.edit_post(post=post, by=world.cast.milda, lock=0, body="Second words", title="Second title")
    posts.edit_post(post=post, by=world.cast.milda, lock=1, body="Second words", title="Second title")
    post.refresh_from_db()
    topic.refresh_from_db()
    assert (post.body, post.lock, topic.title) == ("Second words", 1, "Second title")
    assert list(PostVersion.objects.values_list("number", "title", "body")) == [(1, "First title", "First words")]


def test_changes_count_among_the_many_posts_of_an_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change is kept, and may name people anew."""
    monkeypatch.setattr(posts, "MOST_PER_HOUR", 3)
    post = begun(world, body="0").posts.get()
    for lock in range(2):
        posts.edit_post(post=post, by=world.cast.milda, lock=lock, body=f"{lock + 1}")
    with pytest.raises(ValidationError, match="many posts in a short time"):
        posts.edit_post(post=post, by=world.cast.milda, lock=2, body="3")
    Post.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    PostVersion.objects.update(written_at=timezone.now() - timedelta(minutes=61))
    posts.edit_post(post=post, by=world.cast.milda, lock=2, body="3")


def test_who_saves_later_overwrites_nothing(world: World) -> None:
    post = begun(world, body="First").posts.get()
    posts.edit_post(post=post, by=world.cast.milda, lock=0, body="From one window")
    with pytest.raises(posts.ChangedMeanwhileError) as conflict:
        posts.edit_post(post=post, by=world.cast.milda, lock=0, body="From the other")
    assert conflict.value.post.body == "From one window"
    assert posts.edit_post(post=post, by=world.cast.milda, lock=0, body="From one window").lock == 1


# --- deleting --------------------------------------------------------------------------------------------------------


def test_a_deleted_post_leaves_its_number_and_a_trace(world: World) -> None:
    topic = begun(world)
    post = posts.answer(topic=topic, by=world.cast.tomas, body="Not nice")
    with pytest.raises(ValidationError):
        posts.delete_post(post=post, by=world.cast.rasa, reason=" ")
    posts.delete_post(post=post, by=world.cast.rasa, reason="Not nice")
    topic.refresh_from_db()
    assert (topic.living, topic.last_number, topic.last_author) == (1, 2, world.cast.milda)
    assert posts.answer(topic=topic, by=world.cast.milda, body="Go on").number == 3
    with pytest.raises(NotPossibleError):
        posts.delete_post(post=post, by=world.cast.egle, reason="Again")


def test_who_deleted_it_brings_it_back_for_a_while(world: World) -> None:
    topic = begun(world)
    post = topic.posts.get()
    posts.delete_post(post=post, by=world.cast.milda)
    topic.refresh_from_db()
    assert (topic.is_headless, topic.living) == (True, 0)
    with pytest.raises(NotPossibleError):
        posts.restore_post(post=post, by=world.cast.egle)
    posts.restore_post(post=post, by=world.cast.milda)
    topic.refresh_from_db()
    assert (topic.is_headless, topic.living) == (False, 1)
    posts.delete_post(post=post, by=world.cast.milda, at=timezone.now() - UNDO_WITHIN - timedelta(minutes=1))
    with pytest.raises(NotPossibleError):
        posts.restore_post(post=post, by=world.cast.milda)


# --- naming people ---------------------------------------------------------------------------------------------------


def test_members_of_the_board_are_named_and_nobody_else(world: World) -> None:
    topic = begun(world, body="@Rasa Žukauskienė, @елена георгиева: who knows @Петър Щерев? Not rasa@Rasa Žukauskienė.")
    post = topic.posts.get()
    assert Mention.objects.people_of(post) == sorted([world.cast.rasa.pk, world.cast.elena.pk])
    assert post.named == ["Rasa Žukauskienė", "елена георгиева"]
    event = DomainEvent.objects.get(kind="post.mentioned")
    assert event.data["people"] == ",".join(map(str, sorted([world.cast.rasa.pk, world.cast.elena.pk])))


def test_a_name_that_two_people_have_names_nobody(world: World) -> None:
    User.objects.filter(pk=world.cast.tomas.pk).update(full_name="Rasa Žukauskienė")
    assert Mention.objects.people_of(begun(world, body="@Rasa Žukauskienė?").posts.get()) == []


def test_the_longer_of_two_names_that_begin_alike_counts() -> None:
    people = [(1, "Ana Maria"), (2, "Ana Maria Silva"), (3, "Ana")]
    assert texts.find_names("@Ana Maria Silva and @ana maria, @Anastasia", people) == {
        2: {"Ana Maria Silva"}, 1: {"ana maria"}
    }  # fmt: skip


def test_who_is_named_only_after_an_edit_is_told_then(world: World) -> None:
    post = begun(world, body="@Rasa Žukauskienė?").posts.get()
    posts.edit_post(post=post, by=world.cast.milda, lock=0, body="@Rasa Žukauskienė and @Tomas Jankauskas?")
    told = DomainEvent.objects.filter(kind="post.mentioned").order_by("pk")
    assert [event.data["people"] for event in told] == [str(world.cast.rasa.pk), str(world.cast.tomas.pk)]


def test_very_many_names_are_refused_and_the_text_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST_MENTIONS", 1)
    with pytest.raises(ValidationError, match="2 people"):
        begun(world, body="@Rasa Žukauskienė @Tomas Jankauskas")


# --- states ----------------------------------------------------------------------------------------------------------


def test_a_paused_or_closed_group_says_why_nothing_can_be_written(world: World) -> None:
    topic, egle = begun(world), world.cast.egle
    post = topic.posts.get()
    stages.pause(group=world.group, by=egle, reason="Holidays")
    for reason in ("is paused", "is closed"):
        with pytest.raises(NotPossibleError, match=reason):
            posts.begin_topic(board=board_of(world), by=world.cast.milda, title="x", body="x")
        with pytest.raises(NotPossibleError, match=reason):
            posts.answer(topic=topic, by=world.cast.milda, body="x")
        with pytest.raises(NotPossibleError, match=reason):
            posts.edit_post(post=post, by=world.cast.milda, lock=0, body="y")
        with pytest.raises(NotPossibleError, match=reason):
            topics.pin_topic(topic=topic, by=egle, is_pinned=True)
        if reason == "is paused":
            stages.end_early(group=world.group, by=egle, reason="Over")
    with pytest.raises(NotPossibleError, match="is closed"):
        posts.delete_post(post=post, by=world.cast.milda)


def test_a_locked_topic_takes_no_answers_until_it_is_unlocked(world: World) -> None:
    topic = begun(world)
    topics.lock_topic(topic=topic, by=world.cast.rasa, is_locked=True)
    with pytest.raises(NotPossibleError, match="locked"):
        posts.answer(topic=topic, by=world.cast.rasa, body="x")
    topics.lock_topic(topic=topic, by=world.cast.egle, is_locked=False)
    posts.answer(topic=topic, by=world.cast.rasa, body="x")


def test_few_topics_are_pinned(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "MOST_PINNED", 1)
    first, second = begun(world), begun(world)
    topics.pin_topic(topic=first, by=world.cast.rasa, is_pinned=True)
    with pytest.raises(ValidationError, match="pinned here already"):
        topics.pin_topic(topic=second, by=world.cast.rasa, is_pinned=True)
    topics.pin_topic(topic=first, by=world.cast.rasa, is_pinned=False)
    topics.pin_topic(topic=second, by=world.cast.rasa, is_pinned=True)


def test_only_an_announcement_asks_to_be_confirmed_and_once_is_enough(world: World) -> None:
    board = announcements(world)
    topic = posts.begin_topic(board=board, by=world.cast.dana, title="x", body="x", needs_confirmation=True)
    for _press in range(2):
        topics.confirm_reading(topic=topic, by=world.cast.milda)
    assert DomainEvent.objects.filter(kind="announcement.confirmed").count() == 1
    assert kinds()[0] == "announcement.created"
    plain = posts.begin_topic(
        board=community(world, "mentor"), by=world.cast.rasa, title="x", body="x", needs_confirmation=True
    )
    assert not plain.needs_confirmation
    with pytest.raises(NotPossibleError):
        topics.confirm_reading(topic=plain, by=world.cast.petar)


def test_a_deleted_announcement_is_confirmed_by_nobody(world: World) -> None:
    news = posts.begin_topic(
        board=announcements(world), by=world.cast.egle, title="x", body="x", needs_confirmation=True
    )
    posts.delete_post(post=news.posts.get(), by=world.cast.egle)
    news.refresh_from_db()
    with pytest.raises(NotPossibleError, match="deleted"):
        topics.confirm_reading(topic=news, by=world.cast.milda)


def test_nobody_says_something_to_their_own_post(world: World) -> None:
    with pytest.raises(ValidationError):
        reading.react(post=begun(world).posts.get(), by=world.cast.milda, kind="agree", is_on=True)


def test_who_follows_a_topic_or_its_board_can_be_asked(world: World) -> None:
    topic, cast = begun(world), world.cast
    board = topic.board
    for person in (cast.rasa, cast.tomas):
        reading.choose_following(user_id=person.pk, choice="following", board=board)
    reading.choose_following(user_id=cast.tomas.pk, choice="muted", topic=topic)
    reading.choose_following(user_id=cast.elena.pk, choice="following", topic=topic)
    assert Following.objects.people_told(topic) == sorted([cast.milda.pk, cast.rasa.pk, cast.elena.pk])
    reading.choose_following(user_id=cast.rasa.pk, choice="", board=board)
    posts.answer(topic=topic, by=cast.tomas, body="Who takes part follows, but not who muted it before.")
    assert Following.objects.people_told(topic) == sorted([cast.milda.pk, cast.elena.pk])
    assert Topic.objects.get(pk=topic.pk).title == "A question"
