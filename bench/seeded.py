"""Seeded worlds, kept between runs as databases of PostgreSQL that each run copies, with the files beside them."""

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from scripts.with_services import ADMIN_URL

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
MADE_FROM = (
    "*/migrations/*.py",
    "*/models.py",
    "*/models/*.py",
    "*/grants.py",
    "core/policy/*.py",
    "demo/seeding/*.py",
    "core/full_text.py",
    "bench/lean.py",
    "packs/**/*",
)
"""What a seeded world depends on: when any of it changes, the worlds are made anew."""


def fingerprint(*size: int) -> str:
    """Return a mark of the code that makes worlds, of their size and of this day, which their dates count from."""
    mark = hashlib.sha256(f"{ROOT} {size} {datetime.datetime.now(tz=datetime.UTC).date()}".encode())  # noqa: TID251
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                mark.update(f"{path.relative_to(ROOT)}".encode() + path.read_bytes())
    return mark.hexdigest()[:12]


def database_url(name: str) -> str:
    """Return the address of a database on the server that we may use."""
    return urlunsplit(urlsplit(ADMIN_URL)._replace(scheme="postgres", path=f"/{name}"))


def _run(database: str, media_in: Path, *command: str) -> str:
    """Run a program of ours on a database; return what it prints."""
    environment = {**os.environ, "DATABASE_URL": database_url(database), "OPEN_MENTORING_VAR": str(media_in)}
    done = subprocess.run(  # noqa: S603 -- our own programs
        [sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


class Worlds:
    """The world of the pages, and the lean one of very many groups."""

    def __init__(self, *, groups: int, people: int, many: int, say: Any) -> None:
        self.groups, self.people, self.many, self.say = groups, people, many, say
        self.mark = fingerprint(groups, people, many)
        self.directory = KEPT / "seed"
        self.told = self.directory / "worlds.json"

    def prepare(self) -> dict[str, Any]:
        """Make the worlds unless they are there; return what the seeding said of them, by name."""
        if self.told.is_file():
            worlds: dict[str, Any] = json.loads(self.told.read_text())
            if worlds["mark"] == self.mark and all(self._is_there(name) for name in ("pages", "many")):
                self.say("the seeded worlds of the last run serve again")
                return worlds
            self._drop(worlds["mark"])
        shutil.rmtree(self.directory, ignore_errors=True)
        (self.directory / "media").mkdir(parents=True)
        seed = ("manage.py", "seed", "--groups", str(self.groups + 1), "--people", str(self.people), "--json")
        worlds = {
            "mark": self.mark,
            "pages": self._make("pages", *seed),  # one group more, that belongs to another Manager
            "many": self._make("many", "-m", "bench.lean", str(self.many)),
        }
        self.told.write_text(json.dumps(worlds))
        return worlds

    @contextlib.contextmanager
    def copied(self, name: str) -> Iterator[str]:
        """Give the address of a copy of a world's database; drop it afterwards."""
        copy = f"open_mentoring_{os.getpid()}_{name}"
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            self._create(connection, copy, template=self._database(name))
            try:
                yield database_url(copy)
            finally:
                _drop_database(connection, copy)

    def copy_media(self, var: Path) -> None:
        """Put the files of the worlds into another var directory, without copying a byte."""
        shutil.copytree(self.directory / "media", var / "media", copy_function=os.link, dirs_exist_ok=True)

    def _database(self, name: str, mark: str = "") -> str:
        return f"open_mentoring_bench_{mark or self.mark}_{name}"

    def _is_there(self, name: str) -> bool:
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self._database(name)])
            return found.fetchone() is not None

    def _make(self, name: str, *command: str) -> Any:
        begun = time.monotonic()
        database = self._database(name)
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            _drop_database(connection, database)
            self._create(connection, database)
        _run(database, self.directory, "manage.py", "migrate", "--no-input", "--verbosity", "0")
        told = json.loads(_run(database, self.directory, *command))
        with psycopg.connect(database_url(database), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self.say(f"seeded the world of {name} in {time.monotonic() - begun:.0f} s")
        return told

    def _drop(self, mark: str) -> None:
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            for name in ("pages", "many"):
                _drop_database(connection, self._database(name, mark))

    @staticmethod
    def _create(connection: "psycopg.Connection[Any]", name: str, template: str = "template1") -> None:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))


def _drop_database(connection: "psycopg.Connection[Any]", name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
