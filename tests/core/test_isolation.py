"""Child processes: hard limits, a fresh child after each accident, and none that outlives its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
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
from core.isolation.pool import Pool
from tests.core import isolated

LIMITS = Limits(seconds=20, cpu_seconds=20, memory=300 * 1024 * 1024, is_on_top=True)


@pytest.fixture
def pool() -> Iterator[Pool]:
    """A pool of one child."""
    made = Pool(at_once=1, renew_after=50)
    yield made
    made.close()


def ask(pool: Pool, function: Callable[..., Any], *, limits: Limits = LIMITS, **arguments: Any) -> Any:
    """Call a function in the pool."""
    return pool.call(function, limits, wait=5, **arguments)


def is_gone(pid: int, seconds: float = 5) -> bool:
    """Whether a process ends within some seconds; one that only waits to be reaped is gone."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_child_stays_for_many_calls(pool: Pool) -> None:
    first = ask(pool, isolated.whoami)
    assert first != os.getpid()
    assert {ask(pool, isolated.whoami) for _call in range(3)} == {first}


def test_a_child_is_renewed_after_its_calls() -> None:
    pool = Pool(at_once=1, renew_after=2)
    pids = [ask(pool, isolated.whoami) for _call in range(5)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]
    assert is_gone(pids[0])
    pool.close()
    assert is_gone(pids[4])


def test_no_call_meets_a_child_of_another_where_each_has_its_own() -> None:
    pool = Pool(at_once=1, renew_after=1)
    assert len({ask(pool, isolated.whoami) for _call in range(3)}) == 3


def test_a_child_that_grew_is_renewed_and_the_next_is_ready() -> None:
    pool = Pool(at_once=1, renew_after=50, keep_below=60 * 1024 * 1024, is_warm=True)
    small = ask(pool, isolated.whoami)
    assert ask(pool, isolated.keep, megabytes=80) == small
    assert is_gone(small)
    assert ask(pool, isolated.whoami) != small
    pool.close()


