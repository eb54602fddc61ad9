"""A few child processes that live for many calls, or for one; each call has hard limits.

Pools made for `multiprocessing` do not start inside a Celery worker (see decision 0017), so the children are ordinary
subprocesses. Nothing is shared with them: no connection, no lock, no thread, no environment.
"""

import atexit
import io
import logging
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from django.conf import settings

from core.isolation.errors import (
    BusyError,
    DiedError,
    FailedError,
    MemoryLimitError,
    TimeLimitError,
    UnfitInputError,
)
from core.isolation.limits import Limits

logger = logging.getLogger(__name__)
T = TypeVar("T")
_ANSWER_BYTES: Final = 128 * 1024 * 1024
_START_SECONDS: Final = 60
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR")


class _PlainUnpickler(pickle.Unpickler):
    """Reads strings, numbers, bytes, lists and dictionaries, and refuses whatever would run code."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"an answer holds {module}.{name}")


def _environment() -> dict[str, str]:
    """Return the child's environment: where things are, and no secret."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | {
        "PYTHONPATH": str(settings.BASE_DIR),
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
    }


class _Child:
    """One child process; used by one thread at a time."""

    def __init__(self, module: str, calls: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._said = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the child
            self._process = subprocess.Popen(  # noqa: S603 -- our own module, no shell
                [sys.executable, "-P", "-s", "-m", "core.isolation.child", str(theirs.fileno()), module, str(calls)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=[theirs.fileno()],
                env=_environment(),
            )
        self._connection = Connection(ours.detach())
        self._is_ready = False
        self.left = calls
        self.size = 0

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def call(self, function: Callable[..., Any], limits: Limits, arguments: dict[str, Any]) -> Any:
        """Return the answer; after any error but `UnfitInputError` and `FailedError` the child is of no more use."""
        order = pickle.dumps((function, arguments, limits))
        if not self._is_ready:
            self._wait_until_ready()
        self.left -= 1
        kind, value = self._receive(limits.seconds, order)
        if kind == "memory":
            raise MemoryLimitError(f"more than {limits.memory // 1024 // 1024} MB needed")
        if kind == "refused":
            raise UnfitInputError(value)
        if kind == "failed":
            raise FailedError(value)
        return value

    def _wait_until_ready(self) -> None:
        kind, value = self._receive(_START_SECONDS)
        if kind != "done":
            self.left = 0
            raise FailedError(value)
        self._is_ready = True

    def _receive(self, seconds: float, order: bytes = b"") -> tuple[str, Any]:
        """Send an order, if there is one, and return what kind of answer comes back, and the answer."""
        is_over = threading.Event()

        def kill() -> None:
            is_over.set()
            self._process.kill()

        clock = threading.Timer(seconds, kill)
        clock.daemon = True
        clock.start()
        try:
            if order:
                self._connection.send_bytes(order)
            answer = self._connection.recv_bytes(_ANSWER_BYTES)
        except (EOFError, OSError):
            self._process.kill()
            status = self._process.wait()
            if is_over.is_set():
                raise TimeLimitError(f"not ready after {seconds:g} seconds") from None
            raise DiedError(status) from None
        finally:
            clock.cancel()
        try:
            kind, value, self.size = _PlainUnpickler(io.BytesIO(answer)).load()
        except Exception as error:
            raise FailedError("the answer cannot be read") from error
        return kind, value

    def end(self) -> str:
        """Kill the process; return the last that it said on standard error."""
        self._process.kill()
        self._process.wait()
        self._said.seek(max(0, self._said.seek(0, io.SEEK_END) - 2000))
        said = self._said.read().decode(errors="replace")
        self.forget()
        return said

    def forget(self) -> None:
        """Close this process's ends, without a word to the child."""
        self._connection.close()
        if self._process.stdin:
            self._process.stdin.close()
        self._said.close()


class Pool:
    """Children that do calls, each within its limits.

    Args:
        module: imported by every child before its first call, on its own time.
        at_once: how many children there may be.
        renew_after: how many calls a child lives for. With 1, no call sees what another left behind.
        keep_below: bytes of memory above which a child is renewed earlier.
        is_warm: have the next child started when one is renewed; else it is started by the call that needs it.
    """

    def __init__(
        self, *, module: str = "", at_once: int, renew_after: int, keep_below: int = 0, is_warm: bool = False
    ) -> None:
        self._module = module
        self._at_once = at_once
        self._renew_after = renew_after
        self._keep_below = keep_below
        self._is_warm = is_warm
        self._after_fork()
        os.register_at_fork(after_in_child=self._after_fork)
        atexit.register(self.close)

    def _after_fork(self) -> None:
        """Begin without children: those of the process that forked are not ours, and we must not keep them alive."""
        for child in getattr(self, "_children", ()):
            child.forget()
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(self._at_once)
        self._idle: list[_Child] = []
        self._children: set[_Child] = set()

    def warm_up(self) -> None:
        """Start a child, so that the first call finds it ready; does not wait for it."""
        with self._lock:
            if not self._children:
                self._idle.append(self._start())

    def close(self) -> None:
        """End all idle children."""
        with self._lock:
            while self._idle:
                self._end(self._idle.pop())

    def call(self, function: Callable[..., T], limits: Limits, *, wait: float, **arguments: Any) -> T:
        """Return `function(**arguments)`, computed in a child.

        Args:
            function: found by its name in the child too; takes anything that can be pickled, returns plain data.
            wait: seconds to wait for a free child.

        Raises:
            UnfitInputError: by the function, on purpose.
            TimeLimitError, MemoryLimitError, DiedError: a limit was hit or the process died, and only this call
                suffers.
            FailedError: the function raised something else.
            BusyError: no child became free.
        """
        if not self._turns.acquire(timeout=wait):
            raise BusyError("no child process is free")
        try:
            return self._call(function, limits, arguments)
        finally:
            self._turns.release()

    def _call(self, function: Callable[..., T], limits: Limits, arguments: dict[str, Any]) -> T:
        child = self._take()
        is_usable = False
        try:
            answer: T = child.call(function, limits, arguments)
            is_usable = True
        except (UnfitInputError, FailedError):
            is_usable = True
            raise
        finally:
            self._give_back(child, is_usable=is_usable)
        return answer

    def _start(self) -> _Child:
        child = _Child(self._module, self._renew_after)
        self._children.add(child)
        return child

    def _end(self, child: _Child) -> str:
        self._children.discard(child)
        return child.end()

    def _take(self) -> _Child:
        """Return an idle child, or a new one; one that was killed while it had nothing to do costs nobody a call."""
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_alive:
                    return child
                self._end(child)
            return self._start()

    def _give_back(self, child: _Child, *, is_usable: bool) -> None:
        is_worn = child.left < 1 or (self._keep_below and child.size > self._keep_below)
        with self._lock:
            if is_usable and not is_worn:
                self._idle.append(child)
                return
            said = self._end(child)
            if self._is_warm and not self._idle:
                self._idle.append(self._start())
        if said and not is_usable:
            logger.warning("A child process ended; it said: %s", said)
