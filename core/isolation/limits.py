"""What a child process may use, set with the means of the kernel. Imports no Django."""

import contextlib
import resource
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one call.

    Attributes:
        seconds: of wall-clock time; then the parent kills the child.
        cpu_seconds: of computing; then the kernel ends the child.
        memory: bytes of address space.
        is_on_top: `memory` counts on top of what the child holds when the call begins.
        bytes_written: how large a file may become; None for no limit.
    """

    seconds: float
    cpu_seconds: int
    memory: int
    is_on_top: bool = False
    bytes_written: int | None = None


def _pages(field: int) -> int:
    """Return a field of /proc/self/statm in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[field]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def resident() -> int:
    """Return how many bytes of memory this process uses; 0 where the system does not tell."""
    return _pages(1)


def restrict(limits: Limits, *, for_good: bool) -> None:
    """Limit this process.

    Args:
        for_good: nothing can lift the limits again. A child that has more calls before it needs them to move.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    _set(resource.RLIMIT_CPU, cpu, for_good=for_good)
    held = _pages(0) if limits.is_on_top else 0
    if held or not limits.is_on_top:
        _set(resource.RLIMIT_AS, held + limits.memory, for_good=for_good)
    if limits.bytes_written is not None:
        _set(resource.RLIMIT_FSIZE, limits.bytes_written, for_good=for_good)
    _set(resource.RLIMIT_CORE, 0, for_good=True)


def _set(kind: int, value: int, *, for_good: bool) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value if for_good else hard))
