"""Writing down who opened what."""

from typing import TYPE_CHECKING

from documents.models import DocumentVersion, Download

if TYPE_CHECKING:
    from accounts.models import User


def record_download(
    *, version: DocumentVersion, user: "User", original: int | None = None, is_head_only: bool = False
) -> Download | None:
    """Write that a person opened a version, or one of its originals.

    Args:
        original: the number of the original that was opened, counted from 1; None for the version itself.
        is_head_only: only the head was asked for, so nothing was read.
    """
    if is_head_only:
        return None
    return Download.objects.create(version=version, user=user, original=original)
