"""Files of posts: attached with the text, kept with a draft, opened, hidden with the post; and who may do what."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conversations.models import MOST_ATTACHED, Attachment, AttachmentOpened, Post, PostDraft, Topic
from conversations.services import attachments, posts, reading
from core.web.once import new_key
from tests.cast import World
from tests.conversations.attaching import attach, office
from tests.conversations.talking import begun, board_of
from tests.documents.sent_files import pdf, photo, sent

SignIn = Callable[[User], Client]
HANDED_OUT = {200, 302}
"""From here, or by the short signed address of the file store."""


def at(name: str, key: int) -> str:
    return reverse(f"conversations:{name}", args=[key])


def handed_in(world: World, *files: tuple[str, bytes]) -> Post:
    """Return an answer of Milda's with these files on it."""
    topic = begun(world, by=world.cast.rasa)
    keys = [attach(world.cast.milda, name, content, topic=topic).pk for name, content in files]
    return posts.answer(topic=topic, by=world.cast.milda, body="Here it is.", attached=keys)


def test_a_post_is_sent_with_its_files_at_once(world: World, as_user: SignIn) -> None:
    topic, client = begun(world, by=world.cast.rasa), as_user(world.cast.milda)
    files = [sent("My form.pdf", pdf()), sent("page 1.jpg", photo()), sent("page 2.jpg", photo(6))]
    answer = client.post(at("post-create", topic.pk), {"body": "All of it", "attachments": files})
    post = Post.objects.get(topic=topic, number=2)
    assert answer.status_code == 302
    assert [each.name for each in post.attachments.all()] == ["My form.pdf", "page 1.jpg", "page 2.jpg"]
    page = as_user(world.cast.rasa).get(at("topic-detail", topic.pk)).text
    assert all(name in page for name in ("My form.pdf", "page 1.jpg", "page 2.jpg"))
    begin = {"title": "My letter", "body": "It is attached", "attachments": [sent("letter.docx", office("docx"))]}
    assert client.post(at("topic-create", topic.board_id), begin).status_code == 302
    assert [each.name for each in Topic.objects.get(title="My letter").posts.get().attachments.all()] == ["letter.docx"]


def test_a_refused_file_says_why_beside_the_field_and_loses_neither_text_nor_other_files(
    world: World, as_user: SignIn
) -> None:
    topic, client = begun(world), as_user(world.cast.milda)
    files = [sent("plan.pdf", pdf()), sent("all.docm", office("docx", ("word/vbaProject.bin", b"x")))]
    answer = client.post(at("post-create", topic.pk), {"body": "Zwords of mine", "attachments": files})
    assert answer.status_code == 422
    assert "“all.docm” was not added. It contains macros" in answer.text
    assert "Zwords of mine" in answer.text
    assert topic.posts.count() == 1
    kept = Attachment.objects.get()
    assert f'name="attached" value="{kept.pk}"' in answer.text
    client.post(at("post-create", topic.pk), {"body": "Zwords of mine", "attached": [kept.pk]})
    assert Post.objects.get(topic=topic, number=2).attachments.get() == kept


@pytest.mark.parametrize("count", [MOST_ATTACHED + 1, 100, 120])
def test_far_too_many_files_get_a_sentence_and_keep_the_text(world: World, as_user: SignIn, count: int) -> None:
    topic, client = begun(world), as_user(world.cast.milda)
    files = [sent(f"{number}.txt", b"words") for number in range(count)]
    answer = client.post(at("post-create", topic.pk), {"body": "Zwords of mine", "attachments": files})
    assert answer.status_code == 422
    assert f"A post can have 10 files at most, and these would be {count}." in answer.text
    assert "Zwords of mine" in answer.text
    assert not Attachment.objects.exists()


def test_a_double_click_attaches_once(world: World, as_user: SignIn) -> None:
    topic, client, key, content = begun(world), as_user(world.cast.milda), new_key(), pdf()
    for _press in range(2):
        sending = {"body": "Once", "once": key, "attachments": [sent("form.pdf", content)]}
        assert client.post(at("post-create", topic.pk), sending).status_code == 302
    assert topic.posts.count() == 2
    assert Attachment.objects.count() == 1


def test_files_are_kept_with_the_draft_and_taken_off_without_losing_the_text(world: World, as_user: SignIn) -> None:
    topic, client = begun(world), as_user(world.cast.milda)
    draft, page = at("topic-draft", topic.pk), at("topic-detail", topic.pk)
    client.post(draft, {"body": "Not yet", "lock": "0", "attachments": [sent("Zmine.pdf", pdf())]})
    assert "Zmine.pdf" in client.get(page).text
    assert "Zmine.pdf" not in as_user(world.cast.rasa).get(page).text
    kept, stored = Attachment.objects.get(), Attachment.objects.get().file.name
    client.post(draft, {"body": "Not yet, really", "lock": "1", "detach": kept.pk})
    assert PostDraft.objects.get().body == "Not yet, really"
    assert not Attachment.objects.exists()
    assert "Zmine.pdf" not in client.get(page).text
    assert stored


