"""Run the platform on this machine: redis-server, Celery worker, Celery beat and web as one process tree.

Started by `make run` after set-up; only the standard library. Every child leads a session of its own and dies with this
process (Linux tells it so, and a guard ends who does not listen), carries a mark of this run in its environment, and is
started again when it ends by itself.
See docs/decisions/0010-run-command.md.
"""

import contextlib
import ctypes
import dataclasses
import fcntl
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.runtime import prepare_socket_dir, redis_socket  # noqa: E402 - found through the line above

VAR = Path(os.environ.get("OPEN_MENTORING_VAR") or ROOT / "var").absolute()
STATE = VAR / "run" / "state.json"
SIGN_INS = VAR / "stamps" / "demo"
MARK = "OPEN_MENTORING_RUN"
SIGNALS = {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
READY_WITHIN = 120  # seconds, on a slow machine too
DEMO_WITHIN = 900
ORPHANS_WITHIN = 20  # seconds that children have to end when this process was killed
STABLE_AFTER = 60  # seconds a child must live for its earlier failures to be forgotten
LOG_LIMIT = 10 * 1024 * 1024
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def say(text: str) -> None:
    """Print a line for the person who started us; a closed terminal is no reason to fall."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


class StartError(Exception):
    """The platform cannot start; the message says what the reader can do."""


# --- one child --------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Child:
    """A program that belongs to the running platform.

    Attributes:
        patience: seconds between the request to stop and the end by force.
        once: whether it is done when it ends, instead of started again.
        keep_fd: an open file that it inherits.
        answer: where its standard output goes, if not into its log.
    """

    name: str
    command: list[str]
    patience: int
    once: bool = False
    keep_fd: int | None = None
    answer: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float = 0.0

    @property
    def log(self) -> Path:
        """The file that holds what this child prints."""
        return VAR / "log" / f"{self.name}.log"

    def start(self, environment: dict[str, str]) -> None:
        """Start the program; its output goes to its log."""
        parent = os.getpid()

        def become_child() -> None:
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        with self.log.open("ab") as log, (self.answer or self.log).open("ab") as answer:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=log,
                start_new_session=True,
                pass_fds=[] if self.keep_fd is None else [self.keep_fd],
                preexec_fn=become_child,  # noqa: PLW1509 - this process has one thread
            )
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        """Return whether the program has ended; then end what it left of its group, before its number can be reused."""
        if self.process is None:
            return False
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return True

    def last_words(self, lines: int = 15) -> str:
        """Return the end of the log."""
        return "\n".join(f"    {line}" for line in self.log.read_text(errors="replace").splitlines()[-lines:])


def how_it_ended(status: int) -> str:
    """Return an exit status in words."""
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


# --- what an earlier run left -----------------------------------------------------------------------------------


def processes_with(mark: str) -> list[int]:
    """Return the processes of this user that carry a mark in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if entry.stat().st_uid == os.getuid() and mark.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def end_all_with(mark: str, patience: int) -> None:
    """End the processes that carry a mark: ask them, then end by force who is still there after so many seconds."""
    deadline = time.monotonic() + patience
    for sig in (signal.SIGTERM, signal.SIGKILL):
        for pid in processes_with(mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)
        while processes_with(mark) and time.monotonic() < deadline:
            time.sleep(0.1)
        deadline += 5


def end_leftovers() -> None:
    """End the children of an earlier run of this folder whose run command was killed, and no other process."""
    try:
        mark = f"{MARK}={json.loads(STATE.read_text())['mark']}"
    except (OSError, ValueError, KeyError):
        return
    if processes_with(mark):
        say("  • The last run was killed; ending what it left …")
    end_all_with(mark, 10)


class Guard:
    """A process that outlives this one for a moment: a worker whose queue is gone may not hear that it should end."""

    def __init__(self, mark: str) -> None:
        """Start it; it learns of our end through the pipe that only we hold."""
        command = [sys.executable, __file__, "--guard", f"{MARK}={mark}"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)

    def dismiss(self) -> None:
        """End it; every child has ended."""
        self.process.communicate()


def guard(mark: str) -> int:
    """Wait until the run command is gone, then end what it left; the guard's own program."""
    sys.stdin.buffer.read()
    end_all_with(mark, ORPHANS_WITHIN)
    return 0


# --- the tree ---------------------------------------------------------------------------------------------------


class Platform:
    """The process tree: starts it, keeps it alive, stops it in order."""

    def __init__(self, listener: socket.socket, port: int) -> None:
        """Name the children; nothing is started yet.

        Args:
            listener: the socket that the web process serves; held here, so that visitors wait while it is healed.
            port: where it listens.
        """
        self.listener = listener
        self.address = ("127.0.0.1", port)
        self.mark = secrets.token_hex(16)
        self.guard = Guard(self.mark)
        self.environment = {
            **os.environ,
            "OPEN_MENTORING_VAR": str(VAR),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
            MARK: self.mark,
        }
        self.own_redis = "REDIS_URL" not in os.environ
        self.environment.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
        self.environment.setdefault("DEMO_ALLOWED", "1")
        if self.wants_demo:
            self.environment.setdefault("TIME_ZONE", "Europe/Vilnius")  # where the demo programme is
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "config.celery"]
        queues = ["--queues", "default,pdf", "--concurrency", "2"]
        self.redis = Child("redis", ["redis-server", str(VAR / "redis" / "redis.conf")], patience=15)
        worker = [*celery, "worker", *queues, "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        self.worker = Child("worker", worker, patience=30)
        self.beat = Child("beat", [*celery, "beat", "--pidfile="], patience=5)
        fd = listener.fileno()
        options = ["--fd", str(fd), "--lifespan", "off", "--no-proxy-headers", "--timeout-graceful-shutdown", "3"]
        web = [python, "-m", "uvicorn", "config.asgi:application", "--no-server-header", *options]
        self.web = Child("web", web, patience=10, keep_fd=fd)
        demo = [python, "manage.py", "load_demo", "--wait", str(DEMO_WITHIN)]
        self.demo = Child("demo", demo, patience=5, once=True, answer=SIGN_INS.with_suffix(".part"))
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        """Start a child and write down that it is ours."""
        if child not in self.children:
            self.children.append(child)
            if child.log.exists() and child.log.stat().st_size > LOG_LIMIT:
                child.log.replace(child.log.with_suffix(".log.1"))
        child.start(self.environment)
        self.write_state()

    def write_state(self) -> None:
        """Keep on disk what the next run, a person or a test needs to find this one."""
        pids = {child.name: child.process.pid for child in self.children if child.process}
        state = {"mark": self.mark, "pid": os.getpid(), "address": self.environment["SITE_URL"], "children": pids}
        partial = STATE.with_suffix(".part")
        partial.write_text(json.dumps(state, indent=2))
        partial.replace(STATE)

    def turn(self, seconds: float) -> bool:
        """Wait for something to happen, heal what ended.

        Returns:
            False when we are asked to stop.
        """
        received = signal.sigtimedwait(SIGNALS, seconds)
        if received is not None and received.si_signo != signal.SIGCHLD:
            return False
        for child in self.children:
            if child.process and child.has_ended():
                self.after_end(child)
            if not child.process and not child.once and time.monotonic() >= child.start_at:
                self.start(child)
        return True

    def after_end(self, child: Child) -> None:
        """Say that a child ended by itself and decide when to start it again: at once, then ever more slowly."""
        assert child.process is not None  # noqa: S101 - for the type checker
        status = child.process.returncode
        child.process = None
        if child.once:
            child.failures = int(status != 0)
            return
        child.failures = 1 if time.monotonic() - child.started_at > STABLE_AFTER else child.failures + 1
        pause = min(30.0, 0.2 * 4 ** (child.failures - 1))
        child.start_at = time.monotonic() + pause
        when = "now" if pause < 1 else f"in {pause:.0f} s"
        say(f"  ! {child.name} ended ({how_it_ended(status)}); starting it again {when}. Log: {child.log}")

    def wait(self, answer: Iterator[bool], for_what: str, within: int = READY_WITHIN) -> bool:
        """Turn until the answer is yes.

        Returns:
            False when we are asked to stop.

        Raises:
            StartError: when it takes too long, or a child falls again and again.
        """
        deadline = time.monotonic() + within
        for yes in answer:
            if yes:
                return True
            if not self.turn(0.2):
                return False
            for child in self.children:
                if child.failures >= 4:
                    raise StartError(f"{child.name} does not stay up:\n{child.last_words()}\n  Log: {child.log}")
            if time.monotonic() > deadline:
                raise StartError(f"{for_what} took more than {within} s. Logs: {VAR / 'log'}\n{self.reason()}")
        return True

    def redis_answers(self) -> Iterator[bool]:
        """Tell, again and again, whether the private Redis server answers."""
        path = str(redis_socket(VAR))
        while True:
            answer = b""
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(path)
                client.sendall(b"PING\r\n")
                answer = client.recv(64)
            yield answer.startswith(b"+PONG")

    def ask(self, path: str) -> tuple[int, str]:
        """Return status and text of one of our own pages; (0, reason) when there is no answer."""
        connection = http.client.HTTPConnection(*self.address, timeout=3)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()

    def reason(self) -> str:
        """Return why the platform says it is not ready."""
        return self.ask("/readyz")[1]

    def is_ready(self) -> Iterator[bool]:
        """Tell, again and again, whether every part answers."""
        while True:
            yield self.ask("/readyz")[0] == 200

    def demo_is_there(self) -> Iterator[bool]:
        """Tell, again and again, whether the demo command has ended; pass on what it says of its progress."""
        self.demo.log.touch()
        with self.demo.log.open(errors="replace") as log:
            while True:
                ended = self.demo.process is None
                for line in log:
                    if line.startswith("  "):
                        say(f"  {line.rstrip()}")
                yield ended

    def run(self) -> None:
        """Start everything in order, then keep it alive until asked to stop."""
        if self.own_redis:
            write_redis_conf()
            self.start(self.redis)
            if not self.wait(self.redis_answers(), "The queue's start"):
                return
        say("  • Starting web, worker and beat …")
        for child in (self.web, self.worker, self.beat):
            self.start(child)
        if not self.wait(self.is_ready(), "The start") or not self.load_demo():
            return
        self.greet()
        while self.turn(3600 if all(child.process for child in self.children if not child.once) else 0.2):
            pass

    @property
    def wants_demo(self) -> bool:
        """Whether the demo programme is loaded into an empty platform."""
        return self.environment["DEMO_ALLOWED"].lower() not in {"0", "false", "no", "off", ""}

    def load_demo(self) -> bool:
        """Load the demo programme once for this database; what the command prints is shown at every start.

        Returns:
            False when we are asked to stop.
        """
        if SIGN_INS.exists() or not self.wants_demo:
            return True
        say("  • Loading the demo programme; its documents are being rendered …")
        assert self.demo.answer is not None  # noqa: S101 - for the type checker
        SIGN_INS.parent.mkdir(parents=True, exist_ok=True)
        self.demo.answer.unlink(missing_ok=True)
        self.demo.log.unlink(missing_ok=True)
        self.start(self.demo)
        if not self.wait(self.demo_is_there(), "The demo programme", DEMO_WITHIN):
            return False
        if self.demo.failures:
            raise StartError(f"The demo programme could not be loaded:\n{self.demo.last_words()}")
        self.demo.answer.replace(SIGN_INS)
        return True

    def greet(self) -> None:
        """Say where the platform is and how to sign in."""
        say(f"\n  Open e-Mentoring is ready: {self.environment['SITE_URL']}\n")
        if SIGN_INS.exists():
            say(SIGN_INS.read_text().rstrip() + "\n")
        if not self.environment.get("EMAIL_URL"):
            say(f"  E-mails, with the links of invitations and passwords, are files in {VAR / 'mail'}")
        say(f"  Logs: {VAR / 'log'}    Stop: Ctrl-C\n")

    def stop(self) -> None:
        """Stop in order: no new work, then the work at hand, then the queue. Asked twice, stop by force."""
        say("\n  Stopping …")
        hurry = False
        for group in ([self.demo, self.beat, self.web], [self.worker], [self.redis]):
            running = [child for child in group if child.process]
            for child in running:
                assert child.process is not None  # noqa: S101 - for the type checker
                child.process.terminate()
            deadline = time.monotonic() + max((child.patience for child in running), default=0)
            while running and not hurry and time.monotonic() < deadline:
                received = signal.sigtimedwait(SIGNALS, 0.2)
                hurry = received is not None and received.si_signo == signal.SIGINT
                running = [child for child in running if not child.has_ended()]
            for child in running:
                assert child.process is not None  # noqa: S101 - for the type checker
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
        STATE.unlink(missing_ok=True)
        self.guard.dismiss()
        say("  Stopped. Nothing is lost; `make run` goes on from here.")


def write_redis_conf() -> None:
    """Write the private Redis server's configuration: no network, every command on disk within a second."""
    path = redis_socket(VAR)
    prepare_socket_dir(path)
    directory = VAR / "redis"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = {
        "port": "0",
        "unixsocket": json.dumps(str(path), ensure_ascii=False),
        "unixsocketperm": "700",
        "dir": json.dumps(str(directory), ensure_ascii=False),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "set-proc-title": "no",  # it would write over the mark in its environment
    }
    (directory / "redis.conf").write_text("".join(f"{key} {value}\n" for key, value in lines.items()))


def listen(port_text: str) -> tuple[socket.socket, int]:
    """Return a socket that listens on 127.0.0.1.

    Raises:
        StartError: when the port is no port, or somebody else has it.
    """
    if not port_text.isdigit() or not 0 < int(port_text) < 65536:
        raise StartError(f"PORT={port_text} is not a port. Choose a number, for example: make run PORT=8100")
    port = int(port_text)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except OSError as error:
        other = 8100 if port == 8000 else 8000
        raise StartError(
            f"Port {port} cannot be used: {error.strerror}. Choose another: make run PORT={other}"
        ) from error
    return listener, port


def main() -> int:
    """Run the platform until asked to stop; return the exit status."""
    if sys.argv[1:2] == ["--guard"]:
        return guard(sys.argv[2])
    # A run that was started to survive its terminal (nohup) does.
    ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    if ignored:
        SIGNALS.discard(signal.SIGHUP)
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    for directory in ("log", "run"):
        (VAR / directory).mkdir(parents=True, exist_ok=True)
    with (VAR / "run" / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            where = json.loads(STATE.read_text()) if STATE.exists() else {"address": "?", "pid": "?"}
            say(f"\nIt runs already from this folder: {where['address']} (process {where['pid']}).")
            return 1
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        for sig in SIGNALS - {signal.SIGCHLD}:
            # Blocked signals that are ignored would be dropped; a background job of a shell inherits SIGINT so.
            signal.signal(sig, signal.SIG_DFL)
        end_leftovers()
        try:
            platform = Platform(*listen(os.environ.get("PORT") or "8000"))
        except StartError as error:
            say(f"\n{error}")
            return 1
        try:
            platform.run()
        except StartError as error:
            say(f"\n{error}")
            platform.stop()
            return 1
        platform.stop()
        return 0


if __name__ == "__main__":
    sys.exit(main())
