"""Short ways to uploads in tests."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from mentoring.models import MentoringGroup
from tests.documents import sent_files
from tests.pack_tools import version_of
from uploads import choices as upload_choices
from uploads.models import UploadBatch, UploadPage
from uploads.services import uploads


def begun(group: MentoringGroup, user: User, key: str = "contract", *files: bytes, **about: object) -> UploadBatch:
    """Return a batch with files in it, signed by everyone who signs the tool unless `signed_by` says otherwise."""
    version = version_of(group, key)
    about.setdefault("signed_by", upload_choices.signers(group, version))
    batch = uploads.start_batch(group=group, user=user, tool_version=version, **about)  # type: ignore[arg-type]
    for number, content in enumerate(files, start=1):
        uploads.add_file(batch=batch, file=sent_files.sent(f"page-{number}.jpg", content))
    return batch


def pages(batch: UploadBatch) -> list[UploadPage]:
    """Return the present pages in order."""
    return list(UploadPage.objects.filter(batch=batch).present())


def content_of(file: Any) -> bytes:
    """Return the stored bytes of a file field."""
    with file.open("rb") as stored:
        return bytes(stored.read())


def filed(
    group: MentoringGroup, user: User, commit: Callable[[], Any], key: str = "contract", note: str = "", **about: object
) -> UploadBatch:
    """Return a batch whose single PDF is filed; `note` says why there is a new version."""
    batch = begun(group, user, key, sent_files.pdf(2), **about)
    UploadBatch.objects.filter(pk=batch.pk).update(note=note)
    with commit():
        uploads.file_batch(batch=batch, user=user)
    batch.refresh_from_db()
    return batch
