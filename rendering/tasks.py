"""Thin tasks of the rendering app."""

import logging
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_process_init

from rendering.pdf import engine
from rendering.services import renderings

logger = logging.getLogger(__name__)


@worker_process_init.connect
def on_worker_process_init(**_: Any) -> None:
    """Start the layout engine beside each process of the worker, so that the first document finds it warm."""
    try:
        engine.CHILDREN.warm_up()
    except OSError:
        # Mails and sweepers must go on; renderings start it again, or fail with a reason and are tried again.
        logger.exception("The PDF engine cannot be started")


@shared_task(name="rendering.render", bind=True)
def render(self: "Task[Any, None]", *, rendering_id: int) -> None:
    """Make one PDF."""
    info = self.request.delivery_info or {}
    renderings.run(rendering_id, is_redelivered=bool(info.get("redelivered")))


@shared_task(name="rendering.sweep_renderings")
def sweep_renderings() -> None:
    """Send again what got stuck."""
    renderings.sweep()
