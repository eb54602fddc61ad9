"""How long tests wait for what another process does; a loaded machine may take a while for anything.

The limits only end what hangs: nothing here says how fast something must be, the benchmark does.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.signals import request_finished, request_started

Found = TypeVar("Found")

# A browser, a worker or another process: what takes a moment on a quiet machine.
PATIENCE = 20
# A whole platform that starts, the work of many tasks, a PDF with the library to make before it.
LONG_PATIENCE = 120


def until(what: Callable[[], Found], seconds: float = LONG_PATIENCE) -> Found:
    """Wait until something holds.

    Returns:
        What it returned.

    Raises:
        AssertionError: it did not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
    return found


class Underway:
    """Counts the requests that this process is answering, those of a live server's threads too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def __enter__(self) -> "Underway":
        request_started.connect(self._begin)
        request_finished.connect(self._end)
        return self

    def __exit__(self, *_: object) -> None:
        request_started.disconnect(self._begin)
        request_finished.disconnect(self._end)

    def _begin(self, **_: Any) -> None:
        with self._lock:
            self._count += 1

    def _end(self, **_: Any) -> None:
        with self._lock:
            self._count -= 1

    def wait_for_the_last(self) -> None:
        """Wait until nothing is being answered, also not what arrived a moment ago.

        Raises:
            AssertionError: a request was not answered in time.
        """
        for _ in range(2):
            until(lambda: self._count <= 0, PATIENCE)
            time.sleep(0.02)
