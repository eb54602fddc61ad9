"""Fixtures that all tests share: the pack, the cast, the world, signed-in clients, the browser."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect

from accounts.models import User
from core.built_once import BuiltOnce
from home.services.packs import load_pack
from mentoring.models import Pack
from mentoring.standing import Standing
from tests.browsing import AXE, BUILD
from tests.built_anew import compare
from tests.cast import Cast, World
from tests.looking import look_once
from tests.snapshot import Beginning, Snapshot
from tests.waiting import PATIENCE, Underway, until
from tools import memory
from uploads.intake import receiving

# Playwright runs an event loop in the tests' thread, and the ORM refuses to work beside one unless told so.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A loaded machine may take a second for anything; tests say what is right, the benchmark how fast it is.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")
expect.set_options(timeout=PATIENCE * 1000)

# Chromium draws the suggestions of its address bar in a process of their own, for each window and before anybody types:
# half the work of opening one. The last list given is the one that counts; the others are those of Playwright.
NOT_IN_CHROMIUM = (
    *("WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
PACK_DIR = Path(__file__).resolve().parent.parent / "packs" / "blended-employment"


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays to the end, and look seldom: it was an eighth of all work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)  # after the order was shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests with real transactions last, as Django does: they meet no test that counts on a transaction."""
    items.sort(key=_empties_the_database)
    _keep_as_written(items)
    _keep_groups_together(items)


def _empties_the_database(item: pytest.Item) -> bool:
    fixtures = {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))


def _keep_as_written(items: list[pytest.Item]) -> None:
    """Put the tests of a module that is marked `as_written` back in the order in which they are written."""
    marked = [item for item in items if item.get_closest_marker("as_written")]
    for module in {item.path for item in marked}:
        places = [place for place, item in enumerate(items) if item.path == module]
        # The tests of one line, one for each parameter, stay as they came.
        in_order = sorted((items[place] for place in places), key=lambda item: item.reportinfo()[1] or 0)
        for place, item in zip(places, in_order, strict=True):
            items[place] = item


def _keep_groups_together(items: list[pytest.Item]) -> None:
    """Let `xdist_group` work: pytest-xdist 3.8 writes it where pytest no longer looks from 9.2 on (its issue 1386)."""
    for item in items:
        if grouped := vars(item).pop("_nodeid", None):
            item._id = type(item._id).parse(grouped)


@pytest.fixture(autouse=True)
def _statements_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build every statement that is kept anew, at every call of every test, and compare them."""
    monkeypatch.setattr(BuiltOnce, "checks", staticmethod(compare))


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Let no rate limit or cached page of one test reach the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _answered_before_the_database_is_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Wait for what a closed browser had still asked the live server: it and the emptying would wait for each other."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")  # so that the database is emptied after this
    with Underway() as underway:
        yield
        underway.wait_for_the_last()


@pytest.fixture(autouse=True)
def _same_bytes_are_looked_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember what the process that looks into a sent file said: it is half a second, and the bytes are all it knows.

    Only what it took in; whatever is refused is looked at again. The tests of the intake itself do without.
    """
    if request.path.parent.name != "intake":
        monkeypatch.setattr(receiving, "_look", look_once)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001 -- runs after it
    """Load the standard pack once: every test finds it, also after one with real transactions.

    Such a test ends with an empty database. Django would then make permissions and content types anew, with other keys,
    and the pack and the world would have to be made anew, too: a second for each of these tests.
    """
    with django_db_blocker.unblock():
        load_pack(path=PACK_DIR)
        beginning = Beginning()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: beginning.put_back())
        yield
    with django_db_blocker.unblock():
        _leave_the_database()


def _leave_the_database() -> None:
    """Wait on PostgreSQL until this process is the last in the test database: it cannot be dropped before.

    What belongs to a thread or process that has ended goes when the collector and the server come to it, which takes
    its time on a busy machine. What is there for longer is named, and ended.
    """
    if connection.vendor != "postgresql":
        return
    gc.collect()
    others = "datname = current_database() AND pid <> pg_backend_pid()"

    def read(columns: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM pg_stat_activity WHERE {others}")  # noqa: S608 -- our own words
            return cursor.fetchall()

    try:
        until(lambda: not read("pid"))
    except AssertionError:
        print("Still in the test database:", read("pid, state, backend_start, query"))
        read("pg_terminate_backend(pid)")


@pytest.fixture
def pack(db: None) -> Pack:  # noqa: ARG001 -- opens the database
    """The standard pack."""
    return Pack.objects.get()


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    """The rows of the world, made when the first test asks."""
    return Snapshot()


@pytest.fixture
def world(pack: Pack, snapshot: Snapshot) -> World:
    """The programme with its two groups and all people."""
    found = snapshot.world(pack)
    # A process reads the tools of a pack once; statements are counted as in one that has.
    memory.tools_of(pack.pk, Standing.of(found.cast.egle))
    return found


@pytest.fixture
def cast(world: World) -> Cast:
    """The people of the world."""
    return world.cast


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """Return a function that gives a client signed in as a person (not for inactive people: they cannot)."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def local_files(settings: Any, tmp_path: Path) -> None:
    """Keep files in a folder of this test, also where the suite runs on S3: for tests about the folder itself."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {**settings.STORAGES, "default": local}


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """Run what was to happen after the commit: `with commit(): …`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, or Playwright's where there is none; it asks nothing of the network."""
    if not (BUILD / "app.css").is_file() or not (BUILD / "admin.css").is_file() or not AXE.is_file():
        pytest.fail("The front end is not built: run `make test-setup`.")
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-quic",
            f"--disable-features={','.join(NOT_IN_CHROMIUM)}",
        ],
    }
