"""Thin tasks of the uploads app."""

from celery import shared_task

from uploads.services import uploads


@shared_task(name="uploads.sweep_uploads")
def sweep_uploads() -> None:
    """Delete documents that were begun and forgotten."""
    uploads.sweep_batches()
