"""One search for all that one may read, and never a hint of the rest."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conversations.models import Board, Post
from conversations.services import posts, reading
from core.policy.roles import Action, Role
from documents.models import Document, Folder
from documents.services import restrictions
from mentoring.models import Membership
from mentoring.services.memberships import end_membership
from tests.cast import World
from tests.conversations.talking import announcements, begun, board_of, community
from tests.furniture import GROUP_MARKERS, HIDDEN_MARKERS, MANAGER_MARKER, furnish

SignIn = Callable[[User], Client]
MEMBERS = {"egle", "rasa", "milda", "tomas", "elena"}
URL = "/search/"


def looked(client: Client, words: str, **more: Any) -> str:
    answer = client.get(URL, {"q": words, **more})
    assert answer.status_code == 200
    return answer.text


def results(page: str) -> dict[str, list[str]]:
    """Return the titles of what was found, by kind."""
    found = {}
    for kind, section in re.findall(r'aria-labelledby="found-(\w+)"(.*?)</section>', page, flags=re.DOTALL):
        titles = re.findall(r"<bdi>(.*?)</bdi>", section, flags=re.DOTALL)
        found[kind] = [re.sub(r"</?mark>", "", title).strip() for title in titles]
    return found


def who_finds(world: World, as_user: SignIn, words: str) -> set[str]:
    people = {name: person for name, person in world.cast.everybody().items() if person.is_active}
    return {name for name, person in people.items() if results(looked(as_user(person), words))}


def test_everything_is_found_in_one_place_grouped_by_kind(world: World, as_user: SignIn) -> None:
    furnish(world)
    begun(world, title="Contract and letters", body="Is Milda's **contract** signed?\n\nI ask <b>you</b>.")
    page = looked(as_user(world.cast.rasa), "contract")
    found = results(page)
    assert [title for title in found["documents"] if "contract" in title.casefold()]
    assert found["posts"] == ["Contract and letters"]
    assert "<mark>Contract</mark> and letters" in page
    assert "Is Milda&#x27;s <mark>contract</mark> signed?" in page
    assert "I ask &lt;b&gt;you&lt;/b&gt;." in page
    post = Post.objects.get(topic__title="Contract and letters")
    assert reverse("conversations:post-detail", args=[post.pk]) in page
    assert results(looked(as_user(world.cast.rasa), "kazlauskaite"))["people"] == ["Milda Kazlauskaitė"]
    titles = results(looked(as_user(world.cast.milda), "CV", kind="catalogue"))["catalogue"]
    assert titles
    assert all("cv" in title.casefold() for title in titles)


def test_before_anything_is_asked_the_page_says_how_to(world: World, as_user: SignIn) -> None:
    for words in ("", "   "):
        page = looked(as_user(world.cast.milda), words)
        assert "Words in quotation marks are found as they stand beside each other." in page
        assert "<kbd>Ctrl</kbd>" in page
        assert results(page) == {}


def test_what_is_too_short_says_so(world: World, as_user: SignIn) -> None:
    client = as_user(world.cast.milda)
    for words in ("a", '"', "*", ":&|!", "%", "\\", "'", "--", "…", '""""', "( )"):
        assert "Type at least two letters or figures" in looked(client, words), words


STRANGE = (
    '"unclosed words', "two & three | four", "a:* & b", "NEAR(one two)", "col:umn", "-word", "^begin", "😀😀", "你好吗",
    "and OR not", "x" * 10_000, "Ж" * 10_000, "'; DROP TABLE users; --", "שלום", "1e5 5e", "a" * 99 + " b", "%_" * 500,
    "word" + "\u0301" * 500, '"a "b" c"', "<script>alert(1)</script>", "{{ 7*7 }}", " ".join("abcdefghijkl" * 4),
)  # fmt: skip


