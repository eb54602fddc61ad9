"""How long tests wait for what another process does; a loaded machine may take a while for anything.

The limits only end what hangs: nothing here says how fast something must be, the benchmark does.
"""

import time
from collections.abc import Callable
from typing import TypeVar

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
