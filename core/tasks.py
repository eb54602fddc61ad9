"""Tasks of core."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from core.ops.health import record_heartbeat


@shared_task(name="core.beat")
def beat() -> None:
    """Leave a sign that beat schedules and a worker works; readiness looks at it."""
    record_heartbeat()


@worker_ready.connect
def on_worker_ready(**_: Any) -> None:
    """Leave the first sign at once instead of at beat's first turn."""
    record_heartbeat()
