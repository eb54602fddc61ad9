"""Is this process alive, and can it serve? For load balancers, the run command and people who are paged.

The answers name components and short reasons only: they are public.
"""

import secrets
import threading
import time
from collections.abc import Callable

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.policy.guard import public

HEARTBEAT_KEY = "core:worker-heartbeat"
HEARTBEAT_EVERY = 20  # seconds; beat's schedule
HEARTBEAT_LATE = 3 * HEARTBEAT_EVERY
CHECK_WITHIN = 1.0  # seconds for any one check
STALE_AFTER = 2.0  # seconds for which an answer is given again: an open route must not become a lever
RETRY_AFTER = 5  # seconds


class NotReadyError(Exception):
    """A component cannot serve; the message is a short public reason."""


def check_database() -> None:
    """Ask the database for a row."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def check_migrations() -> None:
    """Compare the database's tables with the code.

    Raises:
        NotReadyError: when a migration is missing.
    """
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReadyError("not migrated")


def check_redis() -> None:
    """Write a word into the cache and read it back.

    Raises:
        NotReadyError: when it reads something else.
    """
    word = secrets.token_hex(4)
    cache.set("core:ready", word, timeout=10)
    if cache.get("core:ready") is None:
        raise NotReadyError("does not keep what is written")


def check_storage() -> None:
    """Write a small file, read it back, remove it.

    Raises:
        NotReadyError: when it reads something else.
    """
    content = secrets.token_bytes(16)
    name = default_storage.save(f"ready/{secrets.token_hex(8)}", ContentFile(content))
    try:
        with default_storage.open(name) as file:
            if file.read() != content:
                raise NotReadyError("does not keep what is written")
    finally:
        default_storage.delete(name)


def check_worker() -> None:
    """Look when a worker last carried out beat's task.

    Raises:
        NotReadyError: when that was too long ago, or never.
    """
    at = cache.get(HEARTBEAT_KEY)
    if at is None:
        raise NotReadyError("no heartbeat")
    if (age := time.time() - at) > HEARTBEAT_LATE:
        raise NotReadyError(f"no heartbeat for {age:.0f} s")


def record_heartbeat() -> None:
    """Write down that a worker carries out tasks; readiness looks at it."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=86400)


class Probe:
    """A check that gives its answer within a second, also when what it asks hangs.

    A hanging check keeps its thread; until that ends no second one is started.
    """

    def __init__(self, name: str, check: Callable[[], None], *, keep_good_for: float = 0.0) -> None:
        """Name a check.

        Args:
            name: the component, as the answer names it.
            check: raises when the component cannot serve.
            keep_good_for: seconds for which a good answer is not asked again.
        """
        self.name, self.check, self.keep_good_for = name, check, keep_good_for
        self.reason = ""
        self.good_until = 0.0
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the check, unless a good answer still holds or the last check still hangs."""
        if time.monotonic() < self.good_until or (self.thread and self.thread.is_alive()):
            return
        self.reason = f"no answer within {CHECK_WITHIN:.0f} s"
        self.thread = threading.Thread(target=self._run, name=f"ready-{self.name}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.check()
        except NotReadyError as error:
            self.reason = str(error)
        except Exception:  # whatever a driver raises: the component cannot serve, and the details are not public
            self.reason = "not reachable"
        else:
            self.reason = ""
            self.good_until = time.monotonic() + self.keep_good_for
        finally:
            connections.close_all()

    def result(self, deadline: float) -> str:
        """Return "ok" or the reason, at the latest at the deadline."""
        if self.thread:
            self.thread.join(max(0.0, deadline - time.monotonic()))
        return self.reason or "ok"


class Readiness:
    """All probes together, asked at the same time; the answer is shared by requests that come close together."""

    def __init__(self, probes: list[Probe]) -> None:
        """Take the probes; nothing is asked yet."""
        self.probes = probes
        self.lock = threading.Lock()
        self.asked_at = float("-inf")
        self.answer: dict[str, str] = {}

    def ask(self) -> dict[str, str]:
        """Return component → "ok" or a short reason, within little more than a second."""
        with self.lock:
            if time.monotonic() - self.asked_at > STALE_AFTER:
                for probe in self.probes:
                    probe.begin()
                deadline = time.monotonic() + CHECK_WITHIN
                self.answer = {probe.name: probe.result(deadline) for probe in self.probes}
                self.asked_at = time.monotonic()
            return self.answer


READINESS = Readiness(
    [
        Probe("database", check_database),
        # The tables cannot fall behind the code of a running process.
        Probe("migrations", check_migrations, keep_good_for=float("inf")),
        Probe("redis", check_redis),
        Probe("storage", check_storage, keep_good_for=15.0),
        Probe("worker", check_worker),
    ]
)


@require_safe
@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process lives; asks nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every component serves, else 503 with the reason."""
    checks = READINESS.ask()
    ready = all(result == "ok" for result in checks.values())
    response = JsonResponse(
        {"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503
    )
    if not ready:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
