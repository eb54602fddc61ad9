"""Calling a function in a forked process with a hard limit on wall-clock time and memory.

Making a PDF of somebody's text is the weakest wall of the platform: the layout engine is C and Python of others, and
some inputs keep it busy for minutes or eat all memory. A fork of the warm worker costs some milliseconds; it can be
killed at any moment, and takes nothing with it.
"""

import contextlib
import gc
import os
import pickle
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from documents.pdf.errors import BrokenError, OutOfMemoryError, PdfError, TooSlowError

T = TypeVar("T")
_CHUNK: Final = 1 << 16


def _address_space() -> int:
    """Return how much address space this process has, in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _limit(seconds: int, memory: int) -> None:
    """Let the kernel refuse what goes beyond: `memory` more than the process already has, twice the time."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds * 2, seconds * 2 + 1))
    if held := _address_space():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))


def _work(write_end: int, function: Callable[..., Any], arguments: dict[str, Any]) -> bytes:
    try:
        answer: tuple[str, Any] = ("done", function(**arguments))
    except PdfError as error:
        answer = ("error", error)
    except MemoryError:
        answer = ("memory", None)
    except RecursionError:
        answer = ("broken", "nested too deeply")
    except Exception:
        answer = ("broken", traceback.format_exc(limit=-3))
    return pickle.dumps(answer)


def _child(write_end: int, seconds: int, memory: int, function: Callable[..., Any], arguments: dict[str, Any]) -> None:
    """Do the work and leave without running anybody's exit handlers: they belong to the parent."""
    status = 1
    try:
        # Collecting would touch, and so copy, every page that is shared with the parent; this process soon ends anyway.
        gc.disable()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGUSR1, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        _limit(seconds, memory)
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(_work(write_end, function, arguments))
        status = 0
    finally:
        os._exit(status)


def _read(read_end: int, deadline: float) -> bytes | None:
    """Return what the child wrote until it closed the pipe; None when the time is over."""
    parts: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([read_end], [], [], left)[0]:
            return None
        part = os.read(read_end, _CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)


def call_isolated(function: Callable[..., T], *, seconds: int, memory: int, **arguments: Any) -> T:
    """Return `function(**arguments)`, computed in a forked process.

    The function must not touch the database or anything else that it shares with this process.

    Args:
        seconds: wall-clock limit; then the process is killed.
        memory: bytes on top of what this process holds now.

    Raises:
        TooSlowError, OutOfMemoryError, BrokenError: the limit was hit, or the process died.
        PdfError: raised by the function itself.
    """
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _child(write_end, seconds, memory, function, arguments)
    os.close(write_end)
    answer, is_reaped, status = None, False, 0
    try:
        answer = _read(read_end, time.monotonic() + seconds)
    finally:
        os.close(read_end)
        with contextlib.suppress(ProcessLookupError):
            if answer is None:
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            _, status = os.waitpid(pid, 0)
            is_reaped = True
    if answer is None:
        raise TooSlowError(f"not ready after {seconds} seconds")
    if not answer:
        died = os.waitstatus_to_exitcode(status) if is_reaped else "unknown"
        raise BrokenError(f"the rendering process ended with status {died}")
    kind, value = pickle.loads(answer)  # noqa: S301 -- written by our own fork
    if kind == "done":
        result: T = value
        return result
    if kind == "memory":
        raise OutOfMemoryError(f"more than {memory // 1024 // 1024} MB needed")
    if kind == "error":
        raise value
    raise BrokenError(str(value))
