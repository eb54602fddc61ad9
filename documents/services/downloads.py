"""Writing down who opened what."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

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


def record_look(
    *, version: DocumentVersion, user: "User", original: int, is_head_only: bool = False
) -> Download | None:
    """Write that a person saw the small picture of an original, which can be read too; once a day.

    A page shows all pictures each time it is opened; what matters is who saw them.
    """
    since = timezone.now() - timedelta(days=1)
    if Download.objects.filter(version=version, user=user, original=original, opened_at__gte=since).exists():
        return None
    return record_download(version=version, user=user, original=original, is_head_only=is_head_only)