def test_whatever_is_typed_there_is_an_answer(world: World, as_user: SignIn, settings: Any) -> None:
    settings.SEARCHES_PER_MINUTE = 1000
    begun(world, body="A word here.")
    client = as_user(world.cast.milda)
    for words in STRANGE:
        for kind in ("", "people", "documents", "sessions", "catalogue", "posts"):
            assert "<script>alert(1)" not in looked(client, words, kind=kind), words
    for more in (
        {"page": "0"},
        {"page": "9" * 40},
        {"page": "x"},
        {"kind": "nothing"},
        {"kind": "posts", "page": "50"},
    ):
        looked(client, "word", **more)
    assert client.get(URL, {"q": "\x00word"}).status_code == 400  # as everywhere: no address has a NUL


# --- what one may not read is never found, counted or hinted at -------------------------------------------------------


def test_each_finds_posts_of_their_own_boards_alone(world: World, as_user: SignIn) -> None:
    cast = world.cast
    begun(world, title="Lantern title", body="A hedgehog in the garden.")
    posts.begin_topic(board=Board.objects.get(group=world.other_group), by=cast.aino, title="x", body="A squirrel.")
    posts.begin_topic(board=community(world, Role.MENTOR), by=cast.petar, title="x", body="A woodpecker.")
    posts.begin_topic(board=community(world, Role.MENTEE), by=cast.aino, title="x", body="A dragonfly.")
    posts.begin_topic(board=community(world, Role.MANAGER), by=cast.boris, title="x", body="A kingfisher.")
    posts.begin_topic(board=announcements(world), by=cast.egle, title="x", body="A swallow.")
    managers, mentors = {"egle", "boris"}, {"rasa", "petar"}
    mentees = {"milda", "tomas", "elena", "jonas", "aino", "kalina"}
    assert who_finds(world, as_user, "hedgehog") == MEMBERS
    assert who_finds(world, as_user, "lantern") == MEMBERS
    assert who_finds(world, as_user, "squirrel") == {"boris", "petar", "aino", "kalina"}
    assert who_finds(world, as_user, "woodpecker") == managers | mentors
    assert who_finds(world, as_user, "dragonfly") == managers | mentees
    assert who_finds(world, as_user, "kingfisher") == managers
    assert who_finds(world, as_user, "swallow") == managers | mentors | mentees | {"dana"}


def test_what_one_may_not_read_and_what_is_not_there_look_the_same(world: World, as_user: SignIn) -> None:
    begun(world, title="Hedgehog", body="hedgehog")
    petar = as_user(world.cast.petar)

    def page(words: str, kind: str) -> str:
        shown = re.sub(r'FToken": "\w+"|csrfmiddlewaretoken" value="\w+"', "", looked(petar, words, kind=kind))
        return shown.replace("hedgehog", "hedgehag")

    for kind in ("", "posts", "documents"):
        assert page("hedgehog", kind) == page("hedgehag", kind)


def test_who_leaves_the_group_finds_nothing_of_it_any_more(world: World, as_user: SignIn) -> None:
    furnish(world)
    tomas = as_user(world.cast.tomas)
    assert results(looked(tomas, "Zpost"))["posts"]
    assert results(looked(tomas, "Rasa"))["people"]
    assert "documents" in results(looked(tomas, "contract"))
    membership = Membership.objects.live().get(group=world.group, user=world.cast.tomas)
    end_membership(membership=membership, by=world.cast.egle, reason="moved")
    for words in ("Zpost", "Ztopic", "Rasa", "contract"):
        assert results(looked(tomas, words)) == {}, words


def test_drafts_earlier_words_and_deleted_posts_are_found_by_nobody(world: World, as_user: SignIn) -> None:
    furnish(world)
    for words in ("Zunposted", "Zearlier", "Zgone", "Zwhy"):
        assert who_finds(world, as_user, words) == set(), words
    assert who_finds(world, as_user, "Zquoted") == MEMBERS
    assert who_finds(world, as_user, "Ztopic") == MEMBERS
    first = Post.objects.get(body__startswith="Zquoted")
    posts.delete_post(post=first, by=world.cast.milda)
    assert who_finds(world, as_user, "Ztopic") == set()  # nor by the title of a topic whose first post is deleted
    page = looked(as_user(world.cast.tomas), "Zpost")
    assert results(page)["posts"] == ["Deleted topic"]
    assert "Ztopic" not in page
    posts.restore_post(post=first, by=world.cast.milda)
    assert who_finds(world, as_user, "Ztopic") == MEMBERS
    reading.save_draft(by=world.cast.tomas, lock=0, body="Another secret", board=board_of(world))
    assert results(looked(as_user(world.cast.tomas), "secret")) == {}


