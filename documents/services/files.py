"""Files and rows: which files no row knows, which rows have lost their file or its bytes."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db.models import FileField, Model
from django.utils import timezone

from documents.models import DocumentVersion, UploadPage

logger = logging.getLogger(__name__)
GRACE: Final = timedelta(days=1)
"""A file younger than this may belong to a row that is just being written."""
_CHUNK: Final = 400
_READ: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be.

    Attributes:
        kind: `row_without_file`, `changed_bytes`, `file_without_row`, `unreadable` or `wrong_summary`.
        row: `app.model:pk`; empty for a file without one.
    """

    kind: str
    name: str
    row: str = ""


def _file_fields() -> Iterator[tuple[type[Model], str]]:
    """Give every file field of every model: nothing in the storage is without one."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField) and field.storage == default_storage:
                yield model, field.name


def _walk(storage: Storage, folder: str = "") -> Iterator[str]:
    """Give the names of all files, folder by folder."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        if name:
            yield f"{folder}/{name}" if folder else name
    for each in folders:
        yield from _walk(storage, f"{folder}/{each}" if folder else each)


def _chunks(names: Iterable[str]) -> Iterator[list[str]]:
    names = iter(names)
    while chunk := list(islice(names, _CHUNK)):
        yield chunk


def _without_row(names: list[str]) -> set[str]:
    """Return those that no row of any model names."""
    left = set(names)
    for model, field in _file_fields():
        if not left:
            break
        left -= set(model._default_manager.filter(**{f"{field}__in": left}).values_list(field, flat=True))
    return left


def orphans(*, older_than: timedelta = GRACE, now: datetime | None = None) -> Iterator[str]:
    """Give the files that no row knows and that are older than the grace."""
    limit = (now or timezone.now()) - older_than
    for chunk in _chunks(_walk(default_storage)):
        for name in sorted(_without_row(chunk)):
            try:
                if default_storage.get_modified_time(name) < limit:
                    yield name
            except FileNotFoundError:
                continue


def sweep(*, now: datetime | None = None) -> int:
    """Delete files that a crash left without a row; each is looked up once more right before.

    Returns:
        How many were deleted.
    """
    deleted = 0
    for name in list(orphans(now=now)):
        if _without_row([name]):
            default_storage.delete(name)
            logger.info("Deleted %s: no row has known it for a day", name)
            deleted += 1
    return deleted


def faults(*, with_hashes: bool = True) -> Iterator[Fault]:
    """Give everything wrong between rows and files.

    Args:
        with_hashes: read every paper and original and compare its SHA-256.
    """
    hashed: dict[tuple[type[Model], str], None] = {(DocumentVersion, "file"): None, (UploadPage, "original"): None}
    for model, field in _file_fields():
        rows: Any = model._default_manager.exclude(**{field: ""}).exclude(**{field: None}).order_by("pk")
        check = with_hashes and (model, field) in hashed
        for row in rows.only("pk", field, *(["sha256"] if check else [])).iterator(chunk_size=200):
            file = getattr(row, field)
            if (kind := _fault(file, row.sha256 if check else "")) is not None:
                yield Fault(kind, file.name, f"{model._meta.label_lower}:{row.pk}")
    for name in orphans():
        yield Fault("file_without_row", name)


def _fault(file: Any, sha256: str) -> str | None:
    try:
        if not sha256:
            return None if file.storage.exists(file.name) else "row_without_file"
        return None if _hash(file) == sha256 else "changed_bytes"
    except FileNotFoundError:
        return "row_without_file"
    except OSError:
        return "unreadable"


def _hash(file: Any) -> str:
    digest = hashlib.sha256()
    with file.storage.open(file.name, "rb") as opened:
        while part := opened.read(_READ):
            digest.update(part)
    return digest.hexdigest()
