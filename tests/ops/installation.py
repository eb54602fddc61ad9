"""A var directory of its own with the run command in it: the platform as people run it, for tests."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import redis

from config.runtime import redis_socket
from scripts.with_services import free_port
from tests.waiting import LONG_PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that is dead and not yet collected does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _hang_up_as_usual() -> None:
    """Let SIGHUP end the program also where the tests themselves were started with nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Installation:
    """A var directory of its own and the run command in it.

    Attributes:
        env: what its programs get; services of the machine only where they are named.
    """

    def __init__(self, var: Path, services: dict[str, str] | None = None) -> None:
        self.var = var
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        foreign = {"DATABASE_URL", "REDIS_URL", "STORAGE_URL", "DJANGO_SETTINGS_MODULE"}
        self.env = {name: value for name, value in os.environ.items() if name not in foreign}
        self.env |= {"OPEN_MENTORING_VAR": str(var), "PORT": str(self.port), "DEMO_ALLOWED": "0"}
        self.env |= {"SECRET_KEY": "only-for-tests-" + "y" * 40, **(services or {})}
        self.output = var / "output"

    def manage(self, *command: str) -> None:
        """Run a command of manage.py."""
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, check=True)

    def start(self, **env: str) -> "subprocess.Popen[bytes]":
        """Start the run command; its output goes to a file."""
        with self.output.open("wb") as output:
            command = [sys.executable, "scripts/run_local.py"]
            return subprocess.Popen(
                command, cwd=ROOT, env=self.env | env, stdout=output, stderr=output, start_new_session=True,
                preexec_fn=_hang_up_as_usual,
            )  # fmt: skip

    def start_and_wait(self) -> None:
        """Start the run command and wait until it says that the platform is ready."""
        self.process = self.start()
        process = self.process
        until(lambda: "is ready" in self.said() or process.poll() is not None)
        assert process.poll() is None, self.said()

    def said(self) -> str:
        """Return what the run command has printed."""
        return self.output.read_text()

    def children(self) -> dict[str, int]:
        """Return the process of each part."""
        return dict(json.loads((self.var / "run" / "state.json").read_text())["children"])

    def ask(self, path: str) -> tuple[int, dict[str, Any]]:
        """Ask the platform for a JSON page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG_PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def is_ready(self) -> bool:
        """Return whether the platform says that all its parts are well."""
        return self.ask("/readyz")[0] == 200

    def redis(self) -> "redis.Redis":
        """Return a client of the private Redis server."""
        return redis.Redis(unix_socket_path=str(redis_socket(self.var)))

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> int:
        """Ask the run command to stop; return its exit status."""
        assert self.process is not None
        self.process.send_signal(sig)
        status = self.process.wait(LONG_PATIENCE)
        self.process = None
        return status
