"""Files of office programs become PDFs by LibreOffice; a script stands for it here, since not every machine has it."""

import time
from pathlib import Path
from typing import Any

import pytest

from core.files.kinds import DOCX
from core.files.unfit import UnfitError
from documents.models import Document, Source
from rendering.models import Rendering
from rendering.services import renderings
from tests.cast import World
from tests.conversations.attaching import office as office_file
from tests.documents.sent_files import active_pdfs, pdf, sent
from tests.pack_tools import tool
from uploads import office
from uploads.intake.refusals import RefusedError
from uploads.models import UploadBatch
from uploads.services import uploads


def program(tmp_path: Path, settings: Any, does: str, content: bytes = b"") -> None:
    """Let a script be LibreOffice; `$out` is where it puts its PDF, `$made` one that is there already."""
    (tmp_path / "made.pdf").write_bytes(content)
    script = tmp_path / "soffice"
    find = 'while [ "$1" != --outdir ]; do shift; done; out="$2"; mkdir -p "$out"'
    script.write_text(f'#!/bin/sh\nmade="{tmp_path}/made.pdf"\n{find}\n{does}\n')
    script.chmod(0o755)
    settings.SOFFICE = str(script)


def letter(tmp_path: Path) -> Path:
    path = tmp_path / "1"
    path.write_bytes(office_file("docx"))
    return path


def test_it_gets_the_file_alone_and_no_secret(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "Zsecret")
    program(tmp_path, settings, 'cp "$made" "$out/file.pdf"; env > "$out/env"', pdf(2))
    made = office.to_pdf(letter(tmp_path), DOCX)
    assert made.read_bytes() == (tmp_path / "made.pdf").read_bytes()
    said = made.with_name("env").read_text()
    assert "Zsecret" not in said
    assert f"HOME={tmp_path}" in said
    assert (made.parent.parent / "file.docx").is_file()


def test_one_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "SECONDS", 1)
    program(tmp_path, settings, f'(sleep 3; touch "{tmp_path}/outlived") & sleep 60')
    with pytest.raises(UnfitError, match="too_complicated"):
        office.to_pdf(letter(tmp_path), DOCX)
    time.sleep(3)
    assert not (tmp_path / "outlived").exists()


@pytest.mark.parametrize("does", ["exit 1", ""])
def test_one_that_makes_nothing_is_a_refusal(tmp_path: Path, settings: Any, does: str) -> None:
    program(tmp_path, settings, does)
    with pytest.raises(UnfitError, match="broken"):
        office.to_pdf(letter(tmp_path), DOCX)


def test_without_the_program_there_is_no_pdf(tmp_path: Path, settings: Any) -> None:
    settings.SOFFICE = "/nowhere/soffice"
    with pytest.raises(UnfitError, match="no_office"):
        office.to_pdf(letter(tmp_path), DOCX)


def begun(world: World) -> UploadBatch:
    """Return a batch of Rasa's with an office file, sent off to be filed."""
    batch = uploads.start_batch(
        group=world.group, user=world.cast.rasa, tool_version=tool("personal_goals").current, subject=world.cast.milda
    )
    uploads.add_file(batch=batch, file=sent("goals.docx", office_file("docx")), takes_office=True)
    return uploads.file_batch(batch=batch, user=world.cast.rasa)


def test_the_worker_files_its_pdf_and_keeps_the_file_beside(world: World, tmp_path: Path, settings: Any) -> None:
    program(tmp_path, settings, 'cp "$made" "$out/file.pdf"', pdf(3))
    batch = begun(world)
    renderings.run(Rendering.objects.get().pk)
    document = Document.objects.get()
    assert document.current
    assert (document.current.source, document.current.pages) == (Source.OFFICE, 3)
    assert [each.name for each in batch.pages.all()] == ["goals.docx"]


def test_a_pdf_that_acts_is_not_filed_whoever_made_it(world: World, tmp_path: Path, settings: Any) -> None:
    program(tmp_path, settings, 'cp "$made" "$out/file.pdf"', active_pdfs()["open_script"][0])
    begun(world)
    renderings.run(Rendering.objects.get().pk)
    assert Rendering.objects.get().state in {"retrying", "failed"}
    assert not Document.objects.filter(current__isnull=False).exists()


def test_the_page_of_an_upload_takes_none(world: World) -> None:
    batch = uploads.start_batch(group=world.group, user=world.cast.rasa)
    with pytest.raises(RefusedError) as refused:
        uploads.add_file(batch=batch, file=sent("goals.docx", office_file("docx")))
    assert refused.value.code in {"office", "archive"}
