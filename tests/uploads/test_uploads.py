"""Putting a document together and filing it."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from checklist.models import ChecklistItem
from core.models import DomainEvent
from core.policy.roles import Stage
from documents.models import Document, DocumentVersion, Source
from rendering.models import Rendering, RenderingState
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun, content_of, filed, pages
from tests.documents.sent_files import corners
from tests.pack_tools import version_of
from tests.uploads.intake.test_assembly import rendered
from uploads.intake.refusals import RefusedError
from uploads.models import BatchState, UploadBatch
from uploads.services import uploads


def test_original_stays_byte_identical_under_a_random_name(world: World) -> None:
    content = sent_files.photo(6)
    page = pages(begun(world.group, world.cast.rasa, "contract", content))[0]
    assert content_of(page.original) == content
    assert page.sha256 == hashlib.sha256(content).hexdigest()
    assert "page-1" not in page.original.name
    assert b"Exif" not in content_of(page.preview)
    assert page.notes == ["upright"]


def test_the_same_file_sent_again_is_one_page(world: World) -> None:
    content = sent_files.photo()
    batch = begun(world.group, world.cast.rasa, "contract", content, content)
    assert len(pages(batch)) == 1


def test_a_refused_file_leaves_the_others(world: World) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.photo())
    with pytest.raises(RefusedError):
        uploads.add_file(batch=batch, file=sent_files.sent("a.pdf", b"MZ nothing"))
    assert len(pages(batch)) == 1


def test_pages_of_all_files_together_are_limited(world: World) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.pdf(38))
    with pytest.raises(RefusedError) as caught:
        uploads.add_file(batch=batch, file=sent_files.sent("a.pdf", sent_files.pdf(3)))
    assert caught.value.code == "too_many_pages"


def test_pages_move_turn_go_and_come_back(world: World) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", *(sent_files.photo(n) for n in (1, 3, 6)))
    first, second, third = pages(batch)
    uploads.move_page(page=third, direction="earlier")
    assert pages(batch) == [first, third, second]
    uploads.move_page(page=first, direction="earlier")
    uploads.move_page(page=second, direction="later")
    assert pages(batch) == [first, third, second]
    for turn in (90, 180, 270, 0):
        assert uploads.rotate_page(page=first).rotation == turn
    uploads.remove_page(page=third)
    assert pages(batch) == [first, second]
    uploads.restore_page(page=third)
    assert pages(batch) == [first, third, second]


def test_one_pdf_is_filed_at_once_and_byte_identical(world: World, commit: Any) -> None:
    content = sent_files.pdf(3)
    batch = begun(world.group, world.cast.rasa, "contract", content)
    with commit():
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    version = DocumentVersion.objects.get(batch=batch)
    assert content_of(version.file) == content
    assert (version.source, version.pages, version.number) == (Source.UPLOADED, 3, 1)
    assert version.document.folder.kind == "managing"
    assert not Rendering.objects.filter(batch=batch).exists()
    batch.refresh_from_db()
    assert batch.state == BatchState.FILED


def test_photos_become_one_upright_pdf_in_the_chosen_order(world: World, commit: Any, tmp_path: Path) -> None:
    batch = begun(
        world.group, world.cast.rasa, "contract", sent_files.photo(6), sent_files.photo(8), sent_files.photo(3)
    )
    uploads.rotate_page(page=pages(batch)[1])
    uploads.move_page(page=pages(batch)[1], direction="earlier")
    with commit():
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    version = DocumentVersion.objects.get(batch=batch)
    assert (version.source, version.pages) == (Source.PHOTOS, 3)
    path = tmp_path / "document.pdf"
    path.write_bytes(content_of(version.file))
    colours = list(sent_files.CORNERS)
    assert corners(rendered(path, 1)) == colours[3:] + colours[:3]
    assert corners(rendered(path, 2)) == colours
    assert corners(rendered(path, 3)) == colours
    assert b"SecretPhone" not in path.read_bytes()
    batch.refresh_from_db()
    assert batch.state == BatchState.FILED


def test_filing_twice_files_once(world: World, commit: Any) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.photo())
    for _again in range(2):
        with commit():
            uploads.file_batch(batch=batch, user=world.cast.rasa)
    assert DocumentVersion.objects.count() == 1


def test_the_contract_is_done_when_all_have_signed(world: World, commit: Any) -> None:
    item = ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract")
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.pdf(1))
    batch.signed_by.remove(world.cast.tomas)
    with commit():
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    item.refresh_from_db()
    assert item.state == "waiting"
    again = begun(world.group, world.cast.egle, "contract", sent_files.pdf(2))
    uploads.describe_batch(
        batch=again,
        tool_version=version_of(world.group, "contract"),
        signed_by=again.signed_by.all(),
        note="Tomas too",
    )
    with commit():
        uploads.file_batch(batch=again, user=world.cast.egle)
    item.refresh_from_db()
    assert item.state == "done"
    document = Document.objects.get()
    assert [version.number for version in document.versions.all()] == [2, 1]


def test_a_new_version_of_an_upload_needs_a_reason(world: World, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.pdf(1))
    with pytest.raises(ValidationError) as caught:
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    assert list(caught.value.message_dict) == ["note"]


@pytest.mark.parametrize(("key", "field"), [("personal_goals", "subject"), ("participants_list", "session_key")])
def test_a_type_asks_for_what_it_is_about(world: World, key: str, field: str) -> None:
    batch = begun(world.group, world.cast.rasa, key, sent_files.pdf(1))
    with pytest.raises(ValidationError) as caught:
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    assert list(caught.value.message_dict) == [field]


@pytest.mark.parametrize("key", ["mentor_self_check", "final_questionnaire", "mentor_final_questionnaire"])
def test_a_mentor_adds_no_document_that_a_mentor_may_not_read(world: World, key: str) -> None:
    batch = begun(world.group, world.cast.rasa, key, sent_files.pdf(1), subject=world.cast.milda)
    with pytest.raises(ValidationError) as caught:
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    assert list(caught.value.message_dict) == ["tool_version"]


def test_a_new_version_is_read_by_no_more_people_than_the_document(world: World, commit: Any) -> None:
    batch = filed(world.group, world.cast.rasa, commit, "personal_goals", subject=world.cast.milda)
    Document.objects.update(audience="mentor", author=world.cast.rasa)
    other = begun(world.group, world.cast.egle, "personal_goals", sent_files.pdf(1), subject=world.cast.milda)
    with pytest.raises(ValidationError) as caught:
        uploads.file_batch(batch=other, user=world.cast.egle)
    assert list(caught.value.message_dict) == ["tool_version"]
    own = begun(world.group, world.cast.rasa, "personal_goals", sent_files.pdf(3), subject=world.cast.milda)
    uploads.describe_batch(batch=own, tool_version=own.tool_version, subject=world.cast.milda, note="Corrected by hand")
    with commit():
        uploads.file_batch(batch=own, user=world.cast.rasa)
    document = Document.objects.get()
    assert (document.audience, document.current.number) == ("mentor", 2)
    assert batch.version.document == document


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.ENDED_EARLY, Stage.PAUSED])
def test_a_group_that_takes_nothing_in_says_why(world: World, stage: Stage) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.pdf(1))
    world.group.stage = stage
    world.group.save()
    batch.refresh_from_db()
    for act in (
        lambda: uploads.start_batch(group=world.group, user=world.cast.rasa),
        lambda: uploads.add_file(
            batch=UploadBatch.objects.get(pk=batch.pk), file=sent_files.sent("a", sent_files.pdf())
        ),
        lambda: uploads.file_batch(batch=batch, user=world.cast.rasa),
    ):
        with pytest.raises(ValidationError):
            act()


def test_nothing_changes_after_filing(world: World, commit: Any) -> None:
    batch = filed(world.group, world.cast.rasa, commit)
    page = pages(batch)[0]
    for act in (
        lambda: uploads.move_page(page=page, direction="later"),
        lambda: uploads.rotate_page(page=page),
        lambda: uploads.remove_page(page=page),
        lambda: uploads.restore_page(page=page),
        lambda: uploads.add_file(batch=batch, file=sent_files.sent("a.pdf", sent_files.pdf())),
        lambda: uploads.describe_batch(batch=batch, tool_version=None),
        lambda: uploads.cancel_batch(batch=batch),
        lambda: uploads.reopen_batch(batch=batch),
    ):
        with pytest.raises(ValidationError):
            act()


def test_a_document_that_was_given_up_can_be_put_in_order_again(world: World, commit: Any) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.photo())
    default_storage.delete(pages(batch)[0].original.name)
    with commit():
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    Rendering.objects.update(state=RenderingState.FAILED)
    batch.refresh_from_db()
    assert batch.state == BatchState.FILING
    assert uploads.reopen_batch(batch=batch).state == BatchState.OPEN


def test_cancelled_documents_can_be_reopened_and_are_not_filed(world: World) -> None:
    batch = begun(world.group, world.cast.rasa, "contract", sent_files.pdf(1))
    uploads.cancel_batch(batch=batch)
    with pytest.raises(ValidationError):
        uploads.file_batch(batch=batch, user=world.cast.rasa)
    assert uploads.reopen_batch(batch=batch).state == BatchState.OPEN


def test_an_empty_document_is_not_filed(world: World) -> None:
    batch = begun(world.group, world.cast.rasa)
    with pytest.raises(ValidationError):
        uploads.file_batch(batch=batch, user=world.cast.rasa)


def test_what_was_begun_and_forgotten_goes_after_seven_days_with_its_files(world: World, commit: Any) -> None:
    old = begun(world.group, world.cast.rasa, "contract", sent_files.photo())
    kept = filed(world.group, world.cast.rasa, commit)
    files = [pages(old)[0].original.name, pages(old)[0].preview.name]
    later = timezone.now() + timedelta(days=8)
    assert uploads.sweep_batches(now=timezone.now() + timedelta(days=6)) == 0
    with commit():
        assert uploads.sweep_batches(now=later) == 1
    assert not UploadBatch.objects.filter(pk=old.pk).exists()
    assert UploadBatch.objects.filter(pk=kept.pk).exists()
    assert not any(default_storage.exists(name) for name in files)
    assert default_storage.exists(kept.version.file.name)


def test_events_carry_ids_only(world: World, commit: Any) -> None:
    filed(world.group, world.cast.rasa, commit)
    sent = DomainEvent.objects.get(kind="upload.sent")
    assert sent.data == {"pages": 1}
    assert DomainEvent.objects.filter(kind="document.filed").count() == 1
