"""Filing, and what holds between files and rows."""

import json
import os
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from checklist.models import ChecklistItem, ItemState
from core.models import DomainEvent
from documents.models import Document, DocumentVersion
from documents.services import files, filing
from rendering.models import Rendering
from tests.cast import World
from tests.pack_tools import version_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_files")]


def file(world: World, content: bytes = b"%PDF-1.7 one", key: str = "contract", **more: Any) -> DocumentVersion:
    """File bytes as a version of a tool's document."""
    values: dict[str, Any] = {
        "group": world.group, "tool_version": version_of(world.group, key), "subject": None, "session_key": "",
        "session_title": {}, "author": world.cast.rasa, "audience": "group", "content": content, "pages": 2,
        "language": "en", "source": "uploaded", "created_by": world.cast.rasa,
    }  # fmt: skip
    return filing.file_version(**{**values, **more})


def test_filing_writes_file_row_signatures_and_event(world: World) -> None:
    version = file(world, signed_by=[world.cast.rasa, world.cast.milda], note="signed")
    version.refresh_from_db()
    with version.file.open("rb") as stored:
        assert stored.read() == b"%PDF-1.7 one"
    assert (version.size, len(version.sha256), version.note) == (12, 64, "signed")
    assert version.file.name.startswith("papers/")
    assert "contract" not in version.file.name.lower()
    assert set(version.signatures.values_list("person__full_name", flat=True)) == {
        "Rasa Žukauskienė",
        "Milda Kazlauskaitė",
    }
    event = DomainEvent.objects.get(kind="document.filed")
    assert (event.group_id, event.data["tool"]) == (world.group.pk, "contract")


def test_numbers_run_through_the_programme(world: World) -> None:
    first = file(world).document
    second = file(world, key="group_goals").document
    third = file(world, group=world.other_group).document
    year = timezone.localdate().year
    assert [each.number for each in (first, second, third)] == [f"STW-{year}-000{n}" for n in (1, 2, 3)]
    codes = {each.check_code for each in (first, second, third)}
    assert len(codes) == 3
    assert all(len(code) == 12 and set(code) <= set(filing.CODE_ALPHABET) for code in codes)


def test_a_tool_decides_its_folder(world: World) -> None:
    assert file(world, key="contract").document.folder.kind == "managing"
    assert file(world, key="midterm_plan").document.folder.kind == "monitoring"
    assert file(world, key="mentor_self_check").document.folder.kind == "personal"


def test_a_version_of_a_newer_tool_stays_with_its_document(world: World) -> None:
    first = file(world)
    version = version_of(world.group, "contract")
    version.pk, version.version, version._state.adding = None, version.version + 1, True
    version.save()
    second = file(world, b"%PDF two", tool_version=version)
    assert second.document == first.document
    assert second.number == 2
    assert second.document.tool_version == version


def test_filing_refreshes_the_checklist(world: World) -> None:
    item = ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract")
    everybody = [getattr(world.cast, name) for name in ("egle", "rasa", "milda", "tomas", "elena")]
    file(world, signed_by=everybody)
    item.refresh_from_db()
    assert item.state == ItemState.DONE


def test_a_removed_document_is_not_filed_into_again(world: World) -> None:
    first = file(world).document
    Document.objects.filter(pk=first.pk).update(removed_at=timezone.now())
    assert file(world).document != first


def test_expected_number_is_kept_or_refused(world: World) -> None:
    file(world, expected_number=1)
    with pytest.raises(filing.VersionTakenError):
        file(world, expected_number=1)
    assert DocumentVersion.objects.count() == 1


# --- the sweeper --------------------------------------------------------------------------------------------------


def put(name: str, *, days_ago: float) -> str:
    """Put a file without a row into the store."""
    name = default_storage.save(name, ContentFile(b"left behind"))
    then = (timezone.now() - timedelta(days=days_ago)).timestamp()
    os.utime(default_storage.path(name), (then, then))
    return name


def test_sweeper_removes_old_orphans_only(world: World) -> None:
    kept = file(world)
    then = (timezone.now() - timedelta(days=9)).timestamp()
    os.utime(kept.file.path, (then, then))
    world.cast.milda.photo.save("x", ContentFile(b"face"))
    os.utime(world.cast.milda.photo.path, (then, then))
    old, young = put("papers/2020/01/old.pdf", days_ago=2), put("originals/2020/01/young", days_ago=0.5)
    files.sweep()
    assert not default_storage.exists(old)
    assert default_storage.exists(young)
    assert default_storage.exists(kept.file.name)
    assert default_storage.exists(world.cast.milda.photo.name)
    default_storage.delete(young)


# --- check_integrity ----------------------------------------------------------------------------------------------


def checked(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Run the command; return its status and answer."""
    out, status = StringIO(), 0
    try:
        call_command("check_integrity", "--json", *arguments, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, json.loads(out.getvalue())


def test_all_is_well(world: World) -> None:
    file(world)
    for name in list(files.orphans()):
        default_storage.delete(name)
    assert checked() == (0, {"ok": True, "counts": {}, "faults": []})


def test_every_fault_is_found_and_named(world: World) -> None:
    lost, changed = file(world), file(world, key="group_goals")
    default_storage.delete(lost.file.name)
    with default_storage.open(changed.file.name, "wb") as opened:
        opened.write(b"%PDF tampered")
    blank = Rendering.objects.create(kind="blank", digest="d", language="en", file="library/gone.pdf", state="ready")
    orphan = put("papers/2020/02/orphan.pdf", days_ago=3)
    status, answer = checked()
    assert status == 1
    found = {(fault["kind"], fault["row"] or fault["name"]) for fault in answer["faults"]}
    assert {
        ("row_without_file", f"documents.documentversion:{lost.pk}"),
        ("changed_bytes", f"documents.documentversion:{changed.pk}"),
        ("row_without_file", f"rendering.rendering:{blank.pk}"),
        ("file_without_row", orphan),
    } <= found
    _status, quick = checked("--no-hashes")
    assert "changed_bytes" not in quick["counts"]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_integrity", stdout=out)
    assert (
        f"documents.documentversion:{changed.pk}: the bytes of {changed.file.name} are not the ones that were filed."
        in out.getvalue()
    )
    default_storage.delete(orphan)
