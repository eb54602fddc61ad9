"""What is new to whom, and what one is writing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conversations.models import LONGEST_POST, PostDraft, Topic
from conversations.navigation import unread_in_group, unread_on
from conversations.services import posts, reading
from mentoring.models import Membership
from mentoring.services.memberships import end_membership
from mentoring.standing import Standing
from tests.cast import World
from tests.conversations.talking import announcements, begun, board_of, community

SignIn = Callable[[User], Client]


def new_to(person: User) -> dict[int, int]:
    return unread_on(Standing.of(person))


def test_a_topic_is_new_to_all_readers_but_its_writer_until_they_read_it(world: World, as_user: SignIn) -> None:
    topic, cast, board = begun(world), world.cast, board_of(world).pk
    begun(world, title="Another")
    assert new_to(cast.milda) == {}
    assert new_to(cast.rasa) == new_to(cast.egle) == {board: 2}
    for stranger in (cast.boris, cast.petar, cast.aino, cast.dana, cast.jonas, cast.olga, cast.sofia):
        assert new_to(stranger) == {}
    as_user(cast.rasa).get(reverse("conversations:topic-detail", args=[topic.pk]))
    assert unread_in_group(Standing.of(cast.rasa), world.group.pk) == 1
    posts.answer(topic=topic, by=cast.tomas, body="And?")
    assert (new_to(cast.rasa), new_to(cast.milda)) == ({board: 2}, {board: 1})


def test_it_rides_along_with_the_first_statement(world: World, django_assert_num_queries: Any) -> None:
    board = begun(world).board_id
    with django_assert_num_queries(1):
        assert new_to(world.cast.rasa) == {board: 1}


def test_muted_marked_old_or_deleted_is_not_new(world: World) -> None:
    rasa, board = world.cast.rasa, board_of(world)
    topic = begun(world)
    reading.choose_following(user_id=rasa.pk, choice="muted", topic=topic)
    assert new_to(rasa) == {}
    reading.choose_following(user_id=rasa.pk, choice="", topic=topic)
    reading.choose_following(user_id=rasa.pk, choice="muted", board=board)
    assert new_to(rasa) == {}
    reading.choose_following(user_id=rasa.pk, choice="following", topic=topic)  # goes before its board's
    assert new_to(rasa) == {board.pk: 1}
    reading.mark_board_read(board=board, user_id=rasa.pk)
    assert new_to(rasa) == {}
    other = begun(world)
    assert new_to(world.cast.egle) == {board.pk: 2}
    posts.delete_post(post=other.posts.get(), by=world.cast.milda)
    assert new_to(world.cast.egle) == {board.pk: 1}
    Topic.objects.update(last_post_at=timezone.now() - timedelta(days=61))
    assert new_to(world.cast.egle) == {}


def test_who_leaves_the_group_has_nothing_new_there_at_once(world: World) -> None:
    begun(world)
    membership = Membership.objects.live().get(group=world.group, user=world.cast.rasa)
    end_membership(membership=membership, by=world.cast.egle)
    assert new_to(world.cast.rasa) == {}


def test_communities_are_new_to_their_role_and_announcements_to_everybody(world: World) -> None:
    cast = world.cast
    mentors, news = community(world, "mentor"), announcements(world)
    posts.begin_topic(board=mentors, by=cast.rasa, title="x", body="x")
    assert new_to(cast.petar) == {mentors.pk: 1}
    assert new_to(cast.egle) == new_to(cast.milda) == {}  # a Manager reads it, and nothing counts as new
    posts.begin_topic(board=news, by=cast.egle, title="x", body="x")
    assert new_to(cast.jonas) == new_to(cast.dana) == new_to(cast.aino) == {news.pk: 1}


# --- drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_changed_and_gone_once_it_is_posted(world: World) -> None:
    topic, tomas = begun(world), world.cast.tomas
    draft = reading.save_draft(by=tomas, lock=0, body="I th", topic=topic)
    assert draft
    draft = reading.save_draft(by=tomas, lock=draft.lock, body="I think so  ", topic=topic)
    assert draft
    assert PostDraft.objects.get().body == "I think so  "
    posts.answer(topic=topic, by=tomas, body="I think so")
    assert not PostDraft.objects.exists()
    # The last save was still under way when the text was posted.
    assert reading.save_draft(by=tomas, lock=draft.lock, body="I think so", topic=topic) is None
    assert not PostDraft.objects.exists()


def test_two_windows_never_overwrite_each_other(world: World) -> None:
    topic, tomas = begun(world), world.cast.tomas
    reading.save_draft(by=tomas, lock=0, body="One", topic=topic)
    for lock in (0, 7):
        with pytest.raises(reading.DraftChangedError) as conflict:
            reading.save_draft(by=tomas, lock=lock, body="Two", topic=topic)
        assert (conflict.value.draft.body, PostDraft.objects.get().body) == ("One", "One")
    assert reading.save_draft(by=tomas, lock=0, body="One", topic=topic)  # the same words again


def test_an_emptied_draft_goes_and_a_longer_one_than_a_post_is_refused(world: World) -> None:
    board, tomas = board_of(world), world.cast.tomas
    draft = reading.save_draft(by=tomas, lock=0, body="", title="Only a title", board=board)
    assert draft
    assert reading.save_draft(by=tomas, lock=draft.lock, body=" ", title="", board=board) is None
    assert not PostDraft.objects.exists()
    with pytest.raises(ValidationError):
        reading.save_draft(by=tomas, lock=0, body="x" * (LONGEST_POST + 1), board=board)
