"""Thin tasks of the conversations app."""

from celery import shared_task

from conversations.services import attachments


@shared_task(name="conversations.sweep_attachments")
def sweep_attachments() -> None:
    """Delete files that were attached to what was never posted."""
    attachments.sweep()


@shared_task(name="conversations.draw_thumbnail")
def draw_thumbnail(*, attachment_id: int) -> None:
    """Make the small picture of a file."""
    attachments.draw_thumbnail(attachment_id=attachment_id)


@shared_task(name="conversations.sweep_thumbnails")
def sweep_thumbnails() -> None:
    """Make the small pictures that were not made."""
    attachments.sweep_thumbnails()
