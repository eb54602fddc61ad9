"""The other process: does one call after the other until its parent lets it go. Imports no Django; see `pool`.

It is given two ends: standard input, on which nothing ever comes and which closes when the parent ends, however it
ends; and a connection on which calls come in and answers go out. Calls may hold any object; an answer is plain data, so
that a child which was taken over cannot make its parent run anything.
"""

import contextlib
import faulthandler
import fcntl
import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from core.isolation.errors import UnfitInputError
from core.isolation.limits import Limits, resident, restrict


def _end_with_the_parent() -> None:
    """Let the kernel end this process as soon as nobody holds the other end of standard input.

    The signal needs no interpreter: it also ends a process that is deep in a C library.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _answer(function: Callable[..., Any], arguments: dict[str, Any], limits: Limits, *, is_last: bool) -> bytes:
    try:
        restrict(limits, for_good=is_last)
        return pickle.dumps(("done", function(**arguments), resident()))
    except UnfitInputError as error:
        kind, value = "refused", error.code
    except MemoryError:
        kind, value = "memory", ""
    except RecursionError:
        kind, value = "failed", "nested too deeply"
    except Exception:
        kind, value = "failed", traceback.format_exc(limit=-3)
    return pickle.dumps((kind, value, resident()))


def _prepare(module: str) -> bytes:
    try:
        if module:
            import_module(module)
    except Exception:
        return pickle.dumps(("failed", traceback.format_exc(limit=-3), 0))
    # What is loaded now stays for good; collections need not walk over it again and again.
    gc.freeze()
    return pickle.dumps(("done", None, resident()))


def main() -> None:
    """Load the module that the calls need, say so, and do the calls."""
    connection, module, calls = Connection(int(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    # Whoever kills this process does it on purpose and says why.
    faulthandler.disable()
    # What stops a whole group of processes is for the parent: it may want this call finished, and takes us along.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _end_with_the_parent()
    # The parent may have gone before the kernel was asked; then the connection is at its end.
    with contextlib.suppress(EOFError, ConnectionError):
        connection.send_bytes(_prepare(module))
        for left in range(calls, 0, -1):
            function, arguments, limits = pickle.loads(connection.recv_bytes())  # noqa: S301 -- from our parent
            connection.send_bytes(_answer(function, arguments, limits, is_last=left == 1 == calls))


if __name__ == "__main__":
    main()
