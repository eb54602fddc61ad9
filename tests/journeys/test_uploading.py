"""A Mentor adds a signed contract in Chromium: photos turned and in disorder become one upright PDF."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from checklist.models import ChecklistItem
from documents.models import DocumentVersion
from tests.browsing import violations
from tests.cast import World
from tests.documents import sent_files
from tests.documents.batches import begun, content_of, pages
from tests.pack_tools import folder
from tests.uploads.intake.test_assembly import rendered
from tests.waiting import LONG_PATIENCE
from uploads.models import UploadBatch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS_DIR", "")


def looks_right(page: Page, name: str) -> None:
    """Check a page in both schemes and down to 320 px: no finding of axe, nothing that scrolls sideways."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls at {width}"
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
        assert violations(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_three_photos_become_one_upright_pdf(
    world: World, as_person: Callable[..., BrowserContext], photos: list[Path], tmp_path: Path
) -> None:
    page = as_person(world.cast.rasa).new_page()
    page.goto(f"/groups/{world.group.pk}/upload/?tool=contract")
    looks_right(page, "upload-create")
    page.get_by_label("Choose the PDF or the photos").set_input_files(photos)
    expect(page.get_by_text("All 3 files received")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/uploads/\d+/$"))
    expect(page.locator(".page-card img")).to_have_count(3)
    page.get_by_role("button", name="Page 1: later").click()
    expect(page.locator(".page-card img").nth(1)).to_have_attribute("alt", "Page 2: page 3.jpg")
    page.get_by_role("button", name="Page 2: later").click()
    expect(page.locator(".page-card img").nth(2)).to_have_attribute("alt", "Page 3: page 3.jpg")
    looks_right(page, "upload-edit")
    for signer in page.get_by_role("group", name="Who has signed?").get_by_role("checkbox").all():
        signer.check()
    page.get_by_role("button", name="Create and file the PDF").click()
    expect(page.get_by_text("is filed: Managing folder")).to_be_visible(timeout=LONG_PATIENCE * 1000)
    looks_right(page, "upload-result")
    version = DocumentVersion.objects.get()
    path = tmp_path / "contract.pdf"
    path.write_bytes(content_of(version.file))
    assert version.pages == 3
    for number in (1, 2, 3):
        assert sent_files.corners(rendered(path, number)) == list(sent_files.CORNERS)
    names = [each.name for each in pages(UploadBatch.objects.get())]
    assert names == ["page 1.jpg", "page 2.jpg", "page 3.jpg"]
    assert ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract").state == "done"
    page.goto(f"/folders/{folder(world.group).pk}/")
    expect(page.get_by_text("Signed by all 5")).to_be_visible()
    looks_right(page, "folder")
    page.goto(f"/documents/{version.document_id}/")
    looks_right(page, "document")


def test_a_refused_file_says_why_and_loses_no_other(
    world: World, as_person: Callable[..., BrowserContext], photos: list[Path], tmp_path: Path
) -> None:
    bad = tmp_path / "sutartis.pdf"
    bad.write_bytes(sent_files.active_pdfs()["open_script"][0])
    batch = begun(world.group, world.cast.rasa)
    page = as_person(world.cast.rasa).new_page()
    page.goto(f"/uploads/{batch.pk}/")
    page.locator("#add-files").set_input_files([photos[0], bad, photos[1]])
    expect(page.get_by_text("“sutartis.pdf” was not added")).to_be_visible()
    expect(page.locator(".page-card img")).to_have_count(2)
    looks_right(page, "upload-refused")
    page.get_by_role("button", name="Page 1: turn").click()
    expect(page.locator(".page-card img").first).to_have_attribute("src", re.compile(r"turn=90"))
    page.get_by_role("button", name="Page 2: remove").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".page-card img")).to_have_count(2)


def test_a_file_chosen_after_the_session_ended_waits_for_signing_in_again(
    world: World, as_person: Callable[..., BrowserContext], photos: list[Path]
) -> None:
    batch = begun(world.group, world.cast.rasa)
    context = as_person(world.cast.rasa)
    page = context.new_page()
    page.goto(f"/uploads/{batch.pk}/")
    signed_in = context.cookies()
    context.clear_cookies()
    page.locator("#add-files").set_input_files(photos[:1])
    expect(page.get_by_text("Not sent yet: you are signed out.")).to_be_visible()
    context.add_cookies(signed_in)  # type: ignore[arg-type]
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".page-card img")).to_have_count(1)