def test_no_word_that_only_some_may_read_is_found_by_anybody_else(world: World, as_user: SignIn, settings: Any) -> None:
    settings.SEARCHES_PER_MINUTE = 1000
    furnish(world)
    for words in (*GROUP_MARKERS, *HIDDEN_MARKERS, MANAGER_MARKER, "Zgoals", "Zwithheld"):
        assert who_finds(world, as_user, words) <= MEMBERS, words
        assert not who_finds(world, as_user, words) or words in GROUP_MARKERS


def test_papers_follow_folders_and_audiences(world: World, as_user: SignIn) -> None:
    furnish(world)
    document = Document.objects.get(tool_version__tool__key="contract")
    assert who_finds(world, as_user, document.number) == MEMBERS
    folder = Folder.objects.get(pk=document.folder_id)
    withheld = {"folder": folder, "by": world.cast.egle, "actions": {Action.VIEW}, "reason": "for a while"}
    restrictions.restrict_folder(person=world.cast.tomas, **withheld)
    assert who_finds(world, as_user, document.number) == MEMBERS - {"tomas"}
    restrictions.restrict_folder(role=Role.MENTEE, **withheld)
    assert who_finds(world, as_user, document.number) == {"egle", "rasa"}
    Document.objects.filter(pk=document.pk).update(audience="manager")
    assert who_finds(world, as_user, document.number) == {"egle", "rasa"}  # who wrote it, and the Manager
    Document.objects.filter(pk=document.pk).update(removed_at=timezone.now(), removed_by=world.cast.egle)
    assert who_finds(world, as_user, document.number) == set()


def test_people_are_found_by_those_who_see_them_in_lists(world: World, as_user: SignIn) -> None:
    assert who_finds(world, as_user, "Tomas Jankauskas") == MEMBERS | {"boris", "dana"}
    assert who_finds(world, as_user, "Aino") == {"boris", "petar", "aino", "kalina", "egle", "dana"}
    assert who_finds(world, as_user, "Vaitkus") == {"egle", "boris", "dana"}  # has left the group, not the programme
    assert who_finds(world, as_user, "Outside") == set()
    assert who_finds(world, as_user, "tomas@example.org") == {"egle", "boris", "dana"}  # who invites by address


def test_sessions_are_those_of_plans_of_own_groups_and_of_their_catalogue(world: World, as_user: SignIn) -> None:
    session = world.group.plan.sessions.select_related("catalogue").get()
    words = str(session.catalogue.content["title"]["en"])
    everybody = MEMBERS | {"boris", "petar", "aino", "kalina"}
    assert who_finds(world, as_user, words) == everybody
    url = reverse("sessions:session-detail", args=[session.pk])
    assert url in looked(as_user(world.cast.milda), words)
    assert url not in looked(as_user(world.cast.petar), words)
    other = looked(as_user(world.cast.petar), words, kind="catalogue")
    assert reverse("sessions:catalogue-detail", args=[world.other_group.pk, session.catalogue_id]) in other
    assert "Žingsnis" not in other


