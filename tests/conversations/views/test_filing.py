"""Files of posts become documents: recognised or asked about, filed once, told to who handed them in, taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from checklist.models import ChecklistItem
from checklist.services import items as items_service
from conversations.models import Attachment, Post, PostFiling
from conversations.services import posts
from core.models import DomainEvent
from documents.models import Document
from documents.services.removal import remove_document
from notices.models import Notice
from notices.services import fan_out
from tests.cast import World
from tests.conversations.attaching import attach, office, written
from tests.conversations.talking import announcements, begun, community
from tests.documents.sent_files import pdf, photo
from tests.pack_tools import tool
from uploads.models import BatchState, UploadBatch

SignIn = Callable[[User], Client]


def at(name: str, key: int) -> str:
    return reverse(f"conversations:{name}", args=[key])


def handed_in(world: World, *files: tuple[str, bytes], by: User | None = None) -> Post:
    """Return an answer on the group's board with these files on it; Milda's, where nobody else is named."""
    by, topic = by or world.cast.milda, begun(world, by=world.cast.rasa)
    keys = [attach(by, name, content, topic=topic).pk for name, content in files]
    return posts.answer(topic=topic, by=by, body="Here it is.", attached=keys)


def file(client: Client, post: Post, *files: Attachment) -> Any:
    return client.post(at("post-file", post.pk), {"file": [each.pk for each in files]})


def test_a_pdf_named_like_a_tool_is_filed_in_one_click(
    world: World, as_user: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    content = pdf()
    post = handed_in(world, ("Personal goals Milda.pdf", content))
    rasa, milda = as_user(world.cast.rasa), as_user(world.cast.milda)
    answer = file(rasa, post, post.attachments.get())
    assert answer.url.startswith(at("topic-detail", post.topic_id))
    document = Document.objects.get()
    assert (document.tool_version, document.subject) == (tool("personal_goals").current, world.cast.milda)
    assert document.current
    with document.current.file.open("rb") as stored:
        assert stored.read() == content
    page = milda.get(at("topic-detail", post.topic_id)).text
    assert f'<a href="{reverse("documents:document-detail", args=[document.pk])}">{document.title}</a>' in page
    assert "File it" not in page
    with django_capture_on_commit_callbacks(execute=True):
        for event in DomainEvent.objects.filter(kind__in=["post.filed", "document.filed"]):
            fan_out.work_off(fanout_id=event.fanout.pk)
    told = list(Notice.objects.filter(person=world.cast.milda).values_list("kind", flat=True))
    assert told == ["forum_filed"]
    assert not Notice.objects.filter(person=world.cast.rasa).exists()


def test_the_checklist_counts_what_was_filed_from_the_forum(world: World, as_user: SignIn) -> None:
    items = ChecklistItem.objects.filter(
        group=world.group, subject=world.cast.milda, tool_version__tool=tool("initial_questionnaire")
    )
    items_service.ensure_items(group=world.group)
    assert [each.state for each in items.all()] == ["todo"]
    post = handed_in(world, ("Initial questionnaire.pdf", pdf()))
    file(as_user(world.cast.rasa), post, post.attachments.get())
    assert [each.state for each in items.all()] == ["done"]


def test_all_pictures_of_a_post_become_one_document(world: World, as_user: SignIn) -> None:
    post = handed_in(world, ("page 1.jpg", photo()), ("page 2.jpg", photo(6)), ("words.txt", b"x"))
    first, second, _words = post.attachments.all()
    rasa = as_user(world.cast.rasa)
    page = rasa.get(at("topic-detail", post.topic_id)).text
    assert "File the pictures as one document" in page
    answer = file(rasa, post, first, second)
    batch = UploadBatch.objects.get()
    assert answer.url == reverse("uploads:upload-edit", args=[batch.pk])  # nobody knows yet what it is
    assert [each.name for each in batch.pages.all()] == ["page 1.jpg", "page 2.jpg"]
    assert rasa.get(answer.url).status_code == 200
    assert file(rasa, post, first, second).url == answer.url
    assert PostFiling.objects.count() == 1
    said = {"tool_version": tool("personal_goals").current_id, "subject": world.cast.milda.pk}
    assert rasa.post(reverse("uploads:upload-file", args=[batch.pk]), said).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.FILING
    assert "Is being filed" in as_user(world.cast.milda).get(at("topic-detail", post.topic_id)).text


def test_a_double_press_and_a_second_keeper_file_once(world: World, as_user: SignIn) -> None:
    post = handed_in(world, ("Personal goals.pdf", pdf()))
    for person in (world.cast.rasa, world.cast.rasa, world.cast.egle):
        assert file(as_user(person), post, post.attachments.get()).status_code == 302
    assert PostFiling.objects.count() == Document.objects.count() == UploadBatch.objects.count() == 1


def test_taken_out_of_the_folder_it_can_be_filed_again(world: World, as_user: SignIn) -> None:
    post = handed_in(world, ("Personal goals.pdf", pdf()))
    rasa, page = as_user(world.cast.rasa), at("topic-detail", post.topic_id)
    file(rasa, post, post.attachments.get())
    document = Document.objects.get()
    assert reverse("documents:document-remove", args=[document.pk]) in rasa.get(page).text
    remove_document(document=document, user=world.cast.rasa, reason="It is of Tomas")
    assert "Filed in" not in as_user(world.cast.milda).get(page).text
    file(rasa, post, post.attachments.get())
    assert Document.objects.filter(removed_at__isnull=True).count() == 1


def test_our_own_number_or_code_says_what_it_is(world: World, as_user: SignIn) -> None:
    rasa = as_user(world.cast.rasa)
    file(rasa, first := handed_in(world, ("Personal goals.pdf", pdf())), first.attachments.get())
    document = Document.objects.get()
    code = document.check_code
    for words in (f"No. {document.number}", f"{code[:4]} {code[4:8]} {code[8:]}"):
        post = handed_in(world, ("scan 0001.pdf", written(words)))
        file(rasa, post, post.attachments.get())
        document.refresh_from_db()
    assert document.current
    assert document.current.number == 3
    assert document.current.note == "Handed in by Milda Kazlauskaitė in the forum."
    assert Document.objects.count() == 1


@pytest.mark.parametrize("name", ["milda", "tomas", "petar", "aino", "boris", "dana", "olga", "jonas"])
def test_nobody_but_the_keepers_of_the_folders_files_anything(world: World, as_user: SignIn, name: str) -> None:
    post = handed_in(world, ("Personal goals.pdf", pdf()))
    client = as_user(world.cast.everybody()[name])
    assert file(client, post, post.attachments.get()).status_code == 404
    assert not PostFiling.objects.exists()
    assert not UploadBatch.objects.exists()
    if name in {"milda", "tomas"}:
        assert "File it" not in client.get(at("topic-detail", post.topic_id)).text


def test_only_boards_of_groups_have_it(world: World, as_user: SignIn) -> None:
    egle = world.cast.egle
    for board in (community(world, "manager"), announcements(world)):
        key = attach(egle, "Personal goals.pdf", pdf(), board=board).pk
        topic = posts.begin_topic(board=board, by=egle, title="Look", body="x", attached=[key])
        client = as_user(egle)
        assert "File it" not in client.get(at("topic-detail", topic.pk)).text
        assert file(client, topic.posts.get(), Attachment.objects.get(pk=key)).status_code == 404


def test_files_of_another_post_or_a_deleted_one_are_not_there(world: World, as_user: SignIn) -> None:
    post, other = handed_in(world, ("a.pdf", pdf())), handed_in(world, ("b.pdf", pdf(2)))
    rasa = as_user(world.cast.rasa)
    assert file(rasa, post, other.attachments.get()).status_code == 404
    assert file(rasa, post).status_code == 302
    posts.delete_post(post=post, by=world.cast.milda)
    assert file(rasa, post, post.attachments.get()).status_code == 404
    assert not UploadBatch.objects.exists()


@pytest.mark.parametrize("name", ["Personal goals.docx", "Personal goals.txt"])
def test_what_is_no_paper_is_refused_with_what_to_do(world: World, as_user: SignIn, name: str) -> None:
    post = handed_in(world, (name, office("docx") if name.endswith("docx") else b"words"))
    client = as_user(world.cast.rasa)
    file(client, post, post.attachments.get())
    page = client.get(at("topic-detail", post.topic_id)).text
    assert ("save it as PDF" if name.endswith("docx") else "Only PDFs and pictures") in page
    assert not UploadBatch.objects.exists()


def test_who_may_not_read_the_document_reads_only_that_it_is_filed(world: World, as_user: SignIn) -> None:
    post = handed_in(world, ("Personal goals.pdf", pdf()))
    file(as_user(world.cast.rasa), post, post.attachments.get())
    Document.objects.update(audience="staff", author=world.cast.rasa, subject=world.cast.milda)
    page = as_user(world.cast.tomas).get(at("topic-detail", post.topic_id)).text
    assert "Filed in" not in page
    assert reverse("documents:document-detail", args=[Document.objects.get().pk]) not in page


def test_a_paused_group_says_why_nothing_is_filed(world: World, as_user: SignIn) -> None:
    post = handed_in(world, ("Personal goals.pdf", pdf()))
    world.group.stage = "paused"
    world.group.save()
    client = as_user(world.cast.rasa)
    file(client, post, post.attachments.get())
    assert "This group is paused." in client.get(at("topic-detail", post.topic_id)).text
    assert not UploadBatch.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(world: World, as_user: SignIn, django_assert_num_queries: Any, count: int) -> None:
    files = [(f"Personal goals {number}.pdf", pdf(number + 1)) for number in range(count)]
    post = handed_in(world, *files)
    client = as_user(world.cast.rasa)
    for each in post.attachments.all()[:1]:
        file(client, post, each)
    client.get(at("topic-detail", post.topic_id))
    with django_assert_num_queries(9):
        client.get(at("topic-detail", post.topic_id))
