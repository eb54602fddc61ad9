"""What people are told of the forum, and what they are not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mail, User
from conversations.models import Following, FollowingChoice, Topic
from conversations.services import posts
from notices import kinds
from notices.models import Fanout, Notice
from notices.models import Topic as NoticeTopic
from notices.services import fan_out, mails, seen
from tests.cast import World
from tests.conversations.talking import announcements, begun, community

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
Commit = Callable[[], Any]


@pytest.fixture(autouse=True)
def quiet(world: World) -> None:
    """Nothing is left to tell of how the world was made."""
    Fanout.objects.all().delete()


def told(kind: str = "") -> dict[str, str]:
    """Tell of everything that happened since; return the reason by the first name of whoever knows of it."""
    for fanout in Fanout.objects.waiting():
        assert fan_out.work_off(fanout_id=fanout.pk)
    found = Notice.objects.select_related("person").order_by("pk")
    return {each.person.full_name.split()[0]: each.reason for each in (found.filter(kind=kind) if kind else found)}


def name_of(person: User) -> str:
    """Return the first name."""
    return person.full_name.split()[0]


def unread(person: User) -> int:
    """Return the number at the bell."""
    return int(User.objects.get(pk=person.pk).unread_notices)


def test_a_topic_of_the_group_is_told_to_the_group_and_to_nobody_else(world: World) -> None:
    begun(world)
    cast = world.cast
    assert set(told("forum_begun")) == {name_of(each) for each in (cast.rasa, cast.egle, cast.tomas, cast.elena)}
    assert unread(cast.milda) == 0
    assert unread(cast.rasa) == 1


def test_an_answer_is_told_to_who_takes_part(world: World) -> None:
    topic = begun(world)
    told()
    posts.answer(topic=topic, by=world.cast.rasa, body="Zsecret words of the answer")
    assert told("forum_answered") == {name_of(world.cast.milda): "follows"}
    notice = Notice.objects.get(kind="forum_answered")
    assert "Zsecret" not in str(notice.facts)


def test_whom_a_post_names_is_told_that_once(world: World) -> None:
    topic = begun(world)
    told()
    posts.answer(topic=topic, by=world.cast.rasa, body=f"@{world.cast.milda.full_name} what do you think?")
    assert told("forum_named") == {name_of(world.cast.milda): "named"}
    assert told("forum_answered") == {}


def test_whom_a_post_names_again_after_a_change_is_not_told_again(world: World) -> None:
    topic = begun(world)
    post = posts.answer(topic=topic, by=world.cast.rasa, body=f"@{world.cast.milda.full_name}?")
    told()
    posts.edit_post(post=post, by=world.cast.rasa, lock=0, body="Nobody?")
    posts.edit_post(post=post, by=world.cast.rasa, lock=1, body=f"@{world.cast.milda.full_name}?")
    told()
    assert Notice.objects.filter(kind="forum_named").count() == 1


def test_a_title_that_is_changed_is_said_by_no_notice_any_more(world: World, client: Client) -> None:
    topic = begun(world, title="Ztitle with a name")
    post = posts.answer(topic=topic, by=world.cast.rasa, body="An answer")
    other = begun(world, title="Another title")
    told()
    posts.edit_post(post=topic.posts.get(number=1), by=world.cast.milda, lock=0, body="x", title='A plain "title"')
    assert not [each for each in Notice.objects.all() if "Ztitle" in str(each.facts)]
    facts = dict(Notice.objects.values_list("target_id", "facts"))
    assert facts[post.pk]["topic"] == 'A plain "title"'
    assert facts[other.posts.get().pk]["topic"] == "Another title"
    client.force_login(world.cast.milda)
    assert "A plain &quot;title&quot;" in client.get("/notices/").text


def test_the_kinds_that_say_a_title_are_those_of_the_forum() -> None:
    of_the_forum = {kind.code for kind in kinds.all_kinds() if kind.topic == NoticeTopic.FORUM}
    assert set(posts.TOLD_KINDS) == of_the_forum


def test_who_mutes_a_topic_hears_nothing_of_it(world: World) -> None:
    topic = begun(world)
    told()
    Following.objects.update_or_create(user=world.cast.milda, topic=topic, defaults={"choice": FollowingChoice.MUTED})
    posts.answer(topic=topic, by=world.cast.rasa, body=f"@{world.cast.milda.full_name} are you there?")
    assert told("forum_named") == told("forum_answered") == {}


def test_a_deleted_post_is_gone_from_bell_and_page(world: World, client: Client) -> None:
    topic = begun(world)
    told()
    post = posts.answer(topic=topic, by=world.cast.rasa, body="An answer that goes")
    told()
    client.force_login(world.cast.milda)
    assert "answered in" in client.get("/notices/").text
    posts.delete_post(post=post, by=world.cast.rasa, reason="It was for another topic")
    told()
    assert unread(world.cast.milda) == 0
    assert "answered in" not in client.get("/notices/").text
    assert client.get(f"/posts/{post.pk}/").status_code != 200


def test_a_community_tells_who_follows_it(world: World) -> None:
    board = community(world, "mentor")
    topic = posts.begin_topic(board=board, by=world.cast.rasa, title="How do you begin?", body="I ask all Mentors.")
    assert told("forum_begun") == {}
    Following.objects.create(user=world.cast.egle, board=board, choice=FollowingChoice.FOLLOWING)
    post = posts.answer(topic=Topic.objects.get(pk=topic.pk), by=world.cast.rasa, body="One thing more.")
    assert told("forum_answered") == {name_of(world.cast.egle): "follows"}
    posts.delete_post(post=post, by=world.cast.rasa, reason="Said twice")
    told()
    assert unread(world.cast.egle) == 0


def test_the_bell_follows_a_topic_that_hides_with_its_first_post(world: World) -> None:
    board = community(world, "mentor")
    topic = posts.begin_topic(board=board, by=world.cast.rasa, title="How do you begin?", body="I ask all Mentors.")
    Following.objects.create(user=world.cast.egle, board=board, choice=FollowingChoice.FOLLOWING)
    posts.answer(topic=Topic.objects.get(pk=topic.pk), by=world.cast.rasa, body="One thing more.")
    told()
    before = unread(world.cast.egle)
    assert before
    posts.delete_post(post=topic.posts.get(number=1), by=world.cast.rasa)
    told()
    assert list(seen.differences()) == []
    posts.restore_post(post=topic.posts.get(number=1), by=world.cast.rasa)
    told()
    assert list(seen.differences()) == []
    assert unread(world.cast.egle) == before


def test_an_announcement_is_told_to_the_whole_programme(world: World) -> None:
    posts.begin_topic(
        board=announcements(world), by=world.cast.egle, title="Closed on Friday", body="Zbody", needs_confirmation=True
    )
    known = told("forum_announced")
    assert name_of(world.cast.milda) in known
    assert name_of(world.cast.rasa) in known
    assert set(known.values()) == {"programme"}
    assert name_of(world.cast.egle) not in known


def test_who_has_left_the_group_is_told_nothing_of_it(world: World) -> None:
    topic = begun(world)
    told()
    membership = world.group.memberships.get(user=world.cast.milda)
    membership.delete()
    posts.answer(topic=topic, by=world.cast.rasa, body="Among those who stay")
    assert told("forum_answered") == {}


def test_administration_does_not_show_the_title_in_the_subject_of_a_mail(world: World, client: Client) -> None:
    topic = begun(world, title="Ztitle of the group")
    told()
    posts.answer(topic=topic, by=world.cast.rasa, body=f"@{world.cast.milda.full_name} please look")
    told()
    mails.sweep()
    mail = Mail.objects.get(subject__contains="Ztitle")
    User.objects.filter(pk=world.cast.dana.pk).update(is_superuser=True, is_staff=True)
    client.force_login(User.objects.get(pk=world.cast.dana.pk))
    page = client.get(reverse("admin:accounts_mail_change", args=[mail.pk]))
    assert page.status_code == 200
    assert "Ztitle" not in page.text
    assert "Ztitle" not in client.get(reverse("admin:accounts_mail_changelist")).text


def test_what_was_read_in_the_topic_is_not_new_at_the_bell(world: World, as_user: SignIn, commit: Commit) -> None:
    rasa, milda = world.cast.rasa, world.cast.milda
    topic = begun(world)
    told()
    posts.answer(topic=topic, by=milda, body=f"@{rasa.full_name}, and you?")
    other = begun(world, title="Another")
    told()
    assert unread(rasa) == 3
    with commit():
        as_user(rasa).get(reverse("conversations:topic-detail", args=[topic.pk]))
    assert unread(rasa) == 1
    assert Notice.objects.unseen().get(person=rasa).target_id == other.posts.get().pk
    # Nobody else has read it by that, and what comes later is new.
    assert Notice.objects.unseen().exclude(person=rasa).count() == Notice.objects.exclude(person=rasa).count()
    posts.answer(topic=topic, by=milda, body=f"@{rasa.full_name}, once more")
    told()
    assert unread(rasa) == 2


def test_confirming_an_announcement_settles_what_was_told_of_it(world: World, as_user: SignIn, commit: Commit) -> None:
    milda, egle = world.cast.milda, world.cast.egle
    news = posts.begin_topic(board=announcements(world), by=egle, title="Closed", body="x", needs_confirmation=True)
    told()
    client, listed = as_user(milda), reverse("notices:notice-list")
    assert "Please confirm that you have read it." in client.get(listed).text
    with commit():
        client.post(reverse("conversations:topic-confirm", args=[news.pk]))
    assert unread(milda) == 0
    assert "Please confirm that you have read it." not in client.get(listed).text
    assert "Please confirm that you have read it." in as_user(world.cast.aino).get(listed).text
    # Whoever wrote it is not asked.
    page = as_user(egle).get(reverse("conversations:topic-detail", args=[news.pk])).text
    assert "I have read it" not in page
    assert "You ask everyone to confirm that they have read this." in page
    people = as_user(egle).get(reverse("conversations:topic-confirmations", args=[news.pk]))
    assert egle not in [person for person, _moment in people.context["people"]]
    assert people.context["confirmed"] == 1


def test_reading_what_one_was_told_of_costs_no_statement_more(
    world: World, as_user: SignIn, django_assert_num_queries: Any
) -> None:
    topic = begun(world)
    client = as_user(world.cast.egle)
    client.get(reverse("conversations:topic-detail", args=[begun(world, title="First").pk]))
    told()
    with django_assert_num_queries(10):
        client.get(reverse("conversations:topic-detail", args=[topic.pk]))


def test_whose_post_is_deleted_by_others_is_told_and_finds_the_reason(
    world: World, as_user: SignIn, commit: Commit
) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    topic = begun(world)
    post = posts.answer(topic=topic, by=milda, body="Zsecret words")
    told()
    posts.delete_post(post=post, by=rasa, reason="Zreason: it names somebody")
    assert told("forum_deleted") == {name_of(milda): "writer"}
    notice = Notice.objects.get(kind="forum_deleted")
    client = as_user(milda)
    listed = client.get(reverse("notices:notice-list")).text
    assert "Rasa Žukauskienė deleted a post of yours in the forum" in listed
    assert "Zsecret" not in listed
    assert "Zreason" not in listed
    assert unread(milda) == 1
    with commit():
        assert "Zreason: it names somebody" in client.get(kinds.kind_of(notice).url(notice), follow=True).text
    assert unread(milda) == 0
    # Brought back, there is nothing to tell; and of what one deletes oneself nobody is told.
    posts.restore_post(post=post, by=rasa)
    told()
    assert unread(milda) == 0
    posts.delete_post(post=post, by=milda)
    told()
    assert Notice.objects.filter(kind="forum_deleted").count() == 1
