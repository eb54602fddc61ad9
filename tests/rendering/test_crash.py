"""A real worker on a private Redis is killed while it makes PDFs: nothing is lost, nothing is filed twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from core.ops import sending
from documents.models import DocumentVersion
from documents.services import files
from rendering.models import Rendering, RenderingState
from rendering.services import renderings
from responses_app import rendering as form_kind
from tests.cast import World
from tests.documents.making import DIARY, hand_in, opened
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.crash, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FORMS = 6
VISIBILITY = 4


def counts() -> dict[str, int]:
    """Return how many renderings are in each state."""
    states = list(Rendering.objects.values_list("state", flat=True))
    return {state: states.count(state) for state in set(states)}


@pytest.fixture
def redis_socket(tmp_path: Path) -> Iterator[Path]:
    """A Redis of this test's own, append-only like the platform's."""
    socket = tmp_path / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path), "--appendonly", "yes"],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    until(socket.exists)
    yield socket
    server.kill()
    server.wait()


def use_broker(url: str, *, is_eager: bool) -> None:
    """Let this process send to another broker; open connections to the old one are forgotten."""
    current_app.conf.update(broker_url=url, task_always_eager=is_eager)
    current_app._pool = current_app.amqp._producer_pool = None


@pytest.fixture
def broker(redis_socket: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Send tasks of this process to that Redis instead of running them here."""
    # What this process remembers of another test's broker must not keep it from asking this one.
    monkeypatch.setattr(sending, "_asked_again_at", 0.0)
    before = (current_app.conf.broker_url, current_app.conf.task_always_eager)
    use_broker(f"redis+socket://{redis_socket}?virtual_host=0", is_eager=False)
    yield f"unix://{redis_socket}?db=0"
    use_broker(before[0], is_eager=before[1])


class Worker:
    """A Celery worker with its children, in a process group of its own."""

    def __init__(self, redis_url: str, log: Path) -> None:
        database = connection.settings_dict
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "OPEN_MENTORING_VAR": str(settings.VAR_DIR),
            "REDIS_URL": redis_url,
            "CELERY_VISIBILITY_TIMEOUT": str(VISIBILITY),
            "SECRET_KEY": settings.SECRET_KEY,
            "LOG_LEVEL": "WARNING",
        }
        if database["ENGINE"].endswith("sqlite3"):
            environment["DATABASE_URL"] = f"sqlite:///{database['NAME']}"
        else:
            environment["DATABASE_URL"] = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{database['NAME']}"
        command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-Q", "default,pdf", "-c", "2",
                   "--without-gossip", "--without-mingle", "-l", "WARNING"]  # fmt: skip
        self.log = log.open("ab")
        self.process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, start_new_session=True, stdout=self.log, stderr=self.log
        )

    def kill(self) -> None:
        """Kill the worker and all its children, without a word."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def family(self) -> dict[int, str]:
        """Return the worker's processes that live, with their command lines."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                state, _parent, _group, session = (path / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(session) == self.process.pid and state != "Z":
                    found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def layouts(self) -> set[int]:
        """Return the processes that lay documents out."""
        return {pid for pid, command in self.family().items() if "core.isolation.child" in command}


def check_nothing_lost() -> None:
    """Every form is filed once, with a file that opens; no file is left over that a row does not know."""
    assert counts() == {RenderingState.READY: FORMS}
    versions = list(DocumentVersion.objects.exclude(rendering=None))
    assert len(versions) == FORMS
    assert len({version.rendering.pk for version in versions}) == FORMS
    assert {version.number for version in versions} == {1}
    for version in versions:
        with version.file.open("rb") as stored:
            assert len(opened(stored.read()).pages) == version.pages
    assert not [fault for fault in files.faults() if fault.kind != "file_without_row"]


def test_killed_workers_lose_nothing_and_file_nothing_twice(world: World, broker: str, tmp_path: Path) -> None:
    people = [world.cast.milda, world.cast.tomas, world.cast.elena]
    for number in range(FORMS):
        person = people[number % 3]
        submission = hand_in(world.group, "diary", person, DIARY, subject=person, session_key=f"session-{number}")
        form_kind.request_form(submission=submission, requested_by=person)
    worker = Worker(broker, tmp_path / "worker.log")
    try:
        for _round in range(2):
            until(lambda: counts().get(RenderingState.RUNNING) or counts().get(RenderingState.READY) == FORMS)
            worker.kill()
            worker = Worker(broker, tmp_path / "worker.log")

        def all_ready() -> bool:
            renderings.sweep()
            return counts().get(RenderingState.READY) == FORMS

        until(all_ready)
        check_nothing_lost()
    except AssertionError:
        print((tmp_path / "worker.log").read_text()[-4000:])
        raise
    finally:
        worker.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_ends_leaves_no_process_behind(broker: str, number: signal.Signals, tmp_path: Path) -> None:
    worker = Worker(broker, tmp_path / "worker.log")
    try:
        until(lambda: len(worker.layouts()) == 2)
        os.kill(worker.process.pid, number)
        worker.process.wait(30)
        until(lambda: not worker.family(), 10)
    finally:
        worker.kill()


def test_a_killed_process_of_the_worker_takes_its_layout_with_it(broker: str, tmp_path: Path) -> None:
    worker = Worker(broker, tmp_path / "worker.log")
    try:
        # A worker that loses a process before it is up ends altogether; whoever started it starts it again.
        until(lambda: current_app.control.ping(timeout=1))
        before = until(lambda: worker.layouts() if len(worker.layouts()) == 2 else None)
        layout = min(before)
        parent = int(Path(f"/proc/{layout}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(parent, signal.SIGKILL)
        until(lambda: layout not in worker.layouts(), 10)
        until(lambda: len(worker.layouts()) == 2, 30)
        assert len(worker.layouts() & before) == 1
    finally:
        worker.kill()


def test_broker_that_is_down_delays_nobody_and_loses_nothing(world: World, broker: str, redis_socket: Path) -> None:
    """Redis is not there when the form is handed in; the request goes on within a moment."""
    use_broker(f"redis+socket://{redis_socket}-gone?virtual_host=0", is_eager=False)
    begun = time.monotonic()
    submission = hand_in(world.group, "diary", world.cast.milda, DIARY, subject=world.cast.milda)
    rendering = form_kind.request_form(submission=submission, requested_by=world.cast.milda)
    assert time.monotonic() - begun < PATIENCE
    rendering.refresh_from_db()
    assert (rendering.state, rendering.sent_at) == (RenderingState.QUEUED, None)
    assert Rendering.objects.stuck().count() == 1
