"""Thin tasks of the conversations app."""

from celery import shared_task

from conversations.services import attachments, reading


@shared_task(name="conversations.mark_told")
def mark_told(*, topic_id: int, person_id: int, number: int) -> None:
    """Mark what a person was told of posts that they have read as seen."""
    reading.mark_told(topic_id=topic_id, person_id=person_id, number=number)


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
