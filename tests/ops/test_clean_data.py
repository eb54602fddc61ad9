"""Data of another version: `make run` says what to do, `make clean-data` does it and nothing else."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup

ROOT = Path(__file__).resolve().parents[2]
DATA = (
    "db.sqlite3",
    "db.sqlite3-wal",
    "media/a/file",
    "mail/1.txt",
    "redis/dump",
    "stamps/demo",
    "celerybeat-schedule",
)
KEPT = ("secret_key", "log/web.log", "static/app.css", "something of mine")


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A var directory with everything in it that there can be."""
    for name in (*DATA, *KEPT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def files_of(var: Path) -> set[str]:
    """Return what is left, the lock of the run command aside."""
    return {str(path.relative_to(var)) for path in var.rglob("*") if path.is_file()} - {"run/lock"}


def clean_data(var: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run the command."""
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_URL") and name != "YES"}
    return subprocess.run(
        [sys.executable, "scripts/clean_data.py"], cwd=ROOT, env={**plain, "OPEN_MENTORING_VAR": str(var), **env},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def made_by(var: Path, *migrations: tuple[str, str]) -> Path:
    """Return a database with these migrations applied."""
    path = var / "db.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT)")
        connection.executemany("INSERT INTO django_migrations (app, name) VALUES (?, ?)", migrations)
    connection.close()
    return path


def test_a_database_of_another_version_is_left_alone_and_the_way_on_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "VAR", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(setup, "call", lambda *command, **_: pytest.fail(f"ran {command}"))
    made_by(tmp_path, ("core", "0001_initial"), ("documents", "0003_keep_what_was_typed"), ("auth", "0001_initial"))
    with pytest.raises(setup.SetupError) as refused:
        setup.database()
    assert "made by another version" in str(refused.value)
    assert "(it does not know documents.0003_keep_what_was_typed)" in str(refused.value)
    assert "\n  make clean-data\n  make run\n" in str(refused.value)


def test_a_database_of_this_version_is_its_own(tmp_path: Path) -> None:
    ours = [(setup.label_of(file.parent), file.stem) for file in ROOT.glob("*/migrations/0*.py")]
    assert ("responses", "0001_initial") in ours
    assert setup.foreign_migrations(made_by(tmp_path, ("auth", "0099_of_django"), *ours)) == []


def test_a_database_without_any_table_is_no_stranger(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").touch()
    assert setup.foreign_migrations(tmp_path / "db.sqlite3") == []


def test_only_the_data_goes(var: Path) -> None:
    done = clean_data(var, YES="1")
    assert done.returncode == 0, done.stderr
    assert files_of(var) == set(KEPT)
    assert "There is no data" in clean_data(var, YES="1").stdout


@pytest.mark.parametrize("name", ["DATABASE_URL", "STORAGE_URL", "REDIS_URL"])
def test_data_that_lies_elsewhere_is_not_touched(var: Path, name: str) -> None:
    refused = clean_data(var, YES="1", **{name: "postgres://somewhere/else"})
    assert refused.returncode == 1
    assert f"{name} is set" in refused.stderr
    assert files_of(var) == {*DATA, *KEPT}


def test_nothing_goes_without_a_yes(var: Path) -> None:
    refused = clean_data(var)
    assert refused.returncode == 1
    assert "make clean-data YES=1" in refused.stderr
    assert files_of(var) == {*DATA, *KEPT}


def test_nothing_goes_while_the_platform_runs(var: Path) -> None:
    (var / "run").mkdir()
    with (var / "run" / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = clean_data(var, YES="1")
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr
    assert files_of(var) == {*DATA, *KEPT}
