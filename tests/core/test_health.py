"""Alive and ready: what load balancers and the run command are told."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client

from core.ops import health
from core.tasks import beat
from tests.waiting import LONG_PATIENCE, PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every test ask anew, with no heartbeat."""
    for probe in health.READINESS.probes:
        monkeypatch.setattr(probe, "good_until", 0.0)
        monkeypatch.setattr(probe, "thread", None)
    monkeypatch.setattr(health.READINESS, "asked_at", float("-inf"))
    monkeypatch.setattr(health, "CHECK_WITHIN", PATIENCE)  # the machine may be busy
    cache.delete(health.HEARTBEAT_KEY)
    yield
    cache.delete(health.HEARTBEAT_KEY)


def break_probe(monkeypatch: pytest.MonkeyPatch, name: str, check: object) -> None:
    """Let one component's check do something else."""
    probe = next(probe for probe in health.READINESS.probes if probe.name == name)
    monkeypatch.setattr(probe, "check", check)


def refuse() -> None:
    """Fail as a driver does, with a detail that must not become public."""
    raise ConnectionError("postgres://mentoring:secret@db.internal refused")


def test_healthz_asks_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for probe in health.READINESS.probes:
        monkeypatch.setattr(probe, "check", refuse)
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_readyz_is_green_when_everything_serves(client: Client) -> None:
    beat()
    response = client.get("/readyz")
    assert response.json() == {
        "status": "ok",
        "checks": dict.fromkeys(["database", "migrations", "redis", "storage", "worker"], "ok"),
    }
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_readyz_names_the_missing_worker(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response.json()["status"] == "unavailable"
    assert response.json()["checks"]["worker"] == "no heartbeat"
    assert response.json()["checks"]["database"] == "ok"


def test_readyz_tells_how_old_the_heartbeat_is(client: Client) -> None:
    cache.set(health.HEARTBEAT_KEY, time.time() - 90)
    told = client.get("/readyz").json()["checks"]["worker"]
    assert told in {f"no heartbeat for {seconds} s" for seconds in range(90, 120)}  # a busy machine takes its time


@pytest.mark.parametrize("name", ["database", "redis", "storage"])
def test_readyz_names_what_does_not_answer_without_details(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    beat()
    break_probe(monkeypatch, name, refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"][name] == "not reachable"
    assert "secret" not in response.content.decode()
    assert [result for other, result in response.json()["checks"].items() if other != name] == ["ok"] * 4


def test_readyz_answers_in_time_when_a_component_hangs(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    released = threading.Event()
    asked = []

    def hang() -> None:
        asked.append(1)
        released.wait(LONG_PATIENCE)

    break_probe(monkeypatch, "storage", hang)
    monkeypatch.setattr(health, "CHECK_WITHIN", 1.0)
    try:
        begun = time.monotonic()
        response = client.get("/readyz")
        assert time.monotonic() - begun < PATIENCE
        assert response.json()["checks"]["storage"] == "no answer within 1 s"
        monkeypatch.setattr(health.READINESS, "asked_at", float("-inf"))
        client.get("/readyz")
        assert len(asked) == 1, "a hanging check must not pile up threads"
    finally:
        released.set()


def test_readyz_notices_a_missing_migration(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert client.get("/readyz").json()["checks"]["migrations"] == "not migrated"


def test_readyz_asks_once_for_requests_that_come_together(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    asked = []
    monkeypatch.setattr(health, "STALE_AFTER", 60.0)
    break_probe(monkeypatch, "database", lambda: asked.append(1))
    for _ in range(5):
        assert client.get("/readyz").status_code == 200
    assert asked == [1]


def test_storage_check_leaves_nothing_behind() -> None:
    health.check_storage()
    assert default_storage.listdir("ready")[1] == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_pages_are_read_only(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