def test_previewing_keeps_the_files(world: World, as_user: SignIn) -> None:
    topic, client = begun(world), as_user(world.cast.milda)
    page = client.post(at("answer-preview", topic.pk), {"body": "Look", "attachments": [sent("form.pdf", pdf())]}).text
    assert "form.pdf" in page
    assert f'name="attached" value="{Attachment.objects.get().pk}"' in page


def test_a_script_sends_files_one_by_one_and_the_same_one_once(world: World, as_user: SignIn) -> None:
    topic, client, content = begun(world), as_user(world.cast.milda), pdf()
    for _try in range(2):
        told = client.post(at("topic-attach", topic.pk), {"attachments": sent("form.pdf", content)})
        assert told.status_code == 200
    assert told.json()["key"] == Attachment.objects.get().pk
    refused = client.post(at("topic-attach", topic.pk), {"attachments": sent("x.zip", b"PK\x03\x04junk")})
    assert refused.status_code == 422
    assert "x.zip" in refused.json()["reason"]
    assert client.post(at("topic-attach", topic.pk)).status_code == 422
    removal = client.post(at("attachment-remove", told.json()["key"]), HTTP_ACCEPT="application/json")
    assert (removal.status_code, json.loads(removal.text)) == (200, {})
    assert client.post(at("board-attach", topic.board_id), {"attachments": sent("a.txt", b"x")}).status_code == 200


def test_what_another_window_attached_stays_with_the_draft(world: World) -> None:
    topic, milda = begun(world), world.cast.milda
    first, second = attach(milda, "a.txt", b"a", topic=topic), attach(milda, "b.txt", b"b", topic=topic)
    post = posts.answer(topic=topic, by=milda, body="x", attached=[first.pk])
    assert list(post.attachments.all()) == [first]
    assert list(Attachment.objects.pending(milda.pk, topic=topic)) == [second]


def test_a_post_is_not_sent_without_a_file_that_its_author_saw_on_it(world: World, as_user: SignIn) -> None:
    topic, client = begun(world), as_user(world.cast.milda)
    gone = attach(world.cast.milda, "a.txt", b"a", topic=topic)
    attachments.detach(attachments=[gone])
    answer = client.post(at("post-create", topic.pk), {"body": "With a file", "attached": [gone.pk]})
    assert answer.status_code == 422
    assert "A file is not here any more." in answer.text
    others = attach(world.cast.tomas, "t.txt", b"t", topic=topic)
    client.post(at("post-create", topic.pk), {"body": "With a file", "attached": [others.pk]})
    assert topic.posts.count() == 1


