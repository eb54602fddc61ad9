"""Running one job of `child` in a process of its own, and never longer or larger than allowed."""

import json
import logging
import os
import subprocess
import sys
import threading
from typing import Any, Final

from django.conf import settings

from documents.intake.unfit import UnfitError

logger = logging.getLogger(__name__)

MEMORY: Final = 1_536 * 1024 * 1024
WRITTEN: Final = 256 * 1024 * 1024
AT_ONCE: Final = 3
_turn = threading.BoundedSemaphore(AT_ONCE)


class BusyError(Exception):
    """Too many files are being looked at; try again in a moment."""


def run(job: str, *, seconds: int = 20, **arguments: Any) -> dict[str, Any]:
    """Return the child's answer.

    Args:
        job: a key of `child.JOBS`.
        seconds: of CPU time; the wall-clock limit is twice that.

    Raises:
        UnfitError: the child refused the file, or died of it (`too_complicated`).
        BusyError: no place became free within the time.
    """
    limits = {"memory": MEMORY, "seconds": seconds, "bytes_written": WRITTEN}
    order = json.dumps({"job": job, "limits": limits, "arguments": arguments})
    if not _turn.acquire(timeout=seconds):
        raise BusyError
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, no shell, arguments on standard input
            [sys.executable, "-P", "-s", "-m", "documents.intake.child"],
            input=order.encode(),
            capture_output=True,
            timeout=seconds * 2,
            check=False,
            env={
                "PYTHONPATH": str(settings.BASE_DIR),
                "PATH": os.environ.get("PATH", ""),
                "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
                "MALLOC_ARENA_MAX": "2",
                "OMP_NUM_THREADS": "1",
            },
        )
    except subprocess.TimeoutExpired:
        raise UnfitError("too_complicated") from None
    finally:
        _turn.release()
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        logger.warning("%s ended with %s: %s", job, done.returncode, done.stderr.decode(errors="replace")[-2000:])
        raise UnfitError("too_complicated") from None
    if code := answer.get("unfit"):
        raise UnfitError(code)
    return answer
