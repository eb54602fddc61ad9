"""What children do in the tests of `core.isolation`: they import this module, so it needs little."""

import os
import signal
import subprocess
import time
from pathlib import Path

from core.isolation.errors import UnfitInputError


def whoami() -> int:
    """Return the child's process number."""
    return os.getpid()


def sleep(*, note: str = "") -> None:
    """Take half a minute, after leaving the process number in the file `note`."""
    if note:
        Path(note).write_text(str(os.getpid()))
    time.sleep(30)


def stall() -> None:
    """Be deaf: no signal but the one nobody can ignore is heard."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(30)


def eat(*, megabytes: int) -> int:
    """Take memory."""
    return len(bytearray(megabytes * 1024 * 1024))


def keep(*, megabytes: int) -> int:
    """Take memory and never give it back."""
    globals()["kept"] = bytearray(os.urandom(1024) * 1024 * megabytes)
    return os.getpid()


def write(*, path: str, megabytes: int) -> None:
    """Write a file."""
    Path(path).write_bytes(bytes(megabytes * 1024 * 1024))


def spin() -> None:
    """Compute for ever."""
    while True:
        pass


def die() -> None:
    """Fall over like a C library does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def recurse(*, depth: int = 0) -> int:
    """Call itself until Python has enough."""
    return recurse(depth=depth + 1)


def refuse() -> None:
    """Refuse the input."""
    raise UnfitInputError("too_long")


def stumble() -> None:
    """Have a bug."""
    raise ZeroDivisionError("a bug")


def smuggle() -> object:
    """Answer with something that would run when it is read."""

    return _Smuggled()


class _Smuggled:
    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return subprocess.getoutput, ("touch /tmp/smuggled",)


def environment() -> dict[str, str]:
    """Return the child's environment."""
    return dict(os.environ)


def modules() -> list[str]:
    """Return what the child has imported."""
    import sys  # noqa: PLC0415 -- in the child

    return sorted(sys.modules)
