"""Thin tasks of the documents app."""

import logging
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_process_init

from documents import grants
from documents.pdf import engine
from documents.services import files, renderings, uploads

logger = logging.getLogger(__name__)


@worker_process_init.connect
def on_worker_process_init(**_: Any) -> None:
    """Start the layout engine beside each process of the worker, so that the first paper finds it warm."""
    try:
        engine.CHILDREN.warm_up()
    except OSError:
        # Mails and sweepers must go on; renderings start it again, or fail with a reason and are tried again.
        logger.exception("The PDF engine cannot be started")


@shared_task(name="documents.render", bind=True)
def render(self: "Task[Any, None]", *, rendering_id: int) -> None:
    """Make one PDF."""
    info = self.request.delivery_info or {}
    renderings.run(rendering_id, is_redelivered=bool(info.get("redelivered")))


@shared_task(name="documents.sweep_renderings")
def sweep_renderings() -> None:
    """Send again what got stuck."""
    renderings.sweep()


@shared_task(name="documents.sweep_files")
def sweep_files() -> None:
    """Remove files that no row knows."""
    files.sweep()


@shared_task(name="documents.sweep_uploads")
def sweep_uploads() -> None:
    """Delete papers that were begun and forgotten."""
    uploads.sweep_batches()


@shared_task(name="documents.sync_grants")
def sync_grants() -> None:
    """Make the stored grants equal to the policy; anything to repair is worth a look."""
    if changes := grants.sync_all():
        logger.warning("sync_grants repaired %s grants or memberships of role groups", changes)