def test_a_search_in_a_group_or_on_a_board_finds_what_is_there_alone(world: World, as_user: SignIn) -> None:
    begun(world, title="Ours", body="hedgehog")
    posts.begin_topic(board=community(world, Role.MENTOR), by=world.cast.rasa, title="Theirs", body="hedgehog")
    rasa, board = as_user(world.cast.rasa), board_of(world).pk
    assert results(looked(rasa, "hedgehog"))["posts"] == ["Theirs", "Ours"]
    assert results(looked(rasa, "hedgehog", group=world.group.pk)) == {"posts": ["Ours"]}
    assert results(looked(rasa, "hedgehog", board=board)) == {"posts": ["Ours"]}
    assert results(looked(rasa, "hedgehog", board=community(world, Role.MENTOR).pk)) == {"posts": ["Theirs"]}
    assert "Only in “Žingsnis”." in looked(rasa, "hedgehog", board=board)
    petar = as_user(world.cast.petar)
    for place in ({"group": world.group.pk}, {"board": board}, {"board": 999_999}, {"group": "x"}, {"board": "1" * 40}):
        assert petar.get(URL, {"q": "hedgehog", **place}).status_code == 404, place
    for path in (reverse("conversations:group-board", args=[world.group.pk]), f"/groups/{world.group.pk}/"):
        page = rasa.get(path).text
        name, key = ("board", board) if path.endswith("forum/") else ("group", world.group.pk)
        assert f'<input type="hidden" name="{name}" value="{key}">' in page


# --- pages of results, bounds -----------------------------------------------------------------------------------------


def many_posts(world: World, count: int) -> None:
    board = board_of(world)
    for number in range(count):
        at = timezone.now() - timedelta(hours=2 * (count - number))
        posts.begin_topic(board=board, by=world.cast.milda, title=f"Hedgehog {number:02}", body="x", at=at)


def test_more_of_a_kind_is_a_page_away(world: World, as_user: SignIn) -> None:
    many_posts(world, 22)
    milda = as_user(world.cast.milda)
    page = looked(milda, "hedgehog")
    assert results(page)["posts"] == [f"Hedgehog {number}" for number in (21, 20, 19, 18, 17)]
    assert 'href="?q=hedgehog&amp;kind=posts"' in page
    first = looked(milda, "hedgehog", kind="posts")
    assert len(results(first)["posts"]) == 20
    assert 'href="?q=hedgehog&amp;kind=posts&amp;page=2"' in first
    second = looked(milda, "hedgehog", kind="posts", page=2)
    assert results(second) == {"posts": ["Hedgehog 01", "Hedgehog 00"]}
    assert "page=3" not in second
    assert "Nothing is found for “hedgehag”" in looked(milda, "hedgehag")


def test_a_search_asks_the_same_of_one_row_and_of_many(world: World, as_user: SignIn) -> None:
    furnish(world)
    clients = [as_user(person) for person in (world.cast.milda, world.cast.rasa, world.cast.egle)]

    def counted(words: str) -> list[int]:
        found = []
        for client in clients:
            looked(client, words)  # what the process keeps of the pack is read once
            with CaptureQueriesContext(connection) as queries:
                looked(client, words)
            found.append(len(queries))
        return found

    begun(world, body="A contract.")
    kinds = results(looked(clients[0], "contract"))
    assert set(kinds) == {"documents", "sessions", "catalogue", "posts"}
    assert (counted("contract"), counted("zka")) == ([7, 7, 7], [6, 6, 6])  # a title of a session, or none
    for number in range(3):
        begun(world, title=f"Zka {number}", body="A contract.")
    assert (counted("contract"), counted("zka")) == ([7, 7, 7], [6, 6, 6])


def test_who_searches_too_often_is_told_when_to_come_back(world: World, as_user: SignIn, settings: Any) -> None:
    settings.SEARCHES_PER_MINUTE = 2
    milda = as_user(world.cast.milda)
    assert [milda.get(URL, {"q": "contract"}).status_code for _each in range(3)] == [200, 200, 429]
    answer = milda.get(URL, {"q": "contract"})
    assert (answer.headers["Retry-After"], 'value="contract"' in answer.text) == ("60", True)
    assert "These are many searches in a short time" in answer.text
    assert milda.get(URL).status_code == 200  # the page itself is not a search
    assert as_user(world.cast.rasa).get(URL, {"q": "contract"}).status_code == 200