@pytest.mark.parametrize(
    ("function", "arguments", "limits", "error", "words"),
    [
        (isolated.sleep, {}, {"seconds": 1}, TimeLimitError, "not ready after 1 seconds"),
        (isolated.stall, {}, {"seconds": 1}, TimeLimitError, "not ready after 1 seconds"),
        (isolated.spin, {}, {"cpu_seconds": 1}, DiedError, f"status -{int(signal.SIGXCPU)}"),
        (isolated.eat, {"megabytes": 900}, {}, MemoryLimitError, "more than 300 MB needed"),
        (isolated.eat, {"megabytes": 900}, {"memory": 800 * 1024**2, "is_on_top": False}, MemoryLimitError, "800 MB"),
        (isolated.die, {}, {}, DiedError, "status -11"),
        (isolated.recurse, {}, {}, FailedError, "nested too deeply"),
        (isolated.stumble, {}, {}, FailedError, "ZeroDivisionError: a bug"),
        (isolated.refuse, {}, {}, UnfitInputError, "too_long"),
        (isolated.smuggle, {}, {}, FailedError, "the answer cannot be read"),
    ],
)
def test_an_accident_says_what_it_was_and_costs_only_its_own_call(
    pool: Pool,
    function: Callable[..., Any],
    arguments: dict[str, Any],
    limits: dict[str, Any],
    error: type[Exception],
    words: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = ask(pool, isolated.whoami)
    begun = time.monotonic()
    with pytest.raises(error, match=words):
        ask(pool, function, limits=replace(LIMITS, **limits), **arguments)
    assert time.monotonic() - begun < 15
    after = ask(pool, isolated.whoami)
    survives = error in {FailedError, UnfitInputError}
    assert (after == before) == survives
    assert survives or is_gone(before)
    assert "Fatal Python error" not in caplog.text + "".join(capfd.readouterr())
    assert not Path("/tmp/smuggled").exists()  # noqa: S108 -- where the smuggled answer would write


def test_a_file_grows_no_larger_than_allowed(pool: Pool, tmp_path: Path) -> None:
    limits = replace(LIMITS, bytes_written=1024 * 1024)
    with pytest.raises(FailedError, match="File too large"):
        ask(pool, isolated.write, limits=limits, path=str(tmp_path / "big"), megabytes=2)
    assert (tmp_path / "big").stat().st_size <= 1024 * 1024


def test_limits_are_those_of_each_call(pool: Pool) -> None:
    with pytest.raises(TimeLimitError):
        ask(pool, isolated.sleep, limits=replace(LIMITS, seconds=0.5))
    more = replace(LIMITS, memory=2 * 1024**3)
    pid = ask(pool, isolated.whoami)
    assert ask(pool, isolated.eat, limits=more, megabytes=900) == 900 * 1024**2
    assert ask(pool, isolated.whoami) == pid


def test_a_child_killed_while_idle_costs_nobody_a_call(pool: Pool) -> None:
    pid = ask(pool, isolated.whoami)
    os.kill(pid, signal.SIGKILL)
    assert is_gone(pid)
    assert ask(pool, isolated.whoami) != pid


def test_who_finds_no_free_child_is_told(pool: Pool, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    limits = replace(LIMITS, seconds=3)

    def sleep() -> None:
        with pytest.raises(TimeLimitError):
            ask(pool, isolated.sleep, limits=limits, note=str(note))

    thread = threading.Thread(target=sleep)
    thread.start()
    while not note.exists():
        time.sleep(0.02)
    with pytest.raises(BusyError):
        pool.call(isolated.whoami, LIMITS, wait=0.1)
    thread.join()
    assert ask(pool, isolated.whoami)


def test_a_child_that_cannot_start_says_why() -> None:
    pool = Pool(module="tests.core.not_there", at_once=1, renew_after=5)
    for _again in range(2):
        with pytest.raises(FailedError, match="not_there"):
            ask(pool, isolated.whoami)


def test_a_child_knows_no_secret_and_no_django(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    allowed = {"PATH", "LD_LIBRARY_PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "PYTHONPATH", "MALLOC_ARENA_MAX",
               "OMP_NUM_THREADS", "LC_CTYPE"}  # fmt: skip
    assert set(ask(pool, isolated.environment)) <= allowed
    assert not [name for name in ask(pool, isolated.modules) if name.split(".")[0] == "django"]


# --- the parent ends --------------------------------------------------------------------------------------------------

PARENT = """
import os, sys, threading, time
import django
django.setup()
from core.isolation.limits import Limits
from core.isolation.pool import Pool
from tests.core import isolated
limits = Limits(seconds=60, cpu_seconds=60, memory=300 << 20, is_on_top=True)
pool = Pool(at_once=2, renew_after=5)
"""
BUSY_AND_IDLE = """
idle = pool.call(isolated.whoami, limits, wait=5)
pool._idle.clear()
threading.Thread(target=pool.call, args=(isolated.sleep, limits), kwargs={"wait": 5, "note": sys.argv[1]}).start()
while not os.path.exists(sys.argv[1]) or not open(sys.argv[1]).read():
    time.sleep(0.02)
print(idle, open(sys.argv[1]).read(), flush=True)
time.sleep(60)
"""
FORKED = """
first = pool.call(isolated.whoami, limits, wait=5)
if os.fork() == 0:
    print(first, pool.call(isolated.whoami, limits, wait=5), os.getpid(), flush=True)
    time.sleep(60)
os._exit(0)
"""


def parent(program: str, note: Path) -> "subprocess.Popen[str]":
    """Start a process that has children."""
    return subprocess.Popen(
        [sys.executable, "-c", PARENT + program, str(note)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.crash
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_child_outlives_its_parent(number: signal.Signals, tmp_path: Path) -> None:
    with parent(BUSY_AND_IDLE, tmp_path / "pid") as process:
        assert process.stdout
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert len(set(pids)) == 2
        assert not any(is_gone(pid, 0.1) for pid in pids)
        os.kill(process.pid, number)
        process.wait()
        assert all(is_gone(pid) for pid in pids)


@pytest.mark.crash
def test_a_forked_process_has_children_of_its_own_and_keeps_no_others_alive(tmp_path: Path) -> None:
    with parent(FORKED, tmp_path / "pid") as process:
        assert process.stdout
        first, second, forked = (int(pid) for pid in process.stdout.readline().split())
        process.wait()
        assert first != second
        assert is_gone(first)
        assert not is_gone(second, 0.1)
        os.kill(forked, signal.SIGKILL)
        assert is_gone(second)
