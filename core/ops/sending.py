"""Handing work to Celery after the commit, without ever blocking a request on the broker."""

import logging
import time
from functools import cache, partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)
REST = 5.0  # seconds in which a broker that did not answer is not asked again: a hundred sends must not cost minutes
_asked_again_at = 0.0


@cache
def _load_tasks() -> None:
    """Import the apps' tasks: a worker does so when it starts, a web process only when it sends the first one."""
    current_app.loader.import_default_modules()


def send(task: str, **ids: int) -> bool:
    """Send a task by name; a broker that is down costs at most about a second and no error.

    Returns:
        Whether the broker took it. When not, the row is still there and the sweeper sends it later.
    """
    global _asked_again_at  # noqa: PLW0603 -- what this process knows of the broker
    if time.monotonic() < _asked_again_at:
        return False
    try:
        _load_tasks()
        current_app.tasks[task].apply_async(kwargs=ids, retry=False)
    except Exception as error:  # noqa: BLE001 -- whatever the broker's fault, the row stays and is swept
        _asked_again_at = time.monotonic() + REST
        logger.warning("%s was not sent now: %s", task, type(error).__name__)
        return False
    return True


def send_on_commit(task: str, **ids: int) -> None:
    """Send a task once the current transaction is committed."""
    transaction.on_commit(partial(send, task, **ids), robust=True)
