"""The run command: starts everything, heals what is killed, stops what it started, loses nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.runtime import redis_socket
from tests.ops.installation import ROOT, Installation, is_alive
from tests.waiting import LONG_PATIENCE, until

PARTS = ["redis", "web", "worker", "beat"]

# One group: a parallel run keeps these in one process, which prepares the installation once. As written: first those
# that leave the platform running, then those that end it, then those that need it ended. A start is ten seconds' work.
pytestmark = [pytest.mark.slow, pytest.mark.crash, pytest.mark.as_written, pytest.mark.xdist_group("run-command")]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A migrated installation in a folder that is deep and has an awkward name."""
    place = Installation(tmp_path_factory.mktemp("run") / "a folder & ünï" / ("deep" * 25) / "var")
    place.var.mkdir(parents=True)
    place.manage("migrate", "--verbosity", "0")
    yield place
    if place.process:
        place.stop()


@pytest.fixture
def running(installation: Installation) -> Installation:
    """The installation, up and ready."""
    if installation.process is None or installation.process.poll() is not None:
        installation.start_and_wait()
    return installation


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_started_again_and_reported(running: Installation, part: str) -> None:
    before = running.children()
    running.redis().rpush("work-at-hand", part)
    # On a busy disk Redis holds back what it writes for as long as two seconds.
    until(lambda: running.redis().info("persistence")["aof_buffer_length"] == 0)
    os.kill(before[part], signal.SIGKILL)
    until(lambda: running.children()[part] != before[part])
    until(running.is_ready)
    assert f"{part} ended (killed by SIGKILL); starting it again" in running.said()
    assert running.redis().lrange("work-at-hand", -1, -1) == [part.encode()]
    assert {name for name, pid in running.children().items() if before[name] != pid} == {part}


def test_a_visitor_waits_while_the_web_process_is_healed(running: Installation) -> None:
    os.kill(running.children()["web"], signal.SIGKILL)
    assert running.ask("/healthz") == (200, {"status": "ok"})


def test_a_second_run_from_the_same_folder_is_refused(running: Installation) -> None:
    second = subprocess.run(
        [sys.executable, "scripts/run_local.py"], cwd=ROOT, env=running.env, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert f"It runs already from this folder: http://127.0.0.1:{running.port}" in second.stdout
    until(running.is_ready)


def test_a_killed_run_command_takes_its_children_along_and_the_next_one_starts(running: Installation) -> None:
    assert running.process is not None
    children = running.children()
    running.redis().rpush("queued", "kept")
    os.kill(children["worker"], signal.SIGSTOP)  # hears nothing, as one that waits for a queue that is gone
    running.process.kill()
    running.process.wait()
    until(lambda: not any(is_alive(pid) for pid in children.values()))
    running.start_and_wait()
    until(running.is_ready)
    assert running.redis().lrange("queued", -1, -1) == [b"kept"]


@pytest.mark.parametrize("sig", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM], ids=lambda sig: sig.name)
def test_stopping_ends_exactly_what_was_started(running: Installation, sig: signal.Signals) -> None:
    children = running.children()
    stranger = subprocess.Popen(["sleep", "300"])
    try:
        assert running.stop(sig) == 0
        assert not any(is_alive(pid) for pid in children.values())
        assert is_alive(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()
    assert "Stopped." in running.said()
    assert not redis_socket(running.var).exists()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", running.port))


def test_a_taken_port_is_named(installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        if installation.process:
            installation.stop()
        process = installation.start(PORT=port)
        assert process.wait(LONG_PATIENCE) == 1
    assert f"Port {port} cannot be used" in installation.said()
    assert "make run PORT=" in installation.said()


@pytest.mark.parametrize("port", ["no", "0", "70000"])
def test_a_port_that_is_none_is_named(installation: Installation, port: str) -> None:
    if installation.process:
        installation.stop()
    assert installation.start(PORT=port).wait(LONG_PATIENCE) == 1
    assert f"PORT={port} is not a port" in installation.said()


def test_leftovers_of_a_killed_run_are_ended_and_strangers_are_not(installation: Installation) -> None:
    if installation.process:
        installation.stop()
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(300)"
    state = {"mark": "0123456789abcdef", "pid": 1, "address": "", "children": {}}
    state_of_the_run = installation.var / "run" / "state.json"
    state_of_the_run.parent.mkdir(exist_ok=True)
    state_of_the_run.write_text(json.dumps(state))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", deaf], env={**os.environ, "OPEN_MENTORING_RUN": mark}, stdout=subprocess.PIPE
        )
        for mark in ("0123456789abcdef", "another run")
    ]
    leftover, stranger = processes
    try:
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        installation.start(PORT="no").wait(LONG_PATIENCE)
        assert leftover.wait(LONG_PATIENCE) == -signal.SIGKILL
        assert is_alive(stranger.pid)
    finally:
        for process in processes:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