def test_a_file_is_handed_out_as_one_that_runs_nowhere_and_the_opening_is_written_down(
    world: World, as_user: SignIn
) -> None:
    post = handed_in(world, ('a"; drop <b>ž\u202efdp.pdf', pdf()), ("photo.jpg", photo()), ("t.csv", b"a;b\n1;2\n"))
    paper, picture, table = post.attachments.all()
    rasa = as_user(world.cast.rasa)
    answer = rasa.get(at("attachment-download", paper.pk))
    assert answer.status_code == 302 or answer.content.startswith(b"%PDF")  # or the address of the file store
    assert answer["Content-Disposition"].startswith(f'attachment; filename="file-{paper.pk}.pdf"; filename*=UTF-8')
    assert "\u202e" not in paper.name
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    shown = rasa.get(at("attachment-download", picture.pk) + "?inline=1")
    assert shown["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown["Content-Security-Policy"]
    saved = rasa.get(at("attachment-download", table.pk) + "?inline=1")
    assert saved["Content-Disposition"].startswith("attachment")
    rasa.head(at("attachment-download", table.pk))
    opened = AttachmentOpened.objects.order_by("pk").values_list("attachment_id", "user_id")
    assert list(opened) == [(each.pk, world.cast.rasa.pk) for each in (paper, picture, table)]
    page = rasa.get(at("topic-detail", post.topic_id)).text
    assert "<b>ž" not in page
    assert "drop &lt;b&gt;ž" in page


def test_who_may_not_read_the_board_finds_no_file_and_a_draft_s_only_its_author(world: World, as_user: SignIn) -> None:
    post = handed_in(world, ("form.pdf", pdf()))
    posted, topic = post.attachments.get(), post.topic
    mine = attach(world.cast.milda, "later.pdf", pdf(2), topic=topic)
    everybody = {name: user for name, user in world.cast.everybody().items() if user.is_active}
    allowed: dict[str, set[str]] = {"posted": set(), "draft": set()}
    for name, user in everybody.items():
        client = as_user(user)
        for what, each in (("posted", posted), ("draft", mine)):
            if client.get(at("attachment-download", each.pk)).status_code in HANDED_OUT:
                allowed[what].add(name)
        if user != world.cast.milda:
            assert client.post(at("attachment-remove", mine.pk)).status_code == 404, name
        assert client.post(at("attachment-remove", posted.pk)).status_code == 404, name
    assert allowed == {"posted": {"egle", "rasa", "milda", "tomas", "elena"}, "draft": {"milda"}}
    assert Attachment.objects.count() == 2


def test_a_deleted_post_hides_its_files_and_bringing_it_back_shows_them(world: World, as_user: SignIn) -> None:
    post = handed_in(world, ("Zform.pdf", pdf()))
    url, page = at("attachment-download", post.attachments.get().pk), at("topic-detail", post.topic_id)
    posts.delete_post(post=post, by=world.cast.milda)
    for person in (world.cast.milda, world.cast.rasa, world.cast.egle):
        client = as_user(person)
        assert client.get(url).status_code == 404
        assert "Zform.pdf" not in client.get(page).text
    posts.restore_post(post=post, by=world.cast.milda)
    assert as_user(world.cast.rasa).get(url).status_code in HANDED_OUT
    assert "Zform.pdf" in as_user(world.cast.rasa).get(page).text


def test_forgotten_files_go_after_a_day_and_those_of_a_draft_stay(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    topic, milda = begun(world), world.cast.milda
    posted = handed_in(world, ("posted.pdf", pdf())).attachments.get()
    forgotten = attach(milda, "forgotten.txt", b"x", board=board_of(world))
    kept = attach(milda, "kept.txt", b"x", topic=topic)
    reading.save_draft(by=milda, lock=0, body="Still writing", topic=topic)
    assert attachments.sweep() == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.sweep(now=timezone.now() + timedelta(days=1, hours=1)) == 1
    assert set(Attachment.objects.all()) == {posted, kept}
    assert not default_storage.exists(forgotten.file.name)
    assert default_storage.exists(kept.file.name)


def test_the_worker_draws_small_pictures_and_the_sweeper_those_it_left_out(
    world: World, as_user: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as sent_off:
        post = handed_in(world, ("form.pdf", pdf()), ("photo.png", photo(6)), ("words.txt", b"x"))
    assert len([each for each in sent_off if "draw_thumbnail" in repr(each)]) == 2
    client, page = as_user(world.cast.rasa), at("topic-detail", post.topic_id)
    assert "/preview/" not in client.get(page).text.split("answer-head")[0]
    attachments.sweep_thumbnails()
    assert not Attachment.objects.exclude(thumbnail="").exists()  # they may still be on their way
    attachments.sweep_thumbnails(now=timezone.now() + timedelta(minutes=2))
    paper, picture, words = post.attachments.all()
    assert (bool(paper.thumbnail), bool(picture.thumbnail), bool(words.thumbnail)) == (True, True, False)
    assert at("attachment-page-preview", picture.pk) in client.get(page).text
    answer = client.get(at("attachment-page-preview", picture.pk))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(at("attachment-page-preview", words.pk)).status_code == 404
    posts.delete_post(post=post, by=world.cast.milda)
    assert client.get(at("attachment-page-preview", picture.pk)).status_code == 404
    assert as_user(world.cast.aino).get(at("attachment-page-preview", paper.pk)).status_code == 404


def test_a_paused_or_closed_group_takes_no_files(world: World, as_user: SignIn) -> None:
    topic, client = begun(world), as_user(world.cast.milda)
    world.group.stage = "paused"
    world.group.save()
    told = client.post(at("topic-attach", topic.pk), {"attachments": sent("a.txt", b"x")})
    assert told.status_code == 409
    assert "paused" in told.json()["reason"]
    assert not Attachment.objects.exists()


def test_many_files_in_a_short_time_are_refused_in_friendly_words(
    world: World, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_PER_HOUR", 1)
    topic, client = begun(world), as_user(world.cast.milda)
    attach(world.cast.milda, "a.txt", b"a", topic=topic)
    told = client.post(at("post-create", topic.pk), {"body": "x", "attachments": [sent("b.txt", b"b")]})
    assert told.status_code == 422
    assert "These are many files in a short time." in told.text


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(world: World, as_user: SignIn, django_assert_num_queries: Any, count: int) -> None:
    files = [(f"{number}.txt", f"words {number}".encode()) for number in range(count)]
    post = handed_in(world, *files)
    client = as_user(world.cast.rasa)
    for url, queries in (
        (at("topic-detail", post.topic_id), 9),
        (at("topic-create", post.topic.board_id), 7),
        (at("attachment-download", Attachment.objects.all()[0].pk), 4),
    ):
        client.get(url)
        with django_assert_num_queries(queries):
            client.get(url)
