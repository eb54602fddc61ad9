"""The running platform of the journeys, and people who sit in front of it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Request, expect
from psycopg import sql

from tests.cast import PASSWORD
from tests.ops.installation import ROOT, Installation
from tests.waiting import LONG_PATIENCE

# Pages of one's own: everybody has them, and they show nobody else's things.
OWN = re.compile(r"^/(sign-in/|sign-out/|profile/|language/|groups/|people/|check/|static/.*)?$")


def services_of_our_own() -> dict[str, str]:
    """Return the services of the machine, where there are any, with a database and a Redis number for the journeys."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        return {}
    parts = urllib.parse.urlsplit(address)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    name = f"test_{parts.path[1:]}_journeys_{worker}"
    with psycopg.connect(address, autocommit=True) as connection:
        for command in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
            connection.execute(sql.SQL(command).format(sql.Identifier(name)))  # type: ignore[arg-type]
    redis = re.sub(r"/\d+$", f"/{15 - worker}", os.environ["REDIS_URL"])
    storage = os.environ["STORAGE_URL"]
    return {
        "DATABASE_URL": parts._replace(path=f"/{name}").geturl(),
        "REDIS_URL": redis,
        "STORAGE_URL": storage,
        "DATABASE_POOL": "on",
    }


class Platform:
    """Web, worker, beat and Redis, with the worlds of `prepare.py` in them."""

    def __init__(self, var: Path) -> None:
        self.installation = Installation(var, services_of_our_own())
        self.address = f"http://127.0.0.1:{self.installation.port}"
        self.at: dict[str, Any] = {}

    def start(self) -> None:
        """Set up and start, and let the people in; what can be done at the same time is."""
        place = self.installation
        gather = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        with subprocess.Popen(gather, cwd=ROOT, env=place.env) as gathering:
            place.manage("migrate", "--verbosity", "0")
            place.manage("load_pack", str(next((ROOT / "packs").glob("*/pack.yaml")).parent), "--verbosity", "0")
        assert gathering.returncode == 0
        prepare = [sys.executable, "-m", "tests.journeys.prepare"]
        env = {**place.env, "DJANGO_SETTINGS_MODULE": "config.settings"}
        with subprocess.Popen(prepare, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as preparing:
            place.start_and_wait()
            told, _ = preparing.communicate()
        assert preparing.returncode == 0
        self.at = json.loads(told.splitlines()[-1])

    @contextlib.contextmanager
    def held_worker(self) -> Iterator[None]:
        """Let the worker stand still, so that what waits for it can be seen."""
        worker = self.installation.children()["worker"]
        os.killpg(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(worker, signal.SIGCONT)


class Person:
    """Someone with a browser of their own, in which nothing may go wrong.

    Attributes:
        faults: what the console complained about: errors of scripts, the content security policy, what did not load.
        asked: method and path of every request that was not for a static file or for a stream, which has no end.
    """

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(base_url=address, **options)
        self.context.set_default_timeout(LONG_PATIENCE * 1000)
        self.faults: list[str] = []
        self.asked: set[tuple[str, str]] = set()
        self.context.on("console", lambda said: self._note(f"{said.page and said.page.url}: {said.text}", said.type))
        self.context.on("weberror", lambda error: self._note(str(error.error), "error"))
        self.context.on("request", self._remember)
        self.page: Page = self.context.new_page()

    def _note(self, text: str, kind: str) -> None:
        if kind == "error" and "422 (Unprocessable" not in text:  # a page with errors beside its fields
            self.faults.append(text)

    def _remember(self, request: Request) -> None:
        parts = urllib.parse.urlsplit(request.url)
        if request.url.startswith(self.address) and not parts.path.startswith(("/static/", "/live/")):
            self.asked.add((request.method, f"{parts.path}?{parts.query}" if parts.query else parts.path))

    def sign_in(self, mailbox: str) -> "Person":
        """Go through the sign-in page, as everyone does."""
        self.page.goto("/sign-in/")
        self.page.locator("input[name=login]").fill(f"{mailbox}@example.org" if "@" not in mailbox else mailbox)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form:has(input[name=password]) button[type=submit].btn-primary").click()
        self.page.wait_for_url(re.compile(rf"^{re.escape(self.address)}/(?!sign-in)"))
        return self

    def get(self, path: str) -> APIResponse:
        """Ask without a page, with this person's cookies."""
        return self.context.request.get(path, max_redirects=0)

    def post(self, path: str, **sent: Any) -> APIResponse:
        """Send a form without a page, with this person's cookies and token."""
        token = next(each["value"] for each in self.context.cookies() if each["name"] == "csrftoken")
        return self.context.request.post(path, headers={"X-CSRFToken": token}, max_redirects=0, **sent)

    def finds_nothing_of(self, other: "Person") -> None:
        """Check that whatever the other one opened or sent is not there for this person."""
        theirs = {(method, path) for method, path in other.asked if not OWN.match(path.split("?")[0])}
        assert theirs
        for method, path in sorted(theirs):
            answer = self.get(path) if method in {"GET", "HEAD"} else self.post(path, form={"reason": "x"})
            assert answer.status == 404, (method, path, answer.status)


def is_saved(page: Page) -> None:
    """Wait until the page says that everything is saved, and when."""
    expect(page.locator("[data-saved-text]")).to_have_text(re.compile(r"(Saved at|Запазено в) \d\d:\d\d"))
