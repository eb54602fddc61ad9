"""A topic: its pages, what is new, quotes, reactions, acts; and who may do what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conversations.models import PAGE_OF_POSTS, Post, PostDraft, Reaction, Topic
from conversations.services import posts, topics
from core.web.once import new_key
from tests.cast import World
from tests.conversations.talking import announcements, begun, board_of

SignIn = Callable[[User], Client]


def at(name: str, key: int) -> str:
    return reverse(f"conversations:{name}", args=[key])


def long_topic(world: World, count: int, monkeypatch: pytest.MonkeyPatch) -> Topic:
    """Return a topic with so many posts, «Post 1» and so on."""
    monkeypatch.setattr(posts, "MOST_PER_HOUR", 9999)
    topic = begun(world, body="Post 1 ")
    for number in range(2, count + 1):
        posts.answer(topic=topic, by=world.cast.milda, body=f"Post {number} ")
    return topic


def test_pages_go_by_the_numbers_of_posts_and_a_permanent_link_leads_to_the_right_one(
    world: World, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = long_topic(world, PAGE_OF_POSTS + 3, monkeypatch)
    client, url = as_user(world.cast.rasa), at("topic-detail", topic.pk)
    first, second = client.get(url).text, client.get(url + "?page=2").text
    assert '<p dir="auto">Post 25</p>' in first
    assert "Post 26</p>" not in first
    assert "Page 2 of 2" in second
    assert "Post 26</p>" in second
    newest = Post.objects.get(topic=topic, number=PAGE_OF_POSTS + 3)
    assert client.get(at("post-detail", newest.pk)).url == f"{url}?page=2#post-{newest.pk}"
    posts.delete_post(post=Post.objects.get(topic=topic, number=3), by=world.cast.milda)
    assert "Post 26</p>" not in client.get(url).text  # nothing moves to another page
    for strange in ("0", "99", "x", "9" * 30):
        assert client.get(url, {"page": strange}).status_code == 200


def test_a_reader_jumps_to_the_first_new_post(world: World, as_user: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = long_topic(world, PAGE_OF_POSTS + 3, monkeypatch)
    client = as_user(world.cast.rasa)
    page = client.get(at("topic-detail", topic.pk)).text
    assert at("topic-new", topic.pk) in page
    first_new = Post.objects.get(topic=topic, number=PAGE_OF_POSTS + 1)
    assert client.get(at("topic-new", topic.pk)).url.endswith(f"?page=2#post-{first_new.pk}")
    second = client.get(at("topic-detail", topic.pk) + "?page=2").text
    assert second.count("New</span>") == 3
    assert "New</span>" not in client.get(at("topic-detail", topic.pk) + "?page=2").text
    newest = Post.objects.get(topic=topic, number=PAGE_OF_POSTS + 3)
    assert client.get(at("topic-new", topic.pk)).url.endswith(f"#post-{newest.pk}")


def test_an_answer_quotes_a_post_as_it_is_now(world: World, as_user: SignIn) -> None:
    topic = begun(world, body="The question itself")
    first = topic.posts.get()
    rasa = as_user(world.cast.rasa)
    page = rasa.get(at("topic-detail", topic.pk), {"quote": first.pk}).text
    assert page.count("The question itself") == 2
    answer = rasa.post(at("post-create", topic.pk), {"body": "My answer", "quoted": first.pk}, follow=True)
    assert answer.text.count("The question itself") == 2
    posts.edit_post(post=first, by=world.cast.milda, lock=0, body="Put otherwise")
    page = rasa.get(at("topic-detail", topic.pk)).text
    assert "The question itself" not in page
    assert "Changed since it was quoted." in page
    posts.delete_post(post=first, by=world.cast.milda)
    page = rasa.get(at("topic-detail", topic.pk)).text
    assert "Put otherwise" not in page
    assert "The quoted post is deleted." in page
    assert "Deleted topic" in page


def test_a_double_click_posts_once(world: World, as_user: SignIn) -> None:
    milda, once = as_user(world.cast.milda), new_key()
    for _press in range(2):
        sent = {"title": "Once", "body": "Words", "once": once}
        answer = milda.post(at("topic-create", board_of(world).pk), sent)
        assert answer.status_code == 302
    topic, once = Topic.objects.get(), new_key()
    for _press in range(2):
        answer = milda.post(at("post-create", topic.pk), {"body": "An answer", "once": once})
        assert answer.status_code == 302
    assert Post.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": "", "body": "Kept words"}, "Give the topic a title."),
        ({"title": "Kept title", "body": ""}, "Write something first."),
        ({"title": "Kept title", "body": "x" * 20_001}, "At most 20000 characters"),
        ({"title": "Kept title", "body": "> " * 9 + "x"}, "deep in each other"),
    ],
)
def test_a_mistake_is_told_beside_the_field_and_nothing_is_lost(
    world: World, as_user: SignIn, sent: dict[str, str], words: str
) -> None:
    answer = as_user(world.cast.milda).post(at("topic-create", board_of(world).pk), sent)
    assert answer.status_code == 422
    assert words in answer.text
    for text in sent.values():
        assert text.replace(">", "&gt;") in answer.text
    assert not Topic.objects.exists()


def test_reactions_are_said_and_taken_back_with_words(world: World, as_user: SignIn) -> None:
    post = begun(world).posts.get()
    rasa, tomas = as_user(world.cast.rasa), as_user(world.cast.tomas)
    for client in (rasa, rasa, tomas):  # a second press changes nothing
        client.post(at("post-react", post.pk), {"say": "thanks:1"})
    page = rasa.get(at("topic-detail", post.topic_id)).text
    assert "Thank you: 2 people, you too" in page
    assert 'value="thanks:0"' in page
    rasa.post(at("post-react", post.pk), {"say": "thanks:0"})
    assert "Thank you: 1 person" in rasa.get(at("topic-detail", post.topic_id)).text
    assert rasa.post(at("post-react", post.pk), {"say": "hate:1"}).status_code == 404
    assert Reaction.objects.count() == 1


def test_staff_pins_locks_and_deletes_with_a_reason(world: World, as_user: SignIn) -> None:
    topic = begun(world)
    rasa, tomas = as_user(world.cast.rasa), as_user(world.cast.tomas)
    assert "Pin to the top" not in tomas.get(at("topic-detail", topic.pk)).text
    assert "Unpin" in rasa.post(at("topic-pin", topic.pk), {"on": "1"}, follow=True).text
    page = rasa.post(at("topic-lock", topic.pk), {"on": "1"}, follow=True).text
    assert "This topic is locked." in page
    assert "<textarea" not in page
    assert "This topic is locked." in tomas.get(at("topic-detail", topic.pk)).text
    rasa.post(at("topic-lock", topic.pk), {"on": "0"})
    post = topic.posts.get()
    assert tomas.get(at("post-delete", post.pk)).status_code == 404
    assert rasa.post(at("post-delete", post.pk), {"reason": ""}).status_code == 422
    page = rasa.post(at("post-delete", post.pk), {"reason": "Off topic"}, follow=True).text
    assert "Deleted by Rasa Žukauskienė: Off topic" in page
    assert at("post-restore", post.pk) in page
    assert "How do I begin?" in rasa.post(at("post-restore", post.pk), follow=True).text


def test_an_edited_post_shows_its_history_and_two_windows_see_both_texts(world: World, as_user: SignIn) -> None:
    post = begun(world, title="Title", body="As it was").posts.get()
    milda = as_user(world.cast.milda)
    url = at("post-edit", post.pk)
    assert "As it was" in milda.get(url).text
    saved = milda.post(url, {"title": "Title", "body": "As it is", "lock": "0"}, follow=True).text
    assert at("post-history", post.pk) in saved
    history = as_user(world.cast.tomas).get(at("post-history", post.pk)).text
    assert "As it was" in history
    assert "As it is" in history
    answer = milda.post(url, {"title": "Title", "body": "From the other window", "lock": "0"})
    assert answer.status_code == 409
    assert "As it is" in answer.text
    assert "From the other window" in answer.text
    assert 'name="lock" value="1"' in answer.text
    assert milda.post(url, {"title": "Title", "body": "From the other window", "lock": "1"}).status_code == 302
    assert as_user(world.cast.rasa).get(url).status_code == 404


def test_an_announcement_is_confirmed_and_staff_sees_by_whom(world: World, as_user: SignIn) -> None:
    egle, milda = as_user(world.cast.egle), as_user(world.cast.milda)
    sent = {"title": "Holidays", "body": "No meetings in May.", "needs_confirmation": "on"}
    egle.post(at("topic-create", announcements(world).pk), sent)
    topic = Topic.objects.get()
    page = milda.get(at("topic-detail", topic.pk)).text
    assert "I have read it" in page
    assert "<textarea" not in page
    page = milda.post(at("topic-confirm", topic.pk), follow=True).text
    assert "You confirmed on" in page
    assert "I have read it" not in page
    listed = egle.get(at("topic-confirmations", topic.pk)).text
    assert "1 of 10 people has confirmed." in listed
    assert milda.get(at("topic-confirmations", topic.pk)).status_code == 404


# --- what is being written -------------------------------------------------------------------------------------------


def test_a_draft_comes_back_in_the_field_of_its_writer_alone(world: World, as_user: SignIn) -> None:
    topic = begun(world)
    rasa, url = as_user(world.cast.rasa), at("topic-draft", topic.pk)
    json = {"headers": {"Accept": "application/json"}}
    told = rasa.post(url, {"body": "Half a sent", "lock": "0"}, **json).json()
    assert told["lock"] == 1
    assert "Half a sent" in rasa.get(at("topic-detail", topic.pk)).text
    assert "Half a sent" not in as_user(world.cast.egle).get(at("topic-detail", topic.pk)).text
    conflict = rasa.post(url, {"body": "Other", "lock": "0"}, **json)
    assert (conflict.status_code, conflict.json()["body"]) == (409, "Half a sent")
    too_long = rasa.post(url, {"body": "x" * 20_001, "lock": "1"}, **json)
    assert (too_long.status_code, "20000" in too_long.json()["reason"]) == (422, True)


def test_without_scripts_it_is_kept_and_shown_by_buttons(world: World, as_user: SignIn) -> None:
    board, milda = board_of(world), as_user(world.cast.milda)
    sent = {"title": "My title", "body": "**So** it is, @Rasa Žukauskienė", "lock": "0", "quoted": ""}
    shown = milda.post(at("post-preview", board.pk), sent).text
    assert "<strong>So</strong>" in shown
    assert '<span class="mention">@Rasa Žukauskienė</span>' in shown
    assert 'value="My title"' in shown
    kept = milda.post(at("board-draft", board.pk), sent, follow=True).text
    assert "Nobody but you sees it" in kept
    assert "**So** it is" in kept
    answer = milda.post(at("board-draft", board.pk), sent | {"body": "Other words"})
    assert answer.status_code == 409
    assert "**So** it is" in answer.text
    assert "Other words" in answer.text
    assert 'name="lock" value="1"' in answer.text
    assert PostDraft.objects.get().title == "My title"


def test_the_part_alone_is_shown_to_a_script(world: World, as_user: SignIn) -> None:
    topic = begun(world)
    milda, htmx = as_user(world.cast.milda), {"headers": {"HX-Request": "true"}}
    part = milda.post(at("answer-preview", topic.pk), {"body": "*soft*"}, **htmx).text
    assert "<em>soft</em>" in part
    assert "<html" not in part
    assert "deep in each other" in milda.post(at("answer-preview", topic.pk), {"body": "> " * 9 + "x"}, **htmx).text


def test_names_are_offered_to_who_types_an_at_sign(world: World, as_user: SignIn) -> None:
    url = at("person-list", board_of(world).pk)
    milda = as_user(world.cast.milda)
    assert milda.get(url, {"q": "žuk"}).json() == {"people": ["Rasa Žukauskienė"]}
    assert milda.get(url, {"q": "elena"}).json() == {"people": ["Елена Георгиева"]}
    assert milda.get(url, {"q": "štšerev"}).json() == {"people": []}
    assert len(milda.get(url).json()["people"]) == 5


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(world: World, as_user: SignIn, django_assert_num_queries: Any, count: int) -> None:
    topic = begun(world)
    first = topic.posts.get()
    for number in range(count):
        post = posts.answer(topic=topic, by=world.cast.tomas, body=f"x {number}", quoted_id=first.pk)
        Reaction.objects.create(post=post, user=world.cast.milda, kind="agree")
    news = posts.begin_topic(
        board=announcements(world), by=world.cast.egle, title="x", body="x", needs_confirmation=True
    )
    for number in range(count):
        topics.confirm_reading(topic=news, by=list(world.cast.everybody().values())[number])
    posts.edit_post(post=first, by=world.cast.milda, lock=0, body="y")
    client = as_user(world.cast.egle)
    for url, queries in (
        (at("topic-detail", topic.pk), 9),
        (at("topic-detail", news.pk), 7),
        (at("topic-new", topic.pk), 5),
        (at("post-detail", first.pk), 3),
        (at("post-history", first.pk), 7),
        (at("post-delete", first.pk), 5),
        (at("topic-confirmations", news.pk), 6),
        (at("person-list", topic.board_id), 4),
    ):
        client.get(url)
        with django_assert_num_queries(queries):
            client.get(url)


def test_a_long_history_is_shown_in_pages(world: World, as_user: SignIn) -> None:
    post = begun(world, body="text 0").posts.get()
    for lock in range(12):
        posts.edit_post(post=post, by=world.cast.milda, lock=lock, body=f"text {lock + 1}")
    client = as_user(world.cast.rasa)
    first, second = (client.get(at("post-history", post.pk), {"page": page}).text for page in (1, 2))
    assert "text 12" in first
    assert "text 2</p>" in first
    assert "text 1</p>" not in first
    assert "text 0" in second
    assert "text 12" not in second


def test_reading_something_new_costs_one_statement_more(
    world: World, as_user: SignIn, django_assert_num_queries: Any
) -> None:
    client = as_user(world.cast.egle)
    client.get(at("topic-detail", begun(world).pk))
    topic = begun(world)
    with django_assert_num_queries(10):
        client.get(at("topic-detail", topic.pk))
    posts.answer(topic=topic, by=world.cast.milda, body="x")
    with django_assert_num_queries(10):
        client.get(at("topic-detail", topic.pk))