def test_a_photo_chosen_twice_is_added_once_and_this_is_said(
    world: World, as_person: Callable[..., BrowserContext], photos: list[Path]
) -> None:
    batch = begun(world.group, world.cast.rasa)
    page = as_person(world.cast.rasa).new_page()
    page.goto(f"/uploads/{batch.pk}/")
    page.locator("#add-files").set_input_files(photos[:2])
    expect(page.locator(".page-card img")).to_have_count(2)
    page.locator("#add-files").set_input_files(photos[1:2])
    expect(page.get_by_text("It is the same file as page 2.")).to_be_visible()
    expect(page.locator(".page-card img")).to_have_count(2)


def test_what_was_not_sent_goes_when_the_connection_is_back(
    world: World, as_person: Callable[..., BrowserContext], photos: list[Path]
) -> None:
    batch = begun(world.group, world.cast.rasa)
    context = as_person(world.cast.rasa)
    page = context.new_page()
    page.goto(f"/uploads/{batch.pk}/")
    context.set_offline(True)
    page.locator("#add-files").set_input_files(photos[:2])
    expect(page.get_by_text("Not sent yet: the connection was lost.").first).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".page-card img")).to_have_count(2)
    assert [each.name for each in pages(batch)] == ["page 3.jpg", "page 1.jpg"]


def test_files_dropped_on_the_folder_begin_a_document(world: World, as_person: Callable[..., BrowserContext]) -> None:
    batch = begun(world.group, world.cast.rasa, "personal_goals", sent_files.pdf(1), subject=world.cast.milda)
    from uploads.services import uploads  # noqa: PLC0415 -- next to its only use

    uploads.file_batch(batch=batch, user=world.cast.rasa)
    page = as_person(world.cast.rasa).new_page()
    page.goto(f"/folders/{folder(world.group).pk}/")
    data = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["%PDF-1.4 nonsense"], "bad.pdf", {type: "application/pdf"}));
            return data;
        }"""
    )
    zone = "[data-drop-to] [data-drop-zone]"
    page.dispatch_event(zone, "dragover", {"dataTransfer": data})
    expect(page.locator(zone)).to_have_class(re.compile("is-over"))
    page.dispatch_event(zone, "drop", {"dataTransfer": data})
    expect(page.get_by_text("“bad.pdf” was not added")).to_be_visible()
    page.get_by_label("What is it?").select_option("Mentoring contract")
    expect(page.get_by_text("Who has signed?")).to_be_visible()
    assert UploadBatch.objects.count() == 2


def test_an_empty_folder_and_a_mentees_folder(world: World, as_person: Callable[..., BrowserContext]) -> None:
    for name, person in (("keeper", world.cast.rasa), ("mentee", world.cast.milda)):
        page = as_person(person).new_page()
        page.goto(f"/folders/{folder(world.group).pk}/")
        expect(page.get_by_text("Nothing is filed here yet")).to_be_visible()
        looks_right(page, f"folder-empty-{name}")


def test_without_scripts_a_contract_is_filed_too(
    world: World, as_person: Callable[..., BrowserContext], photos: list[Path]
) -> None:
    page = as_person(world.cast.rasa, java_script_enabled=False).new_page()
    page.goto(f"/groups/{world.group.pk}/upload/?tool=contract")
    page.get_by_label("Choose the PDF or the photos").set_input_files(photos[:2])
    page.get_by_role("button", name="Add the pages").click()
    expect(page.locator(".page-card img")).to_have_count(2)
    page.get_by_role("button", name="Page 1: later").click()
    for signer in page.get_by_role("group", name="Who has signed?").get_by_role("checkbox").all():
        signer.check()
    page.get_by_role("button", name="Create and file the PDF").click()
    expect(page.get_by_role("heading", name="Mentoring contract").last).to_be_visible()
    assert [each.name for each in pages(UploadBatch.objects.get())] == ["page 1.jpg", "page 3.jpg"]
